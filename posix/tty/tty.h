/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A terminal: a console with a line discipline (POSIX.1-2017, XBD 11). Shared by the files of posix/tty only.
 *
 * Input. In a mode that edits, echoes or signals, each byte goes through the discipline when it arrives, in interrupt context,
 * into the @cooked ring. In raw mode bytes stay in the console's own ring until they are read. Both are looked at: cooked
 * bytes are the older ones. @lock protects the discipline.
 */
#ifndef POSIX_TTY_TTY_H
#define POSIX_TTY_TTY_H

#include <abi/ioctl.h>
#include <abi/termios.h>
#include <core/console.h>
#include <core/file.h>
#include <core/time.h>
#include <core/vfs.h>

#define COOKED_SIZE 4096u

struct tty {
	struct console *con;
	struct device_node node;
	struct termios t;
	struct winsize size;
	struct spinlock lock; /* the discipline: from @t to @used, but for @size */
	struct mutex read_lock, write_lock;
	char cooked[COOKED_SIZE];
	unsigned tail, commit, head; /* free running: read, complete lines, being edited */
	unsigned ends; /* end-of-file marks to be read */
	bool newline_due; /* the return of a "\r\n" is out, the newline is not */
	struct waitq wait; /* of readers and writers */
	struct wait_entry input; /* on the console's queue: runs the discipline */
	struct timer poll_timer; /* for consoles without a receive interrupt: runs while somebody waits */
	bool polling;
	bool bytes_taken, ends_taken; /* from the console, of which tty_unlock() is to tell it */
	bool used; /* read, written, waited for, or its mode set: earlier input is for the mode of then */
};

extern const struct file_ops tty_ops;

/* nodes.c: a terminal on @con, with the modes that POSIX leaves to us. Once for each. */
void tty_init(struct tty *tty, struct console *con);
/* Those modes, for one that is used again. */
extern const struct termios tty_defaults;
unsigned tty_poll(struct file *f, struct poll_table *pt);

/* input.c */
void tty_input_init(struct tty *tty);
/* Any context. Unlocking lets the console bring more input, which is processed within. */
void tty_lock(struct tty *tty);
void tty_unlock(struct tty *tty);
/* Bytes, an end-of-file mark, out of the console; under the lock. */
size_t tty_take_bytes(struct tty *tty, char *buf, size_t len);
bool tty_take_end(struct tty *tty);
/* Run what lies in the console's ring through the discipline, if the mode has one and the terminal is used. Under the lock. */
void tty_process(struct tty *tty);
/* The program uses it: the discipline starts. Opening is not enough, since a program that wants raw bytes opens it first. */
void tty_use(struct tty *tty);
/* The mode has changed. Under the lock. */
void tty_mode_changed(struct tty *tty);
/* Drop what was received and not read. Under the lock. */
void tty_flush_input(struct tty *tty);
/* A thread is going to wait for input. Without the lock. */
void tty_expect_input(struct tty *tty);
/* Bytes a read could take now. */
size_t tty_readable(const struct tty *tty);
static inline bool tty_is_cooking(const struct tty *tty)
{
	return (tty->t.lflag & (ICANON | ISIG | ECHO)) || (tty->t.iflag & (ICRNL | INLCR | IGNCR | IXON));
}

/* read.c, write.c, ioctl.c */
ssize_t tty_read(struct file *f, struct iov_iter *it, off_t *pos);
ssize_t tty_write(struct file *f, struct iov_iter *it, off_t *pos);
bool tty_can_write(const struct tty *tty);
int tty_drain(struct tty *tty); /* 0 or -EINTR */
void tty_release(struct file *f);
long tty_ioctl(struct file *f, unsigned cmd, union call_arg arg);

#endif
