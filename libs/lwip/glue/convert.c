/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses and errors: the kernel's and lwIP's. */
#include "sock.h"

#include <string.h>

int errno_of(err_t err)
{
	switch (err) {
	case ERR_OK:
		return 0;
	case ERR_MEM:
	case ERR_BUF:
		return -ENOBUFS;
	case ERR_TIMEOUT:
		return -ETIMEDOUT;
	case ERR_RTE:
		return -ENETUNREACH;
	case ERR_INPROGRESS:
		return -EINPROGRESS;
	case ERR_WOULDBLOCK:
		return -EAGAIN;
	case ERR_USE:
		return -EADDRINUSE;
	case ERR_ALREADY:
		return -EALREADY;
	case ERR_ISCONN:
		return -EISCONN;
	case ERR_CONN:
	case ERR_CLSD:
		return -ENOTCONN;
	case ERR_IF:
		return -ENETDOWN;
	case ERR_ABRT:
		return -ECONNABORTED;
	case ERR_RST:
		return -ECONNRESET;
	default:
		return -EINVAL;
	}
}

static void from4(const uint8_t *bytes, ip_addr_t *out)
{
	u32_t number;

	memcpy(&number, bytes, sizeof(number));
	ip_addr_set_ip4_u32_val(*out, number);
}

#if LWIP_IPV6
static bool all_zero(const uint8_t *bytes, size_t n)
{
	while (n && !bytes[n - 1])
		n--;
	return !n;
}

static bool from6(const struct netstack_sock *s, const struct netstack_address *a, ip_addr_t *out)
{
	if (s->version != 6)
		return false;
	if (all_zero(a->bytes, 16)) {
		*out = s->v6_only ? *IP6_ADDR_ANY : *IP_ANY_TYPE;
		return true;
	}
	memset(out, 0, sizeof(*out));
	IP_SET_TYPE(out, IPADDR_TYPE_V6);
	memcpy(ip_2_ip6(out)->addr, a->bytes, 16);
	ip6_addr_set_zone(ip_2_ip6(out), a->scope > 255 ? 255 : (u8_t)a->scope);
	return true;
}
#endif

bool to_lwip(const struct netstack_sock *s, const struct netstack_address *a, ip_addr_t *out)
{
	if (a->version == 4 && !s->v6_only) {
		from4(a->bytes, out);
		return true;
	}
#if LWIP_IPV6
	return a->version == 6 && from6(s, a, out);
#else
	return false;
#endif
}

void from_lwip(const ip_addr_t *ip, uint16_t port, struct netstack_address *out)
{
	memset(out, 0, sizeof(*out));
	out->port = port;
#if LWIP_IPV6
	if (!IP_IS_V4(ip)) {
		out->version = 6;
		memcpy(out->bytes, ip_2_ip6(ip)->addr, 16);
		out->scope = ip6_addr_zone(ip_2_ip6(ip));
		return;
	}
#endif
	out->version = 4;
	memcpy(out->bytes, &ip_2_ip4(ip)->addr, 4);
}
