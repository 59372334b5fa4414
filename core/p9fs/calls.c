/* SPDX-License-Identifier: BSD-3-Clause */
#include "calls.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#define VERSION "9P2000.L"
#define VERSION_MAX 32
#define QID_SIZE 13
#define NAME_SIZE(name) (2 + (name).len)
#define UNLINK_DIR 0x200u
#define USER 0 /* root, as everybody here */

static void put_name(struct p9_call *c, struct name name)
{
	p9_put_string(&c->out, name.s, name.len);
}

/* For replies of which nothing but the success matters. */
static int finish(struct p9_call *c)
{
	return p9_call_end(c, p9_call_send(c));
}

/* A request that makes the server know @fid: what becomes of it must be right also when no answer came. */
static int send_new(struct p9_call *c, struct p9_fid *fid)
{
	fid->known = true;
	int ret = p9_call_send(c);

	if (c->refused)
		fid->known = false;
	return ret;
}

int p9_version(struct p9_session *s)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, s, P9_VERSION, 4 + 2 + strlen(VERSION), 4 + 2 + VERSION_MAX);
	char version[VERSION_MAX];

	if (ret)
		return ret;
	p9_put32(&c.out, s->size_max);
	p9_put_string(&c.out, VERSION, strlen(VERSION));
	ret = p9_call_send(&c);
	if (!ret) {
		uint32_t size = p9_get32(&c.in);

		p9_get_string(&c.in, version, sizeof(version));
		if (!c.in.bad && strcmp(version, VERSION))
			ret = -EPROTONOSUPPORT;
		if (size < P9_SIZE_MIN || size > s->size_max)
			c.in.bad = true;
		else
			s->size_max = size;
	}
	return p9_call_end(&c, ret);
}

int p9_attach(struct p9_fid *root)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, root->session, P9_ATTACH, 4 + 4 + 2 + 4 + 2 + 4, QID_SIZE);

	if (ret)
		return ret;
	p9_put32(&c.out, root->number);
	p9_put32(&c.out, P9_NO_FID);
	p9_put_string(&c.out, "root", 4);
	p9_put_string(&c.out, "", 0);
	p9_put32(&c.out, USER);
	ret = send_new(&c, root);
	if (!ret)
		p9_get_qid(&c.in);
	return p9_call_end(&c, ret);
}

int p9_walk(struct p9_fid *from, const struct name *name, struct p9_fid *to)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, from->session, P9_WALK, 4 + 4 + 2 + (name ? NAME_SIZE(*name) : 0), 2 + QID_SIZE);

	if (ret)
		return ret;
	p9_put32(&c.out, from->number);
	p9_put32(&c.out, to->number);
	p9_put16(&c.out, name ? 1 : 0);
	if (name)
		put_name(&c, *name);
	ret = send_new(&c, to);
	if (!ret) {
		unsigned count = p9_get16(&c.in);

		if (count != (name ? 1 : 0))
			c.in.bad = true;
		if (count)
			p9_get_qid(&c.in);
	}
	return p9_call_end(&c, ret);
}

int p9_open(struct p9_fid *fid, unsigned flags)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, fid->session, P9_LOPEN, 4 + 4, QID_SIZE + 4);

	if (ret)
		return ret;
	p9_put32(&c.out, fid->number);
	p9_put32(&c.out, flags);
	return finish(&c);
}

int p9_create(struct p9_fid *fid, struct name name, uint32_t mode)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, fid->session, P9_LCREATE, 4 + NAME_SIZE(name) + 4 + 4 + 4, QID_SIZE + 4);

	if (ret)
		return ret;
	p9_put32(&c.out, fid->number);
	put_name(&c, name);
	p9_put32(&c.out, O_RDWR | O_CREAT | O_EXCL);
	p9_put32(&c.out, mode);
	p9_put32(&c.out, USER);
	return finish(&c);
}

int p9_mkdir(struct p9_fid *dir, struct name name, uint32_t mode)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, dir->session, P9_MKDIR, 4 + NAME_SIZE(name) + 4 + 4, QID_SIZE);

	if (ret)
		return ret;
	p9_put32(&c.out, dir->number);
	put_name(&c, name);
	p9_put32(&c.out, mode);
	p9_put32(&c.out, USER);
	return finish(&c);
}

/* As Linux takes device numbers apart. */
static uint32_t major_of(uint64_t rdev)
{
	return (uint32_t)((rdev >> 8 & 0xfff) | (rdev >> 32 & ~0xfffull));
}

static uint32_t minor_of(uint64_t rdev)
{
	return (uint32_t)((rdev & 0xff) | (rdev >> 12 & 0xffffff00ull));
}

int p9_mknod(struct p9_fid *dir, struct name name, uint32_t mode, uint64_t rdev)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, dir->session, P9_MKNOD, 4 + NAME_SIZE(name) + 4 * 4, QID_SIZE);

	if (ret)
		return ret;
	p9_put32(&c.out, dir->number);
	put_name(&c, name);
	p9_put32(&c.out, mode);
	p9_put32(&c.out, major_of(rdev));
	p9_put32(&c.out, minor_of(rdev));
	p9_put32(&c.out, USER);
	return finish(&c);
}

int p9_symlink(struct p9_fid *dir, struct name name, const char *target)
{
	struct p9_call c;
	size_t len = strlen(target);
	int ret = p9_call_begin(&c, dir->session, P9_SYMLINK, 4 + NAME_SIZE(name) + 2 + len + 4, QID_SIZE);

	if (ret)
		return ret;
	p9_put32(&c.out, dir->number);
	put_name(&c, name);
	p9_put_string(&c.out, target, len);
	p9_put32(&c.out, USER);
	return finish(&c);
}

int p9_link(struct p9_fid *dir, struct name name, struct p9_fid *file)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, dir->session, P9_LINK, 4 + 4 + NAME_SIZE(name), 0);

	if (ret)
		return ret;
	p9_put32(&c.out, dir->number);
	p9_put32(&c.out, file->number);
	put_name(&c, name);
	return finish(&c);
}

int p9_unlink(struct p9_fid *dir, struct name name, bool rmdir)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, dir->session, P9_UNLINKAT, 4 + NAME_SIZE(name) + 4, 0);

	if (ret)
		return ret;
	p9_put32(&c.out, dir->number);
	put_name(&c, name);
	p9_put32(&c.out, rmdir ? UNLINK_DIR : 0);
	return finish(&c);
}

int p9_rename(struct p9_fid *from, struct name old, struct p9_fid *to, struct name new)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, from->session, P9_RENAMEAT, 4 + NAME_SIZE(old) + 4 + NAME_SIZE(new), 0);

	if (ret)
		return ret;
	p9_put32(&c.out, from->number);
	put_name(&c, old);
	p9_put32(&c.out, to->number);
	put_name(&c, new);
	return finish(&c);
}
