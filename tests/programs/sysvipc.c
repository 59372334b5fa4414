/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System V IPC among processes, which are made by vfork() and execve(): what is undone at the end of one, what is attached, who did what last. All
 * that it prints is the same wherever it runs. Run again as a child it does what its first argument says.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static char *self;
static int sem, shm, msg;

union semun {
	int val;
};

struct text {
	long type;
	char text[32];
};

static int op(int by, int flags)
{
	struct sembuf b = { 0, (short)by, (short)flags };

	return semop(sem, &b, 1);
}

/* A child that runs this program to do @what. */
static pid_t start(const char *what)
{
	char ids[3][16];
	pid_t pid;

	snprintf(ids[0], sizeof(ids[0]), "%d", sem);
	snprintf(ids[1], sizeof(ids[1]), "%d", shm);
	snprintf(ids[2], sizeof(ids[2]), "%d", msg);
	pid = vfork();
	if (pid)
		return pid;
	execl(self, "sysvipc", what, ids[0], ids[1], ids[2], NULL);
	_exit(127);
}

static int end_of(pid_t pid)
{
	int status = -1;

	return waitpid(pid, &status, 0) == pid ? status : -1;
}

#define RUN(what) end_of(start(what))

static int value(void)
{
	return semctl(sem, 0, GETVAL);
}

static int set(int to)
{
	return semctl(sem, 0, SETVAL, (union semun){ .val = to });
}

static void test_undo(void)
{
	pid_t pid;

	CHECK(set(5) == 0);
	CHECK(RUN("take") == 0 && value() == 5); /* and given back */
	CHECK(RUN("give") == 0 && value() == 5);
	CHECK(RUN("take-plain") == 0 && value() == 2);
	CHECK(set(5) == 0);
	pid = start("take");
	CHECK(end_of(pid) == 0 && value() == 5 && semctl(sem, 0, GETPID) == pid);
	CHECK(WTERMSIG(RUN("take-killed")) == SIGKILL && value() == 5);
	CHECK(RUN("take-thread") == 0 && value() == 5); /* only with the process, and what a thread did, too */
	CHECK(RUN("take-exec") == 0 && value() == 5); /* another program keeps it: it saw 2 */
	CHECK(set(0) == 0);
	CHECK(RUN("give-and-set") == 0 && value() == 9); /* SETVAL forgets it */
	CHECK(op(-9, 0) == 0);
	/* A child does not inherit it. */
	CHECK(op(4, SEM_UNDO) == 0 && RUN("nothing") == 0 && value() == 4);
	CHECK(set(1) == 0);
	CHECK(RUN("below") == 0 && value() == 0); /* not below 0 */
}

static void test_wake(void)
{
	int left = 3;
	pid_t pid;

	CHECK(set(0) == 0);
	pid = start("wait");
	while (semctl(sem, 0, GETNCNT) != 1)
		usleep(1000);
	CHECK(op(1, 0) == 0 && end_of(pid) == 0);
	/* Somebody's end lets another one go on. */
	CHECK(set(3) == 0);
	pid = start("take-and-stay");
	while (value())
		usleep(1000);
	CHECK(kill(pid, SIGKILL) == 0);
	CHECK(op(-3, 0) == 0 && value() == 0);
	CHECK(WTERMSIG(end_of(pid)) == SIGKILL);
	/* Who waits can be killed, and takes nothing then. */
	pid = start("wait");
	while (semctl(sem, 0, GETNCNT) != 1)
		usleep(1000);
	CHECK(kill(pid, SIGKILL) == 0 && WTERMSIG(end_of(pid)) == SIGKILL);
	CHECK(semctl(sem, 0, GETNCNT) == 0);
	CHECK(op(left, 0) == 0 && value() == left);
}

static int attached(void)
{
	struct shmid_ds ds;

	return shmctl(shm, IPC_STAT, &ds) ? -1 : (int)ds.shm_nattch;
}

static void test_memory(void)
{
	char *p = shmat(shm, NULL, 0);
	struct shmid_ds ds;
	pid_t pid;

	CHECK(p != (void *)-1);
	strcpy(p, "from the parent");
	CHECK(attached() == 1);
	pid = start("memory");
	CHECK(end_of(pid) == 0);
	CHECK(!strcmp(p, "from the child"));
	CHECK(shmctl(shm, IPC_STAT, &ds) == 0 && ds.shm_nattch == 1 && ds.shm_lpid == pid && ds.shm_cpid == getpid());
	CHECK(RUN("memory-exec") == 0 && attached() == 1); /* another program is not attached */
	/* Removed while a child has it: it goes with the child. */
	pid = start("attach-and-stay");
	while (attached() != 2)
		usleep(1000);
	CHECK(shmdt(p) == 0);
	CHECK(shmctl(shm, IPC_RMID, NULL) == 0 && attached() == 1);
	CHECK(kill(pid, SIGKILL) == 0 && WTERMSIG(end_of(pid)) == SIGKILL);
	CHECK(attached() == -1 && errno == EINVAL);
}

