/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The implementations of the system calls: sys_<name>() with typed arguments. They are called by the wrappers of posix/entry, and by each
 * other; they return Linux's result, or one of the internal codes below, which the wrapper turns into what the program sees.
 */
#ifndef POSIX_CALLS_H
#define POSIX_CALLS_H

#include <core/base.h>
#include <core/errno.h>
#include <uk/syscall.h>

/* A signal ended the call, and it is not begun anew whatever the handlers want: a timeout would begin anew with it. */
#define EINTR_FINAL 512
/* A signal ended the call, which is begun anew unless a handler runs: somebody else may have taken the signal. */
#define EINTR_HANDLED 513

struct cap_data;
struct cap_header;
struct epoll_event;
struct io_event;
struct iocb;
struct iovec;
struct itimerspec;
struct itimerval;
struct ksigaction;
struct mmsghdr;
struct mq_attr;
struct msghdr;
struct pollfd;
struct rlimit64;
struct robust_list_head;
struct rusage;
struct sched_attr;
struct sembuf;
struct sigevent;
struct siginfo;
struct sigmask_arg;
struct sigstack;
struct stat;
struct statfs;
struct statx;
struct sysinfo;
struct timespec;
struct timeval;
struct timex;
struct tms;
struct utimbuf;

#define SYS_TYPES_0() void
#define SYS_TYPES_1(a) a
#define SYS_TYPES_2(a, b) a, b
#define SYS_TYPES_3(a, b, c) a, b, c
#define SYS_TYPES_4(a, b, c, d) a, b, c, d
#define SYS_TYPES_5(a, b, c, d, e) a, b, c, d, e
#define SYS_TYPES_6(a, b, c, d, e, f) a, b, c, d, e, f

/* The arguments of a row, from longs named a to f. */
#define SYS_ARGS_0()
#define SYS_ARGS_1(A) (A) a
#define SYS_ARGS_2(A, B) SYS_ARGS_1(A), (B)b
#define SYS_ARGS_3(A, B, C) SYS_ARGS_2(A, B), (C)c
#define SYS_ARGS_4(A, B, C, D) SYS_ARGS_3(A, B, C), (D)d
#define SYS_ARGS_5(A, B, C, D, E) SYS_ARGS_4(A, B, C, D), (E)e
#define SYS_ARGS_6(A, B, C, D, E, F) SYS_ARGS_5(A, B, C, D, E), (F)f

#define SYS_DECLARE(number, name, kind, count, ...) long sys_##name(SYS_TYPES_##count(__VA_ARGS__));
UK_SYSCALLS(SYS_DECLARE)
#undef SYS_DECLARE

#endif
