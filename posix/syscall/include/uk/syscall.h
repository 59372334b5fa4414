/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls as functions.
 *
 * Every implemented call is an ordinary C function `uk_syscall_<name>` with the Linux x86-64 arguments, each passed as a
 * long, and the Linux result: a value, or a negated errno. The C library's system-call layer resolves to these functions at
 * compile time; uk_syscall6() serves numbers known only at run time, and everything that is not implemented: it returns
 * -ENOSYS and logs the call's name once.
 */
#ifndef UK_SYSCALL_H
#define UK_SYSCALL_H

/* X(number, name, argument count) for every implemented call. Numbers are those of Linux on x86-64. */
#define UK_SYSCALLS(X) \
	X(0, read, 3) \
	X(1, write, 3) \
	X(2, open, 3) \
	X(3, close, 1) \
	X(4, stat, 2) \
	X(5, fstat, 2) \
	X(6, lstat, 2) \
	X(7, poll, 3) \
	X(8, lseek, 3) \
	X(9, mmap, 6) \
	X(10, mprotect, 3) \
	X(11, munmap, 2) \
	X(12, brk, 1) \
	X(13, rt_sigaction, 4) \
	X(14, rt_sigprocmask, 4) \
	X(16, ioctl, 3) \
	X(17, pread64, 4) \
	X(18, pwrite64, 4) \
	X(19, readv, 3) \
	X(20, writev, 3) \
	X(21, access, 2) \
	X(22, pipe, 1) \
	X(23, select, 5) \
	X(24, sched_yield, 0) \
	X(25, mremap, 5) \
	X(26, msync, 3) \
	X(27, mincore, 3) \
	X(28, madvise, 3) \
	X(32, dup, 1) \
	X(33, dup2, 2) \
	X(34, pause, 0) \
	X(35, nanosleep, 2) \
	X(36, getitimer, 2) \
	X(38, setitimer, 3) \
	X(39, getpid, 0) \
	X(41, socket, 3) \
	X(42, connect, 3) \
	X(43, accept, 3) \
	X(44, sendto, 6) \
	X(45, recvfrom, 6) \
	X(46, sendmsg, 3) \
	X(47, recvmsg, 3) \
	X(48, shutdown, 2) \
	X(49, bind, 3) \
	X(50, listen, 2) \
	X(51, getsockname, 3) \
	X(52, getpeername, 3) \
	X(53, socketpair, 4) \
	X(54, setsockopt, 5) \
	X(55, getsockopt, 5) \
	X(60, exit, 1) \
	X(62, kill, 2) \
	X(63, uname, 1) \
	X(72, fcntl, 3) \
	X(73, flock, 2) \
	X(74, fsync, 1) \
	X(75, fdatasync, 1) \
	X(76, truncate, 2) \
	X(77, ftruncate, 2) \
	X(79, getcwd, 2) \
	X(80, chdir, 1) \
	X(81, fchdir, 1) \
	X(82, rename, 2) \
	X(83, mkdir, 2) \
	X(84, rmdir, 1) \
	X(85, creat, 2) \
	X(86, link, 2) \
	X(87, unlink, 1) \
	X(88, symlink, 2) \
	X(89, readlink, 3) \
	X(90, chmod, 2) \
	X(91, fchmod, 2) \
	X(92, chown, 3) \
	X(93, fchown, 3) \
	X(95, umask, 1) \
	X(96, gettimeofday, 2) \
	X(97, getrlimit, 2) \
	X(98, getrusage, 2) \
	X(99, sysinfo, 1) \
	X(102, getuid, 0) \
	X(104, getgid, 0) \
	X(107, geteuid, 0) \
	X(108, getegid, 0) \
	X(109, setpgid, 2) \
	X(110, getppid, 0) \
	X(111, getpgrp, 0) \
	X(112, setsid, 0) \
	X(121, getpgid, 1) \
	X(124, getsid, 1) \
	X(127, rt_sigpending, 2) \
	X(128, rt_sigtimedwait, 4) \
	X(129, rt_sigqueueinfo, 3) \
	X(130, rt_sigsuspend, 2) \
	X(131, sigaltstack, 2) \
	X(137, statfs, 2) \
	X(138, fstatfs, 2) \
	X(142, sched_setparam, 2) \
	X(143, sched_getparam, 2) \
	X(144, sched_setscheduler, 3) \
	X(145, sched_getscheduler, 1) \
	X(146, sched_get_priority_max, 1) \
	X(147, sched_get_priority_min, 1) \
	X(148, sched_rr_get_interval, 2) \
	X(149, mlock, 2) \
	X(150, munlock, 2) \
	X(151, mlockall, 1) \
	X(152, munlockall, 0) \
	X(157, prctl, 5) \
	X(158, arch_prctl, 2) \
	X(160, setrlimit, 2) \
	X(162, sync, 0) \
	X(186, gettid, 0) \
	X(200, tkill, 2) \
	X(201, time, 1) \
	X(202, futex, 6) \
	X(203, sched_setaffinity, 3) \
	X(204, sched_getaffinity, 3) \
	X(213, epoll_create, 1) \
	X(217, getdents64, 3) \
	X(218, set_tid_address, 1) \
	X(221, fadvise64, 4) \
	X(222, timer_create, 3) \
	X(223, timer_settime, 4) \
	X(224, timer_gettime, 2) \
	X(225, timer_getoverrun, 1) \
	X(226, timer_delete, 1) \
	X(227, clock_settime, 2) \
	X(228, clock_gettime, 2) \
	X(229, clock_getres, 2) \
	X(230, clock_nanosleep, 4) \
	X(231, exit_group, 1) \
	X(232, epoll_wait, 4) \
	X(233, epoll_ctl, 4) \
	X(234, tgkill, 3) \
	X(257, openat, 4) \
	X(258, mkdirat, 3) \
	X(262, newfstatat, 4) \
	X(263, unlinkat, 3) \
	X(264, renameat, 4) \
	X(265, linkat, 5) \
	X(266, symlinkat, 3) \
	X(267, readlinkat, 4) \
	X(268, fchmodat, 3) \
	X(269, faccessat, 3) \
	X(270, pselect6, 6) \
	X(271, ppoll, 5) \
	X(273, set_robust_list, 2) \
	X(280, utimensat, 4) \
	X(281, epoll_pwait, 6) \
	X(282, signalfd, 3) \
	X(283, timerfd_create, 2) \
	X(284, eventfd, 1) \
	X(285, fallocate, 4) \
	X(286, timerfd_settime, 4) \
	X(287, timerfd_gettime, 2) \
	X(288, accept4, 4) \
	X(289, signalfd4, 4) \
	X(290, eventfd2, 2) \
	X(291, epoll_create1, 1) \
	X(292, dup3, 3) \
	X(293, pipe2, 2) \
	X(295, preadv, 5) \
	X(296, pwritev, 5) \
	X(302, prlimit64, 4) \
	X(307, sendmmsg, 4) \
	X(309, getcpu, 3) \
	X(316, renameat2, 5) \
	X(318, getrandom, 3) \
	X(319, memfd_create, 2) \
	X(324, membarrier, 2) \
	X(327, preadv2, 6) \
	X(328, pwritev2, 6) \
	X(436, close_range, 3) \
	X(439, faccessat2, 4)

