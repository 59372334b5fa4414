/* SPDX-License-Identifier: BSD-3-Clause */
/* ip(7), ipv6(7), tcp(7), udp(7), netdevice(7): numbers and layouts. Ports and addresses are in network order. */
#ifndef ABI_INET_H
#define ABI_INET_H

#include <stdint.h>

#define AF_INET 2
#define AF_INET6 10

#define MSG_MORE 0x8000

#define IPPROTO_IP 0
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_IPV6 41

struct sockaddr_in {
	uint16_t family;
	uint16_t port;
	uint8_t addr[4];
	uint8_t zero[8];
};

struct sockaddr_in6 {
	uint16_t family;
	uint16_t port;
	uint32_t flowinfo;
	uint8_t addr[16];
	uint32_t scope_id;
};
#define SOCKADDR_IN6_MIN 24u /* without the scope, as RFC 2133 had it */

/* Of SOL_SOCKET, beside those of <abi/socket.h>. */
#define SO_DONTROUTE 5
#define SO_OOBINLINE 10
#define SO_PRIORITY 12
#define SO_RCVLOWAT 18
#define SO_SNDLOWAT 19
#define SO_BINDTODEVICE 25
#define SO_TIMESTAMP 29
#define SO_MARK 36
#define SO_BUSY_POLL 46
#define SO_INCOMING_CPU 49

#define IP_TOS 1
#define IP_TTL 2
#define IP_HDRINCL 3
#define IP_PKTINFO 8
#define IP_MTU_DISCOVER 10
#define IP_RECVERR 11
#define IP_RECVTTL 12
#define IP_FREEBIND 15
#define IP_BIND_ADDRESS_NO_PORT 24
#define IP_MULTICAST_TTL 33
#define IP_MULTICAST_LOOP 34

#define IPV6_UNICAST_HOPS 16
#define IPV6_MTU_DISCOVER 23
#define IPV6_RECVERR 25
#define IPV6_V6ONLY 26
#define IPV6_RECVPKTINFO 49
#define IPV6_PKTINFO 50
#define IPV6_RECVHOPLIMIT 51
#define IPV6_HOPLIMIT 52
#define IPV6_TCLASS 67

struct in_pktinfo {
	int ifindex;
	uint8_t spec_dst[4];
	uint8_t addr[4];
};

struct in6_pktinfo {
	uint8_t addr[16];
	unsigned ifindex;
};

#define TCP_NODELAY 1
#define TCP_MAXSEG 2
#define TCP_CORK 3
#define TCP_KEEPIDLE 4
#define TCP_KEEPINTVL 5
#define TCP_KEEPCNT 6
#define TCP_SYNCNT 7
#define TCP_LINGER2 8
#define TCP_DEFER_ACCEPT 9
#define TCP_INFO 11
#define TCP_QUICKACK 12
#define TCP_CONGESTION 13
#define TCP_USER_TIMEOUT 18
#define TCP_FASTOPEN 23

#define SIOCGIFNAME 0x8910u
#define SIOCGIFCONF 0x8912u
#define SIOCGIFFLAGS 0x8913u
#define SIOCGIFADDR 0x8915u
#define SIOCGIFDSTADDR 0x8917u
#define SIOCGIFBRDADDR 0x8919u
#define SIOCGIFNETMASK 0x891bu
#define SIOCGIFMETRIC 0x891du
#define SIOCGIFMTU 0x8921u
#define SIOCGIFHWADDR 0x8927u
#define SIOCGIFINDEX 0x8933u
#define SIOCGIFTXQLEN 0x8942u

#define IFF_UP 0x1
#define IFF_BROADCAST 0x2
#define IFF_LOOPBACK 0x8
#define IFF_RUNNING 0x40
#define IFF_MULTICAST 0x1000
#define ARPHRD_ETHER 1
#define ARPHRD_LOOPBACK 772

#define IF_NAME_SIZE 16

struct if_request {
	char name[IF_NAME_SIZE];
	union {
		struct sockaddr_in addr;
		struct {
			uint16_t family;
			uint8_t data[14];
		} hardware;
		short flags;
		int number;
		char size[24];
	};
};

struct if_config {
	int len;
	int pad;
	struct if_request *requests;
};

#endif
