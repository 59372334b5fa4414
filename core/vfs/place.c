/* SPDX-License-Identifier: BSD-3-Clause */
/* Where files were opened: what renames do to that. */
#include <core/alloc.h>
#include <core/notify.h>
#include <core/string.h>

static char *copy_name(struct name name)
{
	char *s = kmalloc(name.len);

	return s ? memcpy(s, name.s, name.len) : NULL;
}

struct place *place_new(struct inode *dir, struct name name)
{
	struct place *p = kzalloc(sizeof(*p));

	if (!p)
		return NULL;
	p->name = copy_name(name);
	if (!p->name) {
		kfree(p);
		return NULL;
	}
	p->len = name.len;
	p->dir = inode_get(dir);
	list_init(&p->link);
	return p;
}

void place_attach(struct place *p, struct inode *inode)
{
	if (!p)
		return;
	notify_lock();
	list_push_back(&inode->places, &p->link);
	notify_unlock();
}

void place_free(struct place *p)
{
	if (!p)
		return;
	notify_lock();
	list_del(&p->link);
	notify_unlock();
	inode_put(p->dir);
	kfree(p->name);
	kfree(p);
}

static bool is_at(const struct place *p, const struct inode *dir, struct name name)
{
	return p->dir == dir && p->name && p->len == name.len && !memcmp(p->name, name.s, name.len);
}

/* The directories stay: both are in use by the caller, and @from by its name until after the walk. */
void place_moved(struct inode *inode, struct inode *from, struct name old, struct inode *to, struct name new)
{
	struct place *p;
	unsigned left = 0;

	notify_lock();
	list_for_each(p, &inode->places, link) {
		if (!is_at(p, from, old))
			continue;
		kfree(p->name);
		p->name = copy_name(new);
		p->len = new.len;
		p->dir = inode_get(to);
		left++;
	}
	notify_unlock();
	while (left--)
		inode_put(from);
}
