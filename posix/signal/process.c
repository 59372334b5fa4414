/* SPDX-License-Identifier: BSD-3-Clause */
/* Signals where there are several processes. */
#include "internal.h"

#include <core/errno.h>

#define SA_NOCLDWAIT 2u

/* Whom a signal is for: kill(2)'s number, and what became of it. */
struct recipients {
	const struct signal_info *info;
	int pid, group;
	bool found, news;
	int ret;
};

static bool is_meant(uintptr_t process, const struct recipients *r)
{
	const struct process *p = &process_local_of(process, process_here);

	if (r->pid > 0)
		return p->pid == r->pid;
	if (r->pid == -1)
		return p->pid != 1 && process != process_self();
	return p->group == r->group;
}

static int send_if_meant(uintptr_t process, void *arg)
{
	struct recipients *r = arg;

	if (!is_meant(process, r))
		return 0;
	r->found = true;
	if (r->info->signo && !process_local_of(process, process_here).ended) {
		r->ret = signal_send_locked(process, r->info);
		r->news |= r->ret > 0;
	}
	return 0;
}

static long send_to(struct recipients *r)
{
	spin_lock(&threads_lock);
	process_for_each(send_if_meant, r);
	spin_unlock(&threads_lock);
	if (r->news)
		waitq_wake(&signal_waitq, ~0u);
	return r->found ? MIN(r->ret, 0) : -ESRCH;
}

long signal_send_pid(int pid, const struct signal_info *info)
{
	struct recipients r = { .info = info, .pid = pid, .group = pid ? -pid : process_local(process_here).group };

	return pid == INT32_MIN ? -ESRCH : send_to(&r);
}

void signal_send_process(int sig)
{
	const struct signal_info info = { .signo = sig, .code = SI_KERNEL };
	struct recipients r = { .info = &info, .group = process_here.group };

	send_to(&r);
}

bool signal_wants_no_children(uintptr_t process)
{
	const struct ksigaction *a = &process_local_of(process, actions_of_process)[SIGCHLD];

	return a->handler == SIG_IGN || a->flags & SA_NOCLDWAIT;
}

bool signal_force(const struct signal_info *info)
{
	struct signal_thread *st = signal_self();
	const uint64_t bit = SIG_BIT(info->signo);

	if (!process_self() || (actions[info->signo].handler > SIG_IGN && !(st->blocked & bit)))
		return false;
	spin_lock(&signal_lock);
	actions[info->signo].handler = SIG_DFL;
	st->blocked &= ~bit;
	queue_add(&st->queue, info);
	signal_recalculate(thread_self());
	spin_unlock(&signal_lock);
	return true;
}

/* Nothing is pending for a new process, and its copy of the parent's actions is of one moment. */
static int copy(uintptr_t child)
{
	queue_init(&process_local_of(child, process_queue));
	spin_lock(&signal_lock);
	for (int sig = 1; sig <= SIG_COUNT; sig++)
		process_local_of(child, actions_of_process)[sig] = actions[sig];
	spin_unlock(&signal_lock);
	return 0;
}

/* Handlers are the old program's; what is ignored stays so. */
static void exec(void)
{
	spin_lock(&signal_lock);
	for (int sig = 1; sig <= SIG_COUNT; sig++)
		actions[sig] = (struct ksigaction){ .handler = actions[sig].handler == SIG_IGN ? SIG_IGN : SIG_DFL };
	signal_self()->alt = (struct sigstack){ .flags = SS_DISABLE };
	spin_unlock(&signal_lock);
}

static void end(uintptr_t process)
{
	spin_lock(&signal_lock);
	queue_clear(&process_local_of(process, process_queue));
	spin_unlock(&signal_lock);
}

static const struct process_part signal_part = { copy, exec, end };
PROCESS_PART(signal_part);
