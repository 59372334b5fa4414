/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A pseudo terminal: the slave is a terminal on a console whose other end is the master, a file. What the slave writes, and echoes, lies in
 * @out until the master reads it; what the master writes is the console's input. Shared by pty.c and pty_master.c.
 */
#ifndef POSIX_TTY_PTY_H
#define POSIX_TTY_PTY_H

#include "tty.h"

#define PTY_OUT_SIZE 4096u

struct pty {
	struct console con;
	struct tty tty;
	unsigned number;
	/* Under @lock. */
	struct spinlock lock;
	char out[PTY_OUT_SIZE];
	unsigned head, tail; /* free running */
	unsigned slaves; /* open files of the slave */
	bool master; /* is it open? */
	bool opened; /* was the slave, since the master is? */
	bool locked; /* TIOCSPTLCK: the slave cannot be opened yet */
	struct waitq wait; /* of the master's readers and writers */
};

/* pty.c: a pseudo terminal whose master is open now. -ENOSPC, -ENOMEM. */
int pty_new(struct pty **out);
/* The master was closed. */
void pty_hang_up(struct pty *pty);

/* pty_master.c */
extern const struct file_ops pty_master_ops;

#endif
