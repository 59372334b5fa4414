/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of a suspension. What is special to PV and PVH is behind xen_mode.suspend(). */
#include <plat/xen_suspend.h>

#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>

#include "mode.h"
#include "xen.h"

/* Lowest layer first. */
static struct list steps = LIST_INIT(steps);

#define step_of(item) list_entry(item, struct xen_suspend_step, link)

void xen_suspend_add(struct xen_suspend_step *step)
{
	struct list *at = &steps;

	preempt_disable();
	while (at->prev != &steps && step_of(at->prev)->layer > step->layer)
		at = at->prev;
	list_add_before(at, &step->link);
	preempt_enable();
}

static void resume_from(struct list *first, bool cancelled)
{
	for (struct list *i = first; i != &steps; i = i->next)
		if (step_of(i)->resume)
			step_of(i)->resume(cancelled);
}

/* Returns as xen_suspend(). */
static int stop(void)
{
	for (struct list *i = steps.prev; i != &steps; i = i->prev) {
		int ret = step_of(i)->suspend ? step_of(i)->suspend() : 0;

		if (!ret)
			continue;
		resume_from(i->next, true);
		return ret;
	}
	clock_suspend();
	bool cancelled = xen_mode_suspend();

	if (!cancelled)
		event_forget();
	clock_resume(cancelled);
	resume_from(steps.next, cancelled);
	return cancelled;
}

int xen_suspend(void)
{
	struct xen_suspend_step *s;

	for (struct list *i = steps.prev; i != &steps; i = i->prev)
		if (step_of(i)->freeze)
			step_of(i)->freeze();
	preempt_disable();
	int ret = stop();

	timer_look();
	xen_irq_run_pending();
	preempt_enable();
	list_for_each(s, &steps, link)
		if (s->thaw)
			s->thaw(ret != 0);
	if (ret < 0)
		pr_err("the domain cannot be suspended: errno %d", -ret);
	return ret;
}
