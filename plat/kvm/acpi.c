/* SPDX-License-Identifier: BSD-3-Clause */
/* Just enough ACPI (6.4, chapters 4.8 and 5.2) to power the machine off: FADT for the register, the DSDT's \_S5_ for the value. */
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

#define FADT_DSDT 40
#define FADT_PM1A_CONTROL 64
#define SLEEP_ENABLE (1u << 13)

static uint16_t pm1a_control;
static uint8_t sleep_type;

static const void *map_table(uint64_t pa)
{
	const struct acpi_header *h = vmem_map_device(pa, sizeof(*h));
	const void *whole = h && h->length >= sizeof(*h) && h->length < (1u << 20) ? vmem_map_device(pa, h->length) : NULL;

	return whole;
}

static uint32_t read32(const void *table, unsigned offset)
{
	uint32_t v;

	memcpy(&v, (const char *)table + offset, sizeof(v));
	return v;
}

static const struct acpi_header *find_fadt(uint64_t rsdp)
{
	const char *root = vmem_map_device(rsdp, 36);
	const struct acpi_header *rsdt = root ? map_table(read32(root, 16)) : NULL;

	if (!rsdt)
		return NULL;
	for (unsigned at = sizeof(*rsdt); at + 4 <= rsdt->length; at += 4) {
		const struct acpi_header *t = map_table(read32(rsdt, at));

		if (t && !memcmp(t->signature, "FACP", 4))
			return t;
	}
	return NULL;
}

/* The byte code: NameOp "_S5_" PackageOp length count value, a small value being BytePrefix n, or 0 or 1 as an opcode. */
static bool find_sleep_type(const struct acpi_header *dsdt)
{
	const uint8_t *p = (const uint8_t *)dsdt;

	for (unsigned at = sizeof(*dsdt); at + 9 < dsdt->length; at++) {
		if (memcmp(p + at, "_S5_", 4) || p[at + 4] != 0x12)
			continue;
		unsigned value = at + 7 + (p[at + 5] >> 6);

		sleep_type = p[value] == 0x0a ? p[value + 1] : p[value];
		return true;
	}
	return false;
}

void acpi_init(uint64_t rsdp)
{
	const struct acpi_header *fadt = rsdp ? find_fadt(rsdp) : NULL;
	const struct acpi_header *dsdt = fadt ? map_table(read32(fadt, FADT_DSDT)) : NULL;

	if (dsdt && find_sleep_type(dsdt))
		pm1a_control = read32(fadt, FADT_PM1A_CONTROL);
	else
		pr_info("ACPI: no way to power off");
}

void acpi_power_off(void)
{
	if (pm1a_control)
		outw(pm1a_control, SLEEP_ENABLE | (uint16_t)(sleep_type & 7) << 10);
}
