/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which device a tap's name means, and what the tap is called.
 * sources: posix/tun/name.c core/base/string.c core/base/printf.c
 */
#include <core/string.h>

#include "../../../../posix/tun/tun.h"
#include "../../host.h"

static void numbers(void)
{
	CHECK_EQ(tap_number("vif3.0-emu"), 0);
	CHECK_EQ(tap_number("vif12.7-emu"), 7);
	CHECK_EQ(tap_number("vif12.10"), 10);
	CHECK_EQ(tap_number("vif1.2-emu2"), -1);
	CHECK_EQ(tap_number("vif1."), -1);
	CHECK_EQ(tap_number("vif.1-emu"), -1);
	CHECK_EQ(tap_number("vif1.99999999999"), -1);
	CHECK_EQ(tap_number("vif1.-1"), -1);
	CHECK_EQ(tap_number("tap0"), -1);
	CHECK_EQ(tap_number("lan-emu"), -1);
	CHECK_EQ(tap_number(""), -1);
}

static void named(const char *wanted, unsigned number, const char *name)
{
	char out[IFNAMSIZ];

	tap_name(out, wanted, number);
	CHECK(!strcmp(out, name));
}

int main(void)
{
	numbers();
	named("", 3, "tap3");
	named("tap%d", 12, "tap12");
	named("vif3.1-emu", 1, "vif3.1-emu");
	named("x%dy", 1, "x1y");
	named("123456789012%d", 65535, "123456789012655");
	named("%n%s", 1, "%n%s");
	return 0;
}
