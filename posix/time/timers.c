/* SPDX-License-Identifier: BSD-3-Clause */
/* timer_create() and its kin. */
#include <posix/calls.h>

#include <core/alloc.h>
#include <core/process.h>
#include <core/thread.h>

#include "internal.h"
#include "itimer.h"

#define OVERRUN_MAX 0x7fffffff

static bool id_before(const struct tree_node *a, const struct tree_node *b)
{
	return tree_entry(a, const struct itimer, node)->id < tree_entry(b, const struct itimer, node)->id;
}

static struct tree timers = TREE_INIT(id_before, NULL);
static int next_id;

static struct itimer *find_any(int id)
{
	for (struct tree_node *n = timers.root; n;) {
		struct itimer *t = tree_entry(n, struct itimer, node);

		if (t->id == id)
			return t;
		n = id < t->id ? n->left : n->right;
	}
	return NULL;
}

/* Of the running process. */
static struct itimer *find(int id)
{
	struct itimer *t = find_any(id);

#ifdef CONFIG_CORE_PROCESSES
	return t && t->slot.process == process_self() ? t : NULL;
#else
	return t;
#endif
}

/* Ids are used again as late as possible. */
static void give_id(struct itimer *t)
{
	do {
		t->id = next_id;
		next_id = next_id == INT32_MAX ? 0 : next_id + 1;
	} while (find_any(t->id));
	tree_insert(&timers, &t->node);
}

static bool thread_exists(int tid)
{
	spin_lock(&threads_lock);
	bool exists = thread_find(tid);

	spin_unlock(&threads_lock);
	return exists;
}

static int check_event(const struct sigevent *ev)
{
	if (ev->notify == SIGEV_NONE)
		return 0;
	if (ev->notify != SIGEV_SIGNAL && ev->notify != SIGEV_THREAD_ID)
		return -EINVAL;
	if (ev->notify == SIGEV_THREAD_ID && !thread_exists(ev->tid))
		return -EINVAL;
	return ev->signo >= 1 && ev->signo <= SIG_COUNT ? 0 : -EINVAL;
}

/* Without an event it is a signal whose value is the timer's id. */
static void set_event(struct itimer *t, const struct sigevent *ev)
{
	struct signal_info *info = &t->slot.info;

	*info = (struct signal_info){ .signo = SIGALRM, .code = SI_TIMER, .pid = t->id, .value = t->id };
	if (!ev)
		return;
	info->signo = ev->signo;
	info->value = ev->value;
	t->silent = ev->notify == SIGEV_NONE;
	t->tid = ev->notify == SIGEV_THREAD_ID ? ev->tid : 0;
}

static void timer_free(struct itimer *t)
{
	if (t)
		signal_place_give();
	kfree(t);
}

/* NULL: no memory, or too many. */
static struct itimer *timer_new(void)
{
	if (!signal_place_take())
		return NULL;
	struct itimer *t = kzalloc(sizeof(*t));

	if (!t)
		signal_place_give();
	return t;
}

long sys_timer_create(int clock, const struct sigevent *event, int *out)
{
	int ret = itimer_clock_error(clock);
	struct itimer *t;

	if (!ret && event)
		ret = check_event(event);
	if (ret)
		return ret;
	t = timer_new();
	if (!t)
		return -EAGAIN;
	itimer_init(t, clock);
#ifdef CONFIG_CORE_PROCESSES
	t->slot.process = process_self();
#endif
	spin_lock(&timers_lock);
	give_id(t);
	set_event(t, event);
	int id = t->id;

	spin_unlock(&timers_lock);
	*out = id;
	return 0;
}

long sys_timer_delete(int id)
{
	spin_lock(&timers_lock);
	struct itimer *t = find(id);

	if (t) {
		tree_remove(&timers, &t->node);
		itimer_stop(t);
	}
	spin_unlock(&timers_lock);
	timer_free(t);
	return t ? 0 : -EINVAL;
}

#ifdef CONFIG_CORE_PROCESSES
static struct itimer *first_of(uintptr_t process)
{
	for (struct tree_node *n = tree_first(&timers); n; n = tree_next(n)) {
		struct itimer *t = tree_entry(n, struct itimer, node);

		if (t->slot.process == process)
			return t;
	}
	return NULL;
}

static void delete_all(uintptr_t process)
{
	struct itimer *t;

	do {
		spin_lock(&timers_lock);
		t = first_of(process);
		if (t) {
			tree_remove(&timers, &t->node);
			itimer_stop(t);
		}
		spin_unlock(&timers_lock);
		timer_free(t);
	} while (t);
}

static void exec(void)
{
	delete_all(process_self());
}

static const struct process_part timer_part = { .exec = exec, .end = delete_all };
PROCESS_PART(timer_part);
#endif

/* Under the lock. @value is absolute on the timer's clock if @flags say that. */
static int change(struct itimer *t, int flags, uint64_t value, uint64_t interval)
{
	uint64_t now;

	if (value && flags & TIMER_ABSTIME && !(t->on_cpu ? cpu_clock_read(t->whose, &now) : clock_read(t->clock, &now)))
		value = value > now ? value - now : 1;
	return itimer_arm(t, value, interval);
}

long sys_timer_settime(int id, int flags, const struct itimerspec *in, struct itimerspec *out)
{
	uint64_t value, interval, left, old_interval;
	int ret = -EINVAL;

	if (!in || timespec_read(&in->it_value, &value) || timespec_read(&in->it_interval, &interval))
		return -EINVAL;
	spin_lock(&timers_lock);
	struct itimer *t = find(id);

	if (t) {
		itimer_settings(t, &left, &old_interval);
		ret = change(t, flags, value, interval);
	}
	spin_unlock(&timers_lock);
	if (!ret && out)
		*out = (struct itimerspec){ time_to_timespec(old_interval), time_to_timespec(left) };
	return ret;
}

long sys_timer_gettime(int id, struct itimerspec *out)
{
	uint64_t left = 0, interval = 0;

	spin_lock(&timers_lock);
	const struct itimer *t = find(id);

	if (t)
		itimer_settings(t, &left, &interval);
	spin_unlock(&timers_lock);
	if (!t)
		return -EINVAL;
	*out = (struct itimerspec){ time_to_timespec(interval), time_to_timespec(left) };
	return 0;
}

long sys_timer_getoverrun(int id)
{
	spin_lock(&timers_lock);
	const struct itimer *t = find(id);
	long ret = t ? (long)MIN(t->slot.delivered_overrun, (uint64_t)OVERRUN_MAX) : -EINVAL;

	spin_unlock(&timers_lock);
	return ret;
}
