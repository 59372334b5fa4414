/* SPDX-License-Identifier: BSD-3-Clause */
/* A UHCI host controller (Universal Host Controller Interface 1.1): every frame points at one queue, which holds one transfer. */
#include "usb.h"

#define COMMAND 0
#define STATUS 2
#define INTERRUPTS 4
#define FRAME_NUMBER 6
#define FRAME_LIST 8
#define PORT(n) (0x10 + 2 * (n))
#define RUN 1
#define CONTROLLER_RESET 2
#define GLOBAL_RESET 4
#define PORT_CONNECTED 1
#define PORT_CHANGES 0x0a /* written back to clear them */
#define PORT_ENABLED 4
#define PORT_SLOW 0x100
#define PORT_RESET 0x200
#define IO_BAR 4

#define END 1u /* in a link */
#define QUEUE 2u
#define FRAMES 1024

#define ACTIVE (1u << 23)
#define ERRORS (0x76u << 16) /* all but NAK */
#define SLOW (1u << 26)
#define TRIES (3u << 27)
#define TOKEN_IN 0x69
#define TOKEN_OUT 0xe1
#define TOKEN_SETUP 0x2d
#define LENGTH(n) (((n)-1) & 0x7ff)

struct transfer {
	uint32_t link, status, token, buffer;
};

struct queue {
	uint32_t next, first, unused[2];
};

static uint16_t base;
static volatile uint32_t *const frames = (void *)DMA_TABLE;
static volatile struct queue *const queue = (void *)(DMA_TABLE + FRAMES * 4);
static volatile struct transfer *const transfers = (void *)(DMA_TABLE + FRAMES * 4 + 16);
static struct usb_request *const setup = (void *)DMA_BUFFER;
static uint8_t *const buffer = (uint8_t *)DMA_BUFFER + 16;

static struct {
	unsigned size, toggle;
	uint32_t status, token; /* without toggle */
} polled;

static void pause_ms(unsigned ms)
{
	uint64_t end = deadline_ms(ms);

	while (!past(end))
		;
}

void uhci_start(uint32_t function)
{
	pci_write(function, PCI_COMMAND, PCI_IO_MEMORY_MASTER);
	base = pci_read(function, PCI_BAR(IO_BAR)) & 0xffe0;
	outw(base + COMMAND, GLOBAL_RESET);
	pause_ms(10);
	outw(base + COMMAND, CONTROLLER_RESET);
	pause_ms(1);
	for (unsigned i = 0; i < FRAMES; i++)
		frames[i] = (uint32_t)queue | QUEUE;
	queue->next = queue->first = END;
	outw(base + INTERRUPTS, 0);
	outw(base + FRAME_NUMBER, 0);
	outl(base + FRAME_LIST, DMA_TABLE);
	outw(base + STATUS, 0xffff);
	outw(base + COMMAND, RUN);
}

void uhci_stop(void)
{
	outw(base + COMMAND, 0);
}

bool uhci_attach(unsigned port, struct usb_device *device)
{
	uint16_t reg = base + PORT(port);

	if (!(inw(reg) & PORT_CONNECTED))
		return false;
	outw(reg, PORT_RESET);
	pause_ms(50);
	outw(reg, 0);
	pause_ms(1);
	outw(reg, PORT_ENABLED | PORT_CHANGES);
	pause_ms(10);
	device->address = 0;
	device->packet = 8;
	device->slow = inw(reg) & PORT_SLOW;
	return true;
}

static uint32_t status_of(const struct usb_device *device)
{
	return ACTIVE | TRIES | (device->slow ? SLOW : 0);
}

static void put(unsigned i, const struct usb_device *device, unsigned token, unsigned toggle, const void *data, unsigned size)
{
	transfers[i].link = END;
	transfers[i].status = status_of(device);
	transfers[i].token = token | (uint32_t)device->address << 8 | toggle << 19 | LENGTH(size) << 21;
	transfers[i].buffer = (uint32_t)data;
	if (i)
		transfers[i - 1].link = (uint32_t)&transfers[i];
}

static unsigned moved(uint32_t status)
{
	return (status + 1) & 0x7ff;
}

int uhci_control(const struct usb_device *device, const struct usb_request *request, void *data)
{
	bool in = request->type & USB_TO_HOST;
	unsigned last = 0, done = 0;
	uint64_t end;

	*setup = *request;
	if (!in)
		memcpy(buffer, data, request->size);
	put(0, device, TOKEN_SETUP, 0, setup, sizeof(*setup));
	for (unsigned at = 0, size; at < request->size; at += size) {
		size = request->size - at < device->packet ? request->size - at : device->packet;
		last++;
		put(last, device, in ? TOKEN_IN : TOKEN_OUT, last & 1, buffer + at, size);
	}
	last++;
	put(last, device, in ? TOKEN_OUT : TOKEN_IN, 1, NULL, 0);
	barrier();
	queue->first = (uint32_t)transfers;
	for (end = deadline_ms(1000); transfers[last].status & ACTIVE && !(queue->first & END) && !past(end);)
		for (unsigned i = 0; i <= last; i++)
			if (transfers[i].status & ERRORS)
				end = 0;
	queue->first = END;
	pause_ms(2); /* the controller may be in it */
	if (transfers[last].status & (ACTIVE | ERRORS))
		return -1;
	for (unsigned i = 1; i < last; i++)
		done += moved(transfers[i].status);
	if (in)
		memcpy(data, buffer, done);
	return (int)done;
}

static void poll_again(void)
{
	transfers->link = END;
	transfers->status = polled.status;
	transfers->token = polled.token | polled.toggle << 19;
	transfers->buffer = (uint32_t)buffer;
	barrier();
	queue->first = (uint32_t)transfers;
}

void uhci_poll_begin(const struct usb_device *device, unsigned endpoint, unsigned size)
{
	polled.size = size;
	polled.toggle = 0;
	polled.status = status_of(device);
	polled.token = TOKEN_IN | (uint32_t)device->address << 8 | endpoint << 15 | LENGTH(size) << 21;
	poll_again();
}

int uhci_poll(void *data)
{
	uint32_t status = transfers->status;
	int size;

	if (status & ERRORS)
		return -1;
	if (status & ACTIVE)
		return 0;
	size = (int)moved(status);
	memcpy(data, buffer, (unsigned)size);
	polled.toggle ^= 1;
	poll_again();
	return size;
}
