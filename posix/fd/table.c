/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/string.h>

#include "internal.h"

#define WORD 64u

unsigned fd_limit = 1024;

static struct spinlock table_lock = SPINLOCK_INIT("fd: descriptor table");
/* All three have room for @size descriptors, a multiple of WORD. */
static struct file **files;
static uint64_t *used, *cloexec_set;
static unsigned size;
static unsigned lowest; /* all numbers below are in use */

static void set_bit(uint64_t *map, unsigned n, bool on)
{
	if (on)
		map[n / WORD] |= 1ULL << (n % WORD);
	else
		map[n / WORD] &= ~(1ULL << (n % WORD));
}

static bool get_bit(const uint64_t *map, unsigned n)
{
	return map[n / WORD] >> (n % WORD) & 1;
}

/* 64, 128, 256 ... */
static unsigned table_size_for(unsigned fd)
{
	unsigned want = WORD;

	while (want <= fd)
		want *= 2;
	return want;
}

unsigned fd_table_size(void)
{
	return READ_ONCE(size);
}

/* Make room for @fd. */
static int grow(unsigned fd)
{
	unsigned want = table_size_for(fd), words = want / WORD;
	struct file **f = kzalloc(want * sizeof(*f));
	uint64_t *bits = kzalloc(2 * words * sizeof(*bits));

	if (!f || !bits) {
		kfree(f);
		kfree(bits);
		return -ENOMEM;
	}
	if (size) {
		memcpy(f, files, size * sizeof(*f));
		memcpy(bits, used, size / WORD * sizeof(*bits));
		memcpy(bits + words, cloexec_set, size / WORD * sizeof(*bits));
		kfree(files);
		kfree(used);
	}
	files = f;
	used = bits;
	cloexec_set = bits + words;
	size = want;
	return 0;
}

static unsigned find_free(unsigned from)
{
	while (from < size) {
		uint64_t free = ~used[from / WORD] >> (from % WORD);

		if (free)
			return from + __builtin_ctzll(free);
		from = ALIGN_DOWN(from, WORD) + WORD;
	}
	return from;
}

static void put_at(unsigned fd, struct file *f, bool cloexec)
{
	files[fd] = f;
	set_bit(used, fd, f);
	set_bit(cloexec_set, fd, cloexec);
	if (!f)
		lowest = MIN(lowest, fd);
	else if (fd == lowest)
		lowest = fd + 1;
}

struct file *fd_get(int fd)
{
	struct file *f = NULL;

	spin_lock(&table_lock);
	if (likely((unsigned)fd < size)) {
		f = files[fd];
		if (likely(f))
			file_get(f);
	}
	spin_unlock(&table_lock);
	return f;
}

/* Under the lock: a free number >= @from with room in the table. */
static int find_place(unsigned from)
{
	unsigned fd = find_free(MAX(from, lowest));
	int ret = 0;

	if (fd >= fd_limit)
		return -EMFILE;
	if (fd >= size)
		ret = grow(fd);
	return ret ? ret : (int)fd;
}

int fd_install_from(struct file *f, unsigned from, bool cloexec)
{
	spin_lock(&table_lock);
	int fd = find_place(from);

	if (fd >= 0)
		put_at(fd, f, cloexec);
	spin_unlock(&table_lock);
	return fd;
}

int fd_reserve(void)
{
	spin_lock(&table_lock);
	int fd = find_place(0);

	if (fd >= 0) {
		set_bit(used, fd, true);
		if ((unsigned)fd == lowest)
			lowest = fd + 1;
	}
	spin_unlock(&table_lock);
	return fd;
}

void fd_publish(int fd, struct file *f, bool cloexec)
{
	spin_lock(&table_lock);
	put_at(fd, f, cloexec);
	spin_unlock(&table_lock);
}

void fd_cancel(int fd)
{
	spin_lock(&table_lock);
	put_at(fd, NULL, false);
	spin_unlock(&table_lock);
}

int fd_install(struct file *f, bool cloexec)
{
	int fd = fd_install_from(f, 0, cloexec);

	if (fd < 0)
		file_put(f);
	return fd;
}

int fd_install_pair(struct file *a, struct file *b, bool cloexec, int *out)
{
	int first = fd_reserve(), second = first < 0 ? first : fd_reserve();

	if (second < 0) {
		if (first >= 0)
			fd_cancel(first);
		file_put(a);
		file_put(b);
		return second;
	}
	out[0] = first;
	out[1] = second;
	fd_publish(first, a, cloexec);
	fd_publish(second, b, cloexec);
	return 0;
}

struct file *fd_remove(int fd)
{
	struct file *f = NULL;

	spin_lock(&table_lock);
	if ((unsigned)fd < size && files[fd]) {
		f = files[fd];
		put_at(fd, NULL, false);
	}
	spin_unlock(&table_lock);
	return f;
}

int fd_replace(int fd, struct file *f, bool cloexec, struct file **old)
{
	int ret = 0;

	*old = NULL;
	if (fd < 0 || (unsigned)fd >= fd_limit)
		return -EBADF;
	spin_lock(&table_lock);
	if ((unsigned)fd >= size)
		ret = grow(fd);
	else if (!files[fd] && get_bit(used, fd))
		ret = -EBUSY; /* reserved, as on Linux */
	if (!ret) {
		*old = files[fd];
		put_at(fd, f, cloexec);
	}
	spin_unlock(&table_lock);
	return ret;
}

int fd_set_cloexec(int fd, bool on)
{
	int ret = -EBADF;

	spin_lock(&table_lock);
	if ((unsigned)fd < size && files[fd]) {
		set_bit(cloexec_set, fd, on);
		ret = 0;
	}
	spin_unlock(&table_lock);
	return ret;
}

int fd_get_cloexec(int fd)
{
	int ret = -EBADF;

	spin_lock(&table_lock);
	if ((unsigned)fd < size && files[fd])
		ret = get_bit(cloexec_set, fd);
	spin_unlock(&table_lock);
	return ret;
}

int fd_next(unsigned from)
{
	spin_lock(&table_lock);
	while (from < size && !files[from])
		from++;
	int fd = from < size ? (int)from : -1;

	spin_unlock(&table_lock);
	return fd;
}

int fd_highest(void)
{
	int fd;

	spin_lock(&table_lock);
	for (fd = (int)size - 1; fd >= 0 && !files[fd]; fd--)
		;
	spin_unlock(&table_lock);
	return fd;
}
