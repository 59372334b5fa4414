/* SPDX-License-Identifier: BSD-3-Clause */
/* struct epoll_event of x86-64: without padding. */
#ifndef ABI_ARCH_EPOLL_H
#define ABI_ARCH_EPOLL_H

#include <stdint.h>

struct epoll_event {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));

#endif
