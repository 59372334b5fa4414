/* SPDX-License-Identifier: BSD-3-Clause */
/* A USB tablet (HID 1.11): it is found, configured and, when the check "tablet" is named, its reports are printed. */
#include "usb.h"

#define UHCI_CLASS 0x0c0300

#define GET_DESCRIPTOR 6
#define SET_ADDRESS 5
#define SET_CONFIGURATION 9
#define SET_IDLE 10
#define CLASS_TO_INTERFACE 0x21
#define DEVICE 1
#define CONFIGURATION 2
#define INTERFACE 4
#define ENDPOINT 5
#define REPORT 0x22

#define CLASS_HID 3
#define CONFIGURATION_MAX 255
#define ADDRESS 5
#define REPORT_BYTES 8
#define POINTER "\x05\x01\x09\x02" /* a report descriptor's begin: generic desktop, mouse */

struct tablet {
	struct usb_device device;
	unsigned endpoint, packet;
};

static int get(const struct usb_device *device, unsigned kind, unsigned type, void *to, unsigned size)
{
	struct usb_request request = { USB_TO_HOST | kind, GET_DESCRIPTOR, (uint16_t)(type << 8), 0, (uint16_t)size };

	return uhci_control(device, &request, to);
}

static bool set(const struct usb_device *device, unsigned type, unsigned request, unsigned value)
{
	struct usb_request r = { (uint8_t)type, (uint8_t)request, (uint16_t)value, 0, 0 };

	return uhci_control(device, &r, NULL) == 0;
}

/* The endpoint of the first HID interface; false if there is none. */
static bool hid_endpoint(const uint8_t *configuration, unsigned total, struct tablet *tablet)
{
	bool hid = false;

	for (unsigned at = 0; at + 2 <= total && configuration[at] >= 2; at += configuration[at]) {
		const uint8_t *d = configuration + at;

		if (d[1] == INTERFACE)
			hid = d[5] == CLASS_HID;
		if (d[1] == ENDPOINT && hid && d[2] & 0x80) {
			tablet->endpoint = d[2] & 15;
			tablet->packet = d[4] | d[5] << 8;
			return true;
		}
	}
	return false;
}

static bool is_tablet(unsigned port, struct tablet *tablet)
{
	struct usb_device *device = &tablet->device;
	uint8_t d[CONFIGURATION_MAX];
	unsigned total;

	if (!uhci_attach(port, device))
		return false;
	if (get(device, 0, DEVICE, d, 8) != 8) {
		fail("port %u: no device descriptor", port);
		return false;
	}
	device->packet = d[7];
	if (!set(device, 0, SET_ADDRESS, ADDRESS)) {
		fail("port %u: takes no address", port);
		return false;
	}
	device->address = ADDRESS;
	if (get(device, 0, DEVICE, d, 18) != 18) {
		fail("port %u: does not answer at its address", port);
		return false;
	}
	note("port %u: USB device %4x:%4x", port, d[9] << 8 | d[8], d[11] << 8 | d[10]);
	if (get(device, 0, CONFIGURATION, d, 9) != 9) {
		fail("port %u: no configuration", port);
		return false;
	}
	total = d[3] ? CONFIGURATION_MAX : d[2];
	if (get(device, 0, CONFIGURATION, d, total) != (int)total || !set(device, 0, SET_CONFIGURATION, d[5])) {
		fail("port %u: takes no configuration", port);
		return false;
	}
	if (!hid_endpoint(d, total, tablet) || get(device, USB_INTERFACE, REPORT, d, 16) != 16 || memcmp(d, POINTER, 4)) {
		note("port %u: no pointer", port);
		return false;
	}
	set(device, CLASS_TO_INTERFACE, SET_IDLE, 0);
	return true;
}

/* Start the controller and look at its ports; it runs on if the answer is yes. */
static bool find(struct tablet *tablet)
{
	uint32_t function = pci_find_interface(UHCI_CLASS);

	if (!function) {
		note("no UHCI controller");
		return false;
	}
	uhci_start(function);
	for (unsigned port = 0; port < UHCI_PORTS; port++)
		if (is_tablet(port, tablet))
			return true;
	uhci_stop();
	return false;
}

void check_usb_tablet(void)
{
	struct tablet tablet;

	if (find(&tablet)) {
		note("tablet: endpoint %u, %u bytes a report", tablet.endpoint, tablet.packet);
		uhci_stop();
	} else if (parameter("hid")) {
		fail("no tablet");
	}
}

void check_tablet(void)
{
	uint64_t end = 0;
	struct tablet tablet;
	uint8_t report[REPORT_BYTES];
	unsigned seconds = parameter_number("seconds", 60);
	int n = 0;

	if (!find(&tablet) || tablet.packet > sizeof(report)) {
		fail("no tablet");
		return;
	}
	uhci_poll_begin(&tablet.device, tablet.endpoint, tablet.packet);
	print("guest: tablet ready\n");
	/* The right button ends it. Deadlines are of seconds at most. */
	for (unsigned i = 0; i < seconds && n >= 0; i++)
		for (end = deadline_ms(1000); !past(end) && n >= 0;) {
			n = uhci_poll(report);
			if (n < 5)
				continue;
			print("guest: tablet %u %u buttons %u\n", report[1] | report[2] << 8, report[3] | report[4] << 8,
			      report[0]);
			if (report[0] & 2) {
				uhci_stop();
				return;
			}
		}
	if (n < 0)
		fail("the tablet's endpoint failed");
	uhci_stop();
}
