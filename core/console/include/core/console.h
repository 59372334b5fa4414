/* SPDX-License-Identifier: BSD-3-Clause */
/* Character devices of the console kind: drivers register them, devfs shows each as a tty with termios. */
#ifndef CORE_CONSOLE_H
#define CORE_CONSOLE_H

#include <core/base.h>
#include <core/list.h>
#include <core/sched.h>

#define CONSOLE_RX_SIZE 4096
#define CONSOLE_ENDS 8

struct console {
	char name[16]; /* "hvc0", "ttyS0", "vport0p1" */
	/* The name that the other end announced, shown as /dev/virtio-ports/<alias>; empty: none. No two are the same. */
	char alias[64];
	/* Take up to @len bytes without sleeping. Returns the count taken, 0 when full (console_wake follows), or -Exxx. */
	ssize_t (*write)(struct console *c, const char *buf, size_t len);
	/* Room for output, without sleeping. NULL: always. */
	bool (*can_write)(struct console *c);
	/* Input was consumed: the driver may offer more. May be NULL. */
	void (*rx_drained)(struct console *c);
	/* Is the other end there? NULL: always. */
	bool (*connected)(struct console *c);
	/* Has the other end taken all output? NULL: always. While it has not, a wake of @wait follows. */
	bool (*drained)(struct console *c);
	/* For devices without a receive interrupt: fetch what has arrived. Called now and then while somebody waits. */
	void (*poll_input)(struct console *c);
	void *priv;

	struct waitq wait; /* woken with POLLIN, POLLOUT or POLLHUP; filled in by console_register */
	struct list link;
	struct spinlock lock; /* all below */
	char *rx; /* ring of CONSOLE_RX_SIZE bytes */
	unsigned rx_head, rx_tail; /* free running */
	bool wants_ends;
	bool ending; /* an end is known of, its place not yet */
	bool lost; /* console_set_lost(); without the lock */
	unsigned ends[CONSOLE_ENDS]; /* where in the ring one client ended and another may begin, oldest first */
	unsigned end_count;
};

/* For a console that is in no list, as a pseudo terminal's: make its ring. 0 or -ENOMEM. */
int console_init(struct console *c);
/* The console stays the driver's and must live on. Returns 0, -EEXIST or -ENOMEM. */
int console_register(struct console *c);
struct console *console_find(const char *name);
struct console *console_find_alias(const char *alias);
/* Sleep until all output is taken or, at the latest, @deadline. Returns 0 or -ETIMEDOUT, and -EINTR if @interruptible. */
int console_drain(struct console *c, uint64_t deadline, bool interruptible);
/* Call @fn for every console until it returns non-zero, and return that. */
int console_for_each(int (*fn)(struct console *c, void *arg), void *arg);

/* Driver: @len bytes arrived. Any context. Returns how many fitted; offer the rest again from rx_drained. */
size_t console_receive(struct console *c, const char *buf, size_t len);
/* How many bytes console_receive would take now. */
size_t console_rx_room(const struct console *c);
/* Driver: output is possible again, or the other end came or went. Any context. */
void console_wake(struct console *c);
/* Driver: the other end went; console_hangup() follows when all that it sent has been received. Any context. */
void console_hangup_soon(struct console *c);
/* Driver: the other end went, after what it sent. Any context. A mark stays until the reader gets there, for one that wants such. */
void console_hangup(struct console *c);
/*
 * Driver: the device is gone, or there again. While it is, a read that finds no bytes and a write are -EIO, and whoever waits is woken; can_write()
 * is true from before on. Any context.
 */
void console_set_lost(struct console *c, bool lost);
/* Reader: take what is there up to the next end, without sleeping. */
size_t console_read(struct console *c, char *buf, size_t len);
/* Reader: it wants to see ends, from now on. */
void console_want_ends(struct console *c, bool wanted);
/* Has the other end gone once more than the reader has seen? What is written then would be for somebody who is not there. */
static inline bool console_has_ended(const struct console *c)
{
	return c->ending || c->end_count;
}
/* Is there an end before the next byte? */
static inline bool console_at_end(const struct console *c)
{
	return c->end_count && c->ends[0] == c->rx_tail;
}
/* Take such an end. Returns false if there is none. */
bool console_take_end(struct console *c);
/*
 * The reader, with no lock held, after it took bytes by console_read(), or ends by console_take_end(), or both: the driver, which may have more, and whoever
 * waits learn of the room. Any context; more input may arrive within.
 */
void console_taken(struct console *c, bool bytes, bool ends);

#endif
