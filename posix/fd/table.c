/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/string.h>

#include "internal.h"

#define WORD 64u

unsigned fd_limit = 1024;

static struct spinlock table_lock = SPINLOCK_INIT("fd: descriptor table");
/* All three have room for as many descriptors as fd_size says, a multiple of WORD. */
static PROCESS_LOCAL struct file **fd_files;
static PROCESS_LOCAL uint64_t *fd_used, *fd_cloexec; /* one allocation, fd_used first */
static PROCESS_LOCAL unsigned fd_size;
static PROCESS_LOCAL unsigned fd_lowest; /* all numbers below are in use */

#define files process_local(fd_files)
#define used process_local(fd_used)
#define cloexec_set process_local(fd_cloexec)
#define size process_local(fd_size)
#define lowest process_local(fd_lowest)

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

#ifdef CONFIG_CORE_PROCESSES
/* Under the lock: what is open, which is less than what is in use. A number that is reserved is another thread's, which is not in the copy. */
static unsigned copy_open(struct file **to, uint64_t *to_used, uint64_t *to_cloexec)
{
	unsigned low = 0;

	for (unsigned fd = 0; fd < size; fd++) {
		struct file *f = files[fd];

		if (!f)
			continue;
		file_get(f);
		to[fd] = f;
		set_bit(to_used, fd, true);
		set_bit(to_cloexec, fd, get_bit(cloexec_set, fd));
		low += fd == low;
	}
	return low;
}

static int copy(uintptr_t child)
{
	spin_lock(&table_lock);
	const unsigned words = size / WORD;
	struct file **f = kzalloc(MAX(size, 1u) * sizeof(*f));
	uint64_t *bits = kzalloc(MAX(2 * words, 1u) * sizeof(*bits));
	const bool good = f && bits;

	if (good) {
		process_local_of(child, fd_lowest) = copy_open(f, bits, bits + words);
		process_local_of(child, fd_size) = size;
		process_local_of(child, fd_files) = f;
		process_local_of(child, fd_used) = bits;
		process_local_of(child, fd_cloexec) = bits + words;
	}
	spin_unlock(&table_lock);
	if (good)
		return 0;
	kfree(f);
	kfree(bits);
	return -ENOMEM;
}

static void exec(void)
{
	for (int fd = fd_next(0); fd >= 0; fd = fd_next(fd + 1)) {
		struct file *f = fd_get_cloexec(fd) > 0 ? fd_remove(fd) : NULL;

		if (f)
			file_put(f);
	}
}

static void end(uintptr_t process)
{
	struct file **f = process_local_of(process, fd_files);

	for (unsigned fd = 0; fd < process_local_of(process, fd_size); fd++)
		if (f[fd])
			file_put(f[fd]);
	process_local_of(process, fd_size) = process_local_of(process, fd_lowest) = 0;
	kfree(f);
	kfree(process_local_of(process, fd_used));
}

static const struct process_part fd_part = { copy, exec, end };
PROCESS_PART(fd_part);
#endif
