/* SPDX-License-Identifier: BSD-3-Clause */
#include "sound.h"

#include <stdbool.h>
#include <string.h>

#include "domain.h"

/* Of libs/qemu (glue/qubes-audio.h, which only QEMU's own sources can include). */
void uk_qubes_audio_start(unsigned domid);

#define DOMAIN "audiovm_xid="

static unsigned domid;
static bool taken;

void sound_take(const char *text)
{
	taken = !strncmp(text, DOMAIN, strlen(DOMAIN)) && domain_parse(text + strlen(DOMAIN), &domid);
	if (!taken)
		fprintf(stderr, "arguments: -qubes-audio:%s: not audiovm_xid=N: the guest is silent\n", text);
}

void sound_play(void)
{
	if (taken)
		uk_qubes_audio_start(domid);
}
