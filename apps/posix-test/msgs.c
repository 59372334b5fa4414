/* SPDX-License-Identifier: BSD-3-Clause */
/* System V messages: msgget(2), msgsnd(2), msgrcv(2), msgctl(2). */
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/msg.h>

#include "sysv.h"

#ifndef MSG_EXCEPT
#define MSG_EXCEPT 020000
#endif
#define BIG 8192
#define ROOM 16384 /* of a queue */

struct message {
	long type;
	char text[BIG + 1];
};

static int id = -1;

static bool begin(void)
{
	id = msgget(IPC_PRIVATE, 0600);
	return id >= 0;
}

static void end(void)
{
	msgctl(id, IPC_RMID, NULL);
}

static int put(long type, int number)
{
	struct message m = { .type = type };

	return msgsnd(id, &m, snprintf(m.text, sizeof(m.text), "%d", number), IPC_NOWAIT);
}

/* The number of the message that @type chooses, or -1. */
static long take(long type, int flags)
{
	struct message m = { 0 };

	return msgrcv(id, &m, BIG, type, IPC_NOWAIT | flags) < 0 ? -1 : atol(m.text);
}

/* @n messages of @size bytes. */
static int fill(int n, size_t size)
{
	static struct message m = { .type = 1 };
	int done = 0;

	while (done < n && !msgsnd(id, &m, size, IPC_NOWAIT))
		done++;
	return done;
}

