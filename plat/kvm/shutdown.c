/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end. QEMU's isa-debug-exit device, when the host configured one, carries the status: 7 bits of it reach the host. Otherwise the
 * machine powers off by ACPI.
 */
#include <arch/io.h>
#include <core/log.h>
#include <core/string.h>
#include <plat/plat.h>

#include "kvm.h"

#define DEBUG_EXIT_PORT 0xf4
#define STATUS_MAX 127
#define STATUS_CRASHED 101

void kvm_shutdown(int status)
{
	static const char what[] = "unidom: exit status ";
	char line[48];

	if (status < 0 || status > STATUS_MAX)
		status = STATUS_MAX;
	kvm_console_write(line, snprintf(line, sizeof(line), "%s%d\n", what, status));
	outb(DEBUG_EXIT_PORT, status);
	acpi_power_off();
	for (;;)
		__asm__ volatile("cli; hlt");
}

void kvm_crash(void)
{
	kvm_shutdown(STATUS_CRASHED);
}
