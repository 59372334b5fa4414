/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The CD drive, the first one of the secondary IDE channel, by packet commands: whenever what is in it changes, a line tells "no medium" or the
 * word with which the medium's first sector begins. While a medium is in that begins with "lock", the drive is locked, until somebody asks the guest
 * for it, and "last" ends the check.
 */
#include "guest.h"

#define BASE 0x170
#define STATUS (BASE + 7)
#define CONTROL 0x376
#define NO_INTERRUPTS 2
#define BUSY 0x80
#define REQUEST 0x08
#define ERROR 0x01
#define REASON (BASE + 2)
#define PACKET 0xa0

#define COMMAND 12
#define SECTOR 2048
#define WORD_SIZE 16
#define LIMIT_MS 20000

#define TEST_UNIT_READY 0x00
#define REQUEST_SENSE 0x03
#define PREVENT_REMOVAL 0x1e
#define READ_10 0x28
#define GET_EVENT 0x4a

#define SENSE_KEY 2
#define SENSE_CODE 12
#define NOT_READY 2
#define NO_MEDIUM 0x3a
#define EVENT_OF_MEDIA 0x10
#define EJECT_WANTED 1

static uint8_t wait_ready(void)
{
	uint64_t end = deadline_ms(LIMIT_MS);
	uint8_t status;

	do
		status = inb(STATUS);
	while (status & BUSY && !past(end));
	return status;
}

/* Up to @size bytes to @to. Returns how many came, or -1 for a check condition. */
static int packet(const uint8_t *command, uint8_t *to, unsigned size)
{
	unsigned got = 0;
	uint8_t status;

	outb(BASE + 6, 0xa0);
	outb(BASE + 1, 0);
	outb(BASE + 4, (uint8_t)size);
	outb(BASE + 5, (uint8_t)(size >> 8));
	outb(STATUS, PACKET);
	if ((wait_ready() & (BUSY | REQUEST | ERROR)) != REQUEST)
		return -1;
	outsw(BASE, command, COMMAND / 2);
	while ((status = wait_ready()) & REQUEST) {
		unsigned n = inb(BASE + 4) | (unsigned)inb(BASE + 5) << 8;

		if (!n || n % 2 || got + n > size)
			return -1;
		insw(BASE, to + got, n / 2);
		got += n;
	}
	return status & (BUSY | ERROR) ? -1 : (int)got;
}

/* Is there a medium? Changes of it are told once each by failures, which are asked for until there are none. */
static bool has_medium(void)
{
	static const uint8_t test[COMMAND] = { TEST_UNIT_READY }, sense[COMMAND] = { REQUEST_SENSE, 0, 0, 0, 18 };
	uint8_t answer[18];

	for (unsigned i = 0; i < 4; i++) {
		if (packet(test, NULL, 0) >= 0)
			return true;
		if (packet(sense, answer, sizeof(answer)) < 0)
			return false;
		if ((answer[SENSE_KEY] & 15) == NOT_READY && answer[SENSE_CODE] == NO_MEDIUM)
			return false;
	}
	return false;
}

static bool read_word(char word[WORD_SIZE])
{
	static const uint8_t read[COMMAND] = { READ_10, 0, 0, 0, 0, 0, 0, 0, 1 };
	const uint8_t *buffer = (uint8_t *)WORK_BUFFER;

	if (packet(read, (uint8_t *)WORK_BUFFER, SECTOR) != SECTOR)
		return false;
	for (unsigned n = 0; n < WORD_SIZE - 1 && buffer[n] > ' ' && buffer[n] < 0x7f; n++)
		word[n] = (char)buffer[n];
	return true;
}

static void lock(bool locked)
{
	const uint8_t command[COMMAND] = { PREVENT_REMOVAL, 0, 0, 0, locked };

	if (packet(command, NULL, 0) < 0)
		fail("the drive cannot be %s", locked ? "locked" : "unlocked");
}

static bool eject_wanted(void)
{
	static const uint8_t command[COMMAND] = { GET_EVENT, 1, 0, 0, EVENT_OF_MEDIA, 0, 0, 0, 8 };
	uint8_t answer[8];

	return packet(command, answer, sizeof(answer)) == sizeof(answer) && (answer[4] & 15) == EJECT_WANTED;
}

/* What is in the drive, filled up with zeros: nothing but those for nothing. False if it cannot be told now. */
static bool look(char word[WORD_SIZE])
{
	memset(word, 0, WORD_SIZE);
	return !has_medium() || read_word(word);
}

void check_cdrom(void)
{
	uint64_t end = deadline_ms(1000 * parameter_number("seconds", 60));
	char seen[WORD_SIZE] = "?", now[WORD_SIZE];
	bool locked = false;

	outb(CONTROL, NO_INTERRUPTS);
	irq_enable(IRQ_TIMER);
	while (memcmp(seen, "last", 4)) {
		irq_wait(IRQ_TIMER, irq_counts[IRQ_TIMER], 200); /* leave the processor to others */
		if (past(end)) {
			fail("the medium \"last\" did not come");
			break;
		}
		if (locked && eject_wanted()) {
			note("cdrom: asked for it");
			lock(locked = false);
		}
		if (!look(now) || !memcmp(now, seen, WORD_SIZE))
			continue;
		memcpy(seen, now, WORD_SIZE);
		note("cdrom: %s", *now ? now : "no medium");
		if (!memcmp(seen, "lock", 4))
			lock(locked = true);
	}
	irq_disable(IRQ_TIMER);
}
