/* SPDX-License-Identifier: BSD-3-Clause */
/* Pseudo terminals: their life, and the slave's side. */
#include <core/alloc.h>
#include <core/devfs.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/string.h>

#include "pty.h"

#define PTYS 64
#define PTMX_MINOR 2
#define TTY_AUX_MAJOR 5
#define PTS_MAJOR 136

#define END_FOR_EVER 0x40000000u /* marks of the end of the file: nobody reads so many */

static struct mutex ptys_lock = MUTEX_INIT(ptys_lock); /* the table, and which of it is in use */
static struct pty *ptys[PTYS];

static struct pty *pty_of_console(struct console *con)
{
	return container_of(con, struct pty, con);
}

/* Any context: echo comes from the input side. Without a master it goes nowhere. */
static ssize_t con_write(struct console *con, const char *buf, size_t len)
{
	struct pty *pty = pty_of_console(con);
	size_t n = 0;

	spin_lock(&pty->lock);
	if (!pty->master)
		n = len;
	while (n < len && pty->head - pty->tail < PTY_OUT_SIZE)
		pty->out[pty->head++ % PTY_OUT_SIZE] = buf[n++];
	spin_unlock(&pty->lock);
	waitq_wake(&pty->wait, POLLIN | POLLRDNORM);
	return (ssize_t)n;
}

static bool con_can_write(struct console *con)
{
	const struct pty *pty = pty_of_console(con);

	return pty->head - pty->tail < PTY_OUT_SIZE || !pty->master;
}

static void con_drained(struct console *con)
{
	waitq_wake(&pty_of_console(con)->wait, POLLOUT | POLLWRNORM);
}

static struct pty *pty_of_slave(struct file *f)
{
	struct tty *tty = f->priv;

	return container_of(tty, struct pty, tty);
}

/* Once the master has gone, writing fails and reading finds the end. */
static ssize_t slave_write(struct file *f, struct iov_iter *it, off_t *pos)
{
	return pty_of_slave(f)->master ? tty_write(f, it, pos) : -EIO;
}

static unsigned slave_poll(struct file *f, struct poll_table *pt)
{
	return tty_poll(f, pt) | (pty_of_slave(f)->master ? 0 : POLLHUP | POLLERR);
}

static void slave_release(struct file *f)
{
	struct pty *pty = pty_of_slave(f);

	spin_lock(&pty->lock);
	pty->slaves--;
	spin_unlock(&pty->lock);
	waitq_wake(&pty->wait, POLLIN | POLLHUP);
}

static const struct file_ops slave_ops = {
	.name = "pts",
	.read = tty_read,
	.write = slave_write,
	.poll = slave_poll,
	.ioctl = tty_ioctl,
	.release = slave_release,
};

static int open_slave(struct device_node *node, struct file *f)
{
	struct pty *pty = node->priv;
	int ret = 0;

	spin_lock(&pty->lock);
	if (!pty->master || pty->locked) {
		ret = -EIO;
	} else {
		pty->slaves++;
		pty->opened = true;
	}
	spin_unlock(&pty->lock);
	if (!ret) {
		f->priv = &pty->tty;
		f->ops = &slave_ops;
	}
	return ret;
}

static int pty_make(unsigned number, struct pty **out)
{
	struct pty *pty = kzalloc(sizeof(*pty));
	int ret;

	if (!pty)
		return -ENOMEM;
	pty->number = number;
	pty->con.write = con_write;
	pty->con.can_write = con_can_write;
	pty->con.rx_drained = con_drained;
	ret = console_init(&pty->con);
	if (ret) {
		kfree(pty);
		return ret;
	}
	spinlock_init(&pty->lock, "tty: the master's side of a pseudo terminal");
	waitq_init(&pty->wait);
	tty_init(&pty->tty, &pty->con);
	pty->tty.node =
		(struct device_node){ .type = S_IFCHR, .rdev = dev_make(PTS_MAJOR, number), .open = open_slave, .priv = pty };
	ret = device_register(&pty->tty.node);
	*out = pty;
	return ret;
}

static void slave_path(const struct pty *pty, char path[32])
{
	snprintf(path, 32, "pts/%u", pty->number);
}

/* As new; nobody has it open. */
static void reset(struct pty *pty)
{
	tty_lock(&pty->tty);
	tty_flush_input(&pty->tty);
	pty->tty.t = tty_defaults;
	pty->tty.size = (struct winsize){ 0 };
	pty->tty.used = true; /* typing ahead is edited and echoed */
	tty_unlock(&pty->tty);
	spin_lock(&pty->lock);
	pty->head = pty->tail = 0;
	pty->opened = false;
	pty->locked = true;
	pty->master = true;
	spin_unlock(&pty->lock);
}

/* Terminals are kept for use again: whoever looks a device node up may come late. */
int pty_new(struct pty **out)
{
	char path[32];
	unsigned n = 0;
	int ret = 0;

	mutex_lock(&ptys_lock);
	while (n < PTYS && ptys[n] && (ptys[n]->master || ptys[n]->slaves))
		n++;
	if (n == PTYS)
		ret = -ENOSPC;
	else if (!ptys[n])
		ret = pty_make(n, &ptys[n]);
	if (!ret) {
		*out = ptys[n];
		reset(ptys[n]);
		slave_path(ptys[n], path);
		ret = devfs_alias(path, 0620, &ptys[n]->tty.node);
		if (ret)
			ptys[n]->master = false;
	}
	mutex_unlock(&ptys_lock);
	return ret;
}

void pty_hang_up(struct pty *pty)
{
	char path[40] = "/dev/";

	slave_path(pty, path + 5);
	mutex_lock(&ptys_lock);
	vfs_unlink(NULL, path, false);
	spin_lock(&pty->lock);
	pty->master = false;
	spin_unlock(&pty->lock);
	tty_lock(&pty->tty);
	pty->tty.ends = END_FOR_EVER;
	tty_unlock(&pty->tty);
	mutex_unlock(&ptys_lock);
	waitq_wake(&pty->tty.wait, POLLIN | POLLOUT | POLLHUP);
}

static int open_ptmx(struct device_node *node __unused, struct file *f)
{
	struct pty *pty;
	int ret = pty_new(&pty);

	if (ret)
		return ret;
	f->priv = pty;
	f->ops = &pty_master_ops;
	return 0;
}

static int pty_nodes(void)
{
	static struct device_node ptmx = { .type = S_IFCHR, .open = open_ptmx };

	ptmx.rdev = dev_make(TTY_AUX_MAJOR, PTMX_MINOR);
	return devfs_add("ptmx", 0666, &ptmx);
}

INITCALL(INIT_FILES, pty_nodes);
