/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Addresses as the toolstack and the back end write them, and what is none; requests for registers that there are, and for others; what a
 * back end may answer.
 * sources: drivers/xen-pci/message.c core/base/string.c
 */
#include <core/errno.h>
#include <core/string.h>

#include "../../../../drivers/xen-pci/message.h"
#include "../../host.h"

static void test_addresses(void)
{
	static const char *const bad[] = {
		"",
		":",
		"0000",
		"0000:00",
		"0000:00:01",
		"0000:00:01.",
		"0000:00:.0",
		":00:01.0",
		"0000::01.0",
		"0000:00:20.0",
		"0000:00:01.8",
		"0000:00:ff.0",
		"10000:00:01.0",
		"0000:100:01.0",
		"0000:00:001.0",
		"0000:00:01.000",
		"0000:00:01.0 ",
		" 0000:00:01.0",
		"0000:00:01.0x",
		"-1:00:01.0",
		"0x0:00:01.0",
		"0000.00.01.0",
		"0000:00:01:0",
		"g000:00:01.0",
		"0000:00:01.0\n",
		"+0:0:0.0",
	};
	static const char *const good[] = { "0000:00:1f.7", "0:0:1F.7", "0000:00:1f.07" };
	struct xen_pci_address a = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		a = (struct xen_pci_address){ 1, 2, 3, 4 };
		CHECK(pci_parse(good[i], &a));
		CHECK(!a.domain && !a.bus && a.device == 31 && a.function == 7);
	}
	CHECK(pci_parse("ffff:fe:00.1", &a));
	CHECK(a.domain == 0xffff && a.bus == 0xfe && !a.device && a.function == 1);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK(!pci_parse(bad[i], &a));
		CHECK(a.domain == 0xffff && a.function == 1); /* untouched */
	}
}

static void test_requests(void)
{
	static const struct xen_pci_address at = { 1, 2, 31, 7 };
	static const struct xen_pci_address no_device = { 0, 0, 32, 0 }, no_function = { 0, 0, 0, 8 };
	static const struct {
		unsigned offset, size;
	} bad[] = { { 0, 0 },    { 0, 3 },    { 0, 8 },   { 1, 2 },       { 2, 4 },        { 3, 4 },
		    { 4096, 1 }, { 4096, 4 }, { ~0u, 1 }, { ~0u - 3, 4 }, { 1u << 31, 4 }, { 0, ~0u } };
	struct pci_request r;

	CHECK(pci_request(&r, PCI_WRITE, &at, 4, 2, 0x12345678));
	CHECK(r.command == PCI_WRITE && r.domain == 1 && r.bus == 2 && r.devfn == 0xff && r.offset == 4 && r.size == 2);
	CHECK_EQ(r.value, 0x5678);
	CHECK_EQ(r.error, 0);
	CHECK(pci_request(&r, PCI_READ, &at, 4092, 4, 0) && pci_request(&r, PCI_READ, &at, 4095, 1, 0));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CHECK(!pci_request(&r, PCI_READ, &at, bad[i].offset, bad[i].size, 0));
	CHECK(!pci_request(&r, PCI_READ, &no_device, 0, 4, 0) && !pci_request(&r, PCI_READ, &no_function, 0, 4, 0));
}

static void test_answers(void)
{
	CHECK_EQ(pci_errno(PCI_OK), 0);
	CHECK_EQ(pci_errno(PCI_NOT_FOUND), -ENODEV);
	CHECK_EQ(pci_errno(PCI_DENIED), -EACCES);
	CHECK_EQ(pci_errno(-5), -EIO);
	/* No answer is success but the one, and none is a number that nobody expects. */
	CHECK_EQ(pci_errno(1), -EIO);
	CHECK_EQ(pci_errno(INT32_MIN), -EIO);
	CHECK_EQ(pci_errno(INT32_MAX), -EIO);
	CHECK_EQ(pci_value(0xffffffff, 1), 0xff);
	CHECK_EQ(pci_value(0xffffffff, 2), 0xffff);
	CHECK_EQ(pci_value(0xffffffff, 4), 0xffffffff);
}

int main(void)
{
	test_addresses();
	test_requests();
	test_answers();
	return 0;
}
