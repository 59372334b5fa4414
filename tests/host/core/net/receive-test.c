/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Receiving from a device whose sender decides what comes: damaged frames without end, and a device that is lost.
 * sources: core/net/net.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/net.h>

#include "../../host.h"

static unsigned damaged, good, taken, wakes;

void waitq_wake(struct waitq *q, unsigned events)
{
	CHECK(q && events);
	wakes++;
}

static ssize_t take(struct net_dev *dev __unused, void *buf __unused)
{
	taken++;
	if (damaged) {
		damaged--;
		return 0;
	}
	if (!good)
		return -EAGAIN;
	good--;
	return 60;
}

static bool can_receive(struct net_dev *dev __unused)
{
	return damaged || good;
}

int main(void)
{
	static struct net_dev dev = { .name = "eth0", .take = take, .can_receive = can_receive };
	static uint8_t buf[NET_FRAME_MAX];

	CHECK_EQ(net_register(&dev), 0);
	CHECK_EQ(net_receive(&dev, buf), -EAGAIN);
	damaged = NET_DROPS_MAX - 1;
	good = 1;
	CHECK_EQ(net_receive(&dev, buf), 60);
	damaged = 1000000; /* a call's work is bounded, and the reader does not sleep over what is left */
	taken = 0;
	CHECK_EQ(net_receive(&dev, buf), -EAGAIN);
	CHECK_EQ(taken, NET_DROPS_MAX);
	CHECK(net_may_receive(&dev));
	damaged = 0;
	CHECK(!net_may_receive(&dev));
	good = 1; /* what came before is read, then there is an error for ever */
	net_lost(&dev);
	CHECK_EQ(wakes, 1);
	CHECK(net_may_receive(&dev));
	CHECK_EQ(net_receive(&dev, buf), 60);
	CHECK_EQ(net_receive(&dev, buf), -EIO);
	CHECK_EQ(net_receive(&dev, buf), -EIO);
	CHECK(net_may_receive(&dev));
	return 0;
}
