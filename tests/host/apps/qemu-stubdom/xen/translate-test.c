/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What libxl 4.17 to 4.20 and Qubes OS' libxl give to a device model, and what QEMU gets of it.
 * hosted: it sees what the C library has.
 * sources: apps/qemu-stubdom/xen/translate.c apps/qemu-stubdom/xen/vector.c
 */
#include "../../../../../apps/qemu-stubdom/xen/translate.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 64

/* Words are divided by "|". */
struct row {
	const char *words, *qemu;
	const char *lost; /* what each line names */
};

#define BEGIN "-xen-domid|1|-no-shutdown|-nodefaults|-no-user-config|-name|guest|-display|none|"
#define DISK "-drive|file=/dev/xvda,if=ide,index=0,media=disk,format=host_device,cache=writeback"
#define MACHINE "-machine|xenfv,suppress-vmdesc=on|-m|56|" DISK
#define QUBES \
	"-device|VGA,vgamem_mb=16|-boot|order=dc|-device|usb-ehci,id=ehci|-device|usb-tablet,bus=ehci.0|-smp|2,maxcpus=2|-net|none|"
#define NET "-qubes-net:client_ip=10.137.0.1,dns_0=10.139.1.1,dns_1=10.139.1.2,gw=10.137.0.2,netmask=255.255.255.255"

static const char *const unchanged[] = {
	BEGIN "-serial|/dev/hvc3|-nographic|-device|cirrus-vga,vgamem_mb=8|-boot|order=c|-net|none|" MACHINE,
	BEGIN
	"-k|de|-device|lsi53c895a|-serial|/dev/hvc3|-serial|/dev/hvc4|-vga|none|-usb|-usbdevice|tablet|-smp|4,maxcpus=4|" MACHINE,
	BEGIN "-device|rtl8139,id=nic0,netdev=net0,mac=00:16:3e:00:00:01|"
	      "-netdev|type=tap,id=net0,ifname=vif2.0-emu,br=xenbr0,script=no,downscript=no|" MACHINE,
	BEGIN "-kernel|/k|-initrd|/i|-append|root=/dev/xvda -qubes-net:|" MACHINE,
	BEGIN "-append|console=ttyS0|-kernel|/k|" MACHINE,
	BEGIN "-device|nec-usb-xhci,id=usb|" MACHINE,
	BEGIN "-device|piix3-usb-uhci,id=usb|-device|ich9-usb-ehci1,id=usb,addr=0x1d.0x7,multifunction=on|" MACHINE,
	BEGIN
	"-machine|pc,accel=xen,suppress-vmdesc=on,max-ram-below-4g=2147483648|-device|xen-platform|-m|1024|-incoming|fd:5|" DISK,
	BEGIN "-audio|wav|-device|intel-hda|-device|hda-duplex|" MACHINE,
	/* Words of the administrator's that look like options. */
	"-name|-qubes-net:x|-no-shutdown",
	"-name|-append|-no-shutdown",
	"-name|-append|-kernel|k|-append|-qubes-x",
	"-device|intel-hdax|-display|qubes-guix|-display|none,qubes-gui",
	"-name",
	"word|word",
	"||-|--|---",
};

static const struct row changed[] = {
	/* A guest of Qubes OS with a network, 2022; then one of release 4.2 with sound, and one without either. */
	{ BEGIN QUBES "-display|qubes-gui,domid=0,log-level=0|-machine|xenfv|-m|496|" DISK "|" NET,
	  BEGIN QUBES "-display|none|-machine|xenfv|-m|496|" DISK, "" },
	{ BEGIN QUBES "-display|qubes-gui,domid=3,log-level=2|" MACHINE "|-qubes-audio:audiovm_xid=3|" NET,
	  BEGIN QUBES "-display|none|" MACHINE, "" },
	{ "-device|intel-hda|-device|hda-duplex|-S|-qubes-audio:audiovm_xid=3",
	  "-audio|none|-device|intel-hda|-device|hda-duplex|-S", "" },
	{ BEGIN "-display|qubes-gui|" MACHINE "|-qubes-audio:audiovm_xid=-1", BEGIN "-display|none|" MACHINE, "" },
	/* A kernel from the guest's own disk. */
	{ BEGIN "-append|root=/dev/mapper/dmroot ro|" MACHINE, BEGIN MACHINE, "-append root=/dev/mapper/dmroot ro" },
	{ BEGIN "-append||" MACHINE, BEGIN MACHINE, "-append " },
	{ "-S|-initrd|/i|-append|-kernel|-nodefaults", "-S|-nodefaults", "-initrd /i\n-append -kernel" },
	{ "--append|x|-S", "-S", "-append x" },
	{ "-S|-append", "-S", "-append" },
	/* What is not known by then, before and behind others. */
	{ "-qubes-usb:x=1|-qubes-|-S|-m|56", "-S|-m|56", "-qubes-usb:x=1\n-qubes-" },
	{ "-snapshot|-qubes-usb:x=1|-m|56", "-snapshot|-m|56", "-qubes-usb:x=1" },
	{ "-enable-something|-qubes-usb:x=1|-m|56", "-enable-something|-m|56", "-qubes-usb:x=1" },
	/* acpi = 0 of libxl 4.17. */
	{ BEGIN "-no-acpi|-smp|2,maxcpus=2|" MACHINE, BEGIN "-machine|acpi=off|-smp|2,maxcpus=2|" MACHINE, "" },
	/* soundhw = hda and others. */
	{ BEGIN "-device|intel-hda|-device|hda-duplex|" MACHINE,
	  BEGIN "-audio|none|-device|intel-hda|-device|hda-duplex|" MACHINE, "-device intel-hda" },
	{ "-device|ac97|-S", "-audio|none|-device|ac97|-S", "-device ac97" },
	{ "--device|es1370,id=s|-S", "-audio|none|-device|es1370,id=s|-S", "-device es1370,id=s" },
	{ "-name|-qubes-audio:x|-device|ac97|-S", "-name|-qubes-audio:x|-audio|none|-device|ac97|-S", "-device ac97" },
	{ "-trace|events=/etc/e|-S", "-S", "-trace events=/etc/e" },
};

