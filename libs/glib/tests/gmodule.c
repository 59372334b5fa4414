/* SPDX-License-Identifier: BSD-3-Clause */
#include <gmodule.h>
#include "lib-test.h"

LIB_TEST("glib: GModule has nothing to load", gmodule)
{
	CHECK(g_module_supported());
	CHECK(!g_module_open("libz.so", G_MODULE_BIND_LAZY));
	CHECK(g_module_error());
	return true;
}
