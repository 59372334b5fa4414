/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The primary IDE channel, programmed I/O and bus-master DMA: random extents are written and read back. A sector's contents follow from its
 * number and its generation, how often it has been written, so that a lost or misplaced write is seen. The second disk is used whole if there is
 * one, of the first one what lies behind the program.
 */
#include "guest.h"

#define BASE 0x1f0
#define STATUS (BASE + 7)
#define CONTROL 0x3f6
#define NO_INTERRUPTS 2
#define BUSY 0x80
#define REQUEST 0x08
#define ERROR 0x21 /* error or device fault */
#define READ_PIO 0x20
#define WRITE_PIO 0x30
#define READ_DMA 0xc8
#define WRITE_DMA 0xca
#define FLUSH 0xe7
#define IDENTIFY 0xec

#define SECTOR 512
#define SECTORS_MAX 128
#define PROGRAM_SECTORS 136
#define DISK_MAX (1u << 20) /* sectors with a generation */
#define LIMIT_MS 20000

#define MASTER_COMMAND 0
#define MASTER_STATUS 2
#define MASTER_TABLE 4
#define MASTER_START 1
#define MASTER_ACTIVE 1
#define MASTER_ERROR 2
#define MASTER_INTERRUPT 4
#define MASTER_TO_MEMORY 8

enum method { PIO, DMA };

static uint8_t *const generations = (uint8_t *)GENERATIONS;
static struct {
	uint8_t drive; /* 0 or 1 */
	uint32_t first, sectors; /* what is used of it */
	uint16_t master; /* bus master registers, 0 if there are none */
	bool with_interrupts;
} disk;

/* The status when the drive is ready: every read of it may be a trip to the device model, so it is read once. BUSY if it does not become so. */
static uint8_t wait_ready(void)
{
	uint64_t end = deadline_ms(LIMIT_MS);
	uint8_t status;

	do
		status = inb(STATUS);
	while (status & BUSY && !past(end));
	return status;
}

static bool wait_done(void)
{
	return !(wait_ready() & (BUSY | ERROR));
}

static bool wait_data(void)
{
	return (wait_ready() & (BUSY | ERROR | REQUEST)) == REQUEST;
}

static void command(uint8_t drive, uint32_t lba, unsigned count, uint8_t what)
{
	outb(BASE + 6, (uint8_t)(0xe0 | drive << 4 | (lba >> 24 & 15)));
	outb(BASE + 2, (uint8_t)count);
	outb(BASE + 3, (uint8_t)lba);
	outb(BASE + 4, (uint8_t)(lba >> 8));
	outb(BASE + 5, (uint8_t)(lba >> 16));
	outb(STATUS, what);
}

/* Sectors of a drive, 0 if there is none. */
static uint32_t identify(uint8_t drive, uint16_t *words)
{
	outb(CONTROL, NO_INTERRUPTS);
	command(drive, 0, 0, IDENTIFY);
	if (!wait_data()) /* a drive that is not there has a status of 0 */
		return 0;
	insw(BASE, words, SECTOR / 2);
	return words[60] | (uint32_t)words[61] << 16;
}

static bool choose(void)
{
	uint16_t words[SECTOR / 2];
	uint32_t ide;

	if (disk.sectors)
		return true;
	disk.sectors = identify(1, words);
	if (disk.sectors) {
		disk.drive = 1;
	} else {
		disk.sectors = identify(0, words);
		if (disk.sectors <= PROGRAM_SECTORS + SECTORS_MAX) {
			fail("the disk has %u sectors", disk.sectors);
			disk.sectors = 0;
			return false;
		}
		disk.first = PROGRAM_SECTORS;
		disk.sectors -= PROGRAM_SECTORS;
	}
	if (disk.sectors > DISK_MAX)
		disk.sectors = DISK_MAX;
	ide = pci_find_class(0x0101);
	if (ide) {
		pci_write(ide, PCI_COMMAND, pci_read(ide, PCI_COMMAND) | PCI_IO_MEMORY_MASTER);
		disk.master = pci_read(ide, PCI_BAR(4)) & 0xfff0;
	}
	note("disk %u, %u sectors from %u, bus master at %x", disk.drive, disk.sectors, disk.first, disk.master);
	return true;
}

