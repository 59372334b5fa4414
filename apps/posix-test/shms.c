/* SPDX-License-Identifier: BSD-3-Clause */
/* System V shared memory: shmget(2), shmat(2), shmdt(2), shmctl(2). */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "sysv.h"

#define PAGE 4096
#define SIZE (5 * PAGE)
#define NOWHERE ((void *)-1)
#ifndef SHM_DEST
#define SHM_DEST 01000
#endif

static int id = -1;

static bool begin(size_t size)
{
	id = shmget(IPC_PRIVATE, size, 0600);
	return id >= 0;
}

static void end(void)
{
	shmctl(id, IPC_RMID, NULL);
}

static long attached(void)
{
	struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) ? -1 : (long)ds.shm_nattch;
}

static void making(void)
{
	struct shmid_ds ds;

	shmctl(shmget(KEY, 0, 0), IPC_RMID, NULL);
	CHECK_ERR(shmget(KEY, 1, 0600), ENOENT);
	CHECK_ERR(shmget(KEY, 0, IPC_CREAT | 0600), EINVAL);
	CHECK_ERR(shmget(KEY, (size_t)-1, IPC_CREAT | 0600), EINVAL);
	CHECK((id = shmget(KEY, 5000, IPC_CREAT | IPC_EXCL | 0640)) >= 0);
	CHECK_ERR(shmget(KEY, 5000, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	CHECK_EQ(shmget(KEY, 5000, IPC_CREAT), id);
	CHECK_EQ(shmget(KEY, 0, 0), id);
	CHECK_EQ(shmget(KEY, 4000, 0), id);
	CHECK_ERR(shmget(KEY, 5001, 0), EINVAL);
	CHECK_EQ(shmctl(id, IPC_STAT, &ds), 0);
	CHECK(ds.shm_segsz == 5000 && ds.shm_cpid == getpid() && !ds.shm_lpid && !ds.shm_nattch);
	CHECK(!ds.shm_atime && !ds.shm_dtime && ds.shm_ctime > 0);
	CHECK_EQ(ds.shm_perm.mode, 0640);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_ERR(shmctl(id, IPC_STAT, &ds), EINVAL);
	CHECK_ERR(shmget(KEY, 0, 0), ENOENT);
	CHECK(shmat(id, NULL, 0) == NOWHERE && errno == EINVAL);
	CHECK_ERR(shmctl(id, 99, &ds), EINVAL);
}

static void attaching(void)
{
	struct shmid_ds ds;
	char *a, *b;

	CHECK(begin(SIZE));
	CHECK((a = shmat(id, NULL, 0)) != NOWHERE);
	CHECK((b = shmat(id, NULL, 0)) != NOWHERE && b != a);
	CHECK(!a[0] && !a[SIZE - 1]);
	strcpy(a + PAGE - 3, "hello");
	CHECK(!strcmp(b + PAGE - 3, "hello"));
	CHECK_EQ(shmctl(id, IPC_STAT, &ds), 0);
	CHECK(ds.shm_nattch == 2 && ds.shm_lpid == getpid() && ds.shm_atime > 0);
	CHECK_EQ(shmdt(a), 0);
	CHECK_ERR(shmdt(a), EINVAL);
	CHECK(!strcmp(b + PAGE - 3, "hello"));
	CHECK_EQ(attached(), 1);
	CHECK_EQ(shmdt(b), 0);
	CHECK_EQ(shmctl(id, IPC_STAT, &ds), 0);
	CHECK(!ds.shm_nattch && ds.shm_dtime > 0);
	CHECK((a = shmat(id, NULL, 0)) != NOWHERE); /* it is still there */
	CHECK(!strcmp(a + PAGE - 3, "hello"));
	CHECK_EQ(shmdt(a), 0);
	end();
	CHECK(begin(1)); /* a new one is empty */
	CHECK((a = shmat(id, NULL, 0)) != NOWHERE);
	for (int i = 0; i < PAGE; i++)
		CHECK(!a[i]);
	CHECK_EQ(shmdt(a), 0);
	end();
}

static void places(void)
{
	char *hole = mmap(NULL, 4 * SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *a;

	CHECK(begin(SIZE));
	CHECK(shmat(id, hole, 0) == NOWHERE && errno == EINVAL);
	CHECK(shmat(id, hole + 1, SHM_REMAP) == NOWHERE && errno == EINVAL);
	CHECK(shmat(id, NULL, SHM_REMAP) == NOWHERE && errno == EINVAL);
	CHECK_EQ(attached(), 0);
	CHECK((a = shmat(id, hole + PAGE + 9, SHM_REMAP | SHM_RND)) == hole + PAGE);
	a[0] = a[SIZE - 1] = 1;
	CHECK_ERR(shmdt(a + 1), EINVAL);
	CHECK_ERR(shmdt(hole), EINVAL);
	CHECK_EQ(attached(), 1);
	CHECK_EQ(shmdt(a), 0);
	CHECK((a = shmat(id, hole + PAGE, 0)) == hole + PAGE); /* where it was there is room now */
	CHECK(a[0] == 1 && a[SIZE - 1] == 1);
	CHECK_EQ(shmdt(a), 0);
	munmap(hole, 4 * SIZE);
	end();
}

/* munmap(2) and mprotect(2) cut what is attached: each part counts, and all go at once. */
static void parts(void)
{
	char *a, *other;

	CHECK(begin(SIZE));
	CHECK((a = shmat(id, NULL, 0)) != NOWHERE);
	CHECK((other = shmat(id, NULL, 0)) != NOWHERE);
	CHECK_EQ(munmap(a + PAGE, PAGE), 0);
	CHECK_EQ(attached(), 3);
	a[2 * PAGE] = other[0] = 1;
	CHECK_EQ(munmap(a, PAGE), 0);
	CHECK_EQ(attached(), 2);
	CHECK_EQ(shmdt(a), 0); /* what begins there is gone, the rest is not */
	CHECK_EQ(attached(), 1);
	CHECK_ERR(shmdt(a), EINVAL);
	CHECK_EQ(other[2 * PAGE], 1);
	CHECK_EQ(munmap(other, SIZE), 0);
	CHECK_EQ(attached(), 0);
	end();
}

/* It lives until the last one lets go. */
static void removal(void)
{
	struct shmid_ds ds;
	char *a, *b;

	shmctl(shmget(KEY, 0, 0), IPC_RMID, NULL);
	CHECK((id = shmget(KEY, SIZE, IPC_CREAT | 0600)) >= 0);
	CHECK((a = shmat(id, NULL, 0)) != NOWHERE);
	a[7] = 7;
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_ERR(shmget(KEY, 0, 0), ENOENT);
	CHECK_EQ(shmctl(id, IPC_STAT, &ds), 0);
	CHECK(ds.shm_perm.mode & SHM_DEST && ds.shm_nattch == 1);
	CHECK((b = shmat(id, NULL, 0)) != NOWHERE);
	CHECK_EQ(b[7], 7);
	CHECK_EQ(shmdt(a), 0);
	CHECK_EQ(attached(), 1);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_EQ(b[7], 7);
	CHECK_EQ(shmdt(b), 0);
	CHECK_EQ(attached(), -1);
	CHECK_ERR(shmctl(id, IPC_RMID, NULL), EINVAL);
}

static void information(void)
{
	struct shm_info use, more;
	struct shminfo limits;
	struct shmid_ds ds;
	int highest, found = 0;
	char *a;

	CHECK(begin(SIZE));
	CHECK(shmctl(0, IPC_INFO, (struct shmid_ds *)&limits) >= 0);
	CHECK(limits.shmmin == 1 && limits.shmmax >= 32 << 20 && limits.shmmni == 4096);
	CHECK((highest = shmctl(0, SHM_INFO, (struct shmid_ds *)&use)) >= 0);
	CHECK(use.used_ids >= 1);
	CHECK((a = shmat(id, NULL, 0)) != NOWHERE);
	a[0] = a[2 * PAGE] = 1;
	CHECK(shmctl(0, SHM_INFO, (struct shmid_ds *)&more) >= 0);
	CHECK(more.shm_tot == use.shm_tot && more.shm_rss == use.shm_rss + 2);
	for (int i = 0; i <= highest; i++)
		if (shmctl(i, SHM_STAT, &ds) == id)
			found += ds.shm_nattch == 1 && ds.shm_segsz == SIZE;
	CHECK_EQ(found, 1);
	CHECK_EQ(shmctl(id, IPC_STAT, &ds), 0);
	ds.shm_perm.mode = 0606;
	CHECK_EQ(shmctl(id, IPC_SET, &ds), 0);
	CHECK_EQ(shmctl(id, IPC_STAT, &ds), 0);
	CHECK_EQ(ds.shm_perm.mode & 0777, 0606);
	CHECK_ERR(shmctl(id, IPC_STAT, NULL), EFAULT);
	CHECK_EQ(shmdt(a), 0);
	end();
}

static long churn(struct caller *c)
{
	for (int i = 0; i < 300; i++) {
		volatile char *a = shmat(c->id, NULL, 0);

		if (a == NOWHERE)
			return -1;
		a[c->number * PAGE]++;
		if (shmdt((void *)a))
			return -2;
	}
	return 0;
}

/* Many at once; and what comes and goes leaves nothing behind. */
static void nothing_left(void)
{
	struct caller c[5];
	char *a;

	CHECK(begin(SIZE));
	for (int i = 0; i < 5; i++) {
		c[i] = (struct caller){ .call = churn, .id = id, .number = i };
		caller_start(&c[i]);
	}
	for (int i = 0; i < 5; i++) {
		caller_join(&c[i]);
		CHECK_EQ(c[i].result, 0);
	}
	CHECK_EQ(attached(), 0);
	CHECK((a = shmat(id, NULL, SHM_RDONLY)) != NOWHERE);
	for (int i = 0; i < 5; i++)
		CHECK_EQ((unsigned char)a[i * PAGE], 300 & 255);
	CHECK_EQ(shmdt(a), 0);
	end();
	for (int i = 0; i < 3000; i++) {
		CHECK(begin(64 * PAGE));
		CHECK((a = shmat(id, NULL, 0)) != NOWHERE);
		for (int page = 0; page < 64; page++)
			a[page * PAGE] = 1;
		end();
		CHECK_EQ(shmdt(a), 0);
	}
}

/* All there may be, and a way out. */
static void exhausted(void)
{
	static int ids[4097];
	int n = 0;

	while (n < 4097 && (ids[n] = shmget(IPC_PRIVATE, 1, 0600)) >= 0)
		n++;
	CHECK(n <= 4096 && n > 1000);
	CHECK(errno == ENOSPC || errno == ENOMEM);
	while (n-- > 0)
		CHECK_EQ(shmctl(ids[n], IPC_RMID, NULL), 0);
	CHECK(begin(1));
	end();
}

static void proc(void)
{
	char line[512] = "", name[32];
	FILE *f = fopen("/proc/sysvipc/shm", "r");
	int found = 0;
	long key, shown;

	CHECK(f);
	CHECK(begin(12345));
	snprintf(name, sizeof(name), " %d ", id);
	CHECK(fgets(line, sizeof(line), f) && strstr(line, "nattch"));
	while (fgets(line, sizeof(line), f))
		found += sscanf(line, "%ld %ld", &key, &shown) == 2 && shown == id && strstr(line, " 12345 ");
	CHECK_EQ(found, 1);
	fclose(f);
	CHECK((f = fopen("/proc/sys/kernel/sem", "r")));
	CHECK(fgets(line, sizeof(line), f));
	CHECK_EQ(sscanf(line, "%*d %*d %*d %ld", &shown), 1);
	CHECK(shown >= 128);
	fclose(f);
	end();
}

const struct test shms_tests[] = {
	{ "making", making }, { "attaching", attaching },       { "places", places },
	{ "parts", parts },   { "removal", removal },           { "information", information },
	{ "proc", proc },     { "nothing_left", nothing_left }, { "exhausted", exhausted },
	{ NULL, NULL },
};
