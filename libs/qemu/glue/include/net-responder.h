/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames of the guest that the program of this image answers itself, in place of the network. */
#ifndef QEMU_GLUE_NET_RESPONDER_H
#define QEMU_GLUE_NET_RESPONDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uk_net_responder {
	/* Is the frame of @len bytes, at most 1518, at @frame for this responder? The network does not get it then. */
	bool (*takes)(void *priv, const uint8_t *frame, size_t len);
	/* Write the answer to a frame that it takes to @answer, which has room for answer_max bytes. Returns its length, 0: there is none. */
	size_t (*answers)(void *priv, const uint8_t *frame, size_t len, uint8_t *answer);
	size_t answer_max;
	void *priv;
};

/*
 * Put @responder, which must live on, before the network of the guest's first card. To be called after qemu_init() and before the main loop; its
 * functions are called in the main loop's thread, under QEMU's big lock. Returns false, after a message, if there is no such card.
 */
bool uk_net_responder_start(const struct uk_net_responder *responder);

#endif