static bool pio(bool write, uint32_t lba, unsigned count, uint8_t *buffer)
{
	command(disk.drive, lba, count, write ? WRITE_PIO : READ_PIO);
	for (; count; count--, buffer += SECTOR) {
		if (!wait_data())
			return false;
		if (write)
			outsw(BASE, buffer, SECTOR / 2);
		else
			insw(BASE, buffer, SECTOR / 2);
	}
	return wait_done();
}

static bool dma(bool write, uint32_t lba, unsigned count, uint8_t *buffer)
{
	uint32_t *table = (uint32_t *)DMA_TABLE;
	uint32_t at = (uint32_t)buffer, left = count * SECTOR;
	uint64_t end = deadline_ms(LIMIT_MS);
	unsigned n = 0, seen = irq_counts[IRQ_IDE];
	uint8_t status;

	while (left) { /* several entries, so that they are used */
		uint32_t size = left > 0x6000 ? 0x6000 : left;

		if ((at & 0xffff) + size > 0x10000)
			size = 0x10000 - (at & 0xffff);
		table[n++] = at;
		table[n++] = size;
		at += size;
		left -= size;
	}
	table[n - 1] |= 0x80000000;
	outl(disk.master + MASTER_TABLE, DMA_TABLE);
	outb(disk.master + MASTER_COMMAND, write ? 0 : MASTER_TO_MEMORY);
	outb(disk.master + MASTER_STATUS, MASTER_ERROR | MASTER_INTERRUPT); /* cleared by writing */
	command(disk.drive, lba, count, write ? WRITE_DMA : READ_DMA);
	outb(disk.master + MASTER_COMMAND, (write ? 0 : MASTER_TO_MEMORY) | MASTER_START);
	if (disk.with_interrupts && !irq_wait(IRQ_IDE, seen, LIMIT_MS))
		return false;
	do
		status = inb(disk.master + MASTER_STATUS);
	while (status & MASTER_ACTIVE && !(status & (MASTER_ERROR | MASTER_INTERRUPT)) && !past(end));
	outb(disk.master + MASTER_COMMAND, 0);
	barrier();
	return !(status & MASTER_ERROR) && wait_done();
}

static bool transfer(enum method method, bool write, uint32_t sector, unsigned count, uint8_t *buffer)
{
	return (method == DMA ? dma : pio)(write, disk.first + sector, count, buffer);
}

uint32_t ide_sectors(void)
{
	return choose() && disk.master ? disk.sectors : 0;
}

bool ide_dma(bool write, uint32_t sector, unsigned count, uint8_t *buffer)
{
	return dma(write, disk.first + sector, count, buffer);
}

void ide_interrupts(bool on)
{
	if (on) {
		outb(CONTROL, 0);
		inb(STATUS);
		irq_enable(IRQ_IDE);
	} else {
		irq_disable(IRQ_IDE);
		outb(CONTROL, NO_INTERRUPTS);
	}
	disk.with_interrupts = on;
}

static void fill(uint8_t *buffer, uint32_t sector)
{
	uint32_t *words = (uint32_t *)buffer, v = sector * 2654435761u + generations[sector] * 40503u;

	for (unsigned i = 0; i < SECTOR / 4; i++)
		words[i] = v + i * 0x01010101u;
}

/* Are the sectors in @buffer what was written last? Those never written are not looked at. */
static unsigned wrong(const uint8_t *buffer, uint32_t sector, unsigned count)
{
	uint8_t expected[SECTOR];
	unsigned bad = 0;

	for (; count; count--, sector++, buffer += SECTOR) {
		if (!generations[sector])
			continue;
		fill(expected, sector);
		if (memcmp(expected, buffer, SECTOR)) {
			bad++;
			note("sector %u, generation %u, is wrong", sector, generations[sector]);
		}
	}
	return bad;
}

