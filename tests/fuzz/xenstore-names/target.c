/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What stands in a folder of devices: names as they are listed, in order, and no more than there is room for.
 * sources: drivers/xen-bus/names.c core/base/string.c
 */
#include <core/string.h>

#include "../../../drivers/xen-bus/names.h"
#include "../fuzz.h"

static void check_sorted(const char *names, size_t size)
{
	static struct device_name found[NAMES_MAX];
	size_t count = names_sort(names, size, found);

	for (size_t i = 0; i < MIN(count, (size_t)NAMES_MAX); i++) {
		CHECK(found[i].name >= names && found[i].name < names + size);
		CHECK(!i || found[i - 1].id <= found[i].id);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The store ends each name, and the driver adds one zero byte. */
	char *names = malloc(size + 1);

	memcpy(names, data, size);
	names[size] = 0;
	check_sorted(names, size + 1);
	names_changed("device/vbd", names);
	free(names);
	return 0;
}
