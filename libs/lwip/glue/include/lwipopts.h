/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lwIP's configuration (its src/include/lwip/opt.h says what each means). The options of the menu come from Makefile.uk.
 *
 * Only the raw API is used: all calls are made with the kernel's one lock of the stack held (core/netstack), from programs' threads and from the
 * kernel's thread of the stack, which also runs the timers. So there are no mailboxes, no semaphores and no thread of lwIP's.
 */
#ifndef LWIP_GLUE_LWIPOPTS_H
#define LWIP_GLUE_LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0
#define LWIP_NETIF_API 0
#define LWIP_PROVIDE_ERRNO 0
#define LWIP_TIMERS_CUSTOM 1 /* glue/timers.c */

/* Memory comes from the kernel, by glue/memory.c, which has one limit for all. */
#define MEM_CUSTOM_ALLOCATOR 1
#define MEM_CUSTOM_MALLOC lwip_glue_malloc
#define MEM_CUSTOM_CALLOC lwip_glue_calloc
#define MEM_CUSTOM_FREE lwip_glue_free
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 16
void *lwip_glue_malloc(unsigned long size);
void *lwip_glue_calloc(unsigned long count, unsigned long size);
void lwip_glue_free(void *p);

/* Protocols. */
#define LWIP_ARP 1
#define LWIP_ETHERNET 1
#define LWIP_ICMP 1
#define LWIP_IGMP 0
#define LWIP_UDP 1
#define LWIP_RAW 1
#define LWIP_TCP 1
#define LWIP_DNS LWIP_DHCP /* keeps the servers' addresses; programs have the C library's resolver */
#define LWIP_DHCP_GET_NTP_SRV 0
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define LWIP_ACD 0
#define LWIP_AUTOIP 0
#define LWIP_IPV6_MLD 0
#define LWIP_IPV6_DHCP6 0
#define LWIP_IPV6_AUTOCONFIG 1
#define IPV6_FRAG_COPYHEADER 1 /* wanted with 64-bit pointers */
#define IP_REASSEMBLY 1
#define IP_REASS_MAX_PBUFS 128
#define IP_FRAG 1
#define LWIP_BROADCAST_PING 0
#define LWIP_MULTICAST_PING 0
#define IP_SOF_BROADCAST 1
#define IP_SOF_BROADCAST_RECV 0

/* Interfaces. */
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_HAVE_LOOPIF 1
#define LWIP_LOOPIF_MULTICAST 0
#define LWIP_LOOPBACK_MAX_PBUFS 4096
#define LWIP_NETIF_LOOPBACK_MULTITHREADING 0
#define LWIP_NETIF_HOSTNAME 1
#define LWIP_NETIF_STATUS_CALLBACK 1
#define ETH_PAD_SIZE 0
#define ARP_TABLE_SIZE 32
#define ARP_QUEUEING 1
#define ARP_QUEUE_LEN 16
#define ETHARP_TRUST_IP_MAC 0

/* TCP. */
#define TCP_MSS 1460
#define TCP_WND (LWIP_GLUE_WINDOW * 1024u)
#define TCP_SND_BUF (LWIP_GLUE_WINDOW * 1024u)
/* Small writes make small segments until Nagle's rule puts them together: room for those of 256 bytes. */
#define TCP_SND_QUEUELEN (TCP_SND_BUF / 256)
#define TCP_SNDLOWAT (LWIP_GLUE_WINDOW > 32 ? 16384 : TCP_SND_BUF / 3)
#define TCP_SNDQUEUELOWAT (TCP_SND_QUEUELEN / 3)
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE (LWIP_GLUE_WINDOW > 511 ? 5 : LWIP_GLUE_WINDOW > 63 ? 4 : 0)
#define LWIP_TCP_SACK_OUT 1
#define LWIP_TCP_KEEPALIVE 1
#define TCP_LISTEN_BACKLOG 1
#define TCP_QUEUE_OOSEQ 1
#define TCP_OOSEQ_MAX_BYTES TCP_WND
#define TCP_OOSEQ_MAX_PBUFS (TCP_WND / 512)
#define SO_REUSE 1
#define LWIP_TCP_PCB_NUM_EXT_ARGS 1 /* tells when a connection's memory is freed */
#define TCP_CALCULATE_EFF_SEND_MSS 1

/* Checks of lwIP's own invariants stay in: they end the image where otherwise memory would be overwritten. */
#define LWIP_STATS 0
#define LWIP_ALTCP 0
#define PPP_SUPPORT 0

#endif
