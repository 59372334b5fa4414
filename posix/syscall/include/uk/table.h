/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of system calls: X(number, name, kind, argument count, argument types...). Numbers and types are those of Linux on x86-64.
 * What a call is follows from its row: the C library's direct calls, the wrappers of posix/entry, the prototypes of posix/calls.h, calls by
 * number. A row without an implementation is a call of a library that is not in the image: -ENOSYS.
 *
 * The kind says what a signal does to the call:
 *   plain     it never sleeps until a signal
 *   sleeps    -EINTR ends it
 *   restarts  it begins anew if all handlers that ran have SA_RESTART; see EINTR_FINAL in posix/calls.h
 *   masked    takes a signal mask for its duration, or could; never restarted after a handler
 * Signals are delivered on the way in and on the way out, never in between: calls hold references and locks.
 */
#ifndef UK_TABLE_H
#define UK_TABLE_H

#define UK_SYSCALLS(X) \
	UK_SYSCALLS_MAIN(X) \
	UK_SYSCALLS_MQUEUE(X) \
	UK_SYSCALLS_SYSVIPC(X)

/* Apart are those whose library few images have: the others have no calls by number for them. */
#define UK_SYSCALLS_MQUEUE(X) \
	X(240, mq_open, plain, 4, const char *, int, unsigned, const struct mq_attr *) \
	X(241, mq_unlink, plain, 1, const char *) \
	X(242, mq_timedsend, restarts, 5, int, const void *, size_t, unsigned, const struct timespec *) \
	X(243, mq_timedreceive, restarts, 5, int, void *, size_t, unsigned *, const struct timespec *) \
	X(244, mq_notify, plain, 2, int, const struct sigevent *) \
	X(245, mq_getsetattr, plain, 3, int, const struct mq_attr *, struct mq_attr *)

/* Neither semop() nor msgsnd() nor msgrcv() is begun anew after a handler, see signal(7). */
#define UK_SYSCALLS_SYSVIPC(X) \
	X(29, shmget, plain, 3, int, size_t, int) \
	X(30, shmat, plain, 3, int, uintptr_t, int) \
	X(31, shmctl, plain, 3, int, int, unsigned long) \
	X(64, semget, plain, 3, int, int, int) \
	X(65, semop, sleeps, 3, int, const struct sembuf *, size_t) \
	X(66, semctl, plain, 4, int, int, int, unsigned long) \
	X(67, shmdt, plain, 1, uintptr_t) \
	X(68, msgget, plain, 2, int, int) \
	X(69, msgsnd, sleeps, 4, int, const void *, size_t, int) \
	X(70, msgrcv, sleeps, 5, int, void *, size_t, long, int) \
	X(71, msgctl, plain, 3, int, int, unsigned long) \
	X(220, semtimedop, sleeps, 4, int, const struct sembuf *, size_t, const struct timespec *)

