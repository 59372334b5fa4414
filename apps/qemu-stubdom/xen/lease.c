/* SPDX-License-Identifier: BSD-3-Clause */
#include "lease.h"

#include <net-responder.h>

#include "dhcp.h"

static struct dhcp_lease lease;
static bool taken;

void lease_take(const char *text)
{
	taken = dhcp_parse(text, &lease);
	if (!taken)
		fprintf(stderr,
		        "arguments: -qubes-net:%s: not client_ip=A,dns_0=A,dns_1=A,gw=A,netmask=A: the guest gets no address\n",
		        text);
}

static bool takes(void *priv, const uint8_t *frame, size_t len)
{
	(void)priv;
	return dhcp_is_for_server(frame, len);
}

static size_t answers(void *priv, const uint8_t *frame, size_t len, uint8_t *answer)
{
	return dhcp_answer(priv, frame, len, answer) ? DHCP_ANSWER_SIZE : 0;
}

void lease_serve(void)
{
	static const struct uk_net_responder server = { takes, answers, DHCP_ANSWER_SIZE, &lease };

	if (taken && !uk_net_responder_start(&server))
		fprintf(stderr, "dhcp: the guest gets no address\n");
}
