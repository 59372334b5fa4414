/* SPDX-License-Identifier: BSD-3-Clause */
/* A terminal for each console, and their names in /dev. "console=NAME" on the command line chooses /dev/console. */
#include <core/alloc.h>
#include <core/boot.h>
#include <core/devfs.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/string.h>

#include "tty.h"

#define TTY_MAJOR 4 /* ttyS0 is 4:64 */
#define TTY_AUX_MAJOR 5 /* tty 5:0, console 5:1 */
#define HVC_MAJOR 229
#define OTHER_MAJOR 240
#define BOOT_CONSOLE "boot"
#define EXIT_WAIT NSEC_PER_SEC

const struct termios tty_defaults = {
	.iflag = ICRNL | IXON,
	.oflag = OPOST | ONLCR,
	.cflag = B38400 | CS8 | CREAD | CLOCAL,
	.lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.cc = { [VINTR] = 3,
	        [VQUIT] = 28,
	        [VERASE] = 127,
	        [VKILL] = 21,
	        [VEOF] = 4,
	        [VMIN] = 1,
	        [VSTART] = 17,
	        [VSTOP] = 19,
	        [VSUSP] = 26,
	        [VREPRINT] = 18,
	        [VDISCARD] = 15,
	        [VWERASE] = 23,
	        [VLNEXT] = 22 },
};

unsigned tty_poll(struct file *f, struct poll_table *pt)
{
	struct tty *tty = f->priv;
	bool lost = READ_ONCE(tty->con->lost);
	unsigned events = 0;

	tty_use(tty);
	poll_wait(pt, &tty->wait);
	if (pt)
		tty_expect_input(tty);
	if (tty_readable(tty) || tty->ends || console_at_end(tty->con) || lost)
		events |= POLLIN | POLLRDNORM;
	if (tty_can_write(tty))
		events |= POLLOUT | POLLWRNORM;
	if (console_has_ended(tty->con) || lost)
		events |= POLLHUP;
	return events;
}

const struct file_ops tty_ops = {
	.name = "tty",
	.read = tty_read,
	.write = tty_write,
	.poll = tty_poll,
	.ioctl = tty_ioctl,
	.release = tty_release,
};

void tty_init(struct tty *tty, struct console *con)
{
	tty->con = con;
	tty->t = tty_defaults;
	mutex_init(&tty->read_lock);
	mutex_init(&tty->write_lock);
	waitq_init(&tty->wait);
	tty_input_init(tty);
}

static int open_tty(struct device_node *node, struct file *f)
{
	f->priv = node->priv;
	f->ops = &tty_ops;
	return 0;
}

static uint64_t number_of(const struct console *c)
{
	static unsigned others;

	if (!strncmp(c->name, "hvc", 3))
		return dev_make(HVC_MAJOR, strtou64(c->name + 3, NULL, 10));
	if (!strncmp(c->name, "ttyS", 4))
		return dev_make(TTY_MAJOR, 64 + strtou64(c->name + 4, NULL, 10));
	return dev_make(OTHER_MAJOR, others++);
}

/* Another number for the same terminal, under its own name. */
static int add_alias(const char *name, uint64_t rdev, struct tty *tty)
{
	struct device_node *node = kzalloc(sizeof(*node));

	if (!node)
		return -ENOMEM;
	*node = (struct device_node){ .type = S_IFCHR, .rdev = rdev, .open = open_tty, .priv = tty };
	return devfs_add(name, 0620, node);
}

/* Its own name, and the one that the other end announced. */
static int add_names(const struct console *con, struct device_node *node)
{
	char path[sizeof("virtio-ports/") + sizeof(con->alias)];
	int ret = devfs_add(con->name, 0620, node);

	if (ret || !con->alias[0])
		return ret;
	snprintf(path, sizeof(path), "virtio-ports/%s", con->alias);
	return devfs_alias(path, 0620, node);
}

/* A console that cannot be shown is logged; the others are shown all the same. */
static int add_tty(struct console *con, void *arg)
{
	struct tty **chosen = arg;
	const char *want = boot_argument("console");
	struct tty *tty = kzalloc(sizeof(*tty));

	if (!tty) {
		pr_err("console %s: no memory for a terminal", con->name);
		return 0;
	}
	tty_init(tty, con);
	if (!strcmp(con->name, want ? want : BOOT_CONSOLE) || (!*chosen && !strcmp(con->name, BOOT_CONSOLE)))
		*chosen = tty;
	tty->node = (struct device_node){ .type = S_IFCHR, .rdev = number_of(con), .open = open_tty, .priv = tty };
	/* The boot console is known by other names; a serial driver of the first port replaces it. */
	int ret = 0;

	if (strcmp(con->name, BOOT_CONSOLE))
		ret = add_names(con, &tty->node);
	else if (!console_find("ttyS0"))
		ret = add_alias("ttyS0", dev_make(TTY_MAJOR, 64), tty);
	if (ret)
		pr_err("console %s: cannot be shown in /dev: errno %d", con->name, -ret);
	return 0;
}

static int drain_one(struct console *con, void *arg)
{
	const uint64_t *deadline = arg;

	console_drain(con, *deadline, false);
	return 0;
}

/* The program ends: what it wrote shall arrive. */
static void drain_all(void)
{
	uint64_t deadline = time_monotonic() + EXIT_WAIT;

	console_for_each(drain_one, &deadline);
}

static int tty_nodes_init(void)
{
	struct tty *chosen = NULL;
	int ret = console_for_each(add_tty, &chosen);

	boot_at_exit(drain_all);
	if (!chosen)
		return ret ? ret : -ENODEV;
	ret = add_alias("console", dev_make(TTY_AUX_MAJOR, 1), chosen);
	return ret ? ret : add_alias("tty", dev_make(TTY_AUX_MAJOR, 0), chosen);
}

INITCALL(INIT_FILES, tty_nodes_init);
