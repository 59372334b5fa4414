/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A server that answers as it likes, or not at all, while a program uses its files: each call ends, and in the end no memory, inode or fid is left over.
 * sources: core/p9fs/message.c core/p9fs/session.c core/p9fs/fid.c core/p9fs/calls.c core/p9fs/attributes.c core/p9fs/transfer.c core/p9fs/inode.c core/p9fs/names.c core/p9fs/file.c core/copymap/map.c core/p9fs/dir.c core/p9fs/super.c core/vfs/iov.c core/vfs/file.c core/vfs/inode.c core/vfs/notify.c core/vfs/place.c core/vfs/walk.c core/vfs/open.c core/vfs/names.c core/vfs/rename.c core/vfs/dir.c core/vfs/path.c core/ramfs/pages.c core/ramfs/data.c core/ramfs/reserve.c core/ramfs/space.c core/ramfs/map.c core/ramfs/dir.c core/base/tree.c core/ramfs/super.c tests/fuzz/stubs/quiet.c tests/fuzz/stubs/wait.c tests/fuzz/stubs/fs.c tests/host/stubs/alloc.c tests/host/stubs/sched.c tests/host/stubs/boot.c
 */
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>

#include "../../../core/p9fs/internal.h"
#include "../fuzz.h"
#include "../stubs/fs.h"

#define CALLS_MAX 100
#define FILES 8 /* numbers that the server gives them */

static struct input *in; /* NULL: the server is honest, for the mount */
static struct list unanswered = LIST_INIT(unanswered);
static uint64_t now;

uint64_t time_monotonic(void)
{
	return now += NSEC_PER_SEC / 8;
}

/* Whoever waits is interrupted as soon as that may be. */
int waiter_sleep(struct waiter *w __unused, uint64_t deadline, bool interruptible)
{
	CHECK(deadline);
	now = MAX(now, deadline);
	return interruptible ? -EINTR : -ETIMEDOUT;
}

void waitq_wake_n(struct waitq *q __unused, unsigned n __unused, unsigned events __unused)
{
}

bool thread_interrupted(void)
{
	return true;
}

static void put_qid(struct p9_out *m, uint8_t type)
{
	p9_put8(m, type);
	p9_put32(m, 0);
	p9_put64(m, in ? take8(in) % FILES : 0);
}

static void put_attributes(struct p9_out *m)
{
	static const uint32_t types[] = { S_IFDIR, S_IFDIR, S_IFREG, S_IFREG, S_IFLNK, S_IFIFO, S_IFSOCK, 0 };
	uint32_t type = in ? types[take8(in) % ARRAY_SIZE(types)] : S_IFDIR;

	p9_put64(m, 0x7ff);
	put_qid(m, type == S_IFDIR ? P9_QID_DIR : 0);
	p9_put32(m, type | 0755);
	p9_put64(m, 0);
	p9_put64(m, in ? take8(in) % 3 : 1);
	p9_put64(m, 0);
	p9_put64(m, in ? take32(in) : 0);
	for (unsigned i = 0; i < 10; i++)
		p9_put64(m, 1);
}

static void put_bytes(struct p9_out *m, size_t n)
{
	uint8_t bytes[64];

	n = take_bytes(in, bytes, MIN(n, sizeof(bytes)));
	void *to = p9_put_space(m, n);

	if (to)
		memcpy(to, bytes, n);
}

static void put_entries(struct p9_out *m)
{
	unsigned n = take8(in) % 4;
	struct p9_out body;

	p9_out_begin(&body, m->at, m->left, 0, 0);
	for (unsigned i = 0; i < n; i++) {
		static const char *const names[] = { "a", "b", ".", "..", "c/d" };
		const char *name = names[take8(in) % ARRAY_SIZE(names)];

		put_qid(&body, 0);
		p9_put64(&body, take8(in));
		p9_put8(&body, take8(in) % 20);
		p9_put_string(&body, name, strlen(name));
	}
	uint32_t size = body.at - body.start - P9_HEADER;

	memmove(m->at + 4, m->at + P9_HEADER, size);
	p9_put32(m, size + (take8(in) % 16 ? 0 : take16(in)));
	p9_put_space(m, size);
}

/* What an honest server would say, with its facts from the input. */
static void put_body(struct p9_out *m, uint8_t type, const uint8_t *request)
{
	switch (type) {
	case P9_VERSION:
		p9_put32(m, 8192);
		p9_put_string(m, "9P2000.L", 8);
		break;
	case P9_WALK:
		p9_put16(m, request[P9_HEADER + 8]);
		if (request[P9_HEADER + 8])
			put_qid(m, 0);
		break;
	case P9_GETATTR:
		put_attributes(m);
		break;
	case P9_READDIR:
		put_entries(m);
		break;
	case P9_READLINK:
		p9_put_string(m, "/m/a/b", take8(in) % 8 ? 2 + take8(in) % 5 : 0);
		break;
	case P9_READ:
		p9_put32(m, take8(in) % 64);
		put_bytes(m, 64);
		break;
	case P9_WRITE:
		p9_put32(m, take16(in));
		break;
	default:
		put_qid(m, 0);
		p9_put64(m, 0);
	}
}

