/* SPDX-License-Identifier: BSD-3-Clause */
/* The working directory and the file mode mask. */
#include <core/alloc.h>
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

static PROCESS_LOCAL struct inode *cwd_of_process; /* NULL: the root; under vfs_lock() */
static PROCESS_LOCAL uint32_t mask_of_process = 022;

#define cwd process_local(cwd_of_process)
#define mask process_local(mask_of_process)

struct inode *cwd_get_locked(void)
{
	return inode_get(cwd ? cwd : vfs_root());
}

struct inode *cwd_get(void)
{
	struct inode *dir;

	vfs_lock();
	dir = cwd_get_locked();
	vfs_unlock();
	return dir;
}

/* Takes over the reference. */
static long set_cwd(struct inode *dir)
{
	struct inode *old;

	if (!S_ISDIR(dir->mode)) {
		inode_put(dir);
		return -ENOTDIR;
	}
	vfs_lock();
	old = cwd;
	cwd = dir;
	vfs_unlock();
	inode_put(old);
	return 0;
}

long sys_chdir(const char *path)
{
	struct inode *dir;
	int ret = at_lookup(AT_FDCWD, path, 0, &dir);

	return ret ? ret : set_cwd(dir);
}

long sys_fchdir(int fd)
{
	struct file *f = fd_get(fd);
	long ret = -ENOTDIR;

	if (!f)
		return -EBADF;
	if (f->inode)
		ret = set_cwd(inode_get(f->inode));
	file_put(f);
	return ret;
}

long sys_getcwd(char *buf, size_t size)
{
	char *path = kmalloc(PATH_MAX);
	struct inode *dir = cwd_get();
	ssize_t len;

	len = path ? vfs_path(dir, path, PATH_MAX) : -ENOMEM;
	inode_put(dir);
	if (len > 0 && (size_t)len > size)
		len = -ERANGE;
	if (len > 0)
		memcpy(buf, path, len);
	kfree(path);
	return len;
}

uint32_t umask_apply(uint32_t mode)
{
	return mode & S_IALLUGO & ~mask;
}

long sys_umask(unsigned new)
{
	uint32_t old = mask;

	mask = new &S_IRWXUGO;
	return old;
}

#ifdef CONFIG_CORE_PROCESSES
static int copy(uintptr_t child)
{
	vfs_lock();
	process_local_of(child, cwd_of_process) = cwd ? inode_get(cwd) : NULL;
	vfs_unlock();
	return 0;
}

static void end(uintptr_t process)
{
	inode_put(process_local_of(process, cwd_of_process));
	process_local_of(process, cwd_of_process) = NULL;
}

static const struct process_part cwd_part = { .copy = copy, .end = end };
PROCESS_PART(cwd_part);
#endif
