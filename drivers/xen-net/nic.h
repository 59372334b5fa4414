/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of drivers/xen-net only. */
#ifndef XEN_NET_NIC_H
#define XEN_NET_NIC_H

#include <core/log.h>
#include <core/net.h>
#include <drivers/xenbus.h>

#include "rx.h"
#include "tx.h"

struct nic {
	struct net_dev net;
	struct xenbus_dev *dev;
	struct spinlock lock; /* all below; rx and tx are the connecting thread's while @up is false */
	bool up;
	const char *broken; /* what the back end did wrong: the device stays down */
	uint32_t port;
	unsigned suspensions; /* of this domain: each ends the connection */
	struct mutex handshake; /* what the connecting thread shares and offers */
	unsigned stuck; /* pages that the back end of an earlier connection still has mapped */
	unsigned connected_in; /* @suspensions then; the connecting thread's */
	uint64_t connected_at; /* 0: never */
	struct log_limit log;
	struct rx rx;
	struct tx tx;
};

/* net.c: the handler of the device's event channel; @arg is the nic. */
void nic_event(uint32_t port, void *arg);
/* net.c: bring the link up or down. */
void nic_set_link(struct nic *nic, bool up);
/* connect.c: the thread that keeps the device connected; @arg is the nic. */
void nic_connect_thread(void *arg);

#endif
