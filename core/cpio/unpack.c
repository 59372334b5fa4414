/* SPDX-License-Identifier: BSD-3-Clause */
/* From entries to files. */
#include <core/alloc.h>
#include <core/cpio.h>
#include <core/errno.h>
#include <core/list.h>
#include <core/string.h>
#include <core/vfs.h>

/* A file with more names to come: its data is with the last of them. */
struct hard_link {
	struct list link;
	uint32_t ino, dev_major, dev_minor;
	struct inode *inode; /* counted */
};

struct unpack {
	struct inode *root; /* names are relative to it */
	const char *where;
	struct list links;
};

static struct inode *find_link(const struct unpack *u, const struct cpio_entry *e)
{
	struct hard_link *h;

	list_for_each(h, &u->links, link)
		if (h->ino == e->ino && h->dev_major == e->dev_major && h->dev_minor == e->dev_minor)
			return h->inode;
	return NULL;
}

static int remember_link(struct unpack *u, const struct cpio_entry *e, struct inode *inode)
{
	struct hard_link *h = kmalloc(sizeof(*h));

	if (!h)
		return -ENOMEM;
	h->ino = e->ino;
	h->dev_major = e->dev_major;
	h->dev_minor = e->dev_minor;
	h->inode = inode_get(inode);
	list_push_back(&u->links, &h->link);
	return 0;
}

static void forget_links(struct unpack *u)
{
	struct hard_link *h, *tmp;

	list_for_each_safe(h, tmp, &u->links, link) {
		inode_put(h->inode);
		kfree(h);
	}
}

static int write_all(struct file *f, const struct cpio_entry *e)
{
	struct iov_iter it;
	struct iovec vec;

	iov_single(&it, &vec, (void *)(uintptr_t)e->data, e->size);
	while (it.left) {
		ssize_t n = file_write(f, &it, NULL);

		if (n < 0)
			return n;
	}
	return 0;
}

/* The attributes that do not come with creation. */
static void set_attributes(struct inode *inode, const struct cpio_entry *e)
{
	inode->mode = (inode->mode & S_IFMT) | (e->mode & S_IALLUGO);
	inode->uid = e->uid;
	inode->gid = e->gid;
	inode->mtime = e->mtime * NSEC_PER_SEC;
}

static int make_file(struct unpack *u, const char *name, const struct cpio_entry *e)
{
	struct inode *known = e->nlink > 1 ? find_link(u, e) : NULL;
	struct file *f;
	int ret = 0;

	vfs_unlink(u->root, name, false);
	if (known) {
		vfs_lock();
		ret = vfs_link_inode(known, u->root, name);
		vfs_unlock();
	}
	if (!ret)
		ret = vfs_open(u->root, name, O_WRONLY | O_CREAT | O_NOFOLLOW, e->mode, &f);
	if (ret)
		return ret;
	ret = write_all(f, e);
	set_attributes(f->inode, e);
	if (!ret && e->nlink > 1 && !known)
		ret = remember_link(u, e, f->inode);
	file_put(f);
	return ret;
}

static int make_directory(struct unpack *u, const char *name, const struct cpio_entry *e)
{
	struct inode_spec spec = { .mode = S_IFDIR | (e->mode & S_IALLUGO) };
	struct inode *dir;
	int ret = vfs_make(u->root, name, &spec, NULL);

	if (ret && ret != -EEXIST)
		return ret;
	ret = vfs_lookup(u->root, name, WALK_FOLLOW, &dir);
	if (ret)
		return ret;
	set_attributes(dir, e);
	inode_put(dir);
	return 0;
}

static int make_symlink(struct unpack *u, const char *name, const struct cpio_entry *e)
{
	struct inode_spec spec = { .mode = S_IFLNK | S_IRWXUGO };
	char *target;
	int ret;

	if (!e->size || e->size >= PATH_MAX)
		return -EINVAL;
	target = kmalloc(e->size + 1);
	if (!target)
		return -ENOMEM;
	memcpy(target, e->data, e->size);
	target[e->size] = 0;
	spec.target = target;
	vfs_unlink(u->root, name, false);
	ret = vfs_make(u->root, name, &spec, NULL);
	kfree(target);
	return ret;
}

static int make_device(struct unpack *u, const char *name, const struct cpio_entry *e)
{
	struct inode_spec spec = { .mode = e->mode, .rdev = dev_make(e->rdev_major, e->rdev_minor) };

	vfs_unlink(u->root, name, false);
	return vfs_make(u->root, name, &spec, NULL);
}

static int make_entry(struct unpack *u, const char *name, const struct cpio_entry *e)
{
	switch (e->mode & S_IFMT) {
	case S_IFREG:
		return make_file(u, name, e);
	case S_IFDIR:
		return make_directory(u, name, e);
	case S_IFLNK:
		return make_symlink(u, name, e);
	case S_IFCHR:
	case S_IFBLK:
		return make_device(u, name, e);
	default:
		return 0; /* pipes and sockets of another system are of no use */
	}
}

/* Make the directories above @name. */
static int make_parents(struct unpack *u, const char *name)
{
	size_t size = strlen(u->where) + strlen(name) + 2;
	char *path = kmalloc(size), *slash;
	int ret;

	if (!path)
		return -ENOMEM;
	snprintf(path, size, "%s/%s", u->where, name);
	slash = strrchr(path, '/');
	*slash = 0;
	ret = vfs_mkdir_all(path, 0755);
	kfree(path);
	return ret;
}

static int unpack_entry(struct unpack *u, const struct cpio_entry *e)
{
	const char *name = e->name;
	int ret;

	while (*name == '/')
		name++;
	if (!*name)
		return 0;
	ret = make_entry(u, name, e);
	if (ret != -ENOENT)
		return ret;
	ret = make_parents(u, name);
	return ret ? ret : make_entry(u, name, e);
}

int cpio_unpack(const void *data, size_t size, const char *where, size_t *offset)
{
	struct unpack u = { .where = where, .links = LIST_INIT(u.links) };
	struct cpio_reader r;
	struct cpio_entry e;
	size_t at = 0;
	int ret;

	ret = vfs_lookup(NULL, where, WALK_FOLLOW, &u.root);
	if (ret)
		return ret;
	cpio_init(&r, data, size);
	do {
		at = r.offset;
		ret = cpio_next(&r, &e);
		if (ret == 1) {
			ret = unpack_entry(&u, &e);
			ret = ret ? ret : 1;
		}
	} while (ret == 1);
	forget_links(&u);
	inode_put(u.root);
	if (ret && offset)
		*offset = at;
	return ret;
}
