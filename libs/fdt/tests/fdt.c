/* SPDX-License-Identifier: BSD-3-Clause */
#include <libfdt.h>
#include <string.h>
#include "lib-test.h"

LIB_TEST("fdt: build, parse, edit", device_tree)
{
	static char tree[4096], copy[8192];
	const fdt32_t *cell;
	int node, length;

	CHECK(!fdt_create(tree, sizeof(tree)) && !fdt_finish_reservemap(tree));
	CHECK(!fdt_begin_node(tree, ""));
	CHECK(!fdt_property_string(tree, "compatible", "unidom,test"));
	CHECK(!fdt_begin_node(tree, "memory@40000000"));
	CHECK(!fdt_property_u64(tree, "reg", 0x40000000) && !fdt_property_u32(tree, "phandle", 7));
	CHECK(!fdt_end_node(tree) && !fdt_end_node(tree) && !fdt_finish(tree));
	CHECK(!fdt_check_full(tree, sizeof(tree)));

	CHECK(!fdt_open_into(tree, copy, sizeof(copy)));
	node = fdt_path_offset(copy, "/memory");
	CHECK(node > 0 && fdt_node_offset_by_phandle(copy, 7) == node);
	cell = fdt_getprop(copy, node, "reg", &length);
	CHECK(cell && length == 8 && fdt32_to_cpu(cell[1]) == 0x40000000);
	CHECK(fdt_add_subnode(copy, 0, "chosen") > 0);
	node = fdt_path_offset(copy, "/chosen");
	CHECK(node > 0 && !fdt_setprop_string(copy, node, "bootargs", "quiet") && !fdt_pack(copy));
	CHECK(!strcmp(fdt_getprop(copy, fdt_path_offset(copy, "/chosen"), "bootargs", NULL), "quiet"));
	CHECK(fdt_path_offset(copy, "/nowhere") == -FDT_ERR_NOTFOUND);
	return true;
}
