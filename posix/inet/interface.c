/* SPDX-License-Identifier: BSD-3-Clause */
/* The interface requests of netdevice(7): what programs ask. Nothing can be set. */
#include <core/string.h>

#include "inet.h"

static bool get(unsigned n, struct netstack_interface *out)
{
	netstack_lock();
	bool there = netstack->interface(n, out);

	netstack_unlock();
	return there;
}

static bool by_name(const char *name, struct netstack_interface *out)
{
	for (unsigned n = 0; get(n, out); n++)
		if (!strncmp(out->name, name, IF_NAME_SIZE))
			return true;
	return false;
}

static bool by_index(int index, struct netstack_interface *out)
{
	for (unsigned n = 0; get(n, out); n++)
		if ((int)out->index == index)
			return true;
	return false;
}

bool inet_interface_has_address(const struct netstack_interface *in)
{
	return memcmp(in->address, (const uint8_t[4]){ 0 }, 4);
}

static void store_address(struct if_request *r, const uint8_t *bytes)
{
	r->addr = (struct sockaddr_in){ .family = AF_INET };
	memcpy(r->addr.addr, bytes, 4);
}

unsigned inet_interface_flags(const struct netstack_interface *in)
{
	return (in->up ? IFF_UP : 0u) | (in->running ? IFF_RUNNING : 0) | (in->loopback ? IFF_LOOPBACK : IFF_BROADCAST);
}

static void store_broadcast(struct if_request *r, const struct netstack_interface *in)
{
	uint8_t bytes[4];

	for (unsigned i = 0; i < 4; i++)
		bytes[i] = in->address[i] | (uint8_t)~in->mask[i];
	store_address(r, bytes);
}

/* Interfaces with an address of IPv4, as many as fit. */
static long list(struct if_config *config)
{
	int count = 0, room = config->requests ? config->len / (int)sizeof(struct if_request) : INT32_MAX;
	struct netstack_interface in;

	for (unsigned n = 0; count < room && get(n, &in); n++) {
		struct if_request r = { { 0 }, .addr = { 0 } };

		if (!inet_interface_has_address(&in))
			continue;
		memcpy(r.name, in.name, sizeof(r.name));
		store_address(&r, in.address);
		if (config->requests)
			config->requests[count] = r;
		count++;
	}
	config->len = count * (int)sizeof(struct if_request);
	return 0;
}

/* An answer about @in, in a copy of the program's request. */
static long answer(unsigned cmd, const struct netstack_interface *in, struct if_request *r)
{
	switch (cmd) {
	case SIOCGIFFLAGS:
		r->flags = (short)inet_interface_flags(in);
		return 0;
	case SIOCGIFINDEX:
		r->number = (int)in->index;
		return 0;
	case SIOCGIFMTU:
		r->number = (int)in->mtu;
		return 0;
	case SIOCGIFMETRIC:
	case SIOCGIFTXQLEN:
		r->number = 0;
		return 0;
	case SIOCGIFHWADDR:
		memset(&r->hardware, 0, sizeof(r->hardware));
		r->hardware.family = in->loopback ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
		memcpy(r->hardware.data, in->mac, sizeof(in->mac));
		return 0;
	case SIOCGIFADDR:
	case SIOCGIFDSTADDR:
		store_address(r, in->address);
		break;
	case SIOCGIFNETMASK:
		store_address(r, in->mask);
		break;
	case SIOCGIFBRDADDR:
		store_broadcast(r, in);
		break;
	default:
		return -ENOTTY;
	}
	return inet_interface_has_address(in) ? 0 : -EADDRNOTAVAIL;
}

long inet_interface_ioctl(unsigned cmd, union call_arg arg)
{
	struct netstack_interface in;
	struct if_request r;
	long ret;

	if (cmd == SIOCGIFCONF)
		return list(arg.object);
	if (cmd < SIOCGIFNAME || cmd > SIOCGIFTXQLEN)
		return -ENOTTY;
	memcpy(&r, arg.object, sizeof(r));
	if (cmd == SIOCGIFNAME ? !by_index(r.number, &in) : !by_name(r.name, &in))
		return -ENODEV;
	memcpy(r.name, in.name, sizeof(r.name));
	ret = cmd == SIOCGIFNAME ? 0 : answer(cmd, &in, &r);
	if (!ret)
		memcpy(arg.object, &r, sizeof(r));
	return ret;
}
