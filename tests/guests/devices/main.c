/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Checks of an emulated PC's devices, a line each on COM1, as KTAP. The parameters (sector 1 of the disk) choose:
 *   names of checks    only these; a word stands for all checks that begin with it ("ide" for ide_pio ...)
 *   operations=N       for the disk checks (default 32)
 *   sectors=N          at most so many in one disk operation (default 64, up to 128)
 *   pings=N            echo requests (default 4)
 *   dhcp               get an address; the router is then whom the other network checks talk to, in place of 10.9.0.1
 *   tcp_fetch          read what the other end's port fetch_port=N sends
 *   tcp_serve          give back to one client what it sends to our port serve_port=N; these three run only when they are named
 *   quiet=N            seconds that the other end of tcp_fetch and tcp_serve may be silent (default 20)
 *   tries=N            questions of "dhcp" and for an address' owner, two seconds each (default 5)
 *   rounds=N           port reads of port_latency (default 100)
 *   ms=N               how long each measurement of speed_cpu, speed_disk and speed_net takes (default 2000); these run only when they are named
 *   requests=N         so many reads, then writes, of a page each by disk_requests, which runs only when it is named (default 16)
 *   before=N           so many more reads before them (default 0)
 *   sleep              speed_disk sleeps until the disk's interrupt, as operating systems do, instead of asking the disk all the time
 *   seconds=N          how long the checks "cdrom" and "tablet" watch their device, and "tone" plays (default 60); they run only when they are named
 *   interrupt_pin      interrupts of an e1000 or e1000e by its pin; interrupt_msix: of an e1000e by messages. Only when they are named
 *   nic                there must be a network card; without it the network checks pass when there is none
 *   hid                there must be a USB tablet; without it usb_tablet passes when there is none
 *   stay               do not power off at the end
 */
#include "guest.h"

static const struct check {
	const char *name;
	void (*run)(void);
	bool asked; /* runs only when it is named */
} checks[] = {
	{ "serial_loopback", check_serial_loopback, false },
	{ "keyboard", check_keyboard, false },
	{ "mouse", check_mouse, false },
	{ "rtc", check_rtc, false },
	{ "pit", check_pit, false },
	{ "timer_interrupts", check_timer_interrupts, false },
	{ "ide_identify", check_ide_identify, false },
	{ "ide_pio", check_ide_pio, false },
	{ "ide_dma", check_ide_dma, false },
	{ "ide_interrupts", check_ide_interrupts, false },
	{ "ports_move", check_ports_move, false },
	{ "vga_pixels", check_vga_pixels, false },
	{ "vga_palette", check_vga_palette, false },
	{ "dhcp", check_dhcp, true },
	{ "net_arp", check_arp, false },
	{ "net_ping", check_ping, false },
	{ "tcp_fetch", check_tcp_fetch, true },
	{ "tcp_serve", check_tcp_serve, true },
	{ "interrupt_pin", check_interrupt_pin, true },
	{ "interrupt_msix", check_interrupt_msix, true },
	{ "usb_tablet", check_usb_tablet, false },
	{ "port_latency", measure_port, false },
	{ "speed_cpu", measure_cpu, true },
	{ "speed_disk", measure_disk, true },
	{ "speed_net", measure_net, true },
	{ "disk_requests", request_disk, true },
	{ "cdrom", check_cdrom, true },
	{ "tablet", check_tablet, true },
	{ "tone", check_tone, true },
};

#define CHECKS (sizeof(checks) / sizeof(checks[0]))

extern const char parameters[];
static bool failed;

void check_failed(void);
void check_failed(void)
{
	failed = true;
}

static unsigned length(const char *word)
{
	unsigned n = 0;

	while (word[n] > ' ')
		n++;
	return n;
}

/* The value of the word, after "=", or its end; NULL if it is not there. */
static const char *find(const char *name)
{
	unsigned n = length(name), m;

	for (const char *p = parameters; *p; p += m) {
		for (; *p && *p <= ' '; p++)
			;
		m = length(p);
		if (m >= n && !memcmp(p, name, n) && (m == n || p[n] == '='))
			return p + n;
	}
	return NULL;
}

bool parameter(const char *name)
{
	return find(name);
}

unsigned parameter_number(const char *name, unsigned otherwise)
{
	const char *p = find(name);
	unsigned v = 0;

	if (!p || *p != '=')
		return otherwise;
	for (p++; *p >= '0' && *p <= '9'; p++)
		v = v * 10 + (unsigned)(*p - '0');
	return v;
}

/* Does a word of the parameters name the check, or are no checks named? */
static bool chosen(const struct check *check)
{
	bool any = false;
	unsigned m;

	for (const char *p = parameters; *p; p += m) {
		for (; *p && *p <= ' '; p++)
			;
		m = length(p);
		for (unsigned i = 0; m && i < CHECKS; i++)
			if (length(checks[i].name) >= m && !memcmp(checks[i].name, p, m)) {
				any = true;
				if (&checks[i] == check)
					return true;
			}
	}
	return !any && !check->asked;
}

void main(void);
void main(void)
{
	unsigned count = 0, failures = 0;

	outb(0x3fb, 0x83); /* divisor latch */
	outb(0x3f8, 1);
	outb(0x3f9, 0);
	outb(0x3fb, 0x03);
	outb(0x3fa, 0x07);
	print("\nguest: up; parameters: %s\n", parameters);
	irq_init();
	clock_calibrate();
	for (unsigned i = 0; i < CHECKS; i++) {
		if (!chosen(&checks[i]))
			continue;
		failed = false;
		checks[i].run();
		print("%sok %u - %s\n", failed ? "not " : "", ++count, checks[i].name);
		failures += failed;
	}
	print("1..%u\n# %u passed, %u failed\nguest: done\n", count, count - failures, failures);
	serial_drain();
	if (!parameter("stay"))
		power_off();
}
