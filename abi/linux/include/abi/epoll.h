/* SPDX-License-Identifier: BSD-3-Clause */
/* epoll(7). */
#ifndef ABI_EPOLL_H
#define ABI_EPOLL_H

#include <abi/arch/epoll.h>

#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3

#define EPOLLEXCLUSIVE (1u << 28)
#define EPOLLWAKEUP (1u << 29)
#define EPOLLONESHOT (1u << 30)
#define EPOLLET (1u << 31)

#endif
