/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Devices that go away, ask to be reset, or break a queue: each driver learns of its own once, with the device stopped.
 * sources: drivers/virtio/watch.c drivers/virtio/registers.c tests/host/stubs/sched.c
 */
#include <core/timer.h>

#include "../../../../drivers/virtio/internal.h"
#include "../../host.h"

#define DEVICES 3
#define WORKS 15
#define ASKS_FOR_RESET (WORKS | 64)
#define GONE 0

static struct virtio_dev devices[DEVICES];
static uint8_t common[DEVICES][COMMON_SIZE];
static unsigned lost_count[DEVICES], stops;
static struct virtio_dev *broken;
static struct timer *armed;

uint64_t time_monotonic(void)
{
	return 1;
}

void timer_set(struct timer *t, uint64_t deadline)
{
	CHECK(deadline > 1);
	armed = t;
	t->node.parent = NULL; /* linked */
}

bool virtio_works(const struct virtio_dev *dev)
{
	return virtio_read8(dev, COMMON_STATUS) == WORKS;
}

bool virtq_any_broken(const struct virtq *queues __unused)
{
	return false;
}

void virtio_stop(struct virtio_dev *dev)
{
	dev->ready = false;
	stops++;
}

static void lost(void *arg)
{
	struct virtio_dev *dev = arg;

	CHECK(!dev->ready && dev != broken);
	lost_count[dev - devices]++;
}

static void tick(unsigned a, unsigned b, unsigned c)
{
	struct timer *t = armed;

	CHECK(t);
	armed = NULL;
	t->fn(t);
	CHECK(armed == t);
	CHECK_EQ(lost_count[0], a);
	CHECK_EQ(lost_count[1], b);
	CHECK_EQ(lost_count[2], c);
}

int main(void)
{
	for (unsigned i = 0; i < DEVICES; i++) {
		devices[i] = (struct virtio_dev){ .common = common[i], .ready = true, .lost = lost, .lost_arg = &devices[i] };
		common[i][COMMON_STATUS] = WORKS;
		virtio_watch(&devices[i]);
	}
	tick(0, 0, 0);
	common[1][COMMON_STATUS] = ASKS_FOR_RESET;
	tick(0, 1, 0);
	tick(0, 1, 0);
	common[0][COMMON_STATUS] = GONE;
	tick(1, 1, 0);
	broken = &devices[2]; /* its driver stopped it: it knows */
	devices[2].ready = false;
	common[2][COMMON_STATUS] = GONE;
	tick(1, 1, 0);
	CHECK_EQ(stops, 2);
	return 0;
}
