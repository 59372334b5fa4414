/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses: the program's and the stack's. */
#include <core/string.h>

#include "inet.h"

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static uint16_t swap(uint16_t port)
{
	return __builtin_bswap16(port);
}

static int read4(const struct sockaddr_in *sin, unsigned len, struct netstack_address *out)
{
	if (len < sizeof(*sin))
		return -EINVAL;
	out->version = 4;
	out->port = swap(sin->port);
	memcpy(out->bytes, sin->addr, 4);
	return 0;
}

static int read6(const struct sockaddr_in6 *sin, unsigned len, struct netstack_address *out)
{
	if (len < SOCKADDR_IN6_MIN)
		return -EINVAL;
	out->port = swap(sin->port);
	if (!memcmp(sin->addr, mapped, sizeof(mapped))) {
		out->version = 4;
		memcpy(out->bytes, sin->addr + sizeof(mapped), 4);
		return 0;
	}
	out->version = 6;
	memcpy(out->bytes, sin->addr, 16);
	if (len >= sizeof(*sin))
		out->scope = sin->scope_id;
	return 0;
}

int inet_address_read(int family, const void *sa, unsigned len, struct netstack_address *out)
{
	uint16_t given;

	*out = (struct netstack_address){ 0 };
	if (!sa)
		return -EFAULT;
	if (len < sizeof(given))
		return -EINVAL;
	memcpy(&given, sa, sizeof(given));
	if (given == AF_UNSPEC)
		return 0;
	if (given != family)
		return -EAFNOSUPPORT;
	return family == AF_INET ? read4(sa, len, out) : read6(sa, len, out);
}

void inet_address_v6(const struct netstack_address *a, uint8_t out[16])
{
	if (a->version == 6) {
		memcpy(out, a->bytes, 16);
		return;
	}
	memcpy(out, mapped, sizeof(mapped));
	memcpy(out + sizeof(mapped), a->bytes, 4);
}

void inet_address_name(int family, const struct netstack_address *a, struct socket_name *out)
{
	struct sockaddr_in in = { .family = AF_INET, .port = swap(a->port) };
	struct sockaddr_in6 in6 = { .family = AF_INET6, .port = swap(a->port), .scope_id = a->scope };

	if (family == AF_INET) {
		memcpy(in.addr, a->bytes, 4);
		out->len = sizeof(in);
		memcpy(out->bytes, &in, sizeof(in));
		return;
	}
	if (a->version) /* of none, all zero */
		inet_address_v6(a, in6.addr);
	out->len = sizeof(in6);
	memcpy(out->bytes, &in6, sizeof(in6));
}
