/* SPDX-License-Identifier: BSD-3-Clause */
/* Zero-copy completions of sockets, which no socket here sends. */
#ifndef UK_LINUX_ERRQUEUE_H
#define UK_LINUX_ERRQUEUE_H

#include <linux/types.h>

#define SO_EE_ORIGIN_NONE 0
#define SO_EE_ORIGIN_ZEROCOPY 5
#define SO_EE_CODE_ZEROCOPY_COPIED 1

struct sock_extended_err {
	__u32 ee_errno;
	__u8 ee_origin;
	__u8 ee_type;
	__u8 ee_code;
	__u8 ee_pad;
	__u32 ee_info;
	__u32 ee_data;
};

#endif
