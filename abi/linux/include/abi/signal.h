/* SPDX-License-Identifier: BSD-3-Clause */
/* signal(7): numbers, sigaction(2), sigaltstack(2). */
#ifndef ABI_SIGNAL_H
#define ABI_SIGNAL_H

#include <stddef.h>
#include <stdint.h>

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIG_COUNT 64

#define SIG_BIT(sig) (1ull << ((sig)-1))

#define SI_USER 0
#define SI_KERNEL 0x80
#define SI_QUEUE (-1)
#define SI_TIMER (-2)
#define SI_MESGQ (-3)
#define SI_TKILL (-6)

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define SIGSET_SIZE 8

#define SA_SIGINFO 4u
#define SA_ONSTACK 0x08000000u
#define SA_RESTART 0x10000000u
#define SA_NODEFER 0x40000000u
#define SA_RESETHAND 0x80000000u

#define SIG_DFL 0
#define SIG_IGN 1

#define SS_ONSTACK 1
#define SS_DISABLE 2

/* sigaction(2) as the kernel takes it; the C library's differs. */
struct ksigaction {
	uintptr_t handler;
	uint64_t flags;
	uintptr_t restorer;
	uint64_t mask;
};

#define SIGEV_SIGNAL 0
#define SIGEV_NONE 1
#define SIGEV_THREAD 2
#define SIGEV_THREAD_ID 4

struct sigevent {
	uintptr_t value;
	int signo, notify, tid;
};

/* sigaltstack(2) */
struct sigstack {
	uintptr_t base;
	int flags;
	size_t size;
};

#define MINSIGSTKSZ 2048
#define SS_AUTODISARM 0x80000000u

/* siginfo_t, as far as it gets values here. */
struct siginfo {
	int signo, error, code, pad;
	union {
		struct {
			int pid, uid;
			uintptr_t value;
		};
		uintptr_t address;
		char room[112];
	};
};

_Static_assert(sizeof(struct siginfo) == 128, "layout of siginfo_t");

#endif
