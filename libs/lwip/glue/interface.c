/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP's interfaces: the loopback one is its own, this one is the kernel's network device. */
#include "sock.h"

#include <string.h>

#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <netif/ethernet.h>

#define FRAME_MAX 65535u
#define FRAME_MIN \
	60u /* of Ethernet. A device of a virtual machine may hand over less, and lwIP reads ARP without a look at the length */

static struct netif card;
static bool has_card;
static const uint8_t *card_mac;
static u16_t card_mtu;
static struct netstack_settings settings;

/* One frame: in one piece if lwIP has it so. */
static err_t transmit(struct netif *n, struct pbuf *p)
{
	static char frame[FRAME_MAX]; /* under the stack's lock */
	const void *data = p->payload;

	(void)n;
	if (p->next) {
		if (pbuf_copy_partial(p, frame, p->tot_len, 0) != p->tot_len)
			return ERR_BUF;
		data = frame;
	}
	switch (netstack_transmit(data, p->tot_len)) {
	case 0:
		return ERR_OK;
	case -ENETDOWN:
		return ERR_IF;
	default:
		return ERR_BUF;
	}
}

static void on_change(struct netif *n)
{
	(void)n;
	netstack_address_changed();
}

static err_t card_init(struct netif *n)
{
	n->name[0] = 'e';
	n->name[1] = 't';
	n->output = etharp_output;
#if LWIP_IPV6
	n->output_ip6 = ethip6_output;
#endif
	n->linkoutput = transmit;
	n->hwaddr_len = ETH_HWADDR_LEN;
	memcpy(n->hwaddr, card_mac, ETH_HWADDR_LEN);
	n->mtu = card_mtu;
	n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
	netif_set_hostname(n, settings.host[0] ? settings.host : "unidom");
	return ERR_OK;
}

static void set4(const uint8_t *bytes, ip4_addr_t *out)
{
	memcpy(&out->addr, bytes, sizeof(out->addr));
}

static int start_card(const uint8_t *mac, unsigned mtu)
{
	ip4_addr_t address, mask, gateway;

	set4(settings.address, &address);
	set4(settings.mask, &mask);
	set4(settings.gateway, &gateway);
	card_mac = mac;
	card_mtu = (u16_t)LWIP_MIN(mtu, 1500u);
	if (!netif_add(&card, &address, &mask, &gateway, NULL, card_init, ethernet_input))
		return -ENOMEM;
	has_card = true;
	netif_set_default(&card);
	netif_set_status_callback(&card, on_change);
#if LWIP_IPV6
	netif_create_ip6_linklocal_address(&card, 1);
	card.ip6_autoconfig_enabled = 1;
#endif
	netif_set_up(&card);
#if LWIP_DHCP
	if (settings.how == NETSTACK_DHCP)
		return dhcp_start(&card) == ERR_OK ? 0 : -ENOMEM;
#endif
	return 0;
}

int interface_start(const struct netstack_settings *wanted, const uint8_t *mac, unsigned mtu)
{
	settings = *wanted;
	lwip_init();
	if (settings.how == NETSTACK_DHCP && !LWIP_DHCP)
		netstack_log("ip=: the image has no DHCP");
	return mac ? start_card(mac, mtu) : 0;
}

void interface_input(const void *frame, size_t len)
{
	size_t size = LWIP_MAX(len, FRAME_MIN);
	struct pbuf *p = has_card && size <= 0xffff ? pbuf_alloc(PBUF_RAW, (u16_t)size, PBUF_RAM) : NULL;

	if (!p)
		return;
	memcpy(p->payload, frame, len);
	memset((char *)p->payload + len, 0, size - len);
	if (card.input(p, &card) != ERR_OK)
		pbuf_free(p);
}

bool interface_configured(void)
{
	return settings.how == NETSTACK_OFF || !has_card || !ip4_addr_isany(netif_ip4_addr(&card));
}

unsigned interface_dns(uint8_t (*out)[4], unsigned max)
{
	unsigned n = 0;

#if LWIP_DNS
	for (u8_t i = 0; i < DNS_MAX_SERVERS && n < max; i++) {
		const ip_addr_t *a = dns_getserver(i);

		if (IP_IS_V4(a) && !ip_addr_isany(a))
			memcpy(out[n++], &ip_2_ip4(a)->addr, 4);
	}
#else
	(void)out;
	(void)max;
#endif
	return n;
}

static void fill_v6(const struct netif *n, struct netstack_interface *out)
{
#if LWIP_IPV6
	for (s8_t i = 0; i < LWIP_IPV6_NUM_ADDRESSES && out->count6 < NETSTACK_V6; i++)
		if (ip6_addr_isvalid(netif_ip6_addr_state(n, i)))
			memcpy(out->address6[out->count6++], netif_ip6_addr(n, i)->addr, 16);
#else
	(void)n;
	(void)out;
#endif
}

/* As Linux names and numbers them: "lo" is 1. */
bool interface_get(unsigned number, struct netstack_interface *out)
{
	const struct netif *n = netif_get_by_index((u8_t)(number + 1));

	memset(out, 0, sizeof(*out));
	if (number > 1 || !n)
		return false;
	out->index = number + 1;
	out->loopback = n != &card;
	strcpy(out->name, out->loopback ? "lo" : "eth0");
	out->up = netif_is_up(n);
	out->running = netif_is_link_up(n) || out->loopback;
	out->mtu = n->mtu ? n->mtu : 65535;
	if (!out->loopback)
		memcpy(out->mac, n->hwaddr, 6);
	memcpy(out->address, &netif_ip4_addr(n)->addr, 4);
	memcpy(out->mask, &netif_ip4_netmask(n)->addr, 4);
	fill_v6(n, out);
	return true;
}
