/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/tun only. */
#ifndef POSIX_TUN_TUN_H
#define POSIX_TUN_TUN_H

#include <core/file.h>
#include <core/net.h>

#define IFNAMSIZ 16

/* An open /dev/net/tun. */
struct tap {
	struct net_dev *dev; /* NULL: TUNSETIFF is to come; set once */
	char name[IFNAMSIZ]; /* as the program calls it */
	bool loss_told; /* a read has failed since the device is lost */
	int send_buffer; /* TUNSETSNDBUF: kept and shown */
	struct mutex attach_lock;
	struct mutex read_lock, write_lock; /* of the frames below */
	void *read_frame, *write_frame; /* NET_FRAME_MAX bytes each, from TUNSETIFF on */
};

/* As ioctl(2): the requests of Linux's if_tun.h. */
long tap_ioctl(struct file *f, unsigned cmd, union call_arg arg);

/*
 * Which device the interface name of a TUNSETIFF means: libxl calls the tap of a guest's n-th device "vif<domid>.<n>-emu", and the n-th
 * device of the stubdomain is its other end. Returns n, or -1 for other names.
 */
int tap_number(const char *name);
/* The name that the interface gets when a program asked for @wanted: empty means tap%d, and %d becomes @number. */
void tap_name(char *name, const char *wanted, unsigned number);

#endif
