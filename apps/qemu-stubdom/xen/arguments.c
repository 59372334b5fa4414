/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The toolstack's protocol for device-model stubdomains (facts in docs/xen.md): the guest is <home>/target, QEMU's arguments are the nodes of
 * <vm>/image/dm-argv in order, less what is meant for others. With arguments on the command line there is no guest, and those are used.
 */
#include "../arguments.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#include "../monitor.h"
#include "cdrom.h"
#include "channel.h"
#include "kernel.h"
#include "lease.h"
#include "qmp.h"
#include "screen.h"
#include "sound.h"
#include "translate.h"
#include "vector.h"

/* Of libs/qemu (glue/pv-display.h, which only QEMU's own sources can include). */
void uk_pv_display_start(void);

#define SAVE_CONSOLE "/dev/hvc1"
#define RESTORE_CONSOLE "/dev/hvc2"
/* The set in which libxl looks for the save console: it tells QEMU to migrate to /dev/fdset/1. */
#define SAVE_FDSET 1

static bool stubdomain;
static unsigned target, self;

static bool read_domid(struct xs_handle *xs, const char *node, unsigned *domid)
{
	unsigned len;
	char *text = xs_read(xs, XBT_NULL, node, &len), *end = NULL;
	unsigned long value = text ? strtoul(text, &end, 10) : 0;
	bool ok = text && *text >= '0' && *text <= '9' && !*end && value < 0x7ff0;

	if (!text)
		fprintf(stderr, "xenstore: %s is missing: not a stubdomain, and no arguments on the command line\n", node);
	else if (!ok)
		fprintf(stderr, "xenstore: %s: \"%s\" is not a domain number\n", node, text);
	free(text);
	*domid = value;
	return ok;
}

/* Numbers of three digits, and of more from the thousandth on. */
static int compare(const void *a, const void *b)
{
	const char *one = *(char *const *)a, *other = *(char *const *)b;
	size_t m = strlen(one), n = strlen(other);

	return m == n ? strcmp(one, other) : m < n ? -1 : 1;
}

static bool read_all(struct vector *v, struct xs_handle *xs, const char *folder)
{
	unsigned count = 0, len;
	char **names = xs_directory(xs, XBT_NULL, folder, &count), path[256];
	bool ok = names && count;

	if (!ok)
		fprintf(stderr, "xenstore: %s: no arguments for the device model (device_model_version must be \"qemu-xen\")\n",
		        folder);
	else
		qsort(names, count, sizeof(*names), compare);
	for (unsigned i = 0; ok && i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		char *value = xs_read(xs, XBT_NULL, path, &len);

		if (!value)
			fprintf(stderr, "xenstore: %s cannot be read\n", path);
		ok = value && vector_add(v, "%s", value);
		free(value);
	}
	free(names);
	return ok;
}

static bool from_xenstore(struct vector *v, struct xs_handle *xs)
{
	char path[128];
	unsigned len;

	if (!read_domid(xs, "target", &target) || !read_domid(xs, "domid", &self))
		return false;
	snprintf(path, sizeof(path), "/local/domain/%u/vm", target);
	char *vm = xs_read(xs, XBT_NULL, path, &len);

	if (!vm) {
		fprintf(stderr, "xenstore: %s cannot be read\n", path);
		return false;
	}
	snprintf(path, sizeof(path), "%s/image/dm-argv", vm);
	free(vm);
	return read_all(v, xs, path);
}

static bool is_off(struct xs_handle *xs, const char *folder, const char *name)
{
	char path[256];
	unsigned len;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	char *value = xs_read(xs, XBT_NULL, path, &len);
	bool off = value && !strcmp(value, "0");

	free(value);
	return off;
}

/* Of spice = 1 libxl (4.17 to 4.22) tells a stubdomain nothing: what it leaves is a screen that nobody shows. */
static void name_lost_screen(struct xs_handle *xs)
{
	unsigned len;
	char *backend = xs_read(xs, XBT_NULL, "device/vfb/0/backend", &len);

	if (backend && is_off(xs, backend, "vnc") && is_off(xs, backend, "sdl"))
		fprintf(stderr, "screen: dom0 shows it by neither VNC nor SDL, and spice does not reach a stubdomain\n");
	free(backend);
}

/* The guest's saved state comes from a console. */
static bool open_incoming(char **argument)
{
	int fd = channel_open(RESTORE_CONSOLE, O_RDONLY);
	char text[16];

	if (fd < 0)
		return false;
	snprintf(text, sizeof(text), "fd:%d", fd);
	free(*argument);
	*argument = strdup(text);
	if (!*argument)
		fprintf(stderr, "no memory for the device model's arguments\n");
	return *argument;
}

static bool add_translated(struct vector *v, struct xs_handle *xs)
{
	struct vector words = { 0 };
	struct demands demands = { 0 };
	bool ok = from_xenstore(&words, xs) && kernel_add(&words) && translate(v, words.items, words.count, &demands) &&
	          (!demands.incoming || open_incoming(&v->items[demands.incoming]));

	if (ok)
		name_lost_screen(xs);
	if (ok && demands.lease)
		lease_take(demands.lease);
	if (ok && demands.screen)
		screen_take(demands.screen);
	if (ok && demands.sound && demands.card)
		sound_take(demands.sound);
	vector_drop(&words);
	return ok;
}

/* What the toolstack leaves to the stubdomain: a monitor, and the save console in its set. */
static bool add_own(struct vector *v)
{
	if (!vector_add(v, "-chardev") || !vector_add(v, "socket,server=on,wait=off,path=" QMP_SOCKET ",id=toolstack") ||
	    !vector_add(v, "-mon") || !vector_add(v, "chardev=toolstack,mode=control"))
		return false;
	if (!channel_exists(SAVE_CONSOLE))
		return true;
	/* QEMU takes it for writing only, and looks for just that mode. */
	int fd = channel_open(SAVE_CONSOLE, O_WRONLY);

	return fd >= 0 && vector_add(v, "-add-fd") && vector_add(v, "fd=%d,set=%d", fd, SAVE_FDSET);
}

int arguments_get(int argc, char **argv, char ***out)
{
	struct vector v = { 0 };

	if (argc > 1) {
		*out = argv;
		return argc;
	}
	struct xs_handle *xs = xs_open(0);

	if (!xs) {
		fprintf(stderr, "xenstore: no connection: not a stubdomain, and no arguments on the command line\n");
		return -1;
	}
	bool ok = vector_add(&v, "qemu") && add_own(&v) && add_translated(&v, xs);

	xs_close(xs);
	if (!ok)
		return -1;
	for (int i = 0; i < v.count; i++)
		printf("%s%c", v.items[i], i + 1 < v.count ? ' ' : '\n');
	fflush(stdout);
	/*
	 * QEMU tells the toolstack itself that it runs, before arguments_serve(): from then on xl takes the guest for started, and leaves it paused
	 * without a word if there is no monitor after all. So the channel is there before.
	 */
	if (qmp_serve(self, target))
		return -1;
	stubdomain = true;
	*out = v.items;
	return v.count;
}

int arguments_serve(void)
{
	uk_pv_display_start();
	screen_show();
	sound_play();
	kernel_drop();
	lease_serve();
	if (stubdomain && cdrom_watch())
		fprintf(stderr, "cdrom: CDs cannot be changed\n");
	return 0;
}
