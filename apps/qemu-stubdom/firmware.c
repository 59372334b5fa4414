/* SPDX-License-Identifier: BSD-3-Clause */
#include "firmware.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Its rows, and how a file is packed that is like another one: in pieces, each with what lies around its place in the other for a dictionary. */
#include "firmware.inc"

extern const unsigned char firmware_start[];

static struct file {
	const char *name; /* below FIRMWARE_FOLDER */
	const char *like; /* what it is like; NULL: it is packed for itself */
	uint32_t offset, packed; /* of the deflated data */
	uint32_t size;
	bool brought;
} files[] = { ROWS };

#define FILES (sizeof(files) / sizeof(files[0]))

static bool made; /* the machine: firmware_drop() was called */

static struct file *named(const char *name)
{
	for (size_t i = 0; i < FILES; i++)
		if (!strcmp(files[i].name, name))
			return &files[i];
	return NULL;
}

static struct file *find(const char *path)
{
	size_t folder = strlen(FIRMWARE_FOLDER);

	if (strncmp(path, FIRMWARE_FOLDER "/", folder + 1))
		return NULL;
	path += folder;
	return named(path + strspn(path, "/"));
}

static int make_folders(const char *path)
{
	char folder[PATH_MAX];

	for (const char *end = strchr(path + 1, '/'); end; end = strchr(end + 1, '/')) {
		if ((size_t)snprintf(folder, sizeof(folder), "%.*s", (int)(end - path), path) >= sizeof(folder)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		if (mkdir(folder, 0755) && errno != EEXIST)
			return -1;
	}
	return 0;
}

static int write_all(int fd, const unsigned char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0)
			return -1;
		data += n;
		size -= n;
	}
	return 0;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The next @size bytes of a stream of their own. @base, of @length bytes, is what the file is like, at whose place @at they are. */
static int inflate_piece(z_stream *z, unsigned char *to, size_t size, const unsigned char *base, size_t length, size_t at)
{
	size_t from = smaller(at > AROUND ? at - AROUND : 0, length), end = smaller(at + PIECE + AROUND, length);
	int ret = inflateReset(z);

	if (ret == Z_OK && end > from)
		ret = inflateSetDictionary(z, base + from, (unsigned)(end - from));
	z->next_out = to;
	z->avail_out = (unsigned)size;
	if (ret == Z_OK)
		ret = inflate(z, Z_FINISH);
	if (ret == Z_STREAM_END && !z->avail_out)
		return 0;
	errno = ret == Z_MEM_ERROR ? ENOMEM : EBADMSG;
	return -1;
}

/* Returns 0, or -1 with errno: EBADMSG for a damaged stream. */
static int inflate_file(const struct file *f, unsigned char *to, const unsigned char *base, size_t length)
{
	z_stream z = { .next_in = (unsigned char *)firmware_start + f->offset, .avail_in = f->packed };
	size_t step = base ? PIECE : f->size;
	int ret = inflateInit2(&z, -MAX_WBITS) == Z_OK ? 0 : (errno = ENOMEM, -1);

	for (size_t at = 0; !ret && at < f->size; at += step)
		ret = inflate_piece(&z, to + at, smaller(step, f->size - at), base, length, at);
	inflateEnd(&z);
	return ret;
}

/* What is in the file, for the caller to free; NULL with errno. */
static unsigned char *contents(const struct file *f)
{
	const struct file *like = f->like ? named(f->like) : NULL;
	unsigned char *base = like ? contents(like) : NULL, *data = base || !like ? malloc(f->size) : NULL;
	bool good = data && !inflate_file(f, data, base, like ? like->size : 0);
	int err = errno;

	free(base);
	if (!good)
		free(data);
	errno = err;
	return good ? data : NULL;
}

static int unpack(const struct file *f, const char *path)
{
	unsigned char *data;
	int fd, ret, err;

	if (make_folders(path))
		return -1;
	data = contents(f);
	fd = data ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644) : -1;
	ret = fd < 0 ? -1 : write_all(fd, data, f->size);
	err = errno;
	free(data);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && ret)
		unlink(path);
	errno = err;
	return ret;
}

void qemu_bring_file(const char *path)
{
	struct file *f = find(path);
	int err;

	if (!f || !access(path, F_OK))
		return;
	f->brought = !unpack(f, path);
	if (f->brought)
		return;
	err = errno;
	fprintf(stderr, "firmware: %s: cannot unpack: %s\n", path, strerror(err));
	/* Who is short of memory before the guest runs does not get there, and has said why. */
	if (!made && (err == ENOSPC || err == ENOMEM))
		exit(EXIT_FAILURE);
}

void firmware_drop(void)
{
	char path[PATH_MAX];

	made = true;
	for (size_t i = 0; i < FILES; i++) {
		if (!files[i].brought)
			continue;
		snprintf(path, sizeof(path), FIRMWARE_FOLDER "/%s", files[i].name);
		unlink(path);
		files[i].brought = false;
	}
}
