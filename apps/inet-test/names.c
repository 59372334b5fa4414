/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of hosts and of interfaces. */
#define _GNU_SOURCE
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>

#include "test.h"

static bool local_host(void)
{
	struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM }, *found;
	struct sockaddr_in *a;

	CHECK_EQ(getaddrinfo("localhost", "80", &hints, &found), 0);
	a = (struct sockaddr_in *)found->ai_addr;
	CHECK_EQ(a->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	CHECK_EQ(a->sin_port, htons(80));
	freeaddrinfo(found);
	return true;
}

static bool requests(void)
{
	struct ifreq r = { .ifr_name = "lo" }, all[8];
	struct ifconf c = { .ifc_len = sizeof(all), .ifc_req = all };
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK_EQ(ioctl(s, SIOCGIFFLAGS, &r), 0);
	CHECK_EQ(r.ifr_flags & (IFF_UP | IFF_LOOPBACK | IFF_RUNNING), IFF_UP | IFF_LOOPBACK | IFF_RUNNING);
	CHECK_EQ(ioctl(s, SIOCGIFADDR, &r), 0);
	CHECK_EQ(((struct sockaddr_in *)&r.ifr_addr)->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	CHECK_EQ(ioctl(s, SIOCGIFNETMASK, &r), 0);
	CHECK_EQ(((struct sockaddr_in *)&r.ifr_addr)->sin_addr.s_addr, htonl(0xff000000));
	CHECK_EQ(ioctl(s, SIOCGIFCONF, &c), 0);
	CHECK(c.ifc_len >= (int)sizeof(all[0]));
	CHECK(!strcmp(all[0].ifr_name, "lo"));
	strcpy(r.ifr_name, "nosuch0");
	CHECK_ERR(ioctl(s, SIOCGIFFLAGS, &r), ENODEV);
	return !close(s);
}

static bool indices(void)
{
	char name[IF_NAMESIZE];

	CHECK_EQ(if_nametoindex("lo"), 1);
	CHECK(if_indextoname(1, name) && !strcmp(name, "lo"));
	CHECK_EQ(if_nametoindex("nosuch0"), 0);
	return true;
}

/* C libraries ask by netlink. */
static bool all_addresses(void)
{
	struct ifaddrs *all, *a;
	bool link = false, address = false;

	CHECK_EQ(getifaddrs(&all), 0);
	for (a = all; a; a = a->ifa_next) {
		if (strcmp(a->ifa_name, "lo") || !a->ifa_addr)
			continue;
		link |= a->ifa_addr->sa_family == AF_PACKET;
		if (a->ifa_addr->sa_family != AF_INET)
			continue;
		address = ((struct sockaddr_in *)a->ifa_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
		CHECK_EQ(((struct sockaddr_in *)a->ifa_netmask)->sin_addr.s_addr, htonl(0xff000000));
		CHECK(a->ifa_flags & IFF_LOOPBACK);
	}
	freeifaddrs(all);
	CHECK(link && address);
	return true;
}

static bool listed(void)
{
	struct if_nameindex *list = if_nameindex();

	CHECK(list);
	CHECK_EQ(list[0].if_index, 1);
	CHECK(!strcmp(list[0].if_name, "lo"));
	if_freenameindex(list);
	return true;
}

const struct test names_tests[] = {
	{ "names.local_host", local_host },       { "names.requests", requests }, { "names.indices", indices },
	{ "names.all_addresses", all_addresses }, { "names.listed", listed },     { NULL, NULL },
};
