/* SPDX-License-Identifier: BSD-3-Clause */
/* USB 1.1 by one UHCI controller, polled; one transfer at a time. */
#ifndef USB_H
#define USB_H

#include "guest.h"

struct usb_device {
	uint8_t address; /* 0 until SET_ADDRESS */
	uint8_t packet; /* largest packet of endpoint 0 */
	bool slow; /* 1.5 Mbit/s */
};

/* The setup packet of a control transfer (USB 1.1, 9.3). */
struct usb_request {
	uint8_t type, request;
	uint16_t value, index, size;
};

#define USB_TO_HOST 0x80
#define USB_INTERFACE 0x01

#define UHCI_PORTS 2

/* uhci.c: reset the controller at @function and start its frames. */
void uhci_start(uint32_t function);
void uhci_stop(void);
/* Reset what is at @port and enable it; false if nothing is there. */
bool uhci_attach(unsigned port, struct usb_device *device);
/* Bytes of the data stage, or -1: an error or a second without an answer. */
int uhci_control(const struct usb_device *device, const struct usb_request *request, void *data);
/* Let the controller ask @endpoint for @size bytes in every frame. */
void uhci_poll_begin(const struct usb_device *device, unsigned endpoint, unsigned size);
/* Bytes that came, 0 for none yet, -1 after an error; after bytes the controller goes on asking. */
int uhci_poll(void *data);

#endif