static void test_messages(void)
{
	struct text t = { .type = 7, .text = "to the child" };
	struct msqid_ds ds;
	pid_t pid = start("answer");

	CHECK(msgsnd(msg, &t, sizeof(t.text), 0) == 0);
	CHECK(msgrcv(msg, &t, sizeof(t.text), 8, 0) == sizeof(t.text) && !strcmp(t.text, "to the parent"));
	CHECK(end_of(pid) == 0);
	CHECK(msgctl(msg, IPC_STAT, &ds) == 0 && ds.msg_lspid == pid && ds.msg_lrpid == getpid() && ds.msg_qnum == 0);
	/* Who waits for ever, until the queue goes. */
	pid = start("wait-for-message");
	usleep(100000);
	CHECK(msgctl(msg, IPC_RMID, NULL) == 0 && end_of(pid) == 0);
}

static void *take_three(void *unused)
{
	return op(-3, SEM_UNDO) ? &failures : unused;
}

static int answer(void)
{
	struct text t;

	if (msgrcv(msg, &t, sizeof(t.text), 7, 0) < 0 || strcmp(t.text, "to the child"))
		return 1;
	t.type = 8;
	strcpy(t.text, "to the parent");
	return msgsnd(msg, &t, sizeof(t.text), 0) ? 1 : 0;
}

static int memory(void)
{
	char *p = shmat(shm, NULL, 0);

	if (p == (void *)-1 || strcmp(p, "from the parent") || attached() != 2)
		return 1;
	strcpy(p, "from the child");
	return 0;
}

static int take_in_thread(void)
{
	pthread_t t;
	void *result = &t;

	pthread_create(&t, NULL, take_three, NULL);
	pthread_join(t, &result);
	return result || value() != 2;
}

static int go_on(const char *what, char **argv)
{
	execl(self, "sysvipc", what, argv[2], argv[3], argv[4], NULL);
	return 127;
}

static int child(const char *what, char **argv)
{
	if (!strcmp(what, "take"))
		return op(-3, SEM_UNDO) || value() < -1;
	if (!strcmp(what, "give"))
		return op(3, SEM_UNDO) || value() != 8;
	if (!strcmp(what, "take-plain"))
		return op(-3, 0);
	if (!strcmp(what, "take-killed"))
		return op(-3, SEM_UNDO) || raise(SIGKILL);
	if (!strcmp(what, "take-thread"))
		return take_in_thread();
	if (!strcmp(what, "take-exec"))
		return op(-3, SEM_UNDO) ? 1 : go_on("saw-two", argv);
	if (!strcmp(what, "saw-two"))
		return value() != 2;
	if (!strcmp(what, "give-and-set"))
		return op(3, SEM_UNDO) || set(9);
	if (!strcmp(what, "below"))
		return op(3, SEM_UNDO) || op(-4, 0);
	if (!strcmp(what, "wait"))
		return op(-1, 0);
	if (!strcmp(what, "take-and-stay"))
		return op(-3, SEM_UNDO) || pause();
	if (!strcmp(what, "memory"))
		return memory();
	if (!strcmp(what, "memory-exec"))
		return shmat(shm, NULL, 0) == (void *)-1 || attached() != 2 ? 1 : go_on("one-attached", argv);
	if (!strcmp(what, "one-attached"))
		return attached() != 1;
	if (!strcmp(what, "attach-and-stay"))
		return shmat(shm, NULL, 0) == (void *)-1 || pause();
	if (!strcmp(what, "answer"))
		return answer();
	if (!strcmp(what, "wait-for-message"))
		return msgrcv(msg, &(struct text){ 0 }, 1, 99, 0) != -1 || (errno != EIDRM && errno != EINVAL);
	return strcmp(what, "nothing") != 0;
}

int main(int argc, char **argv)
{
	self = getenv("SELF");
	if (!self)
		self = argv[0];
	if (argc > 4) {
		sem = atoi(argv[2]);
		shm = atoi(argv[3]);
		msg = atoi(argv[4]);
		return child(argv[1], argv);
	}
	sem = semget(IPC_PRIVATE, 1, 0600);
	shm = shmget(IPC_PRIVATE, 8192, 0600);
	msg = msgget(IPC_PRIVATE, 0600);
	CHECK(sem >= 0 && shm >= 0 && msg >= 0);
	test_undo();
	test_wake();
	test_memory();
	test_messages();
	CHECK(semctl(sem, 0, IPC_RMID) == 0);
	printf("%d checks, %d failures\n", checks, failures);
	return failures ? 1 : 19;
}