static int divide(char *text, char **words)
{
	int n = 0;

	for (char *word; (word = strsep(&text, "|")); n++) {
		assert(n < WORDS_MAX);
		words[n] = word;
	}
	return n;
}

static void expect_lines(char *said, const char *lost)
{
	char *names = strdup(lost), *rest = names;

	while (*lost && rest) {
		const char *name = strsep(&rest, "\n"), *line = strsep(&said, "\n");
		char expected[512];

		snprintf(expected, sizeof(expected), "arguments: %s: ", name);
		assert(line && !strncmp(line, expected, strlen(expected)) && line[strlen(expected)]);
	}
	assert(!*said);
	free(names);
}

static void check(const struct row *row)
{
	char *text = strdup(row->words), *expected = strdup(row->qemu), *words[WORDS_MAX], *qemus[WORDS_MAX], *said;
	int count = divide(text, words), wanted = divide(expected, qemus);
	struct vector out = { 0 };
	struct demands demands;
	size_t size;
	FILE *real = stderr;

	stderr = open_memstream(&said, &size);
	assert(translate(&out, words, count, &demands));
	fclose(stderr);
	stderr = real;
	assert(out.count == wanted && !demands.incoming);
	for (int i = 0; i < wanted; i++)
		assert(!strcmp(out.items[i], qemus[i]));
	expect_lines(said, row->lost);
	free(said);
	free(text);
	free(expected);
	vector_drop(&out);
}

static void incoming(void)
{
	char *words[] = { "-name",     "$STUBDOM_RESTORE_INCOMING_ARG", "-no-acpi",
		          "-incoming", "$STUBDOM_RESTORE_INCOMING_ARG", "-S" };
	struct vector out = { 0 };
	struct demands demands;

	assert(vector_add(&out, "qemu") && translate(&out, words, 6, &demands));
	assert(demands.incoming == 6 && out.count == 8 && !strcmp(out.items[5], "-incoming") && !strcmp(out.items[7], "-S"));
	vector_drop(&out);
}

static void lease(void)
{
	char *words[] = { "-name", "-qubes-net:x", "-no-acpi", "-qubes-net:a,b=c", "-S" };
	struct vector out = { 0 };
	struct demands demands;

	assert(translate(&out, words, 5, &demands) && out.count == 5);
	assert(!strcmp(demands.lease, "a,b=c"));
	assert(translate(&out, words, 3, &demands) && !demands.lease);
	vector_drop(&out);
}

static void screen(void)
{
	char *words[] = { "-name", "qubes-gui,x", "-display", "qubes-gui,domid=3", "-S" };
	struct vector out = { 0 };
	struct demands demands;

	assert(translate(&out, words, 5, &demands) && !strcmp(demands.screen, ",domid=3"));
	assert(translate(&out, words, 2, &demands) && !demands.screen);
	vector_drop(&out);
}

static void sound(void)
{
	char *words[] = { "-qubes-audio:audiovm_xid=3", "-device", "sb16", "-qubes-audio:audiovm_xid=-1" };
	struct vector out = { 0 };
	struct demands demands;

	assert(translate(&out, words, 3, &demands) && demands.card && !strcmp(demands.sound, "audiovm_xid=3"));
	assert(translate(&out, words, 1, &demands) && !demands.card && demands.sound);
	assert(translate(&out, words + 1, 3, &demands) && demands.card && !demands.sound);
	vector_drop(&out);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(unchanged) / sizeof(*unchanged); i++)
		check(&(struct row){ unchanged[i], unchanged[i], "" });
	for (size_t i = 0; i < sizeof(changed) / sizeof(*changed); i++)
		check(&changed[i]);
	incoming();
	lease();
	screen();
	sound();
	return 0;
}
