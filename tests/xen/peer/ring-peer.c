/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ring-peer: a peer that writes what it likes, for dom0.
 *
 *   ring-peer DOMID PORT grant:REF|frame:NUMBER OFFSET=VALUE...
 *
 * maps a page that domain DOMID shares with dom0, writes 32-bit values into it, and sends an event to the domain's PORT: through the port of
 * dom0 that is connected with it, whoever in dom0 has it, or through a new one.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define DOMID_SELF 0x7ff0
#define PORTS 4096
#define EVENT_CHANNEL_OP 32
#define BIND_INTERDOMAIN 0
#define SEND 4
#define STATUS 5
#define IS_INTERDOMAIN 2

/* Linux' xen/privcmd.h and xen/gntdev.h */
struct hypercall {
	uint64_t op, arg[5];
};

struct map_batch {
	uint32_t count;
	uint16_t domid;
	void *at;
	const uint64_t *frames;
	int *errors;
};

struct map_grant {
	uint32_t count, pad;
	uint64_t index;
	uint32_t domid, ref;
};

#define HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct hypercall))
#define MAP_BATCH _IOC(_IOC_NONE, 'P', 4, sizeof(struct map_batch))
#define MAP_GRANT _IOC(_IOC_NONE, 'G', 0, sizeof(struct map_grant))

/* Xen's event_channel.h */
struct status {
	uint16_t domid;
	uint32_t port, status, vcpu;
	uint16_t remote;
	uint32_t remote_port;
};

struct bind {
	uint16_t domid;
	uint32_t remote_port, port;
};

static int privcmd;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int open_device(const char *path)
{
	int fd = open(path, O_RDWR);

	if (fd < 0)
		die(path);
	return fd;
}

static int event_op(unsigned op, void *arg)
{
	struct hypercall call = { EVENT_CHANNEL_OP, { op, (uintptr_t)arg } };

	return ioctl(privcmd, HYPERCALL, &call);
}

static uint32_t local_port(unsigned domid, uint32_t port)
{
	for (uint32_t p = 1; p < PORTS; p++) {
		struct status s = { .domid = DOMID_SELF, .port = p };

		if (!event_op(STATUS, &s) && s.status == IS_INTERDOMAIN && s.remote == domid && s.remote_port == port)
			return p;
	}
	struct bind b = { .domid = domid, .remote_port = port };

	if (event_op(BIND_INTERDOMAIN, &b))
		die("binding the port");
	return b.port;
}

static volatile uint32_t *map_frame(unsigned domid, uint64_t frame)
{
	void *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, privcmd, 0);
	int error = 0;
	struct map_batch batch = { 1, domid, p, &frame, &error };

	if (p == MAP_FAILED || ioctl(privcmd, MAP_BATCH, &batch) || error)
		die("mapping the frame");
	return p;
}

static volatile uint32_t *map_grant(unsigned domid, uint32_t ref)
{
	int fd = open_device("/dev/xen/gntdev");
	struct map_grant grant = { .count = 1, .domid = domid, .ref = ref };

	if (ioctl(fd, MAP_GRANT, &grant))
		die("the grant");
	void *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, grant.index);

	if (p == MAP_FAILED)
		die("mapping the grant");
	return p;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	unsigned domid = strtoul(argv[1], NULL, 0);
	volatile uint32_t *page;

	privcmd = open_device("/dev/xen/privcmd");
	uint32_t port = local_port(domid, strtoul(argv[2], NULL, 0));

	if (!strncmp(argv[3], "grant:", 6))
		page = map_grant(domid, strtoul(argv[3] + 6, NULL, 0));
	else if (!strncmp(argv[3], "frame:", 6))
		page = map_frame(domid, strtoull(argv[3] + 6, NULL, 0));
	else
		return 2;
	for (int i = 4; i < argc; i++) {
		char *value;
		unsigned long offset = strtoul(argv[i], &value, 0);

		if (*value != '=' || offset % 4 || offset >= PAGE)
			return 2;
		page[offset / 4] = strtoul(value + 1, NULL, 0);
	}
	if (event_op(SEND, &port))
		die("sending the event");
	return 0;
}
