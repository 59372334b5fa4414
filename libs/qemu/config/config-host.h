/* SPDX-License-Identifier: BSD-3-Clause */
/* QEMU's view of the host: musl over our kernel. What is left out here, the kernel does not have. */
#ifndef CONFIG_HOST_H
#define CONFIG_HOST_H

#define CONFIG_LINUX 1
#define CONFIG_POSIX 1
#define HOST_X86_64 1

/* The CPU and the compiler. */
#define CONFIG_ATOMIC64 1
#define CONFIG_CMPXCHG128 1
#define CONFIG_CPUID_H 1
#define CONFIG_INT128 1
#define CONFIG_INT128_TYPE 1

/* The C library and the system calls. */
#define CONFIG_ACCEPT4 1
#define CONFIG_DUP3 1
#define CONFIG_EPOLL 1
#define CONFIG_EPOLL_CREATE1 1
#define CONFIG_EVENTFD 1
#define CONFIG_FALLOCATE 1
#define CONFIG_FALLOCATE_PUNCH_HOLE 1
#define CONFIG_GETAUXVAL 1
#define CONFIG_GETRANDOM 1
#define CONFIG_GETTID 1
#define CONFIG_IOVEC 1
#define CONFIG_MADVISE 1
#define CONFIG_MEMALIGN 1
#define CONFIG_MEMFD 1
#define CONFIG_POSIX_FALLOCATE 1
#define CONFIG_POSIX_MADVISE 1
#define CONFIG_POSIX_MEMALIGN 1
#define CONFIG_PPOLL 1
#define CONFIG_PREADV 1
#define CONFIG_PTHREAD_AFFINITY_NP 1
#define CONFIG_PTHREAD_CONDATTR_SETCLOCK 1
#define CONFIG_PTHREAD_SETNAME_NP_W_TID 1
#define CONFIG_SIGNALFD 1
#define CONFIG_SYSMACROS 1
#define CONFIG_TIMERFD 1
#define HAVE_PTY_H
#define HAVE_COPY_FILE_RANGE 1
#define HAVE_GLIB_WITH_ALIGNED_ALLOC 1
#define HAVE_HOST_BLOCK_DEVICE 1
#define HAVE_OPTRESET 1
#define HAVE_STRCHRNUL 1
#define HAVE_STRUCT_STAT_ST_ATIM 1
#define HAVE_UTMPX 1

/* What is built in. */
#define CONFIG_AUDIO_DRIVERS "",
#define CONFIG_BDRV_RO_WHITELIST
#define CONFIG_BDRV_RW_WHITELIST
#define CONFIG_FDT 1
#define CONFIG_LINUX_AIO 1
#define CONFIG_PIXMAN 1
#define CONFIG_QOM_CAST_DEBUG 1
#define CONFIG_TCG 1
#define CONFIG_TLS_PRIORITY "NORMAL"
#define CONFIG_TRACE_FILE "trace"
#define CONFIG_TRACE_NOP 1
#define CONFIG_VIRTFS 1
#define CONFIG_VNC 1
#define CONFIG_XEN_BACKEND 1
#define CONFIG_XEN_CTRL_INTERFACE_VERSION 41700

/* Where things are inside the image. */
#define CONFIG_BINDIR "/usr/bin"
#define CONFIG_HOST_DSOSUF ".so"
#define CONFIG_PREFIX "/usr"
#define CONFIG_QEMU_CONFDIR "/etc/qemu"
#define CONFIG_QEMU_DATADIR "/usr/share/qemu"
#define CONFIG_QEMU_DESKTOPDIR "/usr/share/applications"
#define CONFIG_QEMU_FIRMWAREPATH "/usr/share/qemu",
#define CONFIG_QEMU_HELPERDIR "/usr/libexec"
#define CONFIG_QEMU_ICONDIR "/usr/share/icons"
#define CONFIG_QEMU_LOCALEDIR "/usr/share/locale"
#define CONFIG_QEMU_LOCALSTATEDIR "/var"
#define CONFIG_QEMU_MODDIR "/usr/lib/qemu"
#define CONFIG_SYSCONFDIR "/etc"

#define QEMU_VERSION "TREE_VERSION"
#define QEMU_VERSION_MAJOR TREE_MAJOR
#define QEMU_VERSION_MINOR TREE_MINOR
#define QEMU_VERSION_MICRO TREE_MICRO

#endif
