/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ext4.h"
#include "translate.h"

#define DISK "/dev/xvdd"
#define KERNEL "/vmlinuz"
#define INITRD "/initramfs"
/* The copies: paths that no file of the toolstack's has. */
#define FOLDER "/run/guest"
#define PIECE (256 << 10)
/* Requests are for pieces of this size and alignment: small reads of one place after another come from memory. */
#define CACHE 4096

struct disk {
	int fd;
	uint64_t cached_at;
	size_t cached;
	uint8_t cache[CACHE];
};

static int read_whole(int fd, void *buf, size_t size, uint64_t at)
{
	while (size) {
		ssize_t n = pread(fd, buf, size, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		buf = (char *)buf + n;
		size -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

static int disk_read(void *priv, void *buf, size_t size, uint64_t at)
{
	struct disk *d = priv;

	if (at > INT64_MAX - PIECE)
		return -EIO;
	if (size >= CACHE)
		return read_whole(d->fd, buf, size, at);
	if (at < d->cached_at || at + size > d->cached_at + d->cached) {
		uint64_t begin = at / 512 * 512;

		d->cached = 0;
		ssize_t n = pread(d->fd, d->cache, CACHE, (off_t)begin);

		if (n < 0)
			return -errno;
		d->cached_at = begin;
		d->cached = (size_t)n;
		if (at + size > begin + d->cached)
			return -EIO;
	}
	memcpy(buf, d->cache + (at - d->cached_at), size);
	return 0;
}

static int write_whole(int fd, const char *buf, size_t size)
{
	while (size) {
		ssize_t n = write(fd, buf, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		buf += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int copy_pieces(struct ext4 *fs, const struct ext4_file *file, int out, char *piece)
{
	for (uint64_t at = 0;;) {
		ssize_t n = ext4_read(fs, file, piece, PIECE, at);
		int ret = n > 0 ? write_whole(out, piece, (size_t)n) : (int)n;

		if (n <= 0 || ret)
			return ret;
		at += (uint64_t)n;
	}
}

/* Returns 0 or a negative errno; nothing is left of a file that could not be copied. */
static int copy(struct ext4 *fs, const char *name)
{
	struct ext4_file file;
	int ret = ext4_find(fs, name, &file);
	char path[64];

	if (!ret && !S_ISREG(file.mode))
		ret = -EINVAL;
	if (ret)
		return ret;
	snprintf(path, sizeof(path), FOLDER "%s", name);
	int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	char *piece = out < 0 ? NULL : malloc(PIECE);

	ret = out < 0 ? -errno : piece ? copy_pieces(fs, &file, out, piece) : -ENOMEM;
	free(piece);
	if (out >= 0)
		close(out);
	if (ret && out >= 0)
		unlink(path);
	return ret;
}

static bool copied(struct ext4 *fs, const char *name, bool may_lack)
{
	int ret = copy(fs, name);

	if (ret && (ret != -ENOENT || !may_lack))
		fprintf(stderr, DISK ": %s: %s\n", name, strerror(-ret));
	return !ret;
}

static bool make_folder(void)
{
	if ((mkdir("/run", 0755) && errno != EEXIST) || (mkdir(FOLDER, 0700) && errno != EEXIST)) {
		fprintf(stderr, FOLDER ": %s\n", strerror(errno));
		return false;
	}
	return true;
}

static bool add_from(struct ext4 *fs, struct vector *words)
{
	int ret = ext4_open(fs);

	if (ret) {
		fprintf(stderr, DISK ": no ext2, ext3 or ext4 file system that can be read: %s\n", strerror(-ret));
		return true;
	}
	if (!make_folder() || !copied(fs, KERNEL, false))
		return true;
	if (!vector_add(words, "-kernel") || !vector_add(words, "%s", FOLDER KERNEL))
		return false;
	return !copied(fs, INITRD, true) || (vector_add(words, "-initrd") && vector_add(words, "%s", FOLDER INITRD));
}

bool kernel_add(struct vector *words)
{
	static struct disk disk;
	struct ext4 fs = { .read = disk_read, .priv = &disk };

	if (!translate_has(words->items, words->count, "-append") || translate_has(words->items, words->count, "-kernel"))
		return true;
	disk = (struct disk){ .fd = open(DISK, O_RDONLY | O_CLOEXEC) };
	if (disk.fd < 0) {
		if (errno != ENOENT)
			fprintf(stderr, DISK ": %s\n", strerror(errno));
		return true;
	}
	bool ok = add_from(&fs, words);

	close(disk.fd);
	return ok;
}

void kernel_drop(void)
{
	unlink(FOLDER KERNEL);
	unlink(FOLDER INITRD);
}
