/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "makers.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

static uint64_t one_of(const uint64_t *values, size_t n)
{
	return values[random_below(n)];
}

long an_int(unsigned i)
{
	static const uint64_t special[] = { (uint64_t)-1,           (uint64_t)-2, AT_FDCWD,      INT_MAX,
		                            (uint64_t)INT_MIN,      4096,         AT_EMPTY_PATH, O_CREAT | O_RDWR,
		                            O_NONBLOCK | O_CLOEXEC, MSG_DONTWAIT };

	if (random_below(2)) /* descriptors come first, flags and protocols last */
		return i ? 0 : 3 + (long)random_below(9);
	switch (random_below(8)) {
	case 0 ... 3:
		return (long)random_below(24);
	case 4:
		return 1L << random_below(31);
	case 5:
		return (long)one_of(special, ARRAY_SIZE(special));
	case 6:
		return (int)random_next();
	default:
		return (long)random_below(128);
	}
}

long an_offset(unsigned i)
{
	static const uint64_t special[] = { 0,        1,        4095, 4096, BLOCK, (uint64_t)-1, INT64_MAX, (uint64_t)INT64_MIN,
		                            1u << 31, 1ul << 40 };

	(void)i;
	return (long)(random_below(2) ? one_of(special, ARRAY_SIZE(special)) : random_below(2 * BLOCK));
}

/* What a block has room for. */
long a_size(unsigned i)
{
	static const uint64_t special[] = { 0, 1, 8, 16, 64, 128, 4095, 4096, 4097, BLOCK };

	(void)i;
	return (long)(random_below(2) ? one_of(special, ARRAY_SIZE(special)) : random_below(BLOCK + 1));
}

/* Of a signal mask. */
long a_mask_size(unsigned i)
{
	(void)i;
	return random_below(8) ? 8 : (long)random_below(17);
}

long a_family(unsigned i)
{
	(void)i;
	return random_below(8) ? AF_UNIX : (long)random_below(46);
}

long a_type(unsigned i)
{
	static const uint64_t types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM | SOCK_NONBLOCK,
		                          SOCK_DGRAM | SOCK_CLOEXEC };

	return random_below(8) ? (long)one_of(types, ARRAY_SIZE(types)) : an_int(i);
}

long a_protection(unsigned i)
{
	(void)i;
	return random_below(4) ? PROT_READ | PROT_WRITE : (long)random_below(8);
}

long a_mapping_kind(unsigned i)
{
	static const uint64_t kinds[] = { MAP_PRIVATE | MAP_ANONYMOUS,
		                          MAP_PRIVATE,
		                          MAP_SHARED,
		                          MAP_SHARED | MAP_ANONYMOUS,
		                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		                          MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS,
		                          MAP_FIXED | MAP_SHARED };

	return random_below(8) ? (long)one_of(kinds, ARRAY_SIZE(kinds)) : an_int(i) & ~MAP_FIXED;
}

long an_open_mode(unsigned i)
{
	static const uint64_t modes[] = { O_RDONLY,
		                          O_RDWR,
		                          O_RDWR | O_CREAT,
		                          O_RDWR | O_CREAT | O_TRUNC,
		                          O_WRONLY | O_APPEND,
		                          O_RDONLY | O_DIRECTORY,
		                          O_PATH,
		                          O_RDWR | O_TMPFILE | O_DIRECTORY };

	return random_below(8) ? (long)one_of(modes, ARRAY_SIZE(modes)) : an_int(i);
}

long a_base(unsigned i)
{
	return random_below(2) ? AT_FDCWD : an_int(i);
}

long a_command(unsigned i)
{
	(void)i;
	return (long)(random_below(4) ? random_below(17) : 1024 + random_below(14));
}

long a_few(unsigned i)
{
	(void)i;
	return (long)random_below(17);
}

long a_mapping_size(unsigned i)
{
	(void)i;
	return (long)(random_below(4) ? random_below(64) << 12 : random_below(ARENA / 2));
}

long an_address(unsigned i)
{
	(void)i;
	return random_below(8) ? (long)memory_arena() : 0;
}

long a_signal(unsigned i)
{
	(void)i;
	return random_signal();
}

long a_resource(unsigned i)
{
	(void)i;
	int resource = (int)random_below(18);

	return resource == RLIMIT_CPU ? RLIMIT_CORE : resource; /* its end is SIGKILL */
}

long a_request(unsigned i)
{
	static const uint64_t requests[] = { FIONREAD,  FIONBIO,   FIOCLEX,    FIONCLEX,   FIOASYNC, TCGETS,   TCSETS,
		                             TCSETSW,   TCSETSF,   TIOCGWINSZ, TIOCSWINSZ, TCFLSH,   TCXONC,   TCSBRK,
		                             TIOCGPGRP, TIOCSPGRP, TIOCSCTTY,  TIOCNOTTY,  TIOCOUTQ, TIOCGPTN, TIOCSPTLCK,
		                             TIOCGSID,  TIOCEXCL,  TIOCNXCL,   TIOCPKT };

	return random_below(8) ? (long)one_of(requests, ARRAY_SIZE(requests)) : an_int(i);
}
