/* SPDX-License-Identifier: BSD-3-Clause */
/* What a C library looks for in /etc. A file that is there already, from the initial ramdisk, stays. */
#include <core/errno.h>
#include <core/init.h>
#include <core/string.h>
#include <core/vfs.h>

static const struct {
	const char *path;
	char *text; /* only read: an iterator is for both ways */
} files[] = {
	{ "/etc/group", "root:x:0:\nnogroup:x:65534:\n" },
	{ "/etc/host.conf", "multi on\n" },
	{ "/etc/hostname", "unidom\n" },
	{ "/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" },
	{ "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n" },
	{ "/etc/passwd", "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n" },
	{ "/etc/protocols", "ip\t0\tIP\nicmp\t1\tICMP\ntcp\t6\tTCP\nudp\t17\tUDP\n" },
};

static int write_file(const char *path, char *text)
{
	struct iovec vec;
	struct iov_iter it;
	struct file *f;
	ssize_t n;
	int ret = vfs_open(NULL, path, O_CREAT | O_EXCL | O_WRONLY, 0644, &f);

	if (ret)
		return ret == -EEXIST ? 0 : ret;
	iov_single(&it, &vec, text, strlen(text));
	n = file_write(f, &it, NULL);
	file_put(f);
	return n < 0 ? (int)n : 0;
}

static int etc_files(void)
{
	int ret = vfs_mkdir_all("/etc", 0755);

	for (size_t i = 0; i < ARRAY_SIZE(files) && !ret; i++)
		ret = write_file(files[i].path, files[i].text);
	return ret;
}

INITCALL(INIT_PROCESS, etc_files);
