/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lwIP's timers, in place of its timeouts.c: that allocates memory for each, and ends the image when there is none, which the network can bring
 * about. Those of TCP rest while there is no connection.
 */
#include "sock.h"

#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/nd6.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/sys.h>
#include <lwip/timeouts.h>

struct cyclic {
	void (*run)(void);
	u32_t period; /* ms */
	u32_t next; /* when it runs next */
};

static struct cyclic cyclic[] = {
	{ tcp_tmr, TCP_TMR_INTERVAL, 0 }, /* the first one: see below */
	{ ip_reass_tmr, IP_TMR_INTERVAL, 0 },
	{ etharp_tmr, ARP_TMR_INTERVAL, 0 },
#if LWIP_DHCP
	{ dhcp_coarse_tmr, DHCP_COARSE_TIMER_MSECS, 0 },
	{ dhcp_fine_tmr, DHCP_FINE_TIMER_MSECS, 0 },
#endif
#if LWIP_DNS
	{ dns_tmr, DNS_TMR_INTERVAL, 0 },
#endif
#if LWIP_IPV6
	{ nd6_tmr, ND6_TMR_INTERVAL, 0 },
	{ ip6_reass_tmr, IP6_REASS_TMR_INTERVAL, 0 },
#endif
};

#define COUNT (sizeof(cyclic) / sizeof(cyclic[0]))

static bool tcp_runs; /* the timer of TCP is on */

void sys_timeouts_init(void)
{
	for (unsigned i = 0; i < COUNT; i++)
		cyclic[i].next = sys_now() + cyclic[i].period;
}

/* lwIP: there is a connection now. */
void tcp_timer_needed(void)
{
	if (!tcp_runs)
		cyclic[0].next = sys_now() + cyclic[0].period;
	tcp_runs = true;
}

static bool rests(const struct cyclic *c)
{
	return c == &cyclic[0] && !tcp_runs;
}

/* ms from @now to @c's time; 0 if that has come. */
static u32_t left(const struct cyclic *c, u32_t now)
{
	s32_t ms = (s32_t)(c->next - now);

	return ms > 0 ? (u32_t)ms : 0;
}

/* After a long pause each runs once, and not as often as it would have. */
void sys_check_timeouts(void)
{
	u32_t now = sys_now();

	for (unsigned i = 0; i < COUNT; i++) {
		struct cyclic *c = &cyclic[i];

		if (rests(c) || left(c, now))
			continue;
		c->next = now - c->next < c->period ? c->next + c->period : now + c->period;
		c->run();
	}
	tcp_runs = tcp_active_pcbs || tcp_tw_pcbs;
}

u32_t sys_timeouts_sleeptime(void)
{
	u32_t now = sys_now(), least = SYS_TIMEOUTS_SLEEPTIME_INFINITE;

	for (unsigned i = 0; i < COUNT; i++)
		if (!rests(&cyclic[i]))
			least = LWIP_MIN(least, left(&cyclic[i], now));
	return least;
}
