/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of consoles, and the receive ring of each. */
#include <core/console.h>

#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

/* As in <core/poll.h>, which is of a higher layer. */
#define READABLE (0x001u | 0x040u) /* POLLIN | POLLRDNORM */
#define NEWS (0x004u | 0x010u | 0x100u) /* POLLOUT | POLLHUP | POLLWRNORM */

static struct list consoles = LIST_INIT(consoles);

struct console *console_find(const char *name)
{
	struct console *c;

	list_for_each(c, &consoles, link)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

struct console *console_find_alias(const char *alias)
{
	struct console *c;

	list_for_each(c, &consoles, link)
		if (*alias && !strcmp(c->alias, alias))
			return c;
	return NULL;
}

int console_register(struct console *c)
{
	if (console_find(c->name))
		return -EEXIST;
	c->rx = kmalloc(CONSOLE_RX_SIZE);
	if (!c->rx)
		return -ENOMEM;
	waitq_init(&c->wait);
	c->rx_head = c->rx_tail = 0;
	preempt_disable();
	list_push_back(&consoles, &c->link);
	preempt_enable();
	return 0;
}

int console_drain(struct console *c, uint64_t deadline, bool interruptible)
{
	return c->drained ? wait_event_full(&c->wait, c->drained(c), deadline, interruptible) : 0;
}

int console_for_each(int (*fn)(struct console *c, void *arg), void *arg)
{
	struct console *c;

	list_for_each(c, &consoles, link) {
		int ret = fn(c, arg);

		if (ret)
			return ret;
	}
	return 0;
}

size_t console_rx_room(const struct console *c)
{
	return CONSOLE_RX_SIZE - (c->rx_head - c->rx_tail);
}

size_t console_receive(struct console *c, const char *buf, size_t len)
{
	preempt_disable();
	size_t n = MIN(len, console_rx_room(c));

	for (size_t i = 0; i < n; i++)
		c->rx[c->rx_head++ % CONSOLE_RX_SIZE] = buf[i];
	if (n)
		waitq_wake(&c->wait, READABLE);
	preempt_enable();
	return n;
}

void console_wake(struct console *c)
{
	waitq_wake(&c->wait, NEWS);
}

size_t console_read(struct console *c, char *buf, size_t len)
{
	preempt_disable();
	size_t n = MIN(len, (size_t)((c->end_count ? c->ends[0] : c->rx_head) - c->rx_tail));

	for (size_t i = 0; i < n; i++)
		buf[i] = c->rx[c->rx_tail++ % CONSOLE_RX_SIZE];
	if (n && c->rx_drained)
		c->rx_drained(c);
	preempt_enable();
	return n;
}

void console_want_ends(struct console *c, bool wanted)
{
	preempt_disable();
	c->wants_ends = wanted;
	if (!wanted) {
		c->end_count = 0;
		c->ending = false;
	}
	preempt_enable();
}

void console_hangup_soon(struct console *c)
{
	preempt_disable();
	c->ending = c->wants_ends;
	waitq_wake(&c->wait, NEWS);
	preempt_enable();
}

void console_hangup(struct console *c)
{
	preempt_disable();
	c->ending = false;
	if (c->wants_ends) {
		/* Two without a byte in between are one. If there are too many, the input of the last two runs together. */
		if (!c->end_count || (c->ends[c->end_count - 1] != c->rx_head && c->end_count < CONSOLE_ENDS))
			c->end_count++;
		c->ends[c->end_count - 1] = c->rx_head;
	}
	waitq_wake(&c->wait, READABLE | NEWS);
	preempt_enable();
}

bool console_take_end(struct console *c)
{
	preempt_disable();
	bool there = console_at_end(c);

	if (there) {
		c->end_count--;
		for (unsigned i = 0; i < c->end_count; i++)
			c->ends[i] = c->ends[i + 1];
		waitq_wake(&c->wait, READABLE | NEWS); /* there may be more, and output is for somebody again */
	}
	preempt_enable();
	return there;
}
