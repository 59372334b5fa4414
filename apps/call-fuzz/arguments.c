/* SPDX-License-Identifier: BSD-3-Clause */
#include "makers.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *type;
	make_fn make;
} by_type[] = {
	{ "int", an_int },
	{ "unsigned", an_int },
	{ "uint32_t", an_int },
	{ "long", an_int },
	{ "int64_t", an_offset },
	{ "size_t", a_size },
	{ "unsigned long", a_block },
	{ "uintptr_t", an_address },
	{ "const char *", a_path },
	{ "const struct timespec *", some_times },
	{ "struct timespec *", some_times },
	{ "struct timeval *", some_times },
	{ "const struct timeval *", some_times },
	{ "const struct itimerspec *", some_times },
	{ "const struct itimerval *", some_times },
	{ "const uint64_t *", a_mask_pointer },
	{ "const struct sigmask_arg *", a_sized_mask },
	{ "const struct ksigaction *", an_action },
	{ "const struct sigevent *", an_event },
	{ "const struct sigstack *", a_stack },
	{ "const struct iovec *", some_vectors },
	{ "const struct msghdr *", a_message },
	{ "struct msghdr *", a_message },
	{ "struct mmsghdr *", some_messages },
	{ "uint32_t *", a_size_pointer },
};

/* Arguments whose type does not tell what they are. */
static const struct {
	const char *call;
	make_fn make;
	unsigned index;
} by_call[] = {
	{ "socket", a_family, 0 },
	{ "socketpair", a_family, 0 },
	{ "socket", a_type, 1 },
	{ "socketpair", a_type, 1 },
	{ "mmap", a_protection, 2 },
	{ "mprotect", a_protection, 2 },
	{ "mmap", a_mapping_kind, 3 },
	{ "mremap", a_few, 3 },
	{ "open", an_open_mode, 1 },
	{ "openat", an_open_mode, 2 },
	{ "openat", a_base, 0 },
	{ "unlinkat", a_base, 0 },
	{ "mkdirat", a_base, 0 },
	{ "mknodat", a_base, 0 },
	{ "newfstatat", a_base, 0 },
	{ "renameat", a_base, 0 },
	{ "renameat", a_base, 2 },
	{ "renameat2", a_base, 0 },
	{ "renameat2", a_base, 2 },
	{ "linkat", a_base, 0 },
	{ "linkat", a_base, 2 },
	{ "symlinkat", a_base, 1 },
	{ "readlinkat", a_base, 0 },
	{ "utimensat", a_base, 0 },
	{ "statx", a_base, 0 },
	{ "fcntl", a_command, 1 },
	{ "epoll_ctl", a_few, 1 },
	{ "epoll_ctl", an_int, 2 },
	{ "epoll_wait", a_few, 2 },
	{ "epoll_pwait", a_few, 2 },
	{ "epoll_pwait", a_mask_size, 5 },
	{ "ppoll", a_mask_size, 4 },
	{ "rt_sigaction", a_mask_size, 3 },
	{ "rt_sigprocmask", a_mask_size, 3 },
	{ "rt_sigpending", a_mask_size, 1 },
	{ "rt_sigtimedwait", a_mask_size, 3 },
	{ "rt_sigsuspend", a_mask_size, 1 },
	{ "signalfd", a_mask_size, 2 },
	{ "signalfd4", a_mask_size, 2 },
	{ "futex", a_few, 1 },
	{ "futex", a_few, 2 },
	{ "clock_gettime", a_few, 0 },
	{ "clock_nanosleep", a_few, 0 },
	{ "timer_create", a_few, 0 },
	{ "timer_settime", a_few, 0 },
	{ "timerfd_create", a_few, 0 },
	{ "kill", a_signal, 1 },
	{ "tkill", a_signal, 1 },
	{ "tgkill", a_signal, 2 },
	{ "rt_sigqueueinfo", a_signal, 1 },
	{ "rt_sigaction", a_signal, 0 },
	{ "ioctl", a_request, 1 },
	{ "setrlimit", a_resource, 0 },
	{ "prlimit64", a_resource, 1 },
	{ "futex", a_block, 3 },
	{ "prctl", a_block, 1 },
	{ "poll", a_few, 1 },
	{ "ppoll", a_few, 1 },
	{ "recvmmsg", a_few, 2 },
	{ "sendmmsg", a_few, 2 },
	{ "mmap", a_mapping_size, 1 },
	{ "mprotect", a_mapping_size, 1 },
	{ "munmap", a_mapping_size, 1 },
	{ "mremap", a_mapping_size, 1 },
	{ "mremap", a_mapping_size, 2 },
	{ "msync", a_mapping_size, 1 },
	{ "mincore", a_mapping_size, 1 },
	{ "madvise", a_mapping_size, 1 },
	{ "mlock", a_mapping_size, 1 },
	{ "munlock", a_mapping_size, 1 },
	{ "mlock2", a_mapping_size, 1 },
	{ "getdents", a_size, 2 },
	{ "getdents64", a_size, 2 },
	{ "connect", an_address_of_socket, 1 },
	{ "bind", an_address_of_socket, 1 },
	{ "sendto", an_address_of_socket, 4 },
	{ "connect", a_size, 2 },
	{ "bind", a_size, 2 },
	{ "sendto", a_size, 5 },
	{ "setsockopt", a_size, 4 },
	{ "setgroups", a_few, 0 },
	{ "vmsplice", a_few, 2 },
	{ "sched_getattr", a_size, 2 },
	{ "get_robust_list", a_block, 1 },
};

