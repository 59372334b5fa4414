/* SPDX-License-Identifier: BSD-3-Clause */
/* Floppy drives: QEMU includes the header, and uses nothing of it any more. */
#ifndef UK_LINUX_FD_H
#define UK_LINUX_FD_H

#endif
