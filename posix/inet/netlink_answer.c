/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages of rtnetlink(7) about interfaces. */
#include <core/string.h>

#include "inet.h"
#include "netlink.h"

#define NLMSG_ERROR 2
#define NLMSG_DONE 3
#define NL_ALIGN(n) ALIGN_UP((size_t)(n), 4)

enum { IFLA_ADDRESS = 1, IFLA_BROADCAST, IFLA_IFNAME, IFLA_MTU };
enum { IFA_ADDRESS = 1, IFA_LOCAL, IFA_LABEL, IFA_BROADCAST };

struct link_message {
	uint8_t family, pad;
	uint16_t type;
	int index;
	unsigned flags, change;
};

struct address_message {
	uint8_t family, prefix, flags, scope;
	uint32_t index;
};
#define SCOPE_LINK 253
#define SCOPE_HOST 254
#define FLAG_PERMANENT 0x80

/* Append @len bytes at the next multiple of four. */
static void put(struct nl_answer *a, const void *data, size_t len)
{
	size_t room = NL_ALIGN(len);

	if (a->full || a->size - a->len < room) {
		a->full = true;
		return;
	}
	memset(a->buf + a->len, 0, room);
	memcpy(a->buf + a->len, data, len);
	a->len += room;
}

/* Returns where the message begins; its length is set by end(). */
static size_t begin(struct nl_answer *a, unsigned type, unsigned flags, const void *body, size_t len)
{
	struct nl_header h = { .type = (uint16_t)type, .flags = (uint16_t)flags, .sequence = a->sequence, .port = a->port };
	size_t at = a->len;

	put(a, &h, sizeof(h));
	put(a, body, len);
	return at;
}

static void end(struct nl_answer *a, size_t at)
{
	uint32_t len = (uint32_t)(a->len - at);

	if (!a->full)
		memcpy(a->buf + at, &len, sizeof(len));
}

static void attribute(struct nl_answer *a, unsigned type, const void *data, size_t len)
{
	uint16_t head[2] = { (uint16_t)(sizeof(head) + len), (uint16_t)type };

	put(a, head, sizeof(head));
	put(a, data, len);
}

void nl_add_link(struct nl_answer *a, const struct netstack_interface *in)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	struct link_message m = { .type = in->loopback ? ARPHRD_LOOPBACK : ARPHRD_ETHER,
		                  .index = (int)in->index,
		                  .flags = inet_interface_flags(in) };
	uint32_t mtu = in->mtu;
	size_t at = begin(a, RTM_NEWLINK, NLM_F_MULTI, &m, sizeof(m));

	attribute(a, IFLA_IFNAME, in->name, strlen(in->name) + 1);
	attribute(a, IFLA_MTU, &mtu, sizeof(mtu));
	attribute(a, IFLA_ADDRESS, in->mac, sizeof(in->mac));
	attribute(a, IFLA_BROADCAST, in->loopback ? in->mac : all, sizeof(all));
	end(a, at);
}

static unsigned prefix_of(const uint8_t mask[4])
{
	unsigned n = 0;

	while (n < 32 && (mask[n / 8] & (0x80u >> n % 8)))
		n++;
	return n;
}

static void add4(struct nl_answer *a, const struct netstack_interface *in)
{
	struct address_message m = { .family = AF_INET,
		                     .prefix = (uint8_t)prefix_of(in->mask),
		                     .flags = FLAG_PERMANENT,
		                     .scope = in->loopback ? SCOPE_HOST : 0,
		                     .index = in->index };
	uint8_t broadcast[4];
	size_t at;

	if (!inet_interface_has_address(in))
		return;
	at = begin(a, RTM_NEWADDR, NLM_F_MULTI, &m, sizeof(m));
	attribute(a, IFA_ADDRESS, in->address, 4);
	attribute(a, IFA_LOCAL, in->address, 4);
	for (unsigned i = 0; i < 4; i++)
		broadcast[i] = in->address[i] | (uint8_t)~in->mask[i];
	if (!in->loopback)
		attribute(a, IFA_BROADCAST, broadcast, 4);
	attribute(a, IFA_LABEL, in->name, strlen(in->name) + 1);
	end(a, at);
}

static void add6(struct nl_answer *a, const struct netstack_interface *in, const uint8_t address[16])
{
	bool of_link = address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
	struct address_message m = { .family = AF_INET6,
		                     .prefix = in->loopback ? 128 : 64,
		                     .flags = FLAG_PERMANENT,
		                     .scope = in->loopback ? SCOPE_HOST
		                              : of_link    ? SCOPE_LINK
		                                           : 0,
		                     .index = in->index };
	size_t at = begin(a, RTM_NEWADDR, NLM_F_MULTI, &m, sizeof(m));

	attribute(a, IFA_ADDRESS, address, 16);
	end(a, at);
}

void nl_add_addresses(struct nl_answer *a, const struct netstack_interface *in, unsigned family)
{
	if (!family || family == AF_INET)
		add4(a, in);
	for (unsigned i = 0; i < in->count6 && (!family || family == AF_INET6); i++)
		add6(a, in, in->address6[i]);
}

void nl_add_done(struct nl_answer *a)
{
	int none = 0;

	end(a, begin(a, NLMSG_DONE, NLM_F_MULTI, &none, sizeof(none)));
}

void nl_add_error(struct nl_answer *a, int error, const struct nl_header *request)
{
	size_t at = begin(a, NLMSG_ERROR, 0, &error, sizeof(error));

	put(a, request, sizeof(*request));
	end(a, at);
}
