/* SPDX-License-Identifier: BSD-3-Clause */
/* The requests of termios and window size. There is one process, which is its own group and session. */
#include <core/errno.h>
#include <core/string.h>
#include <posix/signal.h>

#include "tty.h"

#define TCIFLUSH 0
#define TCIOFLUSH 2
#define OUR_PID 1
#define MODEM_LINES 0x166 /* DTR, RTS, CTS, CD, DSR */

static void set_termios(struct tty *tty, const struct termios *new, bool flush)
{
	struct termios t = *new; /* the caller's memory may fault: not under the lock */

	tty_lock(tty);
	if (flush)
		tty_flush_input(tty);
	tty->t = t;
	tty_mode_changed(tty);
	tty_unlock(tty);
}

static void set_size(struct tty *tty, const struct winsize *size)
{
	bool changed = memcmp(&tty->size, size, sizeof(*size));

	tty->size = *size;
	if (changed)
		signal_send_process(SIGWINCH);
}

static long flush(struct tty *tty, unsigned long which)
{
	if (which > TCIOFLUSH)
		return -EINVAL;
	if (which != TCIFLUSH && which != TCIOFLUSH)
		return 0; /* output is not held back here */
	tty_lock(tty);
	tty_flush_input(tty);
	tty_unlock(tty);
	return 0;
}

/* Requests that read one int. False for others. */
static bool get_int(const struct tty *tty, unsigned cmd, int *out)
{
	switch (cmd) {
	case TIOCGPGRP:
	case TIOCGSID:
		*out = OUR_PID;
		return true;
	case TIOCOUTQ:
		*out = 0;
		return true;
	case TIOCMGET:
		*out = MODEM_LINES;
		return true;
	case FIONREAD:
		*out = (int)tty_readable(tty);
		return true;
	default:
		return false;
	}
}

/* Requests that make no difference here. */
static bool is_accepted(unsigned cmd)
{
	switch (cmd) {
	case TCSBRKP:
	case TCXONC:
	case TIOCEXCL:
	case TIOCNXCL:
	case TIOCSCTTY:
	case TIOCNOTTY:
	case TIOCSPGRP:
	case TIOCMBIS:
	case TIOCMBIC:
	case TIOCMSET:
	case TIOCSBRK:
	case TIOCCBRK:
		return true;
	default:
		return false;
	}
}

long tty_ioctl(struct file *f, unsigned cmd, union call_arg arg)
{
	struct tty *tty = f->priv;
	struct termios *termios = arg.object;
	struct winsize *size = arg.object;

	switch (cmd) {
	case TCGETS:
		*termios = tty->t;
		return 0;
	case TCSETSW:
	case TCSETSF:
		if (tty_drain(tty))
			return -EINTR;
		/* fallthrough */
	case TCSETS:
		set_termios(tty, termios, cmd == TCSETSF);
		return 0;
	case TCSBRK: /* an argument that is not 0: tcdrain() */
		return arg.value ? tty_drain(tty) : 0;
	case TCFLSH:
		return flush(tty, arg.value);
	case TIOCGWINSZ:
		*size = tty->size;
		return 0;
	case TIOCSWINSZ:
		set_size(tty, size);
		return 0;
	default:
		return is_accepted(cmd) || get_int(tty, cmd, arg.number) ? 0 : -ENOTTY;
	}
}
