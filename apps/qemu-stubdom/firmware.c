/* SPDX-License-Identifier: BSD-3-Clause */
#include "firmware.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define CHUNK 16384

extern const unsigned char firmware_start[];

static struct file {
	const char *name; /* below FIRMWARE_FOLDER */
	uint32_t offset, size; /* of the deflated data */
	bool brought;
} files[] = {
#include "firmware.inc"
};

#define FILES (sizeof(files) / sizeof(files[0]))

static struct file *find(const char *path)
{
	size_t folder = strlen(FIRMWARE_FOLDER);

	if (strncmp(path, FIRMWARE_FOLDER "/", folder + 1))
		return NULL;
	path += folder;
	path += strspn(path, "/");
	for (size_t i = 0; i < FILES; i++)
		if (!strcmp(files[i].name, path))
			return &files[i];
	return NULL;
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

/* Returns 0, or -1 with errno: EBADMSG for a damaged stream. */
static int inflate_into(int fd, z_stream *z)
{
	static unsigned char chunk[CHUNK];
	int ret = Z_OK;

	while (ret == Z_OK) {
		z->next_out = chunk;
		z->avail_out = sizeof(chunk);
		ret = inflate(z, Z_NO_FLUSH);
		if (ret != Z_OK && ret != Z_STREAM_END) {
			errno = EBADMSG;
			return -1;
		}
		if (write_all(fd, chunk, sizeof(chunk) - z->avail_out))
			return -1;
	}
	return 0;
}

static int unpack(const struct file *f, const char *path)
{
	z_stream z = { .next_in = (unsigned char *)firmware_start + f->offset, .avail_in = f->size };

	if (make_folders(path))
		return -1;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0)
		return -1;
	int ret = inflateInit2(&z, -MAX_WBITS) == Z_OK ? inflate_into(fd, &z) : (errno = ENOMEM, -1);
	int err = errno;

	inflateEnd(&z);
	close(fd);
	if (ret)
		unlink(path);
	errno = err;
	return ret;
}

void qemu_bring_file(const char *path)
{
	struct file *f = find(path);

	if (!f || !access(path, F_OK))
		return;
	if (unpack(f, path))
		fprintf(stderr, "firmware: %s: cannot unpack: %s\n", path, strerror(errno));
	else
		f->brought = true;
}

void firmware_drop(void)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < FILES; i++) {
		if (!files[i].brought)
			continue;
		snprintf(path, sizeof(path), FIRMWARE_FOLDER "/%s", files[i].name);
		unlink(path);
		files[i].brought = false;
	}
}
