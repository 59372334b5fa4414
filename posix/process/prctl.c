/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * prctl(2): names, and settings of which most are only kept: there is no execve() that gains rights, nobody reads another's memory, timers are
 * exact. And membarrier(2).
 */
#include <core/call_arg.h>
#include <core/errno.h>
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

#define PR_SET_PDEATHSIG 1
#define PR_GET_PDEATHSIG 2
#define PR_GET_DUMPABLE 3
#define PR_SET_DUMPABLE 4
#define PR_GET_KEEPCAPS 7
#define PR_SET_KEEPCAPS 8
#define PR_SET_NAME 15
#define PR_GET_NAME 16
#define PR_GET_SECCOMP 21
#define PR_CAPBSET_READ 23
#define PR_GET_SECUREBITS 27
#define PR_SET_TIMERSLACK 29
#define PR_GET_TIMERSLACK 30
#define PR_SET_NO_NEW_PRIVS 38
#define PR_GET_NO_NEW_PRIVS 39
#define PR_GET_TID_ADDRESS 40
#define PR_SET_THP_DISABLE 41
#define PR_GET_THP_DISABLE 42

#define SIGNAL_LAST 64
#define CAPABILITY_LAST 40
#define SLACK_DEFAULT 50000 /* ns */

static PROCESS_LOCAL struct {
	int death_signal;
	bool undumpable, keep_capabilities, no_new_privileges, no_huge_pages;
	long slack; /* 0: the default */
	unsigned barriers; /* commands of membarrier() that were registered for */
} kept_of_process;

#define kept process_local(kept_of_process)

static long set_flag(bool *flag, unsigned long value)
{
	if (value > 1)
		return -EINVAL;
	*flag = value;
	return 0;
}

static long set_death_signal(unsigned long sig)
{
	if (sig > SIGNAL_LAST)
		return -EINVAL;
	kept.death_signal = (int)sig;
	return 0;
}

/* Those whose unused arguments must be 0. */
static long strict(int option, unsigned long value, bool rest)
{
	if (rest)
		return -EINVAL;
	switch (option) {
	case PR_SET_NO_NEW_PRIVS:
		if (value != 1)
			return -EINVAL;
		kept.no_new_privileges = true;
		return 0;
	case PR_SET_THP_DISABLE:
		kept.no_huge_pages = value;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return value ? -EINVAL : kept.no_new_privileges;
	case PR_GET_THP_DISABLE:
		return value ? -EINVAL : kept.no_huge_pages;
	default:
		return -EINVAL;
	}
}

static long name_call(int option, char *text)
{
	struct thread *self = thread_self();

	if (option == PR_SET_NAME)
		strlcpy(self->name, text, sizeof(self->name));
	else
		memcpy(text, self->name, sizeof(self->name));
	return 0;
}

static long setting(int option, union call_arg arg)
{
	switch (option) {
	case PR_SET_PDEATHSIG:
		return set_death_signal(arg.value);
	case PR_GET_PDEATHSIG:
		*arg.number = kept.death_signal;
		return 0;
	case PR_GET_DUMPABLE:
		return !kept.undumpable;
	case PR_SET_DUMPABLE:
		return set_flag(&kept.undumpable, arg.value ^ 1);
	case PR_GET_KEEPCAPS:
		return kept.keep_capabilities;
	case PR_SET_KEEPCAPS:
		return set_flag(&kept.keep_capabilities, arg.value);
	case PR_SET_TIMERSLACK:
		kept.slack = arg.value;
		return 0;
	case PR_GET_TIMERSLACK:
		return kept.slack ? kept.slack : SLACK_DEFAULT;
	case PR_GET_SECCOMP:
	case PR_GET_SECUREBITS:
		return 0;
	case PR_CAPBSET_READ:
		return arg.value <= CAPABILITY_LAST ? 1 : -EINVAL;
	case PR_GET_TID_ADDRESS:
		memcpy(arg.object, &posix_thread_self()->clear_tid, sizeof(int *));
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_prctl(int option, uintptr_t value, unsigned long c, unsigned long d, unsigned long e)
{
	const union call_arg arg = { .value = value };

	switch (option) {
	case PR_SET_NAME:
	case PR_GET_NAME:
		return name_call(option, arg.object);
	case PR_SET_NO_NEW_PRIVS:
	case PR_GET_NO_NEW_PRIVS:
	case PR_SET_THP_DISABLE:
	case PR_GET_THP_DISABLE:
		return strict(option, value, c || d || e);
	default:
		return setting(option, arg);
	}
}

/* One CPU: program order is all the order there is. Commands are bits; one to register for each is the next higher bit, but for the first two. */
#define BARRIER_ALL 0x1ffu
#define BARRIERS_ASKED 0xa8u /* the three that want to be registered for */

long sys_membarrier(int command, unsigned flags)
{
	const unsigned bit = (unsigned)command;

	if (flags || (bit & (bit - 1)) || bit & ~BARRIER_ALL)
		return -EINVAL;
	if (!bit)
		return BARRIER_ALL;
	if (bit & BARRIERS_ASKED)
		return kept.barriers & bit << 1 ? 0 : -EPERM;
	kept.barriers |= bit;
	return 0;
}
