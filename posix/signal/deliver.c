/* SPDX-License-Identifier: BSD-3-Clause */
#include "internal.h"

#include <core/backtrace.h>
#include <core/boot.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>

/* A signal that nobody handles ends the domain; the host sees this plus the number. */
#define STATUS_SIGNAL 64

PROCESS_LOCAL struct ksigaction actions_of_process[SIG_COUNT + 1];

/* ucontext_t of x86-64, empty: handlers get no registers. Programs in user mode do: frame.c. */
struct no_context {
	char zero[936];
};

struct call {
	const struct signal_info *info;
	struct ksigaction action;
};

static bool default_is_ignore(int sig)
{
	const uint64_t ignored = SIG_BIT(SIGCHLD) | SIG_BIT(SIGCONT) | SIG_BIT(SIGURG) | SIG_BIT(SIGWINCH) | SIG_BIT(SIGSTOP) |
	                         SIG_BIT(SIGTSTP) | SIG_BIT(SIGTTIN) | SIG_BIT(SIGTTOU);

	return ignored & SIG_BIT(sig);
}

static bool means_ignore(uintptr_t handler, int sig)
{
	return handler == SIG_IGN || (handler == SIG_DFL && default_is_ignore(sig));
}

bool signal_is_ignored(int sig)
{
	return means_ignore(actions[sig].handler, sig);
}

#ifdef CONFIG_CORE_PROCESSES
void (*signal_end_hook)(int sig);

bool signal_is_ignored_by(uintptr_t process, int sig)
{
	return means_ignore(process_local_of(process, actions_of_process)[sig].handler, sig);
}
#endif

void signal_terminate(int sig)
{
	const struct thread *t = thread_self();

#ifdef CONFIG_CORE_PROCESSES
	if (signal_end_hook)
		signal_end_hook(sig);
#endif
	pr_err("terminated by signal %d in thread %d (%s)", sig, t->id, t->name);
	if (sig == SIGABRT)
		backtrace_print((uintptr_t)__builtin_return_address(0), true, (uintptr_t)__builtin_frame_address(0),
		                (uintptr_t)__builtin_frame_address(0));
	boot_exit(STATUS_SIGNAL + sig);
}

void signal_fill(struct siginfo *si, const struct signal_info *info)
{
	memset(si, 0, sizeof(*si));
	si->signo = info->signo;
	si->code = info->code;
	if (info->code > 0 && info->code != SI_KERNEL && !(PROCESSES && info->signo == SIGCHLD)) {
		si->address = info->value;
	} else {
		si->pid = info->pid;
		si->uid = info->overrun; /* the same place */
		si->value = info->value;
	}
}

static void call_handler(void *arg)
{
	const struct call *c = arg;
	const struct signal_info *info = c->info;
	struct no_context context;
	struct siginfo si;

	memset(&context, 0, sizeof(context));
	signal_fill(&si, info);
	((void (*)(int, struct siginfo *, struct no_context *))c->action.handler)(info->signo, &si, &context);
}

/* The other stack has no limit. The handler may leave it by a jump: see thread_restore_stack_limit(). */
static void call_on_its_stack(struct call *c, const struct signal_thread *st)
{
	if (!(c->action.flags & SA_ONSTACK) || st->alt.flags & SS_DISABLE) {
		call_handler(c);
		return;
	}
	uintptr_t limit = thread_swap_stack_limit(0);

	if (signal_on_alt(st)) /* from an earlier signal, or because its own is used up */
		call_handler(c);
	else
		thread_call_on_stack(call_handler, c, st->alt.base + st->alt.size);
	thread_swap_stack_limit(limit);
}

/* In the middle of a call signals are held; the handler's own calls, and what follows if it does not return, begin at depth 0. */
static void call_unheld(struct call *c, const struct signal_thread *st)
{
	struct thread *self = thread_self();
	unsigned held = self->signals_held;

	self->signals_held = 0;
	barrier();
	call_on_its_stack(c, st);
	barrier();
	self->signals_held = held;
}

static void run_handler(const struct signal_info *info, const struct ksigaction *action)
{
	struct signal_thread *st = signal_self();
	struct call c = { info, *action };

	if (action->flags & SA_RESETHAND)
		actions[info->signo].handler = SIG_DFL;
	uint64_t block = action->mask | (action->flags & SA_NODEFER ? 0 : SIG_BIT(info->signo));
	uint64_t old = signal_swap_mask(st->blocked | block);

	if (st->has_restore_mask) {
		st->has_restore_mask = false;
		old = st->restore_mask;
	}
	if (thread_self()->user) { /* the mask comes back when the handler returns */
		signal_push_frame(info, action, old);
		return;
	}
	call_unheld(&c, st);
	signal_swap_mask(old);
}

void signal_run(const struct signal_info *info, struct signal_outcome *o)
{
	struct ksigaction action = actions[info->signo];

	if (signal_is_ignored(info->signo))
		return;
	if (action.handler == SIG_DFL)
		signal_terminate(info->signo);
	run_handler(info, &action);
	o->ran = true;
	o->all_restart &= (action.flags & SA_RESTART) != 0;
}

static void deliver(struct signal_outcome *o)
{
	struct signal_info info;

	while (thread_interrupted()) {
		if (!signal_dequeue(~signal_self()->blocked, &info)) {
			spin_lock(&signal_lock);
			signal_recalculate(thread_self());
			spin_unlock(&signal_lock);
			break;
		}
		signal_run(&info, o);
	}
}

struct signal_outcome signal_deliver(void)
{
	struct signal_outcome o = { .all_restart = true };

	deliver(&o);
	return o;
}

void signal_mask_call(uint64_t mask)
{
	struct signal_thread *st = signal_self();

	st->restore_mask = signal_swap_mask(mask);
	st->has_restore_mask = true;
}

static void restore_mask(void)
{
	struct signal_thread *st = signal_self();

	if (!st->has_restore_mask)
		return;
	st->has_restore_mask = false;
	signal_swap_mask(st->restore_mask);
}

struct signal_outcome signal_call_end(enum signal_call kind, bool ended)
{
	struct signal_outcome o = { .all_restart = true };

	if (ended)
		deliver(&o);
	if (kind == SIGNAL_CALL_masked)
		restore_mask();
	deliver(&o);
	return o;
}

static void deliver_after_interrupt(void)
{
	signal_deliver();
}

static int signal_init(void)
{
	thread_signal_hook = deliver_after_interrupt;
	return 0;
}
INITCALL(INIT_PROCESS, signal_init);
