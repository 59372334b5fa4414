/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices that tests/boot/test_devices.py attaches, seen from a program. Results are KTAP lines. */
#ifndef TEST_H
#define TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <errno.h>

struct test {
	const char *name;
	bool (*run)(void); /* true: passed */
	bool on_request; /* needs somebody's help */
};

/* Say what was expected, and make the test fail. */
#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			printf("# %s:%d: not so: %s (errno: %s)\n", __func__, __LINE__, #cond, strerror(errno)); \
			return false; \
		} \
	} while (0)

/* disk.c: /dev/vda, every 8 bytes of which hold their own offset; /dev/vdb, the same and read only. */
bool disk_size(void);
bool disk_reads(void);
bool disk_vectors(void);
bool disk_threads(void);
bool disk_writes(void);
bool disk_end(void);
bool disk_read_only(void);
bool disk_discard(void);
/* The disk with this letter, whose name depends on the platform; as open(2). */
int open_disk(char letter, int flags);
/* Does each of the @len bytes say that it was at @offset? */
bool is_pattern(const char *p, long offset, size_t len);

/* aio.c: the same disk by requests that go on while others are made. */
bool disk_requests(void);
bool disk_odd_requests(void);

/* unmapped.c: the same disk, which must be slow. */
bool disk_unmapped(void);

/* port.c: /dev/vport0p1, whose other end sends numbered words and expects them back. */
bool port_lines(void);
bool port_echo(void);
bool port_unheard(void);
bool port_greeting(void);
bool port_hvc(void);
bool port_name(void);
bool random_differs(void);

/* pulled.c: /dev/vda and the ports of device 0 go while they are waited for. */
bool pulled_out(void);

/* share.c: a folder of the host at /host/t. */
bool share_data(void);
bool share_many(void);
bool share_read_only(void);
bool share_removed(void);
bool share_slow(void);

#endif
