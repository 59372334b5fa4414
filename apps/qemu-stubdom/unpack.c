/* SPDX-License-Identifier: BSD-3-Clause */
#include "unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_SIZE 110
#define MAGIC "070701"
#define TRAILER "TRAILER!!!"

enum field { FIELD_MODE = 1, FIELD_FILE_SIZE = 6, FIELD_NAME_SIZE = 11 };

void unpack_start(struct unpack *u)
{
	*u = (struct unpack){ .state = UNPACK_HEADER, .want = HEADER_SIZE, .fd = -1 };
}

bool unpack_done(const struct unpack *u)
{
	return u->state == UNPACK_END;
}

static uint32_t field(const struct unpack *u, enum field n)
{
	char digits[9] = { 0 };

	memcpy(digits, u->buffer + 6 + 8 * n, 8);
	return strtoul(digits, NULL, 16);
}

/* Round up what follows a header of @size bytes to a multiple of 4. */
static uint32_t pad(uint32_t size)
{
	return -size & 3;
}

static int begin_name(struct unpack *u)
{
	uint32_t size = field(u, FIELD_NAME_SIZE);

	if (memcmp(u->buffer, MAGIC, strlen(MAGIC)) || !size || size > sizeof(u->buffer) - HEADER_SIZE - 4) {
		errno = EINVAL;
		return -1;
	}
	u->mode = field(u, FIELD_MODE);
	u->data_left = field(u, FIELD_FILE_SIZE);
	u->want = HEADER_SIZE + size + pad(HEADER_SIZE + size);
	u->state = UNPACK_NAME;
	return 0;
}

static int begin_data(struct unpack *u)
{
	char *name = u->buffer + HEADER_SIZE - 1;

	u->buffer[u->want - 1] = 0;
	if (!strcmp(name + 1, TRAILER)) {
		u->state = UNPACK_END;
		return 0;
	}
	*name = '/';
	if (S_ISDIR(u->mode)) {
		if (mkdir(name, u->mode & 07777) && errno != EEXIST)
			return -1;
	} else if (S_ISREG(u->mode)) {
		/* What the initial ramdisk brought stays. */
		u->fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, u->mode & 07777);
		if (u->fd < 0 && errno != EEXIST)
			return -1;
	}
	u->padding = pad(u->data_left);
	u->state = UNPACK_DATA;
	return 0;
}

static int write_all(int fd, const char *data, size_t size)
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

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Take bytes of a header or a name. */
static int collect(struct unpack *u, const char *data, size_t n)
{
	memcpy(u->buffer + u->have, data, n);
	u->have += n;
	if (u->have < u->want)
		return 0;
	return u->state == UNPACK_HEADER ? begin_name(u) : begin_data(u);
}

static int take_data(struct unpack *u, const char *data, size_t n)
{
	if (u->fd >= 0 && write_all(u->fd, data, n))
		return -1;
	u->data_left -= n;
	return 0;
}

/* Move on from what is complete without taking a byte. */
static void advance(struct unpack *u)
{
	if (u->state == UNPACK_DATA && !u->data_left) {
		if (u->fd >= 0)
			close(u->fd);
		u->fd = -1;
		u->state = UNPACK_PADDING;
	}
	if (u->state == UNPACK_PADDING && !u->padding) {
		u->state = UNPACK_HEADER;
		u->have = 0;
		u->want = HEADER_SIZE;
	}
}

int unpack_feed(struct unpack *u, const char *data, size_t size)
{
	while (size && u->state != UNPACK_END) {
		size_t n = 0;
		int ret = 0;

		if (u->state == UNPACK_HEADER || u->state == UNPACK_NAME) {
			n = min(size, u->want - u->have);
			ret = collect(u, data, n);
		} else if (u->state == UNPACK_DATA) {
			n = min(size, u->data_left);
			ret = take_data(u, data, n);
		} else {
			n = min(size, u->padding);
			u->padding -= n;
		}
		if (ret)
			return ret;
		data += n;
		size -= n;
		advance(u);
	}
	return 0;
}
