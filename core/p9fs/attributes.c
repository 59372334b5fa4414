/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests about what files are, not what is in them. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "calls.h"

#define GETATTR_BASIC 0x7ffu
#define ATTRIBUTES_SIZE 153
#define STATFS_SIZE 60

int p9_readlink(struct p9_fid *link, char **out)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, link->session, P9_READLINK, 4, 2 + PATH_MAX);
	char *text = ret ? NULL : kmalloc(PATH_MAX);

	if (ret)
		return ret;
	if (!text)
		return p9_call_end(&c, -ENOMEM);
	p9_put32(&c.out, link->number);
	ret = p9_call_send(&c);
	if (!ret)
		p9_get_string(&c.in, text, PATH_MAX);
	ret = p9_call_end(&c, ret);
	if (!ret)
		*out = kstrdup(text);
	kfree(text);
	return ret ? ret : *out ? 0 : -ENOMEM;
}

int p9_getattr(struct p9_fid *fid, struct p9_attributes *a)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, fid->session, P9_GETATTR, 4 + 8, ATTRIBUTES_SIZE);

	if (ret)
		return ret;
	p9_put32(&c.out, fid->number);
	p9_put64(&c.out, GETATTR_BASIC);
	ret = p9_call_send(&c);
	if (!ret)
		p9_get_attributes(&c.in, a);
	return p9_call_end(&c, ret);
}

static void put_time(struct p9_out *m, uint64_t ns)
{
	p9_put64(m, ns / NSEC_PER_SEC);
	p9_put64(m, ns % NSEC_PER_SEC);
}

int p9_setattr(struct p9_fid *fid, const struct p9_change *change)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, fid->session, P9_SETATTR, 5 * 4 + 5 * 8, 0);

	if (ret)
		return ret;
	p9_put32(&c.out, fid->number);
	p9_put32(&c.out, change->valid);
	p9_put32(&c.out, change->mode);
	p9_put32(&c.out, change->uid);
	p9_put32(&c.out, change->gid);
	p9_put64(&c.out, change->size);
	put_time(&c.out, change->atime);
	put_time(&c.out, change->mtime);
	return p9_call_end(&c, p9_call_send(&c));
}

int p9_fsync(struct p9_fid *fid, bool data_only)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, fid->session, P9_FSYNC, 4 + 4, 0);

	if (ret)
		return ret;
	p9_put32(&c.out, fid->number);
	p9_put32(&c.out, data_only);
	return p9_call_end(&c, p9_call_send(&c));
}

static void get_statfs(struct p9_in *in, struct statfs *st)
{
	st->f_type = p9_get32(in);
	st->f_bsize = st->f_frsize = p9_get32(in);
	st->f_blocks = p9_get64(in);
	st->f_bfree = p9_get64(in);
	st->f_bavail = p9_get64(in);
	st->f_files = p9_get64(in);
	st->f_ffree = p9_get64(in);
	p9_get64(in); /* its id */
	st->f_namelen = p9_get32(in);
}

int p9_statfs(struct p9_fid *fid, struct statfs *st)
{
	struct p9_call c;
	int ret = p9_call_begin(&c, fid->session, P9_STATFS, 4, STATFS_SIZE);

	if (ret)
		return ret;
	p9_put32(&c.out, fid->number);
	ret = p9_call_send(&c);
	if (!ret)
		get_statfs(&c.in, st);
	return p9_call_end(&c, ret);
}
