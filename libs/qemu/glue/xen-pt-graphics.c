/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What upstream's hw/xen/xen_pt_graphics.c does wants the host's video BIOS out of /dev/mem and Intel's tables: here graphics are refused, by name,
 * when the machine is made, so that the rest of these functions is reached for no graphics card's sake.
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/xen/xen_pt.h"
#pragma GCC diagnostic pop

/* Property igd-passthru of the machine; libxl's gfx_passthru. */
void xen_igd_gfx_pt_set(bool value, Error **errp)
{
	if (value)
		error_setg(errp,
		           "graphics pass-through (gfx_passthru) is not supported in this stubdomain; other PCI devices are");
}

int xen_pt_register_vga_regions(XenHostPCIDevice *dev G_GNUC_UNUSED)
{
	return 0;
}

int xen_pt_unregister_vga_regions(XenHostPCIDevice *dev G_GNUC_UNUSED)
{
	return 0;
}

void xen_pt_setup_vga(XenPCIPassthroughState *s G_GNUC_UNUSED, XenHostPCIDevice *dev G_GNUC_UNUSED, Error **errp)
{
	xen_igd_gfx_pt_set(true, errp);
}

void xen_igd_passthrough_isa_bridge_create(XenPCIPassthroughState *s G_GNUC_UNUSED, XenHostPCIDevice *dev G_GNUC_UNUSED)
{
}

uint32_t igd_read_opregion(XenPCIPassthroughState *s G_GNUC_UNUSED)
{
	return 0;
}

void igd_write_opregion(XenPCIPassthroughState *s G_GNUC_UNUSED, uint32_t val G_GNUC_UNUSED)
{
}
