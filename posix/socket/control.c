/* SPDX-License-Identifier: BSD-3-Clause */
/* Ancillary data: descriptors and credentials. */
#include <core/alloc.h>
#include <core/string.h>

#include "unix.h"

#define CMSG_ALIGN(n) ALIGN_UP((size_t)(n), sizeof(size_t))
#define CMSG_HDR sizeof(struct cmsghdr)

_Static_assert(CMSG_HDR == CMSG_ALIGN(CMSG_HDR), "the data follow their header at once");

void transfer_drop_files(struct transfer *t)
{
	for (unsigned i = 0; i < t->nfiles; i++)
		file_put(t->files[i]);
	kfree(t->files);
	t->files = NULL;
	t->nfiles = 0;
}

static int add_files(const int *fds, unsigned n, struct transfer *t)
{
	if (n + t->nfiles > SCM_MAX_FD)
		return -EINVAL;
	if (!t->files)
		t->files = kmalloc(SCM_MAX_FD * sizeof(*t->files));
	if (!t->files)
		return -ENOMEM;
	for (unsigned i = 0; i < n; i++) {
		struct file *f = fd_get(fds[i]);

		if (!f)
			return -EBADF;
		t->files[t->nfiles++] = f;
	}
	return 0;
}

static int parse_one(const struct cmsghdr *c, struct transfer *t)
{
	const void *data = c + 1;
	size_t len = c->len - CMSG_HDR;

	if (c->level != SOL_SOCKET)
		return 0;
	if (c->type == SCM_RIGHTS)
		return add_files(data, len / sizeof(int), t);
	/* Credentials are what they are: there is one process. */
	return c->type == SCM_CREDENTIALS && len == sizeof(struct ucred) ? 0 : -EINVAL;
}

int control_parse(const struct msghdr *hdr, struct transfer *t)
{
	size_t at = 0;
	int ret = 0;

	while (!ret && hdr->control && at + CMSG_HDR <= hdr->controllen) {
		const struct cmsghdr *c = hdr->control + at;

		if (c->len < CMSG_HDR || c->len > hdr->controllen - at)
			ret = -EINVAL;
		else
			ret = parse_one(c, t);
		at += CMSG_ALIGN(c->len);
	}
	if (ret)
		transfer_drop_files(t);
	return ret;
}

struct out {
	struct msghdr *hdr;
	size_t used;
};

/* The data area of a new header with room for @len bytes, or NULL. */
static void *put_header(struct out *o, int type, size_t len)
{
	struct cmsghdr *c = o->hdr->control + o->used;
	size_t room = o->hdr->controllen - o->used;

	if (!o->hdr->control || room < CMSG_HDR + len) {
		o->hdr->flags |= MSG_CTRUNC;
		return NULL;
	}
	c->len = CMSG_HDR + len;
	c->level = SOL_SOCKET;
	c->type = type;
	o->used += MIN(CMSG_ALIGN(c->len), room);
	return c + 1;
}

/* As many descriptors as fit; the others are closed. */
static void store_files(struct out *o, struct transfer *t)
{
	bool cloexec = t->flags & MSG_CMSG_CLOEXEC;
	size_t room = o->hdr->control ? o->hdr->controllen - o->used : 0;
	unsigned n = room > CMSG_HDR ? MIN((room - CMSG_HDR) / sizeof(int), (size_t)t->nfiles) : 0, done = 0;
	int fds[SCM_MAX_FD], *to;

	while (done < n) {
		int fd = fd_install_from(t->files[done], 0, cloexec);

		if (fd < 0)
			break;
		fds[done++] = fd;
	}
	if (done < t->nfiles)
		o->hdr->flags |= MSG_CTRUNC;
	to = done ? put_header(o, SCM_RIGHTS, done * sizeof(int)) : NULL;
	if (to)
		memcpy(to, fds, done * sizeof(int));
	for (unsigned i = done; i < t->nfiles; i++)
		file_put(t->files[i]);
	kfree(t->files);
	t->files = NULL;
	t->nfiles = 0;
}

void control_store(struct msghdr *hdr, struct sock *s, struct transfer *t)
{
	struct out o = { .hdr = hdr };

	if (s->pass_credentials) {
		struct ucred *cred = put_header(&o, SCM_CREDENTIALS, sizeof(*cred));

		if (cred)
			*cred = (struct ucred){ .pid = 1 };
	}
	if (t->nfiles)
		store_files(&o, t);
	hdr->controllen = o.used;
}
