/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Directories of a server that lists without end: the dots again and again, or always one entry more. A call ends, with an error or for a signal;
 * a long directory is read to its end.
 * sources: core/base/string.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include "../../../../core/p9fs/dir.c"
#include "../../host.h"

static const char *name;
static unsigned requests, each, length, told; /* entries in an answer and in all, 0: without end */
static bool signal;

int p9_readdir(struct p9_fid *fid __unused, uint64_t offset, p9_entry_fn fn, void *arg, unsigned *count)
{
	struct p9_entry e;

	e.len = strlen(name);
	memcpy(e.name, name, e.len + 1);
	e.qid.path = 1;
	e.type = 8; /* DT_REG */
	CHECK(++requests <= REQUESTS_MAX);
	for (*count = 0; *count < each && (!length || offset < length); ++*count) {
		e.next = ++offset;
		int ret = fn(arg, &e);

		if (ret)
			return ret;
	}
	return 0;
}

bool thread_interrupted(void)
{
	return signal;
}

int p9_walk(struct p9_fid *from __unused, const struct name *n __unused, struct p9_fid *to __unused)
{
	return 0;
}

int p9_open(struct p9_fid *fid __unused, unsigned flags __unused)
{
	return 0;
}

int p9_fsync(struct p9_fid *fid __unused, bool data_only __unused)
{
	return 0;
}

struct p9_fid *p9_fid_new(struct p9_session *s __unused)
{
	return NULL;
}

void p9_fid_put(struct p9_fid *fid __unused)
{
}

struct p9_fid *p9_fid_of(struct inode *inode __unused)
{
	return NULL;
}

int dir_dots(struct inode *dir __unused, off_t *pos __unused, dirent_fn fn __unused, void *arg __unused)
{
	return 0;
}

off_t dir_seek(struct file *f __unused, off_t offset __unused, int whence __unused)
{
	return 0;
}

static int tell(void *arg, const char *n __unused, size_t len __unused, uint64_t ino __unused, unsigned type __unused,
                off_t next __unused)
{
	unsigned *room = arg;

	if (!*room)
		return 1;
	--*room;
	told++;
	return 0;
}

static int list(off_t pos, unsigned room)
{
	struct p9_dir *d = kzalloc(sizeof(*d));
	int ret;

	requests = told = 0;
	ret = read_entries(&(struct reading){ d, &pos, tell, &room, 0 });
	kfree(d);
	return ret;
}

int main(void)
{
	name = "file";
	each = 50;
	length = 1000000;
	CHECK_EQ(list(0, ~0u), 0);
	CHECK_EQ(told, 1000000);
	CHECK_EQ(list(999990, ~0u), 0);
	CHECK_EQ(told, 10);
	CHECK_EQ(list(0, 7), 1);
	CHECK_EQ(told, 7);

	length = 0;
	CHECK_EQ(list(0, 7), 1); /* who wants no more has no error */
	CHECK_EQ(list(0, ~0u), -EIO);
	CHECK_EQ(list(1l << 60, 1), -EIO);
	CHECK_EQ(told, 0);
	name = ".";
	each = 1;
	CHECK_EQ(list(0, 1), -EIO);
	CHECK_EQ(told, 0);
	signal = true;
	CHECK_EQ(list(0, 1), -EINTR);
	CHECK_EQ(requests, REQUESTS_ENOUGH + 1);
	CHECK_EQ(host_live, 0);
	return 0;
}
