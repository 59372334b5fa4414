/* SPDX-License-Identifier: BSD-3-Clause */
/* The line discipline's input side: editing, echo, signals. All of it is under the terminal's lock. */
#include <posix/signal.h>

#include "tty.h"

#define CTRL(c) ((c)&0x1f)
#define DELETE 0x7f
#define DISABLED 0 /* _POSIX_VDISABLE */

#define POLL_BUSY (1 * NSEC_PER_MSEC)
#define POLL_IDLE (20 * NSEC_PER_MSEC)

void tty_lock(struct tty *tty)
{
	spin_lock(&tty->lock);
}

void tty_unlock(struct tty *tty)
{
	bool bytes = tty->bytes_taken, ends = tty->ends_taken;

	tty->bytes_taken = tty->ends_taken = false;
	spin_unlock(&tty->lock);
	if (bytes || ends)
		console_taken(tty->con, bytes, ends);
}

size_t tty_take_bytes(struct tty *tty, char *buf, size_t len)
{
	size_t n = console_read(tty->con, buf, len);

	tty->bytes_taken |= n;
	return n;
}

bool tty_take_end(struct tty *tty)
{
	bool there = console_take_end(tty->con);

	tty->ends_taken |= there;
	return there;
}

/* Echo is best effort: what the console cannot take now is lost. */
static void put(struct tty *tty, const char *s, size_t len)
{
	tty->con->write(tty->con, s, len);
}

static bool is_control(unsigned char c)
{
	return (c < ' ' && c != '\n' && c != '\t') || c == DELETE;
}

static void echo(struct tty *tty, char c)
{
	if (!(tty->t.lflag & ECHO)) {
		if (c == '\n' && (tty->t.lflag & ICANON) && (tty->t.lflag & ECHONL))
			put(tty, "\r\n", 2);
		return;
	}
	if (c == '\n' && (tty->t.oflag & OPOST) && (tty->t.oflag & ONLCR)) {
		put(tty, "\r\n", 2);
	} else if (is_control(c) && (tty->t.lflag & ECHOCTL)) {
		char shown[2] = { '^', c ^ 0x40 };

		put(tty, shown, 2);
	} else {
		put(tty, &c, 1);
	}
}

static bool matches(const struct tty *tty, unsigned char c, int which)
{
	return tty->t.cc[which] != DISABLED && tty->t.cc[which] == c;
}

static bool has_room(const struct tty *tty)
{
	return tty->head - tty->tail < COOKED_SIZE;
}

static void append(struct tty *tty, char c)
{
	tty->cooked[tty->head++ % COOKED_SIZE] = c;
}

static void complete(struct tty *tty)
{
	tty->commit = tty->head;
	waitq_wake(&tty->wait, POLLIN | POLLRDNORM);
}

static void erase_one(struct tty *tty)
{
	unsigned char c = tty->cooked[--tty->head % COOKED_SIZE];

	if (!(tty->t.lflag & ECHO))
		return;
	if (!(tty->t.lflag & ECHOE)) {
		echo(tty, tty->t.cc[VERASE]);
		return;
	}
	put(tty, "\b \b", 3);
	if (is_control(c) && (tty->t.lflag & ECHOCTL))
		put(tty, "\b \b", 3);
}

static bool ends_in_blank(const struct tty *tty)
{
	char c = tty->cooked[(tty->head - 1) % COOKED_SIZE];

	return c == ' ' || c == '\t';
}

static void erase_word(struct tty *tty)
{
	while (tty->head != tty->commit && ends_in_blank(tty))
		erase_one(tty);
	while (tty->head != tty->commit && !ends_in_blank(tty))
		erase_one(tty);
}

/* Editing characters of canonical mode. Returns true if @c was one. */
static bool edit(struct tty *tty, char c)
{
	if (matches(tty, c, VERASE)) {
		if (tty->head != tty->commit)
			erase_one(tty);
	} else if (matches(tty, c, VKILL)) {
		while (tty->head != tty->commit)
			erase_one(tty);
	} else if ((tty->t.lflag & IEXTEN) && matches(tty, c, VWERASE)) {
		erase_word(tty);
	} else if (matches(tty, c, VEOF)) {
		/* On an empty line it reads as the end of the file; else it hands over what there is. */
		if (tty->head == tty->commit)
			tty->ends++;
		complete(tty);
	} else {
		return false;
	}
	return true;
}

static int signal_of(const struct tty *tty, char c)
{
	if (!(tty->t.lflag & ISIG))
		return 0;
	if (matches(tty, c, VINTR))
		return SIGINT;
	if (matches(tty, c, VQUIT))
		return SIGQUIT;
	return matches(tty, c, VSUSP) ? SIGTSTP : 0;
}

