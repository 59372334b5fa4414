/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations of futex(2). */
#ifndef UK_LINUX_FUTEX_H
#define UK_LINUX_FUTEX_H

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1

#endif
