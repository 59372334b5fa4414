/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of what there is: an error for who asks, and as before when it was given back. */
#define _GNU_SOURCE
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xenevtchn.h>
#include <xengnttab.h>
#include <xenstore.h>

#define PAGE 4096
#define MOST 8192 /* more than the tests give */
#define CHUNK (64 << 10)
#define PEER 0 /* the domain that grants and ports are for */
#define HOLD_SECONDS 60

static void *taken[MOST];
static int ports[MOST];

/* --- grants --- */

static unsigned take_grants(xengntshr_handle *h)
{
	unsigned n = 0;
	uint32_t ref;

	while (n < MOST && (taken[n] = xengntshr_share_pages(h, PEER, 1, &ref, 1)))
		n++;
	return n;
}

static unsigned give_grants(xengntshr_handle *h, unsigned n)
{
	unsigned wrong = 0;

	while (n)
		wrong += xengntshr_unshare(h, taken[--n], 1) != 0;
	return wrong;
}

void limit_grants(void)
{
	xengntshr_handle *h = xengntshr_open(NULL, 0);
	unsigned first = h ? take_grants(h) : 0;
	int error = errno;

	printf("# %u grants, then: %s\n", first, strerror(error));
	result(first && first < MOST && error == ENOSPC, "grants end");
	result(!give_grants(h, first), "grants are given back");
	unsigned second = take_grants(h);

	result(second == first, "as many grants as before");
	give_grants(h, second);
	xengntshr_close(h);
}

/* --- event channels --- */

static unsigned take_channels(xenevtchn_handle *h)
{
	unsigned n = 0;

	while (n < MOST && (ports[n] = xenevtchn_bind_unbound_port(h, PEER)) > 0)
		n++;
	return n;
}

static unsigned give_channels(xenevtchn_handle *h, unsigned n)
{
	unsigned wrong = 0;

	while (n)
		wrong += xenevtchn_unbind(h, (evtchn_port_t)ports[--n]) != 0;
	return wrong;
}

void limit_channels(void)
{
	xenevtchn_handle *h = xenevtchn_open(NULL, 0);
	unsigned first = h ? take_channels(h) : 0;
	int error = errno;

	printf("# %u event channels, then: %s\n", first, strerror(error));
	result(first && first < MOST && error == ENOSPC, "event channels end");
	result(!give_channels(h, first), "event channels are given back");
	unsigned second = take_channels(h);

	result(second == first, "as many event channels as before");
	give_channels(h, second);
	xenevtchn_close(h);
}

/* --- memory --- */

static void *thread(void *arg)
{
	return arg;
}

static bool thread_runs(void)
{
	pthread_t t;

	return !pthread_create(&t, NULL, thread, NULL) && !pthread_join(t, NULL);
}

/* Pages that are granted have memory behind them, and who shares them gets an error when there is none. */
void limit_memory(void)
{
	xengntshr_handle *h = xengntshr_open(NULL, 0);
	static uint32_t refs[CHUNK / PAGE];
	unsigned n = 0, again = 0;

	while (n < MOST && (taken[n] = xengntshr_share_pages(h, PEER, CHUNK / PAGE, refs, 1)))
		n++;
	int error = errno;

	printf("# %u KiB, then: %s\n", n * (CHUNK >> 10), strerror(error));
	result(n && n < MOST && error == ENOMEM, "memory ends");
	for (unsigned i = 0; i < n; i++)
		again += xengntshr_unshare(h, taken[i], CHUNK / PAGE) != 0;
	result(!again, "memory is given back");
	result(thread_runs(), "a thread runs after it");
	for (again = 0; again < n && (taken[again] = xengntshr_share_pages(h, PEER, CHUNK / PAGE, refs, 1));)
		again++;
	result(again + 1 >= n, "as much memory as before");
	while (again)
		xengntshr_unshare(h, taken[--again], CHUNK / PAGE);
	xengntshr_close(h);
}

/* --- a disk that comes meanwhile --- */

/* The test writes it when the disk was refused and taken away. */
static bool is_released(struct xs_handle *xs)
{
	char *text = xs_read(xs, XBT_NULL, "data/release", NULL);

	free(text);
	return text;
}

static bool disk_works(void)
{
	char buf[512];
	int fd = -1;

	for (int i = 0; i < HOLD_SECONDS * 10 && fd < 0; i++) {
		usleep(100000);
		fd = open("/dev/xvde", O_RDONLY);
	}
	bool ok = fd >= 0 && read(fd, buf, sizeof(buf)) == sizeof(buf);

	if (fd >= 0)
		close(fd);
	return ok;
}

static void wait_released(const char *what)
{
	struct xs_handle *xs = xs_open(0);
	bool released = false;

	printf("# holding all %s\n", what);
	for (int i = 0; xs && i < HOLD_SECONDS * 10 && !released; i++) {
		usleep(100000);
		released = is_released(xs);
	}
	result(released, "%s: released", what);
	if (xs)
		xs_close(xs);
}

void hold_grants(void)
{
	xengntshr_handle *h = xengntshr_open(NULL, 0);
	unsigned n = h ? take_grants(h) : 0;

	wait_released("grants");
	give_grants(h, n);
	printf("# given back\n");
	result(disk_works(), "a disk works afterwards");
	xengntshr_close(h);
}

void hold_channels(void)
{
	xenevtchn_handle *h = xenevtchn_open(NULL, 0);
	unsigned n = h ? take_channels(h) : 0;

	wait_released("event channels");
	give_channels(h, n);
	printf("# given back\n");
	result(disk_works(), "a disk works afterwards");
	xenevtchn_close(h);
}