static void raise(struct tty *tty, char c, int sig)
{
	if (!(tty->t.lflag & NOFLSH))
		tty_flush_input(tty);
	echo(tty, c);
	signal_send_process(sig);
}

static void store(struct tty *tty, char c)
{
	bool ends_line = c == '\n' || matches(tty, c, VEOL);

	if (!(tty->t.lflag & ICANON)) {
		append(tty, c);
		echo(tty, c);
		complete(tty);
		return;
	}
	if (edit(tty, c))
		return;
	/* The last place is kept for the end of the line: what does not fit into a line is dropped. */
	if (!ends_line && tty->head - tty->tail == COOKED_SIZE - 1)
		return;
	append(tty, c);
	echo(tty, c);
	if (ends_line)
		complete(tty);
}

static void process_byte(struct tty *tty, char c)
{
	int sig = signal_of(tty, c);

	if (sig) {
		raise(tty, c, sig);
		return;
	}
	if ((tty->t.iflag & IXON) && (matches(tty, c, VSTART) || matches(tty, c, VSTOP)))
		return; /* output is never stopped */
	if (c == '\r') {
		if (tty->t.iflag & IGNCR)
			return;
		if (tty->t.iflag & ICRNL)
			c = '\n';
	} else if (c == '\n' && (tty->t.iflag & INLCR)) {
		c = '\r';
	}
	store(tty, c);
}

void tty_process(struct tty *tty)
{
	char c;

	if (!tty->used || !tty_is_cooking(tty))
		return;
	while (has_room(tty)) {
		if (tty_take_bytes(tty, &c, 1)) {
			process_byte(tty, c);
		} else if (tty_take_end(tty)) {
			tty->ends++;
			complete(tty);
		} else {
			break;
		}
	}
}

void tty_use(struct tty *tty)
{
	if (tty->used)
		return;
	tty_lock(tty);
	tty->used = true;
	tty_process(tty);
	tty_unlock(tty);
}

void tty_mode_changed(struct tty *tty)
{
	tty->used = true;
	/* XBD 11.1.10: without CLOCAL a disconnected line reads as the end of the file. Nobody is signalled. */
	console_want_ends(tty->con, !(tty->t.cflag & CLOCAL));
	if (!(tty->t.lflag & ICANON)) {
		tty->ends = 0;
		if (tty->commit != tty->head)
			complete(tty);
	}
	tty_process(tty);
}

void tty_flush_input(struct tty *tty)
{
	char drop[64];

	tty->tail = tty->commit = tty->head;
	tty->ends = 0;
	while (tty_take_bytes(tty, drop, sizeof(drop)) || tty_take_end(tty))
		;
}

size_t tty_readable(const struct tty *tty)
{
	size_t n = tty->commit - tty->tail;

	if (!tty_is_cooking(tty))
		n += CONSOLE_RX_SIZE - console_rx_room(tty->con);
	return n;
}

/* The console has news. */
static bool on_wake(struct wait_entry *e, unsigned events)
{
	struct tty *tty = container_of(e, struct tty, input);

	if ((events & POLLIN) && tty_is_cooking(tty)) {
		tty_lock(tty);
		tty_process(tty);
		tty_unlock(tty);
		events &= ~(POLLIN | POLLRDNORM); /* told when a line is complete */
	}
	if (events)
		waitq_wake(&tty->wait, events);
	return true;
}

static void on_poll_timer(struct timer *timer)
{
	struct tty *tty = container_of(timer, struct tty, poll_timer);
	unsigned before = tty->con->rx_head;

	tty->con->poll_input(tty->con);
	tty->polling = !list_empty(&tty->wait.entries);
	if (tty->polling)
		timer_set(timer, time_monotonic() + (before != tty->con->rx_head ? POLL_BUSY : POLL_IDLE));
}

void tty_expect_input(struct tty *tty)
{
	if (!tty->con->poll_input)
		return;
	tty_lock(tty);
	bool begin = !tty->polling;

	tty->polling = true;
	tty_unlock(tty);
	if (!begin)
		return;
	tty->con->poll_input(tty->con);
	timer_set(&tty->poll_timer, time_monotonic() + POLL_IDLE);
}

void tty_input_init(struct tty *tty)
{
	spinlock_init(&tty->lock, "tty: the line discipline");
	timer_init(&tty->poll_timer, on_poll_timer);
	tty->input.wake = on_wake;
	waitq_add(&tty->con->wait, &tty->input);
}