static make_fn source_of(const struct row *row, unsigned i)
{
	for (unsigned n = 0; n < ARRAY_SIZE(by_call); n++)
		if (by_call[n].index == i && !strcmp(by_call[n].call, row->name))
			return by_call[n].make;
	for (unsigned n = 0; n < ARRAY_SIZE(by_type); n++)
		if (!strcmp(by_type[n].type, row->types[i]))
			return by_type[n].make;
	return strchr(row->types[i], '*') ? a_block : NULL;
}

/* Pointers that may be NULL, as bits of their indices. */
static const struct {
	const char *call;
	unsigned which;
} optional[] = {
	{ "accept", 6 },         { "accept4", 6 },         { "clock_nanosleep", 8 }, { "copy_file_range", 10 },
	{ "epoll_pwait", 16 },   { "futex", 8 },           { "futimesat", 4 },       { "getcpu", 7 },
	{ "gettimeofday", 3 },   { "nanosleep", 2 },       { "ppoll", 12 },          { "prlimit64", 12 },
	{ "pselect6", 62 },      { "recvfrom", 48 },       { "recvmmsg", 16 },       { "rt_sigaction", 6 },
	{ "rt_sigprocmask", 6 }, { "rt_sigtimedwait", 6 }, { "select", 30 },         { "sendfile", 4 },
	{ "setitimer", 6 },      { "settimeofday", 3 },    { "sigaltstack", 3 },     { "splice", 10 },
	{ "time", 1 },           { "timer_create", 2 },    { "timer_settime", 8 },   { "timerfd_settime", 8 },
	{ "times", 1 },          { "utime", 2 },           { "utimensat", 4 },       { "utimes", 2 },
	{ "wait4", 10 },         { "waitid", 20 },
};

/* What removes names has to leave those that the next episode needs. */
static bool removes(const char *call)
{
	return !strncmp(call, "unlink", 6) || !strncmp(call, "rename", 6) || !strcmp(call, "rmdir");
}

static unsigned optional_of(const char *name)
{
	for (unsigned n = 0; n < ARRAY_SIZE(optional); n++)
		if (!strcmp(optional[n].call, name))
			return optional[n].which;
	return 0;
}

void arguments_check(void)
{
	for (unsigned n = 0; n < row_count; n++)
		for (unsigned i = 0; i < rows[n].count; i++)
			if (!source_of(&rows[n], i)) {
				report("call-fuzz: argument %u of %s has a type without values here: %s", i, rows[n].name,
				       rows[n].types[i]);
				exit(1);
			}
}

void arguments_make(const struct row *row, long args[6])
{
	unsigned may_be_null = optional_of(row->name);

	paths_of(removes(row->name));

	for (unsigned i = 0; i < row->count; i++) {
		args[i] = source_of(row, i)(i);
		if (may_be_null >> i & 1 && !random_below(3))
			args[i] = 0;
	}
}
