/* SPDX-License-Identifier: BSD-3-Clause */
/* System V semaphores: semget(2), semop(2), semctl(2). */
#define _GNU_SOURCE
#include <sys/sem.h>

#include "sysv.h"

#define WAITERS 20

static int id = -1;

static long op(int number, int by, int flags)
{
	struct sembuf b = { .sem_num = (unsigned short)number, .sem_op = (short)by, .sem_flg = (short)flags };

	return semop(id, &b, 1);
}

static long get(int number, int cmd)
{
	return semctl(id, number, cmd);
}

static long set(int number, int value)
{
	return semctl(id, number, SETVAL, (union semun){ .val = value });
}

static bool begin(int count)
{
	id = semget(IPC_PRIVATE, count, 0600);
	return id >= 0;
}

static void end(void)
{
	semctl(id, 0, IPC_RMID);
}

static void making(void)
{
	struct semid_ds ds;
	int other;

	semctl(semget(KEY, 0, 0), 0, IPC_RMID);
	CHECK_ERR(semget(KEY, 1, 0600), ENOENT);
	CHECK_ERR(semget(KEY, 0, IPC_CREAT | 0600), EINVAL);
	CHECK_ERR(semget(KEY, -1, IPC_CREAT | 0600), EINVAL);
	CHECK_ERR(semget(KEY, 32001, IPC_CREAT | 0600), EINVAL);
	CHECK((id = semget(KEY, 3, IPC_CREAT | IPC_EXCL | 0640)) >= 0);
	CHECK_ERR(semget(KEY, 3, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	CHECK_EQ(semget(KEY, 3, IPC_CREAT | 0600), id);
	CHECK_EQ(semget(KEY, 0, 0), id);
	CHECK_ERR(semget(KEY, 4, 0), EINVAL);
	CHECK((other = semget(IPC_PRIVATE, 1, 0600)) >= 0 && other != id);
	CHECK_EQ(semctl(other, 0, IPC_RMID), 0);
	CHECK_EQ(semctl(id, 0, IPC_STAT, (union semun){ .buf = &ds }), 0);
	CHECK_EQ(ds.sem_nsems, 3);
	CHECK_EQ(ds.sem_otime, 0);
	CHECK(ds.sem_ctime > 0 && ds.sem_ctime <= time(NULL));
	CHECK_EQ(ds.sem_perm.mode, 0640);
	CHECK(ds.sem_perm.uid == geteuid() && ds.sem_perm.cuid == geteuid());
	CHECK_EQ(semctl(id, 0, IPC_RMID), 0);
	CHECK_ERR(semctl(id, 0, IPC_STAT, (union semun){ .buf = &ds }), EINVAL);
	CHECK_ERR(semget(KEY, 0, 0), ENOENT);
	CHECK_ERR(op(0, 1, 0), EINVAL);
}

static void values(void)
{
	unsigned short in[3] = { 1, 0, 32767 }, out[3];

	CHECK(begin(3));
	CHECK_EQ(get(0, GETVAL), 0);
	CHECK_EQ(set(2, 5), 0);
	CHECK_EQ(get(2, GETVAL), 5);
	CHECK_EQ(get(2, GETPID), getpid());
	CHECK_ERR(set(0, -1), ERANGE);
	CHECK_ERR(set(0, 32768), ERANGE);
	CHECK_ERR(get(3, GETVAL), EINVAL);
	CHECK_ERR(get(-1, GETVAL), EINVAL);
	CHECK_ERR(set(3, 1), EINVAL);
	CHECK_EQ(semctl(id, 0, SETALL, (union semun){ .array = in }), 0);
	CHECK_EQ(semctl(id, 0, GETALL, (union semun){ .array = out }), 0);
	CHECK(!memcmp(in, out, sizeof(in)));
	in[1] = 40000;
	CHECK_ERR(semctl(id, 0, SETALL, (union semun){ .array = in }), ERANGE);
	CHECK_ERR(semctl(id, 0, 77), EINVAL);
	CHECK_ERR(semctl(-1, 0, GETVAL), EINVAL);
	end();
}

static void operations(void)
{
	struct sembuf many[501] = { 0 };
	struct semid_ds ds;

	CHECK(begin(2));
	CHECK_ERR(semop(id, many, 0), EINVAL);
	CHECK_ERR(semop(id, many, 501), E2BIG);
	CHECK_ERR(op(2, 1, 0), EFBIG);
	CHECK_EQ(op(0, 3, 0), 0);
	CHECK_EQ(op(0, -2, 0), 0);
	CHECK_EQ(get(0, GETVAL), 1);
	CHECK_ERR(op(0, -2, IPC_NOWAIT), EAGAIN);
	CHECK_ERR(op(0, 0, IPC_NOWAIT), EAGAIN);
	CHECK_EQ(op(1, 0, 0), 0);
	CHECK_EQ(get(1, GETPID), getpid());
	CHECK_EQ(op(1, 32767, 0), 0);
	CHECK_ERR(op(1, 1, 0), ERANGE);
	CHECK_EQ(get(1, GETVAL), 32767);
	CHECK_EQ(semctl(id, 0, IPC_STAT, (union semun){ .buf = &ds }), 0);
	CHECK(ds.sem_otime > 0);
	CHECK_ERR(semop(id, NULL, 1), EFAULT);
	for (int i = 0; i < 500; i++)
		many[i] = (struct sembuf){ 0, i & 1 ? -1 : 1, 0 };
	CHECK_EQ(semop(id, many, 500), 0);
	CHECK_EQ(get(0, GETVAL), 1);
	end();
	CHECK_ERR(semop(-1, many, 1), EINVAL);
}

/* All or none, one after the other. */
static void together(void)
{
	struct sembuf ops[3] = { { 0, 2, 0 }, { 1, -1, IPC_NOWAIT }, { 0, -1, 0 } };

	CHECK(begin(2));
	CHECK_ERR(semop(id, ops, 3), EAGAIN);
	CHECK(get(0, GETVAL) == 0 && get(1, GETVAL) == 0);
	CHECK_EQ(set(1, 1), 0);
	CHECK_EQ(semop(id, ops, 3), 0);
	CHECK(get(0, GETVAL) == 1 && get(1, GETVAL) == 0);
	ops[0] = (struct sembuf){ 0, -1, 0 };
	ops[1] = (struct sembuf){ 0, 0, 0 };
	ops[2] = (struct sembuf){ 0, 1, 0 };
	CHECK_EQ(semop(id, ops, 3), 0);
	CHECK_EQ(get(0, GETVAL), 1);
	ops[1] = (struct sembuf){ 1, 32767, 0 };
	ops[2] = (struct sembuf){ 1, 1, 0 };
	CHECK_ERR(semop(id, ops, 3), ERANGE);
	CHECK(get(0, GETVAL) == 1 && get(1, GETVAL) == 0);
	end();
}

static long wait_for(struct caller *c)
{
	struct sembuf b = { (unsigned short)c->number, (short)c->type, 0 };

	return semop(c->id, &b, 1);
}

static long wait_for_both(struct caller *c)
{
	struct sembuf b[2] = { { 0, (short)c->type, 0 }, { 1, (short)c->type, 0 } };

	return semop(c->id, b, 2);
}

static void waiting(void)
{
	struct caller zero = { .call = wait_for }, one = { .call = wait_for, .type = -1 },
		      both = { .call = wait_for_both, .type = -1 };

	CHECK(begin(2));
	CHECK_EQ(set(0, 1), 0);
	zero.id = one.id = both.id = id;
	one.number = 1;
	caller_start(&zero);
	caller_start(&one);
	caller_start(&both);
	pass(60);
	CHECK(!zero.done && !one.done && !both.done);
	CHECK(get(0, GETZCNT) == 1 && get(0, GETNCNT) == 0);
	CHECK(get(1, GETZCNT) == 0 && get(1, GETNCNT) == 2);
	CHECK_EQ(op(1, 1, 0), 0);
	pass(60);
	CHECK_EQ(one.done + both.done, 1);
	CHECK_EQ(op(1, 1, 0), 0);
	pass(60);
	CHECK_EQ(op(0, 1, IPC_NOWAIT), 0); /* whichever went first, all can go by now */
	CHECK_EQ(set(0, 0), 0);
	caller_join(&one);
	caller_join(&both);
	caller_join(&zero);
	CHECK(!zero.result && !one.result && !both.result);
	CHECK_EQ(get(1, GETNCNT), 0);
	end();
}

/* Threads that wait long before there is anything, then much at once; who comes first is served first. */
static void crowd(void)
{
	struct caller c[WAITERS];
	unsigned short all[1] = { WAITERS / 2 };
	int done = 0;

	CHECK(begin(1));
	for (int i = 0; i < WAITERS; i++) {
		c[i] = (struct caller){ .call = wait_for, .id = id, .type = -1 };
		caller_start(&c[i]);
		while (get(0, GETNCNT) != i + 1)
			pass(1);
	}
	pass(200);
	CHECK_EQ(semctl(id, 0, SETALL, (union semun){ .array = all }), 0);
	for (int i = 0; i < WAITERS / 2; i++)
		caller_join(&c[i]);
	CHECK_EQ(get(0, GETNCNT), WAITERS / 2);
	CHECK_EQ(get(0, GETVAL), 0);
	for (int i = 0; i < WAITERS; i++)
		done += c[i].done;
	CHECK_EQ(done, WAITERS / 2);
	CHECK_EQ(op(0, WAITERS / 2, 0), 0);
	for (int i = WAITERS / 2; i < WAITERS; i++) {
		caller_join(&c[i]);
		CHECK_EQ(c[i].result, 0);
	}
	end();
}

static void removal(void)
{
	struct caller c[3] = { { .call = wait_for, .type = -1 }, { .call = wait_for }, { .call = wait_for_both, .type = -1 } };

	CHECK(begin(2));
	CHECK_EQ(set(0, 1), 0);
	for (int i = 0; i < 3; i++) {
		c[i].id = id;
		c[i].number = i == 0;
		caller_start(&c[i]);
	}
	pass(60);
	CHECK(!c[0].done && !c[1].done && !c[2].done);
	end();
	for (int i = 0; i < 3; i++) {
		caller_join(&c[i]);
		CHECK_EQ(c[i].result, -1);
		CHECK_EQ(c[i].error, EIDRM);
	}
}

static void interrupted(void)
{
	struct caller c = { .call = wait_for, .type = -1 };

	CHECK(begin(1));
	catch_usr1();
	c.id = id;
	caller_start(&c);
	pass(60);
	pthread_kill(c.thread, SIGUSR1);
	caller_join(&c);
	CHECK_EQ(c.result, -1);
	CHECK_EQ(c.error, EINTR);
	CHECK_EQ(get(0, GETNCNT), 0);
	CHECK_EQ(op(0, 1, 0), 0); /* nobody takes it */
	CHECK_EQ(get(0, GETVAL), 1);
	signal(SIGUSR1, SIG_DFL);
	end();
}

static void time_outs(void)
{
	struct timespec some = { 0, 60000000 }, none = { 0, 0 }, bad = { 0, 1000000000 }, past = { -1, 0 };
	struct sembuf take = { 0, -1, 0 }, give = { 0, 1, 0 };
	long start = test_now();

	CHECK(begin(1));
	CHECK_ERR(semtimedop(id, &take, 1, &some), EAGAIN);
	CHECK(test_now() - start >= 55);
	CHECK_ERR(semtimedop(id, &take, 1, &none), EAGAIN);
	CHECK_ERR(semtimedop(id, &take, 1, &bad), EINVAL);
	CHECK_ERR(semtimedop(id, &take, 1, &past), EINVAL);
	CHECK_EQ(semtimedop(id, &give, 1, &none), 0);
	CHECK_EQ(semtimedop(id, &take, 1, &some), 0);
	CHECK_EQ(semtimedop(id, &give, 1, NULL), 0);
	end();
}

/* What is taken back at the end is counted, and not beyond its range. */
static void undo(void)
{
	CHECK(begin(1));
	CHECK_EQ(op(0, 32767, SEM_UNDO), 0);
	CHECK_EQ(op(0, -32767, 0), 0);
	CHECK_EQ(op(0, 1, SEM_UNDO), 0);
	CHECK_EQ(op(0, -1, 0), 0);
	CHECK_ERR(op(0, 1, SEM_UNDO), ERANGE);
	CHECK_EQ(get(0, GETVAL), 0);
	CHECK_EQ(op(0, 1, 0), 0);
	CHECK_EQ(op(0, -1, SEM_UNDO), 0);
	CHECK_EQ(op(0, 1, SEM_UNDO), 0);
	CHECK_EQ(set(0, 0), 0); /* it is forgotten then */
	CHECK_EQ(op(0, 2, SEM_UNDO), 0);
	end();
}

static void owner(void)
{
	struct semid_ds ds;

	CHECK(begin(1));
	CHECK_EQ(semctl(id, 0, IPC_STAT, (union semun){ .buf = &ds }), 0);
	ds.sem_perm.mode = 0604;
	CHECK_EQ(semctl(id, 0, IPC_SET, (union semun){ .buf = &ds }), 0);
	memset(&ds, 0, sizeof(ds));
	CHECK_EQ(semctl(id, 0, IPC_STAT, (union semun){ .buf = &ds }), 0);
	CHECK_EQ(ds.sem_perm.mode, 0604);
	CHECK_ERR(semctl(id, 0, IPC_STAT, (union semun){ .buf = NULL }), EFAULT);
	end();
}

static void information(void)
{
	struct seminfo limits, use, more;
	struct semid_ds ds;
	int highest, other, found = 0;

	CHECK(begin(7));
	CHECK(semctl(0, 0, IPC_INFO, (union semun){ .info = &limits }) >= 0);
	CHECK(limits.semvmx == 32767 && limits.semopm >= 500 && limits.semmsl >= 250 && limits.semmni >= 128);
	CHECK((highest = semctl(0, 0, SEM_INFO, (union semun){ .info = &use })) >= 0);
	CHECK(use.semusz >= 1 && use.semaem >= 7);
	CHECK((other = semget(IPC_PRIVATE, 5, 0600)) >= 0);
	CHECK(semctl(0, 0, SEM_INFO, (union semun){ .info = &more }) >= 0);
	CHECK(more.semusz == use.semusz + 1 && more.semaem == use.semaem + 5);
	for (int i = 0; i <= highest; i++)
		if (semctl(i, 0, SEM_STAT, (union semun){ .buf = &ds }) == id)
			found += ds.sem_nsems == 7;
	CHECK_EQ(found, 1);
	CHECK_EQ(semctl(other, 0, IPC_RMID), 0);
	end();
	CHECK_ERR(semctl(32767, 0, SEM_STAT, (union semun){ .buf = &ds }), EINVAL);
}

/* Who has the identifier of what is gone does not meet what came after. */
static void again(void)
{
	int old, seen = 0;

	CHECK(begin(1));
	old = id;
	end();
	for (int i = 0; i < 40000; i++) {
		CHECK((id = semget(IPC_PRIVATE, 1, 0600)) >= 0);
		seen += id == old;
		CHECK_EQ(semctl(id, 0, IPC_RMID), 0);
	}
	CHECK_EQ(seen, 0);
	CHECK_ERR(semctl(old, 0, GETVAL), EINVAL);
}

const struct test sems_tests[] = {
	{ "making", making },       { "values", values }, { "operations", operations }, { "together", together },
	{ "waiting", waiting },     { "crowd", crowd },   { "removal", removal },       { "interrupted", interrupted },
	{ "time-outs", time_outs }, { "undo", undo },     { "owner", owner },           { "information", information },
	{ "again", again },         { NULL, NULL },
};
