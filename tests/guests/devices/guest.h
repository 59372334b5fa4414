/* SPDX-License-Identifier: BSD-3-Clause */
/* The device tests: 32-bit code on a bare PC, nothing paged. What the checks share. */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory above 1 MiB that the checks use as they like; identity mapped, so also for DMA. */
#define DMA_TABLE 0x00200000u /* PRDs, descriptors */
#define DMA_BUFFER 0x00300000u
#define WORK_BUFFER 0x00400000u
#define GENERATIONS 0x00500000u /* one byte a sector */

/* A check prints nothing by itself: fail() in it makes its line a "not ok". The loop of main.c prints the lines. */
void fail(const char *fmt, ...);
/* A line of KTAP's diagnostics. */
void note(const char *fmt, ...);
/* %d %u %x (with a width: zero padded), %s, %c */
void print(const char *fmt, ...);
void serial_drain(void);

/* A word of the parameters: "name" or "name=value". */
bool parameter(const char *name);
unsigned parameter_number(const char *name, unsigned otherwise);

static inline void outb(uint16_t port, uint8_t v)
{
	__asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}
static inline void outw(uint16_t port, uint16_t v)
{
	__asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port));
}
static inline void outl(uint16_t port, uint32_t v)
{
	__asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(port));
}
static inline uint8_t inb(uint16_t port)
{
	uint8_t v;

	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}
static inline uint16_t inw(uint16_t port)
{
	uint16_t v;

	__asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}
static inline uint32_t inl(uint16_t port)
{
	uint32_t v;

	__asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}
static inline void insw(uint16_t port, void *to, unsigned words)
{
	__asm__ volatile("rep insw" : "+D"(to), "+c"(words) : "d"(port) : "memory");
}
static inline void outsw(uint16_t port, const void *from, unsigned words)
{
	__asm__ volatile("rep outsw" : "+S"(from), "+c"(words) : "d"(port) : "memory");
}
static inline uint64_t rdtsc(void)
{
	uint64_t v;

	__asm__ volatile("rdtsc" : "=A"(v));
	return v;
}
static inline void barrier(void)
{
	__asm__ volatile("" : : : "memory");
}

void *memset(void *to, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);
uint32_t random32(void);

/* time.c: the tick is 100 Hz of counter 0. */
void tick_start(void);
void tick_stop(void);
/* By counter 2 of the PIT, so without interrupts. */
void clock_calibrate(void);
uint32_t cycles_to_us(uint64_t cycles);
uint64_t deadline_ms(unsigned ms); /* for past() */
bool past(uint64_t deadline);

/* irq.c */
#define IRQ_TIMER 0
#define IRQ_IDE 14
#define IRQ_MESSAGE 13 /* its vector is that of message interrupts: no device has the line */
#define IRQ_VECTOR 0x20 /* of line 0 */
/* Called in the interrupt for all lines, before the controller is told that it is over. */
extern void (*irq_hook)(unsigned irq);
extern volatile unsigned irq_counts[16];
void irq_init(void);
void irq_enable(unsigned irq);
void irq_disable(unsigned irq);
/* Wait with interrupts on until the count of @irq is not @seen, at most @ms; asleep when the timer's interrupt is enabled. */
bool irq_wait(unsigned irq, unsigned seen, unsigned ms);

/* pci.c: a function as in the address register, 0 if there is none. */
#define PCI_COMMAND 4
#define PCI_BAR(n) (0x10 + 4 * (n))
#define PCI_IO_MEMORY_MASTER 7
uint32_t pci_read(uint32_t function, unsigned reg);
void pci_write(uint32_t function, unsigned reg, uint32_t v);
uint32_t pci_find_class(unsigned class); /* base class and sub class */
uint32_t pci_find_interface(unsigned class); /* with the programming interface */
uint32_t pci_find_id(unsigned vendor, unsigned device);

/* ide.c: the disk of the disk checks, sectors from 0. No sectors if there is no disk with a bus master. */
uint32_t ide_sectors(void);
bool ide_dma(bool write, uint32_t sector, unsigned count, uint8_t *buffer);
/* Its end is told by an interrupt, or polled as at the beginning. */
void ide_interrupts(bool on);

/* Network cards, for net.c; virtio-net by its legacy interface. */
struct nic {
	const char *name;
	unsigned vendor, device;
	void (*start)(uint32_t function, uint8_t mac[6]);
	bool (*send)(const void *frame, unsigned size);
	unsigned (*receive)(void *frame); /* size, 0 if nothing came */
};
extern const struct nic nic_rtl8139, nic_e1000, nic_e1000e, nic_pcnet, nic_virtio;

/* The checks. */
void check_serial_loopback(void);
void check_keyboard(void);
void check_mouse(void);
void check_rtc(void);
void check_pit(void);
void check_timer_interrupts(void);
void check_ide_identify(void);
void check_ide_pio(void);
void check_ide_dma(void);
void check_ide_interrupts(void);
void check_ports_move(void);
void check_vga_pixels(void);
void check_vga_palette(void);
void check_cdrom(void);
void check_arp(void);
void check_ping(void);
void check_dhcp(void);
void check_tcp_fetch(void);
void check_tcp_serve(void);
void check_interrupt_pin(void);
void check_interrupt_msix(void);
void check_usb_tablet(void);
void check_tablet(void);
void check_tone(void);
void measure_port(void);
void measure_cpu(void);
void measure_disk(void);
void request_disk(void);
void measure_net(void);

void power_off(void);

#endif
