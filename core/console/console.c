/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of consoles, and the receive ring of each. */
#include <core/console.h>

#include <abi/poll.h>
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#define READABLE (POLLIN | POLLRDNORM)
#define NEWS (POLLOUT | POLLHUP | POLLWRNORM)

/* None ever goes: what was found stays valid, and so does its link. */
static struct list consoles = LIST_INIT(consoles);
static struct spinlock registry_lock = SPINLOCK_INIT("console: registry");

/* The one behind @c, or the first. NULL at the end. */
static struct console *next_console(const struct console *c)
{
	spin_lock(&registry_lock);
	struct list *l = c ? c->link.next : consoles.next;

	spin_unlock(&registry_lock);
	return l == &consoles ? NULL : list_entry(l, struct console, link);
}

struct console *console_find(const char *name)
{
	struct console *c = NULL;

	while ((c = next_console(c)))
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

struct console *console_find_alias(const char *alias)
{
	struct console *c = NULL;

	while ((c = next_console(c)))
		if (*alias && !strcmp(c->alias, alias))
			return c;
	return NULL;
}

int console_init(struct console *c)
{
	c->rx = kmalloc(CONSOLE_RX_SIZE);
	if (!c->rx)
		return -ENOMEM;
	waitq_init(&c->wait);
	spinlock_init(&c->lock, "console: received bytes and ends");
	c->rx_head = c->rx_tail = 0;
	return 0;
}

int console_register(struct console *c)
{
	int ret = console_find(c->name) ? -EEXIST : console_init(c);

	if (ret)
		return ret;
	spin_lock(&registry_lock);
	list_push_back(&consoles, &c->link);
	spin_unlock(&registry_lock);
	return 0;
}

int console_drain(struct console *c, uint64_t deadline, bool interruptible)
{
	return c->drained ? wait_event_full(&c->wait, c->drained(c), deadline, interruptible) : 0;
}

int console_for_each(int (*fn)(struct console *c, void *arg), void *arg)
{
	struct console *c = NULL;

	while ((c = next_console(c))) {
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
	spin_lock(&c->lock);
	size_t n = MIN(len, console_rx_room(c));

	for (size_t i = 0; i < n; i++)
		c->rx[c->rx_head++ % CONSOLE_RX_SIZE] = buf[i];
	spin_unlock(&c->lock);
	if (n)
		waitq_wake(&c->wait, READABLE);
	return n;
}

void console_wake(struct console *c)
{
	waitq_wake(&c->wait, NEWS);
}

void console_set_lost(struct console *c, bool lost)
{
	WRITE_ONCE(c->lost, lost);
	if (lost)
		waitq_wake(&c->wait, READABLE | NEWS);
}

size_t console_read(struct console *c, char *buf, size_t len)
{
	spin_lock(&c->lock);
	size_t n = MIN(len, (size_t)((c->end_count ? c->ends[0] : c->rx_head) - c->rx_tail));

	for (size_t i = 0; i < n; i++)
		buf[i] = c->rx[c->rx_tail++ % CONSOLE_RX_SIZE];
	spin_unlock(&c->lock);
	return n;
}

void console_want_ends(struct console *c, bool wanted)
{
	spin_lock(&c->lock);
	c->wants_ends = wanted;
	if (!wanted) {
		c->end_count = 0;
		c->ending = false;
	}
	spin_unlock(&c->lock);
}

void console_hangup_soon(struct console *c)
{
	spin_lock(&c->lock);
	c->ending = c->wants_ends;
	spin_unlock(&c->lock);
	waitq_wake(&c->wait, NEWS);
}

void console_hangup(struct console *c)
{
	spin_lock(&c->lock);
	c->ending = false;
	if (c->wants_ends) {
		/* Two without a byte in between are one. If there are too many, the input of the last two runs together. */
		if (!c->end_count || (c->ends[c->end_count - 1] != c->rx_head && c->end_count < CONSOLE_ENDS))
			c->end_count++;
		c->ends[c->end_count - 1] = c->rx_head;
	}
	spin_unlock(&c->lock);
	waitq_wake(&c->wait, READABLE | NEWS);
}

bool console_take_end(struct console *c)
{
	spin_lock(&c->lock);
	bool there = console_at_end(c);

	if (there) {
		c->end_count--;
		for (unsigned i = 0; i < c->end_count; i++)
			c->ends[i] = c->ends[i + 1];
	}
	spin_unlock(&c->lock);
	return there;
}

void console_taken(struct console *c, bool bytes, bool ends)
{
	if (bytes && c->rx_drained)
		c->rx_drained(c);
	if (ends)
		waitq_wake(&c->wait, READABLE | NEWS); /* there may be more, and output is for somebody again */
}