static void making(void)
{
	struct msqid_ds ds;

	msgctl(msgget(KEY, 0), IPC_RMID, NULL);
	CHECK_ERR(msgget(KEY, 0600), ENOENT);
	CHECK((id = msgget(KEY, IPC_CREAT | IPC_EXCL | 0640)) >= 0);
	CHECK_ERR(msgget(KEY, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	CHECK_EQ(msgget(KEY, IPC_CREAT), id);
	CHECK_EQ(msgget(KEY, 0), id);
	CHECK_EQ(msgctl(id, IPC_STAT, &ds), 0);
	CHECK(!ds.msg_qnum && !ds.msg_stime && !ds.msg_rtime && !ds.msg_lspid && !ds.msg_lrpid);
	CHECK_EQ(ds.msg_qbytes, ROOM);
	CHECK_EQ(ds.msg_perm.mode, 0640);
	CHECK_EQ(put(1, 1), 0);
	CHECK_EQ(put(1, 23), 0);
	CHECK_EQ(take(0, 0), 1);
	CHECK_EQ(msgctl(id, IPC_STAT, &ds), 0);
	CHECK(ds.msg_qnum == 1 && ds.msg_lspid == getpid() && ds.msg_lrpid == getpid());
	CHECK(ds.msg_stime > 0 && ds.msg_rtime > 0);
	CHECK_EQ(msgctl(id, IPC_RMID, NULL), 0);
	CHECK_ERR(msgctl(id, IPC_STAT, &ds), EINVAL);
	CHECK_ERR(put(1, 1), EINVAL);
	CHECK_ERR(take(0, 0), EINVAL);
	CHECK_ERR(msgctl(id, 99, &ds), EINVAL);
}

static void wrong(void)
{
	static struct message m = { .type = 1 };

	CHECK(begin());
	CHECK_ERR(put(0, 1), EINVAL);
	CHECK_ERR(put(-1, 1), EINVAL);
	CHECK_ERR(msgsnd(id, &m, BIG + 1, 0), EINVAL);
	CHECK_ERR(msgsnd(-1, &m, 1, 0), EINVAL);
	CHECK_ERR(msgrcv(id, &m, (size_t)-1, 0, IPC_NOWAIT), EINVAL);
	CHECK_ERR(take(0, 0), ENOMSG);
	CHECK_ERR(syscall(SYS_msgsnd, id, NULL, 1, 0), EFAULT);
	CHECK_ERR(msgctl(id, IPC_STAT, NULL), EFAULT);
	end();
}

static void types(void)
{
	CHECK(begin());
	for (int i = 1; i <= 6; i++)
		CHECK_EQ(put((long[]){ 0, 5, 3, 9, 3, LONG_MAX, 5 }[i], i), 0);
	CHECK_ERR(take(4, 0), ENOMSG);
	CHECK_ERR(take(-2, 0), ENOMSG);
	CHECK_EQ(take(9, 0), 3);
	CHECK_EQ(take(-4, 0), 2);
	CHECK_EQ(take(-5, 0), 4); /* the lowest, not the first */
	CHECK_EQ(take(5, MSG_EXCEPT), 5);
	CHECK_ERR(take(5, MSG_EXCEPT), ENOMSG);
	CHECK_EQ(put(LONG_MAX, 7), 0);
	CHECK_EQ(take(LONG_MIN, 0), 1);
	CHECK_EQ(take(0, 0), 6);
	CHECK_EQ(take(LONG_MIN, 0), 7);
	end();
}

static void sizes(void)
{
	static struct message in = { .type = 3, .text = "0123456789" }, out;

	CHECK(begin());
	CHECK_EQ(msgsnd(id, &in, 10, 0), 0);
	CHECK_EQ(msgsnd(id, &in, 0, 0), 0);
	CHECK_ERR(msgrcv(id, &out, 9, 0, 0), E2BIG);
	CHECK_ERR(msgrcv(id, &out, 9, 0, 0), E2BIG); /* it is still there */
	CHECK_EQ(msgrcv(id, &out, 4, 0, MSG_NOERROR), 4);
	CHECK(out.type == 3 && !memcmp(out.text, "0123\0", 5));
	CHECK_EQ(msgrcv(id, &out, 0, 0, 0), 0); /* and what was cut off is not */
	memset(in.text, 'x', BIG);
	CHECK_EQ(msgsnd(id, &in, BIG, 0), 0);
	CHECK_EQ(msgrcv(id, &out, BIG + 1, 0, 0), BIG);
	CHECK(!memcmp(in.text, out.text, BIG));
	end();
}

static void full(void)
{
	struct msqid_ds ds;

	CHECK(begin());
	CHECK_EQ(fill(3, BIG), 2);
	CHECK_ERR(put(1, 1), EAGAIN);
	CHECK(take(0, 0) >= 0);
	CHECK_EQ(fill(3, BIG - 1), 1);
	CHECK_EQ(put(1, 1), 0);
	CHECK_ERR(put(1, 1), EAGAIN);
	end();
	/* Messages without bytes are counted, too. */
	CHECK(begin());
	CHECK_EQ(fill(ROOM + 1, 0), ROOM);
	CHECK_EQ(msgctl(id, IPC_STAT, &ds), 0);
	CHECK_EQ(ds.msg_qnum, ROOM);
	end();
	CHECK(begin());
	CHECK_EQ(msgctl(id, IPC_STAT, &ds), 0);
	ds.msg_qbytes = 10;
	CHECK_EQ(msgctl(id, IPC_SET, &ds), 0);
	CHECK_EQ(fill(3, 5), 2);
	CHECK_ERR(put(1, 1), EAGAIN);
	end();
}

static long do_take(struct caller *c)
{
	struct message m = { 0 };
	ssize_t n = msgrcv(c->id, &m, c->number ? (size_t)c->number : BIG, c->type, 0);

	return n < 0 ? -1 : atol(m.text);
}

static long do_put(struct caller *c)
{
	struct message m = { .type = c->type };

	return msgsnd(c->id, &m, c->number, 0);
}

static void receivers(void)
{
	struct caller any = { .call = do_take }, five = { .call = do_take, .type = 5 },
		      small = { .call = do_take, .type = 7, .number = 1 };

	CHECK(begin());
	any.id = five.id = small.id = id;
	caller_start(&five);
	pass(30);
	caller_start(&small);
	pass(30);
	caller_start(&any);
	pass(100);
	CHECK(!any.done && !five.done && !small.done);
	CHECK_EQ(put(5, 55), 0);
	caller_join(&five);
	CHECK_EQ(five.result, 55);
	CHECK_EQ(put(7, 77), 0); /* too long for the one that wants it: the next gets it */
	caller_join(&small);
	CHECK(small.result == -1 && small.error == E2BIG);
	caller_join(&any);
	CHECK_EQ(any.result, 77);
	CHECK_ERR(take(0, 0), ENOMSG);
	end();
}

static void senders(void)
{
	struct caller large = { .call = do_put, .type = 2, .number = BIG }, little = { .call = do_put, .type = 3, .number = 1 };
	struct msqid_ds ds;

	CHECK(begin());
	large.id = little.id = id;
	CHECK_EQ(fill(2, BIG), 2);
	caller_start(&large);
	pass(30);
	caller_start(&little);
	pass(60);
	CHECK(!large.done && !little.done);
	CHECK(take(0, 0) >= 0);
	pass(60);
	CHECK_EQ(large.done + little.done, 1);
	CHECK(take(1, 0) >= 0);
	caller_join(&large);
	caller_join(&little);
	CHECK(!large.result && !little.result);
	CHECK_EQ(msgctl(id, IPC_STAT, &ds), 0);
	CHECK(ds.msg_qnum == 2);
	/* A queue that gets less room, and more again. */
	ds.msg_qbytes = 1;
	CHECK_EQ(msgctl(id, IPC_SET, &ds), 0);
	caller_start(&little);
	pass(60);
	CHECK(!little.done);
	ds.msg_qbytes = ROOM;
	CHECK_EQ(msgctl(id, IPC_SET, &ds), 0);
	caller_join(&little);
	CHECK_EQ(little.result, 0);
	end();
}

static void removal(void)
{
	struct caller in = { .call = do_put, .type = 1, .number = 1 }, out = { .call = do_take, .type = 9 };

	CHECK(begin());
	CHECK_EQ(fill(2, BIG), 2);
	in.id = out.id = id;
	caller_start(&in);
	caller_start(&out);
	pass(60);
	CHECK(!in.done && !out.done);
	end();
	caller_join(&in);
	caller_join(&out);
	CHECK(in.result == -1 && in.error == EIDRM);
	CHECK(out.result == -1 && out.error == EIDRM);
}

static void interrupted(void)
{
	struct caller in = { .call = do_put, .type = 1, .number = 1 }, out = { .call = do_take, .type = 9 };

	CHECK(begin());
	CHECK_EQ(fill(2, BIG), 2);
	catch_usr1();
	in.id = out.id = id;
	caller_start(&in);
	caller_start(&out);
	pass(60);
	pthread_kill(in.thread, SIGUSR1);
	pthread_kill(out.thread, SIGUSR1);
	caller_join(&in);
	caller_join(&out);
	CHECK(in.result == -1 && in.error == EINTR);
	CHECK(out.result == -1 && out.error == EINTR);
	CHECK(take(0, 0) >= 0 && take(0, 0) >= 0);
	CHECK_ERR(take(0, 0), ENOMSG); /* what was interrupted was not sent */
	signal(SIGUSR1, SIG_DFL);
	end();
}

static void information(void)
{
	struct msginfo limits, use, more;
	struct msqid_ds ds;
	int highest, found = 0;

	CHECK(begin());
	CHECK(msgctl(0, IPC_INFO, (struct msqid_ds *)&limits) >= 0);
	CHECK(limits.msgmax == BIG && limits.msgmnb == ROOM && limits.msgmni >= 16);
	CHECK((highest = msgctl(0, MSG_INFO, (struct msqid_ds *)&use)) >= 0);
	CHECK_EQ(fill(3, 100), 3);
	CHECK(msgctl(0, MSG_INFO, (struct msqid_ds *)&more) >= 0);
	CHECK(more.msgpool == use.msgpool && more.msgmap == use.msgmap + 3 && more.msgtql == use.msgtql + 300);
	for (int i = 0; i <= highest; i++)
		if (msgctl(i, MSG_STAT, &ds) == id)
			found += ds.msg_qnum == 3;
	CHECK_EQ(found, 1);
	end();
}

/* More than memory has room for, were anything left behind. */
static void nothing_left(void)
{
	for (int i = 0; i < 5000; i++) {
		CHECK(begin());
		CHECK_EQ(fill(2, BIG), 2);
		end();
	}
}

/* All there may be, and a way out. */
static void exhausted(void)
{
	static int ids[40000];
	int n = 0, made;

	while (n < 40000 && (ids[n] = msgget(IPC_PRIVATE, 0600)) >= 0)
		n++;
	CHECK(n < 40000 && n > 100);
	CHECK(errno == ENOSPC || errno == ENOMEM);
	CHECK_EQ(msgctl(ids[n / 2], IPC_RMID, NULL), 0);
	CHECK((made = msgget(IPC_PRIVATE, 0600)) >= 0);
	CHECK(made != ids[n / 2]);
	ids[n / 2] = made;
	while (n-- > 0)
		CHECK_EQ(msgctl(ids[n], IPC_RMID, NULL), 0);
	CHECK(begin());
	end();
}

const struct test msgs_tests[] = {
	{ "making", making },
	{ "wrong", wrong },
	{ "types", types },
	{ "sizes", sizes },
	{ "full", full },
	{ "receivers", receivers },
	{ "senders", senders },
	{ "removal", removal },
	{ "interrupted", interrupted },
	{ "information", information },
	{ "nothing_left", nothing_left },
	{ "exhausted", exhausted },
	{ NULL, NULL },
};
