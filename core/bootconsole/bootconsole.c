/* SPDX-License-Identifier: BSD-3-Clause */
/* The platform's boot console, which has no interrupt, as a console device. */
#include <core/console.h>
#include <core/init.h>
#include <core/string.h>
#include <plat/plat.h>

static ssize_t boot_write(struct console *c, const char *buf, size_t len)
{
	const char *p = buf, *end = buf + len;

	(void)c;
	/* The platform puts a carriage return before each newline itself: leave out those of the terminal layer. */
	while (p < end) {
		const char *cr = memchr(p, '\r', end - p);

		if (!cr || cr + 1 == end) {
			plat_console_write(p, end - p);
			break;
		}
		plat_console_write(p, cr - p + (cr[1] != '\n'));
		p = cr + 1;
	}
	return len;
}

static void boot_poll_input(struct console *c)
{
	char buf[64];
	size_t room = console_rx_room(c);
	size_t n = room ? plat_console_read(buf, MIN(room, sizeof(buf))) : 0;

	if (n)
		console_receive(c, buf, n);
}

static struct console boot_console = {
	.name = "boot",
	.write = boot_write,
	.poll_input = boot_poll_input,
};

static int bootconsole_init(void)
{
	return console_register(&boot_console);
}

INITCALL(INIT_SERVICES, bootconsole_init);
