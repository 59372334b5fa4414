/* SPDX-License-Identifier: BSD-3-Clause */
/* Seen before the file of QEMU's with the processor's accesses to ports: they are the glue's. */
#pragma once

#include "qemu/osdep.h"
#include "hw/isa/isa.h"

void uk_port_stb(AddressSpace *as, hwaddr port, uint8_t value, MemTxAttrs attrs, MemTxResult *result);
void uk_port_stw(AddressSpace *as, hwaddr port, uint16_t value, MemTxAttrs attrs, MemTxResult *result);
void uk_port_stl(AddressSpace *as, hwaddr port, uint32_t value, MemTxAttrs attrs, MemTxResult *result);
uint8_t uk_port_ldub(AddressSpace *as, hwaddr port, MemTxAttrs attrs, MemTxResult *result);
uint16_t uk_port_lduw(AddressSpace *as, hwaddr port, MemTxAttrs attrs, MemTxResult *result);
uint32_t uk_port_ldl(AddressSpace *as, hwaddr port, MemTxAttrs attrs, MemTxResult *result);

#define address_space_stb uk_port_stb
#define address_space_stw uk_port_stw
#define address_space_stl uk_port_stl
#define address_space_ldub uk_port_ldub
#define address_space_lduw uk_port_lduw
#define address_space_ldl uk_port_ldl
