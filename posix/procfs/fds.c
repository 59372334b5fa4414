/* SPDX-License-Identifier: BSD-3-Clause */
/* /proc/self/fd and its other names, and the links to directories. */
#include <core/errno.h>
#include <core/init.h>
#include <core/procfs.h>
#include <core/string.h>
#include <posix/fd.h>
#include <posix/file.h>

static int follow_fd(unsigned n, struct inode **out)
{
	struct file *f = fd_get((int)n);
	int ret = 0;

	if (!f)
		return -ENOENT;
	if (f->inode)
		*out = inode_get(f->inode);
	else
		ret = f->ops->node ? f->ops->node(f, out) : -ENXIO;
	file_put(f);
	return ret;
}

/* A path in @buf, cut to @size, without its zero. What has lost its name is shown as such. */
static ssize_t path_text(struct inode *inode, char *buf, size_t size)
{
	char path[512];
	ssize_t len = vfs_path_of(inode, path, sizeof(path));

	if (len == -ENOENT)
		len = snprintf(path, sizeof(path), "/#%llu (deleted)", (unsigned long long)inode->ino) + 1;
	if (len < 0)
		return len == -ERANGE ? -ENAMETOOLONG : len;
	len = MIN((size_t)len - 1, size);
	memcpy(buf, path, len);
	return len;
}

static ssize_t fd_text(unsigned n, char *buf, size_t size)
{
	struct file *f = fd_get((int)n);
	char text[64];
	ssize_t len;

	if (!f)
		return -ENOENT;
	if (f->inode) {
		len = path_text(f->inode, buf, size);
	} else {
		struct stat st;
		bool numbered;

		file_stat(f, &st);
		numbered = S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode);
		len = numbered ? snprintf(text, sizeof(text), "%s:[%lu]", f->ops->name, (unsigned long)st.st_ino)
		               : snprintf(text, sizeof(text), "anon_inode:[%s]", f->ops->name);
		len = MIN((size_t)len, size);
		memcpy(buf, text, len);
	}
	file_put(f);
	return len;
}

static const struct procfs_jump fds = { follow_fd, fd_text, fd_next };

static int follow_cwd(unsigned n __unused, struct inode **out)
{
	*out = cwd_get_locked();
	return 0;
}

static ssize_t cwd_text(unsigned n __unused, char *buf, size_t size)
{
	struct inode *dir = cwd_get();
	ssize_t len = path_text(dir, buf, size);

	inode_put(dir);
	return len;
}

static const struct procfs_jump cwd = { .follow = follow_cwd, .text = cwd_text };

#ifdef CONFIG_CORE_PROCESSES
static int follow_exe(unsigned n __unused, struct inode **out)
{
	struct inode *inode = process_local(process_program);

	*out = inode ? inode_get(inode) : NULL;
	return inode ? 0 : -ENOENT;
}

static ssize_t exe_text(unsigned n __unused, char *buf, size_t size)
{
	struct inode *inode = process_local(process_program);

	return inode ? path_text(inode, buf, size) : -ENOENT;
}

static const struct procfs_jump exe = { .follow = follow_exe, .text = exe_text };

static int add_exe(void)
{
	return procfs_jump("1/exe", &exe);
}
#else
#define add_exe() 0 /* self.c */
#endif

/* Linux's are links, too. */
static int link_in_dev(void)
{
	static const char *const links[][2] = {
		{ "/dev/fd", "/proc/self/fd" },
		{ "/dev/stdin", "/proc/self/fd/0" },
		{ "/dev/stdout", "/proc/self/fd/1" },
		{ "/dev/stderr", "/proc/self/fd/2" },
	};
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(links) && !ret; i++) {
		struct inode_spec spec = { .mode = S_IFLNK | S_IRWXUGO, .target = links[i][1] };

		ret = vfs_make(NULL, links[i][0], &spec, NULL);
		ret = ret == -EEXIST ? 0 : ret; /* the initial ramdisk brings its own */
	}
	return ret;
}

static int procfs_fds(void)
{
	int ret = procfs_jumps("1/fd", &fds);

	if (!ret)
		ret = procfs_jump("1/cwd", &cwd);
	if (!ret)
		ret = procfs_link("1/root", "/");
	if (!ret)
		ret = add_exe();
	return ret ? ret : link_in_dev();
}

INITCALL(INIT_PROCESS, procfs_fds);
