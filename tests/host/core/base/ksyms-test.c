/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names for addresses: the right one, or none.
 * sources: core/base/ksyms.c
 */
#include "../../../../core/base/ksyms.h"
#include "../../host.h"

const char __ksyms_start[1], __ksyms_end[1], __text_start[1], __text_end[1];

static const struct {
	uint32_t count;
	struct {
		uint32_t address, name;
	} entries[4];
	uint16_t sizes[4];
	char names[16];
} table = {
	4,
	{ { 0x1000, 0 }, { 0x1040, 2 }, { 0x200000, 4 }, { 0x300000, 6 } },
	{ 0x35, 0x40, 0, 0xffff },
	"a\0b\0c\0d",
};

/* @name 0: none. */
static void check(uintptr_t addr, char name, uintptr_t offset)
{
	uintptr_t got = 0;
	const char *found = ksyms_find(&table, sizeof(table), addr, &got);

	CHECK_EQ(found ? *found : 0, name);
	CHECK_EQ(got, offset);
}

int main(void)
{
	uintptr_t offset;

	check(0, 0, 0);
	check(0xfff, 0, 0);
	check(0x1000, 'a', 0);
	check(0x1034, 'a', 0x34);
	check(0x1035, 0, 0); /* between functions */
	check(0x103f, 0, 0);
	check(0x1040, 'b', 0);
	check(0x107f, 'b', 0x3f);
	check(0x1080, 0, 0); /* code that the table does not name */
	check(0x1fffff, 0, 0);
	check(0x200000, 0, 0); /* a size that nobody knows */
	check(0x300000 + 0xfffe, 'd', 0xfffe);
	check(0x300000 + 0xffff, 0, 0);
	check(UINTPTR_MAX, 0, 0);
	CHECK(!ksyms_find(&table, 0, 0x1000, &offset));
	return 0;
}
