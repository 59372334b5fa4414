/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names of sockets: paths, whose inode remembers the socket, and abstract names, which begin with a zero byte and live in a
 * tree here.
 */
#include <core/string.h>
#include <posix/file.h>

#include "unix.h"

#define HEAD offsetof(struct sockaddr_un, path)
#define NUMBERS 0x100000u /* of names that nobody chose */

static int compare(const struct address *a, const struct address *b)
{
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->sun.path, b->sun.path, a->len);
}

static bool name_before(const struct tree_node *a, const struct tree_node *b)
{
	return compare(&tree_entry(a, struct sock, names)->addr, &tree_entry(b, struct sock, names)->addr) < 0;
}

static struct tree abstract = TREE_INIT(name_before, NULL); /* under unix_lock */

static bool is_abstract(const struct address *a)
{
	return a->len && !a->sun.path[0];
}

int address_read(const void *sa, unsigned len, struct address *out)
{
	if (!sa)
		return -EFAULT;
	if (len < HEAD || len > sizeof(struct sockaddr_un))
		return -EINVAL;
	memset(out, 0, sizeof(*out));
	memcpy(&out->sun, sa, len);
	if (out->sun.family != AF_UNIX)
		return -EINVAL;
	out->len = len - HEAD;
	/* The length of a path counts to its end, and with the terminating zero, however it was given. */
	if (out->len && out->sun.path[0])
		out->len = strnlen(out->sun.path, out->len) + 1;
	return 0;
}

void address_name(const struct address *a, struct socket_name *out)
{
	struct sockaddr_un sun = { .family = AF_UNIX };

	memset(out, 0, sizeof(*out));
	out->len = HEAD + a->len;
	if (a->len)
		sun = a->sun;
	memcpy(out->bytes, &sun, sizeof(sun));
}

static struct sock *find_abstract(const struct address *a)
{
	for (struct tree_node *n = abstract.root; n;) {
		struct sock *s = tree_entry(n, struct sock, names);
		int order = compare(a, &s->addr);

		if (!order)
			return s;
		n = order < 0 ? n->left : n->right;
	}
	return NULL;
}

static int find_path(const struct address *a, struct sock **out)
{
	struct inode *base = cwd_get(), *inode;
	int ret;

	vfs_lock();
	ret = vfs_find(base, a->sun.path, WALK_FOLLOW, &inode);
	if (!ret && (!S_ISSOCK(inode->mode) || !inode->attached))
		ret = -ECONNREFUSED;
	if (!ret)
		*out = sock_get(inode->attached);
	vfs_unlock();
	inode_put(base);
	return ret;
}

int address_find(const struct address *a, struct sock **out)
{
	int ret = 0;

	if (!a->len)
		return -EINVAL;
	if (!is_abstract(a))
		return find_path(a, out);
	mutex_lock(&unix_lock);
	*out = find_abstract(a);
	if (*out)
		sock_get(*out);
	else
		ret = -ECONNREFUSED;
	mutex_unlock(&unix_lock);
	return ret;
}

/* Under unix_lock. */
static int bind_abstract(struct sock *s, const struct address *a)
{
	if (s->addr.len)
		return -EINVAL;
	if (find_abstract(a))
		return -EADDRINUSE;
	s->addr = *a;
	tree_insert(&abstract, &s->names);
	return 0;
}

/* An abstract name of five hexadecimal digits that nobody has. Under unix_lock. */
static int bind_any(struct sock *s)
{
	static unsigned next;
	unsigned tried = 0;
	struct address a;
	int ret;

	if (s->addr.len)
		return 0;
	memset(&a, 0, sizeof(a));
	a.sun.family = AF_UNIX;
	a.len = 6;
	do {
		char digits[8];

		snprintf(digits, sizeof(digits), "%05x", next++ % NUMBERS);
		memcpy(a.sun.path + 1, digits, 5);
		ret = bind_abstract(s, &a);
	} while (ret == -EADDRINUSE && ++tried < NUMBERS);
	return ret == -EADDRINUSE ? -ENOSPC : ret;
}

/* Give @s, which has none, the name @a: -EINVAL if another thread was faster. */
static int take_name(struct sock *s, const struct address *a)
{
	int ret;

	mutex_lock(&unix_lock);
	ret = s->addr.len ? -EINVAL : 0;
	if (!ret)
		s->addr = *a;
	mutex_unlock(&unix_lock);
	return ret;
}

static int bind_path(struct sock *s, const struct address *a)
{
	struct inode_spec spec = { .mode = S_IFSOCK | umask_apply(S_IRWXUGO) };
	struct inode *base, *inode = NULL;
	int ret;

	if (s->addr.len)
		return -EINVAL;
	base = cwd_get();
	ret = vfs_make(base, a->sun.path, &spec, &inode);
	if (!ret && take_name(s, a)) {
		vfs_unlink(base, a->sun.path, false);
		inode_put(inode);
		ret = -EINVAL;
	}
	inode_put(base);
	if (ret)
		return ret == -EEXIST ? -EADDRINUSE : ret;
	vfs_lock();
	s->node = inode;
	inode->attached = s;
	vfs_unlock();
	return 0;
}

int address_bind(struct sock *s, const struct address *a)
{
	int ret;

	if (a->len && !is_abstract(a))
		return bind_path(s, a);
	mutex_lock(&unix_lock);
	ret = a->len ? bind_abstract(s, a) : bind_any(s);
	mutex_unlock(&unix_lock);
	return ret;
}

void address_unbind(struct sock *s)
{
	struct inode *node;

	mutex_lock(&unix_lock);
	tree_remove(&abstract, &s->names);
	mutex_unlock(&unix_lock);
	vfs_lock();
	node = s->node;
	s->node = NULL;
	if (node)
		node->attached = NULL;
	vfs_unlock();
	inode_put(node);
}