#define UK_SYSCALL_ARGS_0 void
#define UK_SYSCALL_ARGS_1 long
#define UK_SYSCALL_ARGS_2 long, long
#define UK_SYSCALL_ARGS_3 long, long, long
#define UK_SYSCALL_ARGS_4 long, long, long, long
#define UK_SYSCALL_ARGS_5 long, long, long, long, long
#define UK_SYSCALL_ARGS_6 long, long, long, long, long, long

#define UK_SYSCALL_DECLARE(number, name, count) long uk_syscall_##name(UK_SYSCALL_ARGS_##count);
UK_SYSCALLS(UK_SYSCALL_DECLARE)
#undef UK_SYSCALL_DECLARE

/* Any call by number. Returns its result, or -ENOSYS after logging the call's name once when it is not implemented. */
long uk_syscall6(long number, long a, long b, long c, long d, long e, long f);

/*
 * Create a thread that runs fn(arg) on the stack that ends at @stack and exits with its result. @flags are Linux's CLONE_*:
 * CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD are required (there is one address space), CLONE_SETTLS,
 * CLONE_PARENT_SETTID and CLONE_CHILD_CLEARTID are honoured. Returns the thread id, -EINVAL for flags that would need a new
 * process, -EAGAIN or -ENOMEM.
 */
long uk_clone(int (*fn)(void *), void *stack, unsigned long flags, void *arg, int *ptid, void *tls, int *ctid);

/* Unmap [base, base + size), which may be the running stack, and end the calling thread. */
_Noreturn void uk_unmapself(void *base, unsigned long size);

#endif
