/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How libxl changes a CD (cdrom_insert_* in its libxl_disk.c): QMP eject, remove-fd for the set with the opaque "stub-devid:<number of the disk>" if
 * there is one, the stubdomain's disk is taken away, a new one is attached (an empty one, to eject), query-fdsets until there is such a set
 * again, and blockdev-change-medium to /dev/fdset/<set>. So each CD that is attached while we run gets a set. Those of the start do not:
 * they are in QEMU's arguments as /dev/xvdX.
 */
#include "cdrom.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xenstore.h>

/* Of libs/qemu (glue/fdset.h, which only QEMU's own sources can include). */
bool uk_fdset_replace(const char *opaque, int fd);

#define FOLDER "device/vbd"
#define CONNECTED "4" /* the front end's state: then its node in /dev is there */

static bool node_is(struct xs_handle *xs, unsigned disk, const char *node, const char *value)
{
	char path[64];
	unsigned len;

	snprintf(path, sizeof(path), FOLDER "/%u/%s", disk, node);
	char *text = xs_read(xs, XBT_NULL, path, &len);
	bool is = text && !strcmp(text, value);

	free(text);
	return is;
}

/* The name in /dev of virtual device @disk (docs/man/xen-vbd-interface), of those in which a PC's CD drive can be. 0: of no such disk. */
static char letter_of(unsigned disk)
{
	unsigned major = disk >> 8, minor = disk & 0xff;

	switch (major) {
	case 3: /* hda, hdb */
		return minor % 64 || minor > 64 ? 0 : 'a' + minor / 64;
	case 22: /* hdc, hdd */
		return minor % 64 || minor > 64 ? 0 : 'c' + minor / 64;
	case 8: /* sda ... sdp */
	case 202: /* xvda ... xvdp */
		return minor % 16 ? 0 : 'a' + minor / 16;
	default:
		return 0;
	}
}

static bool set(unsigned disk, int fd)
{
	char opaque[32];

	snprintf(opaque, sizeof(opaque), "stub-devid:%u", disk);
	return uk_fdset_replace(opaque, fd);
}

/* Several events may tell of one disk; each disk has a node of its own, though its name may have been another's. */
static void give_to_qemu(unsigned disk)
{
	static ino_t given['z' - 'a' + 1];
	char path[] = "/dev/xvd?", letter = letter_of(disk);
	struct stat st;

	if (!letter)
		return;
	path[sizeof(path) - 2] = letter;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st)) {
		fprintf(stderr, "cdrom: %s: %s\n", path, strerror(errno));
	} else if (st.st_ino != given[letter - 'a']) {
		given[letter - 'a'] = st.st_ino;
		if (set(disk, fd))
			return;
	}
	if (fd >= 0)
		close(fd);
}

/* Something at or below the disk's folder changed. */
static void changed(struct xs_handle *xs, const char *path)
{
	char node[16] = "";
	unsigned disk;
	int n = sscanf(path, FOLDER "/%u/%15s", &disk, node);

	if (n == 1 && node_is(xs, disk, "device-type", "cdrom"))
		return;
	if (n == 1)
		set(disk, -1);
	else if (n == 2 && !strcmp(node, "state") && node_is(xs, disk, "state", CONNECTED) &&
	         node_is(xs, disk, "device-type", "cdrom"))
		give_to_qemu(disk);
}

static void *watch(void *handle)
{
	struct xs_handle *xs = handle;
	unsigned count;
	char **event;

	while ((event = xs_read_watch(xs, &count))) {
		changed(xs, event[XS_WATCH_PATH]);
		free(event);
	}
	fprintf(stderr, "cdrom: xenstore: %s: CDs cannot be changed any more\n", strerror(errno));
	return NULL;
}

int cdrom_watch(void)
{
	struct xs_handle *xs = xs_open(0);
	pthread_t thread;

	if (!xs || !xs_watch(xs, FOLDER, "cdrom")) {
		fprintf(stderr, "cdrom: xenstore: %s\n", strerror(errno));
		return -1;
	}
	int ret = pthread_create(&thread, NULL, watch, xs);

	if (ret) {
		fprintf(stderr, "cdrom: no thread: %s\n", strerror(ret));
		return -1;
	}
	pthread_detach(thread);
	return 0;
}