#define UK_SYSCALLS_MAIN(X) \
	X(0, read, restarts, 3, int, void *, size_t) \
	X(1, write, restarts, 3, int, const void *, size_t) \
	X(2, open, restarts, 3, const char *, int, unsigned) \
	X(3, close, plain, 1, int) \
	X(4, stat, plain, 2, const char *, struct stat *) \
	X(5, fstat, plain, 2, int, struct stat *) \
	X(6, lstat, plain, 2, const char *, struct stat *) \
	X(7, poll, masked, 3, struct pollfd *, unsigned, int) \
	X(8, lseek, plain, 3, int, int64_t, int) \
	X(9, mmap, plain, 6, uintptr_t, size_t, int, int, int, int64_t) \
	X(10, mprotect, plain, 3, uintptr_t, size_t, int) \
	X(11, munmap, plain, 2, uintptr_t, size_t) \
	X(12, brk, plain, 1, uintptr_t) \
	X(13, rt_sigaction, plain, 4, int, const struct ksigaction *, struct ksigaction *, size_t) \
	X(14, rt_sigprocmask, plain, 4, int, const uint64_t *, uint64_t *, size_t) \
	X(16, ioctl, restarts, 3, int, unsigned, unsigned long) \
	X(17, pread64, restarts, 4, int, void *, size_t, int64_t) \
	X(18, pwrite64, restarts, 4, int, const void *, size_t, int64_t) \
	X(19, readv, restarts, 3, int, const struct iovec *, int) \
	X(20, writev, restarts, 3, int, const struct iovec *, int) \
	X(21, access, plain, 2, const char *, int) \
	X(22, pipe, plain, 1, int *) \
	X(23, select, masked, 5, int, uint64_t *, uint64_t *, uint64_t *, struct timeval *) \
	X(24, sched_yield, plain, 0) \
	X(25, mremap, plain, 5, uintptr_t, size_t, size_t, int, uintptr_t) \
	X(26, msync, sleeps, 3, uintptr_t, size_t, int) \
	X(27, mincore, plain, 3, uintptr_t, size_t, uint8_t *) \
	X(28, madvise, plain, 3, uintptr_t, size_t, int) \
	X(32, dup, plain, 1, int) \
	X(33, dup2, plain, 2, int, int) \
	X(34, pause, sleeps, 0) \
	X(35, nanosleep, sleeps, 2, const struct timespec *, struct timespec *) \
	X(36, getitimer, plain, 2, int, struct itimerval *) \
	X(38, setitimer, plain, 3, int, const struct itimerval *, struct itimerval *) \
	X(39, getpid, plain, 0) \
	X(40, sendfile, restarts, 4, int, int, int64_t *, size_t) \
	X(41, socket, plain, 3, int, int, int) \
	X(42, connect, restarts, 3, int, const void *, unsigned) \
	X(43, accept, restarts, 3, int, void *, uint32_t *) \
	X(44, sendto, restarts, 6, int, const void *, size_t, int, const void *, unsigned) \
	X(45, recvfrom, restarts, 6, int, void *, size_t, int, void *, uint32_t *) \
	X(46, sendmsg, restarts, 3, int, const struct msghdr *, int) \
	X(47, recvmsg, restarts, 3, int, struct msghdr *, int) \
	X(48, shutdown, plain, 2, int, int) \
	X(49, bind, plain, 3, int, const void *, unsigned) \
	X(50, listen, plain, 2, int, int) \
	X(51, getsockname, plain, 3, int, void *, uint32_t *) \
	X(52, getpeername, plain, 3, int, void *, uint32_t *) \
	X(53, socketpair, plain, 4, int, int, int, int *) \
	X(54, setsockopt, plain, 5, int, int, int, const void *, unsigned) \
	X(55, getsockopt, plain, 5, int, int, int, void *, uint32_t *) \
	X(60, exit, plain, 1, int) \
	X(61, wait4, restarts, 4, int, int *, int, void *) \
	X(62, kill, plain, 2, int, int) \
	X(63, uname, plain, 1, char *) \
	X(72, fcntl, restarts, 3, int, int, unsigned long) \
	X(73, flock, restarts, 2, int, int) \
	X(74, fsync, sleeps, 1, int) \
	X(75, fdatasync, sleeps, 1, int) \
	X(76, truncate, plain, 2, const char *, int64_t) \
	X(77, ftruncate, plain, 2, int, int64_t) \
	X(78, getdents, plain, 3, int, void *, unsigned) \
	X(79, getcwd, plain, 2, char *, size_t) \
	X(80, chdir, plain, 1, const char *) \
	X(81, fchdir, plain, 1, int) \
	X(82, rename, plain, 2, const char *, const char *) \
	X(83, mkdir, plain, 2, const char *, unsigned) \
	X(84, rmdir, plain, 1, const char *) \
	X(85, creat, restarts, 2, const char *, unsigned) \
	X(86, link, plain, 2, const char *, const char *) \
	X(87, unlink, plain, 1, const char *) \
	X(88, symlink, plain, 2, const char *, const char *) \
	X(89, readlink, plain, 3, const char *, char *, int) \
	X(90, chmod, plain, 2, const char *, unsigned) \
	X(91, fchmod, plain, 2, int, unsigned) \
	X(92, chown, plain, 3, const char *, unsigned, unsigned) \
	X(93, fchown, plain, 3, int, unsigned, unsigned) \
	X(94, lchown, plain, 3, const char *, uint32_t, uint32_t) \
	X(95, umask, plain, 1, unsigned) \
	X(96, gettimeofday, plain, 2, struct timeval *, void *) \
	X(97, getrlimit, plain, 2, int, struct rlimit64 *) \
	X(98, getrusage, plain, 2, int, struct rusage *) \
	X(99, sysinfo, plain, 1, struct sysinfo *) \
	X(100, times, plain, 1, struct tms *) \
	X(102, getuid, plain, 0) \
	X(104, getgid, plain, 0) \
	X(105, setuid, plain, 1, uint32_t) \
	X(106, setgid, plain, 1, uint32_t) \
	X(107, geteuid, plain, 0) \
	X(108, getegid, plain, 0) \
	X(109, setpgid, plain, 2, int, int) \
	X(110, getppid, plain, 0) \
	X(111, getpgrp, plain, 0) \
	X(112, setsid, plain, 0) \
	X(113, setreuid, plain, 2, uint32_t, uint32_t) \
	X(114, setregid, plain, 2, uint32_t, uint32_t) \
	X(115, getgroups, plain, 2, int, uint32_t *) \
	X(116, setgroups, plain, 2, size_t, const uint32_t *) \
	X(117, setresuid, plain, 3, uint32_t, uint32_t, uint32_t) \
	X(118, getresuid, plain, 3, uint32_t *, uint32_t *, uint32_t *) \
	X(119, setresgid, plain, 3, uint32_t, uint32_t, uint32_t) \
	X(120, getresgid, plain, 3, uint32_t *, uint32_t *, uint32_t *) \
	X(121, getpgid, plain, 1, int) \
	X(122, setfsuid, plain, 1, uint32_t) \
	X(123, setfsgid, plain, 1, uint32_t) \
	X(124, getsid, plain, 1, int) \
	X(125, capget, plain, 2, struct cap_header *, struct cap_data *) \
	X(126, capset, plain, 2, struct cap_header *, const struct cap_data *) \
	X(127, rt_sigpending, plain, 2, uint64_t *, size_t) \
	X(128, rt_sigtimedwait, sleeps, 4, const uint64_t *, struct siginfo *, const struct timespec *, size_t) \
	X(129, rt_sigqueueinfo, plain, 3, int, int, const struct siginfo *) \
	X(130, rt_sigsuspend, masked, 2, const uint64_t *, size_t) \
	X(131, sigaltstack, plain, 2, const struct sigstack *, struct sigstack *) \
	X(132, utime, plain, 2, const char *, const struct utimbuf *) \
	X(133, mknod, plain, 3, const char *, unsigned, unsigned) \
	X(137, statfs, plain, 2, const char *, struct statfs *) \
	X(138, fstatfs, plain, 2, int, struct statfs *) \
	X(140, getpriority, plain, 2, int, int) \
	X(141, setpriority, plain, 3, int, int, int) \
	X(142, sched_setparam, plain, 2, int, const int *) \
	X(143, sched_getparam, plain, 2, int, int *) \
	X(144, sched_setscheduler, plain, 3, int, int, const int *) \
	X(145, sched_getscheduler, plain, 1, int) \
	X(146, sched_get_priority_max, plain, 1, int) \
	X(147, sched_get_priority_min, plain, 1, int) \
	X(148, sched_rr_get_interval, plain, 2, int, struct timespec *) \
	X(149, mlock, plain, 2, uintptr_t, size_t) \
	X(150, munlock, plain, 2, uintptr_t, size_t) \
	X(151, mlockall, plain, 1, int) \
	X(152, munlockall, plain, 0) \
	X(157, prctl, plain, 5, int, uintptr_t, unsigned long, unsigned long, unsigned long) \
	X(158, arch_prctl, plain, 2, int, uintptr_t) \
	X(159, adjtimex, plain, 1, struct timex *) \
	X(160, setrlimit, plain, 2, int, const struct rlimit64 *) \
	X(162, sync, plain, 0) \
	X(164, settimeofday, plain, 2, const struct timeval *, const void *) \
	X(186, gettid, plain, 0) \
	X(187, readahead, plain, 3, int, int64_t, size_t) \
	X(188, setxattr, plain, 5, const char *, const char *, const void *, size_t, int) \
	X(189, lsetxattr, plain, 5, const char *, const char *, const void *, size_t, int) \
	X(190, fsetxattr, plain, 5, int, const char *, const void *, size_t, int) \
	X(191, getxattr, plain, 4, const char *, const char *, void *, size_t) \
	X(192, lgetxattr, plain, 4, const char *, const char *, void *, size_t) \
	X(193, fgetxattr, plain, 4, int, const char *, void *, size_t) \
	X(194, listxattr, plain, 3, const char *, char *, size_t) \
	X(195, llistxattr, plain, 3, const char *, char *, size_t) \
	X(196, flistxattr, plain, 3, int, char *, size_t) \
	X(197, removexattr, plain, 2, const char *, const char *) \
	X(198, lremovexattr, plain, 2, const char *, const char *) \
	X(199, fremovexattr, plain, 2, int, const char *) \
	X(200, tkill, plain, 2, int, int) \
	X(201, time, plain, 1, int64_t *) \
	X(202, futex, restarts, 6, int *, int, int, uintptr_t, int *, int) \
	X(203, sched_setaffinity, plain, 3, int, size_t, const uint8_t *) \
	X(204, sched_getaffinity, plain, 3, int, size_t, uint64_t *) \
	X(206, io_setup, plain, 2, unsigned, unsigned long *) \
	X(207, io_destroy, plain, 1, unsigned long) \
	X(208, io_getevents, sleeps, 5, unsigned long, long, long, struct io_event *, const struct timespec *) \
	X(209, io_submit, plain, 3, unsigned long, long, struct iocb **) \
	X(210, io_cancel, plain, 3, unsigned long, struct iocb *, struct io_event *) \
	X(213, epoll_create, plain, 1, int) \
	X(217, getdents64, plain, 3, int, void *, unsigned) \
	X(218, set_tid_address, plain, 1, int *) \
	X(221, fadvise64, plain, 4, int, int64_t, int64_t, int) \
	X(222, timer_create, plain, 3, int, const struct sigevent *, int *) \
	X(223, timer_settime, plain, 4, int, int, const struct itimerspec *, struct itimerspec *) \
	X(224, timer_gettime, plain, 2, int, struct itimerspec *) \
	X(225, timer_getoverrun, plain, 1, int) \
	X(226, timer_delete, plain, 1, int) \
	X(227, clock_settime, plain, 2, int, const struct timespec *) \
	X(228, clock_gettime, plain, 2, int, struct timespec *) \
	X(229, clock_getres, plain, 2, int, struct timespec *) \
	X(230, clock_nanosleep, sleeps, 4, int, int, const struct timespec *, struct timespec *) \
	X(231, exit_group, plain, 1, int) \
	X(232, epoll_wait, masked, 4, int, struct epoll_event *, int, int) \
	X(233, epoll_ctl, plain, 4, int, int, int, const struct epoll_event *) \
	X(234, tgkill, plain, 3, int, int, int) \
	X(235, utimes, plain, 2, const char *, const struct timeval *) \
	X(247, waitid, restarts, 5, int, int, void *, int, void *) \
	X(253, inotify_init, plain, 0) \
	X(254, inotify_add_watch, plain, 3, int, const char *, uint32_t) \
	X(255, inotify_rm_watch, plain, 2, int, int) \
	X(257, openat, restarts, 4, int, const char *, int, unsigned) \
	X(258, mkdirat, plain, 3, int, const char *, unsigned) \
	X(259, mknodat, plain, 4, int, const char *, unsigned, unsigned) \
	X(260, fchownat, plain, 5, int, const char *, uint32_t, uint32_t, int) \
	X(261, futimesat, plain, 3, int, const char *, const struct timeval *) \
	X(262, newfstatat, plain, 4, int, const char *, struct stat *, int) \
	X(263, unlinkat, plain, 3, int, const char *, int) \
	X(264, renameat, plain, 4, int, const char *, int, const char *) \
	X(265, linkat, plain, 5, int, const char *, int, const char *, int) \
	X(266, symlinkat, plain, 3, const char *, int, const char *) \
	X(267, readlinkat, plain, 4, int, const char *, char *, int) \
	X(268, fchmodat, plain, 3, int, const char *, unsigned) \
	X(269, faccessat, plain, 3, int, const char *, int) \
	X(270, pselect6, masked, 6, int, uint64_t *, uint64_t *, uint64_t *, struct timespec *, const struct sigmask_arg *) \
	X(271, ppoll, masked, 5, struct pollfd *, unsigned, struct timespec *, const uint64_t *, size_t) \
	X(273, set_robust_list, plain, 2, struct robust_list_head *, size_t) \
	X(274, get_robust_list, plain, 3, int, struct robust_list_head **, size_t *) \
	X(275, splice, restarts, 6, int, int64_t *, int, int64_t *, size_t, unsigned) \
	X(276, tee, restarts, 4, int, int, size_t, unsigned) \
	X(277, sync_file_range, plain, 4, int, int64_t, int64_t, unsigned) \
	X(278, vmsplice, restarts, 4, int, const struct iovec *, size_t, unsigned) \
	X(280, utimensat, plain, 4, int, const char *, const struct timespec *, int) \
	X(281, epoll_pwait, masked, 6, int, struct epoll_event *, int, int, const uint64_t *, size_t) \
	X(282, signalfd, plain, 3, int, const uint64_t *, size_t) \
	X(283, timerfd_create, plain, 2, int, int) \
	X(284, eventfd, plain, 1, unsigned) \
	X(285, fallocate, plain, 4, int, int, int64_t, int64_t) \
	X(286, timerfd_settime, plain, 4, int, int, const struct itimerspec *, struct itimerspec *) \
	X(287, timerfd_gettime, plain, 2, int, struct itimerspec *) \
	X(288, accept4, restarts, 4, int, void *, uint32_t *, int) \
	X(289, signalfd4, plain, 4, int, const uint64_t *, size_t, int) \
	X(290, eventfd2, plain, 2, unsigned, int) \
	X(291, epoll_create1, plain, 1, int) \
	X(292, dup3, plain, 3, int, int, int) \
	X(293, pipe2, plain, 2, int *, int) \
	X(294, inotify_init1, plain, 1, int) \
	X(295, preadv, restarts, 5, int, const struct iovec *, int, int64_t, int64_t) \
	X(296, pwritev, restarts, 5, int, const struct iovec *, int, int64_t, int64_t) \
	X(297, rt_tgsigqueueinfo, plain, 4, int, int, int, const struct siginfo *) \
	X(299, recvmmsg, restarts, 5, int, struct mmsghdr *, unsigned, int, struct timespec *) \
	X(302, prlimit64, plain, 4, int, int, const struct rlimit64 *, struct rlimit64 *) \
	X(305, clock_adjtime, plain, 2, int, struct timex *) \
	X(306, syncfs, plain, 1, int) \
	X(307, sendmmsg, restarts, 4, int, struct mmsghdr *, unsigned, int) \
	X(309, getcpu, plain, 3, unsigned *, unsigned *, void *) \
	X(314, sched_setattr, plain, 3, int, struct sched_attr *, unsigned) \
	X(315, sched_getattr, plain, 4, int, struct sched_attr *, unsigned, unsigned) \
	X(316, renameat2, plain, 5, int, const char *, int, const char *, unsigned) \
	X(318, getrandom, plain, 3, void *, size_t, unsigned) \
	X(319, memfd_create, plain, 2, const char *, unsigned) \
	X(324, membarrier, plain, 2, int, unsigned) \
	X(325, mlock2, plain, 3, uintptr_t, size_t, int) \
	X(326, copy_file_range, restarts, 6, int, int64_t *, int, int64_t *, size_t, unsigned) \
	X(327, preadv2, restarts, 6, int, const struct iovec *, int, int64_t, int64_t, int) \
	X(328, pwritev2, restarts, 6, int, const struct iovec *, int, int64_t, int64_t, int) \
	X(332, statx, plain, 5, int, const char *, int, unsigned, struct statx *) \
	X(436, close_range, plain, 3, unsigned, unsigned, unsigned) \
	X(439, faccessat2, plain, 4, int, const char *, int, int) \
	X(441, epoll_pwait2, masked, 6, int, struct epoll_event *, int, const struct timespec *, const uint64_t *, size_t)

#endif
