/* SPDX-License-Identifier: BSD-3-Clause */
/* Input from Xen's PV keyboard and pointer to QEMU's input layer. */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "ui/input.h"
#include "input.h"
#include "pv-display.h"
#pragma GCC diagnostic pop

#include <drivers/xen-kbd.h>

#define DEVICE "/dev/xen/kbd"
#define EVENTS_AT_ONCE 32
/* Steps of the wheel that one event may stand for. */
#define WHEEL_MAX 16
/* BTN_LEFT of linux/input-event-codes.h, and those that follow. */
#define BUTTON_FIRST 0x110

struct pv_input {
	struct input_pointer pointer;
	int fd;
};

static void key(const struct pv_input *in, unsigned code, bool down)
{
	static const InputButton buttons[] = { INPUT_BUTTON_LEFT, INPUT_BUTTON_RIGHT, INPUT_BUTTON_MIDDLE, INPUT_BUTTON_SIDE,
		                               INPUT_BUTTON_EXTRA };

	if (code >= BUTTON_FIRST && code < BUTTON_FIRST + G_N_ELEMENTS(buttons)) {
		qemu_input_queue_btn(in->pointer.con, buttons[code - BUTTON_FIRST], down);
		return;
	}
	input_key(in->pointer.con, code, down);
}

static void wheel(const struct pv_input *in, int steps)
{
	InputButton button = steps < 0 ? INPUT_BUTTON_WHEEL_UP : INPUT_BUTTON_WHEEL_DOWN;

	steps = MIN(MAX(steps, -WHEEL_MAX), WHEEL_MAX);
	for (int i = 0; i < ABS(steps); i++) {
		qemu_input_queue_btn(in->pointer.con, button, true);
		qemu_input_event_sync();
		qemu_input_queue_btn(in->pointer.con, button, false);
		qemu_input_event_sync();
	}
}

static void take(struct pv_input *in, const struct xen_kbd_event *e)
{
	struct input_pointer *p = &in->pointer;

	switch (e->type) {
	case XEN_KBD_KEY:
		key(in, e->a, e->b);
		break;
	case XEN_KBD_MOTION:
		input_motion(p, e->a, e->b);
		break;
	case XEN_KBD_POSITION:
		input_position(p, e->a, e->b, qemu_console_get_width(p->con, 640), qemu_console_get_height(p->con, 480));
		break;
	case XEN_KBD_POSITION_SCALED:
		input_position(p, e->a, e->b, XEN_KBD_SCALE + 1, XEN_KBD_SCALE + 1);
		break;
	}
	qemu_input_event_sync();
	wheel(in, e->wheel);
}

static void readable(void *opaque)
{
	struct xen_kbd_event events[EVENTS_AT_ONCE];
	struct pv_input *in = opaque;
	ssize_t n = read(in->fd, events, sizeof(events));

	for (ssize_t i = 0; i < n / (ssize_t)sizeof(*events); i++)
		take(in, &events[i]);
	if (n > 0)
		uk_pv_display_wake();
}

bool uk_pv_input_start(QemuConsole *con)
{
	static struct pv_input input;

	input.pointer.con = con;
	input.fd = open(DEVICE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (input.fd < 0) {
		if (errno != ENOENT)
			error_report("%s: %s", DEVICE, strerror(errno));
		return false;
	}
	qemu_set_fd_handler(input.fd, readable, NULL, &input);
	return true;
}