static void report(const char *what, uint32_t sectors, uint64_t cycles)
{
	uint32_t us = cycles_to_us(cycles);

	if (us)
		note("%s: %u KiB in %u ms", what, sectors / 2, us / 1000);
}

/* Random extents: written by one method and read by either. */
static void exercise(enum method method)
{
	unsigned operations = parameter_number("operations", 32), most = parameter_number("sectors", 64), bad = 0;
	uint8_t *buffer = (uint8_t *)DMA_BUFFER;
	uint64_t writing = 0, reading = 0, begin;
	uint32_t total = 0;

	most = most > SECTORS_MAX ? SECTORS_MAX : most ? most : 1;
	for (unsigned i = 0; i < operations; i++) {
		unsigned count = random32() % most + 1;
		uint32_t sector = random32() % (disk.sectors - count);
		uint8_t *at = buffer + (method == DMA ? random32() % 0x4000 * 4 : 0); /* crosses 64 KiB at times */

		for (unsigned s = 0; s < count; s++) {
			generations[sector + s]++;
			generations[sector + s] += !generations[sector + s];
			fill(at + s * SECTOR, sector + s);
		}
		begin = rdtsc();
		if (!transfer(method, true, sector, count, at))
			return fail("writing %u sectors at %u: status %2x", count, sector, inb(STATUS));
		writing += rdtsc() - begin;
		memset(at, 0x55, count * SECTOR);
		begin = rdtsc();
		if (!transfer(i % 4 ? method : PIO, false, sector, count, at))
			return fail("reading %u sectors at %u: status %2x", count, sector, inb(STATUS));
		reading += i % 4 ? rdtsc() - begin : 0;
		bad += wrong(at, sector, count);
		total += count;
	}
	command(disk.drive, 0, 0, FLUSH);
	if (!wait_done())
		fail("flush: status %2x", inb(STATUS));
	if (bad)
		fail("%u sectors are wrong", bad);
	report("written", total, writing);
	report("read (3 of 4)", total, reading);
}

/* All that was ever written, once more. */
static void verify(enum method method)
{
	uint8_t *buffer = (uint8_t *)DMA_BUFFER;
	unsigned bad = 0;

	for (uint32_t sector = 0; sector < disk.sectors; sector++) {
		unsigned count = 0;

		while (count < SECTORS_MAX && sector + count < disk.sectors && generations[sector + count])
			count++;
		if (!count)
			continue;
		if (!transfer(method, false, sector, count, buffer))
			return fail("reading %u sectors at %u: status %2x", count, sector, inb(STATUS));
		bad += wrong(buffer, sector, count);
		sector += count - 1;
	}
	if (bad)
		fail("%u sectors are wrong at the end", bad);
}

void check_ide_identify(void)
{
	uint16_t words[SECTOR / 2];
	uint32_t sectors = identify(0, words);
	char model[41];

	if (!sectors)
		return fail("no disk 0");
	for (unsigned i = 0; i < 20; i++) {
		model[2 * i] = (char)(words[27 + i] >> 8);
		model[2 * i + 1] = (char)words[27 + i];
	}
	for (unsigned i = 40; i && (i == 40 || model[i] == ' '); i--)
		model[i] = 0;
	note("disk 0: %s, %u sectors", model, sectors);
	sectors = identify(1, words);
	if (sectors)
		note("disk 1: %u sectors", sectors);
	outb(BASE + 6, 0xe0);
}

void check_ide_pio(void)
{
	if (choose())
		exercise(PIO);
}

void check_ide_dma(void)
{
	if (!choose())
		return;
	if (!disk.master)
		return fail("no bus master");
	exercise(DMA);
	verify(DMA);
}

void check_ide_interrupts(void)
{
	unsigned before = irq_counts[IRQ_IDE];

	if (!choose() || !disk.master)
		return fail("no bus master");
	ide_interrupts(true);
	exercise(DMA);
	ide_interrupts(false);
	note("%u interrupts", irq_counts[IRQ_IDE] - before);
}
