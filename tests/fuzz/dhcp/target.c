/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames of the guest with anything in them: an answer is a whole frame to the guest, whatever it answers.
 * hosted
 * sources: apps/qemu-stubdom/xen/dhcp.c
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../../apps/qemu-stubdom/xen/dhcp.h"
#include "../input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t answer[DHCP_ANSWER_SIZE], *frame = malloc(size + !size);
	struct dhcp_lease lease;

	assert(dhcp_parse("client_ip=10.137.0.1,dns_0=10.139.1.1,dns_1=10.139.1.2,gw=10.137.0.2,netmask=255.255.255.255",
	                  &lease));
	memcpy(frame, data, size);
	if (dhcp_is_for_server(frame, size) && dhcp_answer(&lease, frame, size, answer))
		assert(answer[12] == 8 && answer[42] == 2 &&
		       !memcmp(answer + 46, frame + 14 + (frame[14] & 15) * 4 + 8 + 4, 4));
	free(frame);
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = 0;
	if (dhcp_parse(text, &lease))
		assert(lease.name_server_count <= DHCP_NAME_SERVERS);
	free(text);
	return 0;
}
