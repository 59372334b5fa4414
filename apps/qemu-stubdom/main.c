/* SPDX-License-Identifier: BSD-3-Clause */
/* QEMU as the program of a unikernel: the argument vector is QEMU's, the exit status is QEMU's. */
#include <stdlib.h>

#include "arguments.h"
#include "firmware.h"

/* QEMU's entry points (its include/system/system.h, which only its own sources can include). */
void qemu_init(int argc, char **argv);
int qemu_main_loop(void);
void qemu_cleanup(int status);

int main(int argc, char **argv)
{
	char **arguments;

	argc = arguments_get(argc, argv, &arguments);
	if (argc < 0)
		return EXIT_FAILURE;
	qemu_init(argc, arguments);
	firmware_drop();
	if (arguments_serve())
		return EXIT_FAILURE;
	int status = qemu_main_loop();

	qemu_cleanup(status);
	return status;
}
