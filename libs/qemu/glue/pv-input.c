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
	QemuConsole *con;
	int fd;
	int x, y; /* of the last position, in pixels */
	bool positioned;
};

static void key(const struct pv_input *in, unsigned code, bool down)
{
	static const InputButton buttons[] = { INPUT_BUTTON_LEFT, INPUT_BUTTON_RIGHT, INPUT_BUTTON_MIDDLE, INPUT_BUTTON_SIDE,
		                               INPUT_BUTTON_EXTRA };
	int qcode;

	if (code >= BUTTON_FIRST && code < BUTTON_FIRST + G_N_ELEMENTS(buttons)) {
		qemu_input_queue_btn(in->con, buttons[code - BUTTON_FIRST], down);
		return;
	}
	qcode = qemu_input_linux_to_qcode(code);
	if (qcode > Q_KEY_CODE_UNMAPPED && qcode < Q_KEY_CODE__MAX)
		qemu_input_event_send_key_qcode(in->con, qcode, down);
}

static void wheel(const struct pv_input *in, int steps)
{
	InputButton button = steps < 0 ? INPUT_BUTTON_WHEEL_UP : INPUT_BUTTON_WHEEL_DOWN;

	steps = MIN(MAX(steps, -WHEEL_MAX), WHEEL_MAX);
	for (int i = 0; i < ABS(steps); i++) {
		qemu_input_queue_btn(in->con, button, true);
		qemu_input_event_sync();
		qemu_input_queue_btn(in->con, button, false);
		qemu_input_event_sync();
	}
}

static void motion(const struct pv_input *in, int x, int y)
{
	qemu_input_queue_rel(in->con, INPUT_AXIS_X, x);
	qemu_input_queue_rel(in->con, INPUT_AXIS_Y, y);
}

/* At (@x, @y) of @width x @height. A guest whose pointer only knows motions gets the way from the last position, in pixels. */
static void position(struct pv_input *in, int x, int y, int width, int height)
{
	int pixels_wide = qemu_console_get_width(in->con, 640), pixels_high = qemu_console_get_height(in->con, 480);

	x = MIN(MAX(x, 0), width - 1);
	y = MIN(MAX(y, 0), height - 1);
	int px = (int64_t)x * (pixels_wide - 1) / MAX(width - 1, 1), py = (int64_t)y * (pixels_high - 1) / MAX(height - 1, 1);

	if (qemu_input_is_absolute(in->con)) {
		qemu_input_queue_abs(in->con, INPUT_AXIS_X, x, 0, width - 1);
		qemu_input_queue_abs(in->con, INPUT_AXIS_Y, y, 0, height - 1);
	} else if (in->positioned) {
		motion(in, px - in->x, py - in->y);
	}
	in->x = px;
	in->y = py;
	in->positioned = true;
}

static void take(struct pv_input *in, const struct xen_kbd_event *e)
{
	switch (e->type) {
	case XEN_KBD_KEY:
		key(in, e->a, e->b);
		break;
	case XEN_KBD_MOTION:
		motion(in, e->a, e->b);
		break;
	case XEN_KBD_POSITION:
		position(in, e->a, e->b, qemu_console_get_width(in->con, 640), qemu_console_get_height(in->con, 480));
		break;
	case XEN_KBD_POSITION_SCALED:
		position(in, e->a, e->b, XEN_KBD_SCALE + 1, XEN_KBD_SCALE + 1);
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

	input.con = con;
	input.fd = open(DEVICE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (input.fd < 0) {
		if (errno != ENOENT)
			error_report("%s: %s", DEVICE, strerror(errno));
		return false;
	}
	qemu_set_fd_handler(input.fd, readable, NULL, &input);
	return true;
}
