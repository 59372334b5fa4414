/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Folders of devices: numbers in ascending order, what is no number last, too many without a bad access; and which changes tell of devices.
 * sources: drivers/xen-bus/names.c core/base/string.c
 */
#include <core/string.h>

#include "../../../../drivers/xen-bus/names.h"
#include "../../host.h"

static struct device_name found[NAMES_MAX];

static void test_order(void)
{
	static const char names[] = "5632\0"
				    "768\0"
				    "hda\0"
				    "4294967296\0"
				    "832\0"
				    "\0"
				    "-1\0"
				    "51712x";
	static const char *const expected[] = { "768", "832", "5632", "hda", "4294967296", "", "-1", "51712x" };

	CHECK_EQ(names_sort(names, sizeof(names), found), ARRAY_SIZE(expected));
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		CHECK(!strcmp(found[i].name, expected[i]));
		CHECK((found[i].id == ID_NONE) == (i > 2));
	}
	CHECK_EQ(names_sort(names, 0, found), 0);
	CHECK_EQ(names_sort(NULL, 0, found), 0);
}

static void test_many(void)
{
	static char names[4 * 200];
	size_t len = 0;

	for (unsigned i = 0; i < 200; i++)
		len += snprintf(names + len, sizeof(names) - len, "%u", 299 - i) + 1;
	CHECK_EQ(names_sort(names, len, found), 200);
	CHECK_EQ(found[0].id, 299 - NAMES_MAX + 1);
	CHECK_EQ(found[NAMES_MAX - 1].id, 299);
}

static void test_changes(void)
{
	CHECK(names_changed("device/vbd", "device/vbd"));
	CHECK(names_changed("device/vbd", "device/vbd/768"));
	CHECK(names_changed("device/vbd", "device/vbd/768/backend"));
	CHECK(!names_changed("device/vbd", "device/vbd/768/backend-id"));
	CHECK(!names_changed("device/vbd", "device/vbd/768/state"));
	CHECK(!names_changed("device/vbd", "device/vbd/768/"));
	CHECK(names_changed("device/vbd", "device"));
	CHECK(names_changed("device/vbd", ""));
}

int main(void)
{
	test_order();
	test_many();
	test_changes();
	return 0;
}