static void answer(struct p9_message *m, unsigned how)
{
	const uint8_t *request = m->out;
	struct p9_out out;

	p9_out_begin(&out, m->in, m->in_size, how == 1 ? P9_LERROR + 1 : request[4] + 1, request[5] | request[6] << 8);
	if (how == 1)
		p9_put32(&out, in ? take8(in) % 140 : EIO);
	else if (how == 2)
		put_bytes(&out, take8(in));
	else
		put_body(&out, request[4], request);
	uint32_t length = p9_out_end(&out);

	if (!length)
		length = m->in_size;
	if (how == 3)
		((uint8_t *)m->in)[take8(in) % length] = take8(in);
	p9_done(m, how == 4 ? (int)(take16(in) % (m->in_size + 1)) : (int)length);
}

static void send(struct p9_transport *t __unused, struct p9_message *m)
{
	unsigned how = in ? take8(in) : 0;

	CHECK(m->out_size >= P9_HEADER && m->out_size <= 8192 && m->in_size <= 8192);
	if (how == 255)
		list_push_back(&unanswered, &m->link);
	else if (how == 254)
		p9_done(m, -EIO);
	else
		answer(m, how < 200 ? 0 : 1 + how % 4);
}

static struct p9_transport transport = { "fuzz", 8192, 3, send };

static int note(void *arg, const char *name, size_t len, uint64_t ino __unused, unsigned type __unused, off_t next)
{
	off_t *last = arg;

	CHECK(len && len <= NAME_MAX && !memchr(name, '/', len) && next > *last);
	*last = next;
	return take8(in) % 8 == 0;
}

static void use(struct file *f)
{
	static char data[300];
	off_t at = take8(in) % 2 ? take8(in) : 0, last = at;
	struct iov_iter it;
	struct iovec vec;
	struct stat st;

	file_stat(f, &st);
	if (f->ops->iterate) {
		f->ops->iterate(f, &at, note, &last);
		return;
	}
	iov_single(&it, &vec, data, sizeof(data));
	CHECK(file_read(f, &it, &at) <= (ssize_t)sizeof(data));
	iov_single(&it, &vec, data, sizeof(data));
	CHECK(file_write(f, &it, &at) <= (ssize_t)sizeof(data));
	file_seek(f, 0, SEEK_END);
	if (f->ops->fsync)
		f->ops->fsync(f, true);
}

static void change(struct inode *inode)
{
	struct inode_change c = { .what = take8(in) % 128, .mode = 0600 };
	char path[64];
	struct statfs st;

	inode_change(inode, &c);
	inode_truncate(inode, take8(in));
	inode->sb->root->ops->statfs(inode->sb, &st);
	vfs_path_of(inode, path, sizeof(path));
}

static void call(void)
{
	static const char *const paths[] = { "/m", "/m/a", "/m/b", "/m/a/b", "/m/a/b/c", "/m/b/./a", "/m/a/", "/m/a/a/a/a" };
	static const uint32_t types[] = { S_IFDIR, S_IFREG, S_IFLNK, S_IFIFO };
	unsigned what = take8(in);
	const char *a = paths[take8(in) % ARRAY_SIZE(paths)], *b = paths[take8(in) % ARRAY_SIZE(paths)];
	struct inode_spec spec = { .mode = types[take8(in) % ARRAY_SIZE(types)] | 0700, .target = b };
	struct inode *inode;
	struct file *f;

	switch (what % 7) {
	case 0:
		vfs_make(NULL, a, &spec, NULL);
		break;
	case 1:
		vfs_unlink(NULL, a, take8(in) % 2);
		break;
	case 2:
		vfs_link(NULL, a, WALK_FOLLOW, NULL, b);
		break;
	case 3:
		vfs_rename(NULL, a, NULL, b, 0);
		break;
	case 4:
		if (vfs_lookup(NULL, a, take8(in) % 2, &inode))
			return;
		if (inode->sb->magic == 0x01021997)
			change(inode);
		inode_put(inode);
		break;
	default:
		if (vfs_open(NULL, a, take16(in) & (O_ACCMODE | O_CREAT | O_EXCL | O_APPEND | O_DIRECTORY | O_NOFOLLOW), 0644,
		             &f))
			return;
		if (f->inode->sb->magic == 0x01021997 && f->ops->name[0] == '9')
			use(f);
		file_put(f);
	}
}

static struct p9_super *start(void)
{
	static struct p9_super *mounted;
	struct inode *root;

	if (mounted)
		return mounted;
	fs_start();
	CHECK_EQ(p9fs_mount(&transport, "/m"), 0);
	CHECK_EQ(vfs_lookup(NULL, "/m", 0, &root), 0);
	mounted = to_super(root->sb);
	inode_put(root);
	return mounted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct p9_super *s = start();
	struct input input = { data, size };
	long live = host_live - s->session.fids;

	in = &input;
	for (unsigned i = 0; i < CALLS_MAX && input.left; i++)
		call();
	in = NULL;
	while (!list_empty(&unanswered)) {
		struct p9_message *m = list_first(&unanswered, struct p9_message, link);

		list_del(&m->link);
		answer(m, 1);
	}
	p9_fids_return(&s->session);
	CHECK(!s->session.tags && list_empty(&s->session.leaving));
	/* The root is left, unless its number became another file's. */
	CHECK(!s->inodes.root ||
	      (s->inodes.root == &to_p9(s->base.root)->node && !s->inodes.root->left && !s->inodes.root->right));
	CHECK_EQ(host_live - s->session.fids, live);
	CHECK_EQ(s->base.root->refs, 1);
	return 0;
}
