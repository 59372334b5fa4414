/* SPDX-License-Identifier: BSD-3-Clause */
/* Of Linux's linux/if_tun.h, which our C library does not bring. */
#ifndef IF_TUN_H
#define IF_TUN_H

#include <sys/ioctl.h>

#define TUNSETIFF _IOW('T', 202, int)
#define TUNGETFEATURES _IOR('T', 207, unsigned)
#define TUNSETOFFLOAD _IOW('T', 208, unsigned)
#define TUNGETIFF _IOR('T', 210, unsigned)
#define TUNSETSNDBUF _IOW('T', 212, int)
#define TUNSETVNETHDRSZ _IOW('T', 216, int)

#define IFF_TAP 0x0002
#define IFF_NO_PI 0x1000
#define IFF_VNET_HDR 0x4000

#define TUN_F_CSUM 1
#define TUN_F_UFO 16

#endif
