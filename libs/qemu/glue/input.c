/* SPDX-License-Identifier: BSD-3-Clause */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "ui/input.h"
#include "input.h"
#pragma GCC diagnostic pop

void input_key(QemuConsole *con, unsigned code, bool down)
{
	int qcode = qemu_input_linux_to_qcode(code);

	if (qcode > Q_KEY_CODE_UNMAPPED && qcode < Q_KEY_CODE__MAX)
		qemu_input_event_send_key_qcode(con, qcode, down);
}

void input_motion(const struct input_pointer *p, int x, int y)
{
	qemu_input_queue_rel(p->con, INPUT_AXIS_X, x);
	qemu_input_queue_rel(p->con, INPUT_AXIS_Y, y);
}

void input_position(struct input_pointer *p, int x, int y, int width, int height)
{
	int pixels_wide = qemu_console_get_width(p->con, 640), pixels_high = qemu_console_get_height(p->con, 480);

	x = MIN(MAX(x, 0), width - 1);
	y = MIN(MAX(y, 0), height - 1);
	int px = (int64_t)x * (pixels_wide - 1) / MAX(width - 1, 1), py = (int64_t)y * (pixels_high - 1) / MAX(height - 1, 1);

	if (qemu_input_is_absolute(p->con)) {
		qemu_input_queue_abs(p->con, INPUT_AXIS_X, x, 0, width - 1);
		qemu_input_queue_abs(p->con, INPUT_AXIS_Y, y, 0, height - 1);
	} else if (p->positioned) {
		input_motion(p, px - p->x, py - p->y);
	}
	p->x = px;
	p->y = py;
	p->positioned = true;
}
