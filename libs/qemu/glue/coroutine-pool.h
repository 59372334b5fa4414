/* SPDX-License-Identifier: BSD-3-Clause */
/* Seen before util/qemu-coroutine.c: without its pool of ended coroutines, since coroutine.c keeps them. */
#include "qemu/osdep.h"
#undef CONFIG_COROUTINE_POOL
