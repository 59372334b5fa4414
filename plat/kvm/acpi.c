/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Just enough ACPI (6.4, chapters 4.8 and 5.2) to power the machine off, FADT for the register, the DSDT's \_S5_ for the value; and to find
 * the timer. Lengths and addresses are the firmware's: what is shorter than what is read of it, or not in memory, is as if it were not there.
 */
#include <arch/io.h>
#include <core/log.h>
#include <core/string.h>
#include <core/vmem.h>

#include "kvm.h"

struct acpi_header {
	char signature[4];
	uint32_t length;
	uint8_t rest[28];
} __packed;

#define TABLE_MAX (1u << 20)
#define ROOT_SIZE 20 /* as far as it is read */
#define FADT_DSDT 40
#define FADT_PM1A_CONTROL 64
#define FADT_PM_TIMER 76
#define FADT_PM_TIMER_LENGTH 91
#define FADT_SIZE 116 /* of its first version */
#define SLEEP_ENABLE (1u << 13)

static const struct acpi_header *dsdt;
static uint32_t dsdt_length;
static uint16_t pm1a_control, pm_timer;

static uint32_t read32(const void *table, unsigned offset)
{
	uint32_t v;

	memcpy(&v, (const char *)table + offset, sizeof(v));
	return v;
}

static uint32_t length_of(const struct acpi_header *h)
{
	return h ? read32(h, offsetof(struct acpi_header, length)) : 0;
}

/* A table of @least bytes or more. NULL for one that is shorter, or larger than any. */
static const void *map_table(uint64_t pa, uint32_t least)
{
	const struct acpi_header *h = pa ? vmem_map_device(pa, sizeof(*h)) : NULL;
	uint32_t length = length_of(h);

	return length >= least && length < TABLE_MAX ? vmem_map_device(pa, length) : NULL;
}

static const struct acpi_header *find_fadt(uint64_t rsdp)
{
	const char *root = vmem_map_device(rsdp, ROOT_SIZE);
	const struct acpi_header *rsdt =
		root && !memcmp(root, "RSD PTR ", 8) ? map_table(read32(root, 16), sizeof(*rsdt)) : NULL;

	if (!rsdt)
		return NULL;
	for (unsigned at = sizeof(*rsdt); at + 4 <= rsdt->length; at += 4) {
		const struct acpi_header *t = map_table(read32(rsdt, at), sizeof(*t));

		if (t && !memcmp(t->signature, "FACP", 4))
			return t->length >= FADT_SIZE ? t : NULL;
	}
	return NULL;
}

/* The byte code: NameOp "_S5_" PackageOp length count value, a small value being BytePrefix n, or 0 or 1 as an opcode. -1 if it is not there. */
static int sleep_type(void)
{
	const uint8_t *p = (const uint8_t *)dsdt;

	for (unsigned at = sizeof(*dsdt); at + 12 < dsdt_length; at++) { /* the longest form has 12 bytes */
		if (p[at] != '_' || memcmp(p + at, "_S5_", 4) || p[at + 4] != 0x12)
			continue;
		unsigned value = at + 7 + (p[at + 5] >> 6);

		return (p[value] == 0x0a ? p[value + 1] : p[value]) & 7;
	}
	return -1;
}

void acpi_init(uint64_t rsdp)
{
	const struct acpi_header *fadt = rsdp ? find_fadt(rsdp) : NULL;

	if (fadt && ((const uint8_t *)fadt)[FADT_PM_TIMER_LENGTH] == 4 && read32(fadt, FADT_PM_TIMER) <= UINT16_MAX)
		pm_timer = (uint16_t)read32(fadt, FADT_PM_TIMER);
	if (fadt && read32(fadt, FADT_PM1A_CONTROL) <= UINT16_MAX)
		pm1a_control = (uint16_t)read32(fadt, FADT_PM1A_CONTROL);
	dsdt = fadt ? map_table(read32(fadt, FADT_DSDT), sizeof(*dsdt)) : NULL;
	dsdt_length = length_of(dsdt);
	if (!dsdt || !pm1a_control)
		pr_info("ACPI: no way to power off");
}

uint16_t acpi_pm_timer(void)
{
	return pm_timer;
}

/* Only here the whole table is looked through: most machines run for long before, and start often. */
void acpi_power_off(void)
{
	int type = dsdt && pm1a_control ? sleep_type() : -1;

	if (type >= 0)
		outw(pm1a_control, SLEEP_ENABLE | (uint16_t)type << 10);
}
