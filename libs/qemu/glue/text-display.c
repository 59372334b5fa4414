/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A display of QEMU that is text. What the device draws is kept here, and rows that changed wait until there is room for them: a side that reads
 * slowly misses states in between, and never holds up the machine. All under QEMU's big lock.
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "ui/console.h"
#include "ui/input.h"
#pragma GCC diagnostic pop

#include "include/text-display.h"

/* What upstream's devices take a display's room for, in cells. */
#define CELLS_MAX (UK_TEXT_COLUMNS_MAX * UK_TEXT_ROWS_MAX)
/* Bits of a cell: the colours, with blue lowest as in VGA memory, and whether the foreground is bright. */
#define FOREGROUND(cell) ((cell) >> 8 & 7)
#define BACKGROUND(cell) ((cell) >> 11 & 7)
#define BRIGHT 0x200000
#define NO_CURSOR 255
/* How much longer the next wait is when nothing changed, and the longest one, in ms. */
#define INTERVAL_STEP 20
#define INTERVAL_MAX 300
#define KEYS_AT_ONCE 32

struct text_display {
	DisplayChangeListener dcl;
	console_ch_t cells[CELLS_MAX]; /* the device's */
	int fd;
	unsigned stride; /* the device's columns */
	unsigned columns, rows; /* of them, those that are shown */
	unsigned cursor[2];
	bool resized, moved; /* since the last message about that */
	unsigned first, end; /* rows that changed since, when first < end */
	bool active; /* something changed since the last refresh */
	unsigned interval;
	size_t out_at, out_end;
	unsigned char out[4096];
};

static struct text_display display;

static void text_resize(DisplayChangeListener *dcl, int width, int height)
{
	struct text_display *d = container_of(dcl, struct text_display, dcl);

	d->stride = width;
	d->columns = MIN(width, UK_TEXT_COLUMNS_MAX);
	d->rows = MIN(height, UK_TEXT_ROWS_MAX);
	d->resized = d->moved = d->active = true;
	d->first = 0;
	d->end = d->rows;
}

static void text_update(DisplayChangeListener *dcl, int x, int y, int width, int height)
{
	struct text_display *d = container_of(dcl, struct text_display, dcl);
	unsigned end = MIN(y + height, (int)d->rows);

	(void)x;
	(void)width;
	if (d->first >= d->end)
		d->first = d->end = y;
	d->first = MIN(d->first, (unsigned)y);
	d->end = MAX(d->end, end);
	d->active = true;
}

static void text_cursor(DisplayChangeListener *dcl, int x, int y)
{
	struct text_display *d = container_of(dcl, struct text_display, dcl);
	bool seen = x >= 0 && y >= 0 && x < (int)d->columns && y < (int)d->rows;

	d->cursor[0] = seen ? x : NO_CURSOR;
	d->cursor[1] = seen ? y : NO_CURSOR;
	d->moved = d->active = true;
}

static void put(struct text_display *d, unsigned char byte)
{
	d->out[d->out_end++] = byte;
}

static void put_message(struct text_display *d, unsigned char kind, unsigned a, unsigned b)
{
	put(d, kind);
	put(d, a);
	put(d, b);
}

static void put_row(struct text_display *d, unsigned row)
{
	put(d, UK_TEXT_ROW);
	put(d, row);
	for (unsigned i = 0; i < d->columns; i++) {
		/* A mode that is wide and high is cut to what there is room for. */
		size_t at = (size_t)row * d->stride + i;
		console_ch_t cell = at < CELLS_MAX ? d->cells[at] : 0;

		put(d, cell);
		put(d, FOREGROUND(cell) | (cell & BRIGHT ? 8 : 0) | BACKGROUND(cell) << 4);
	}
}

/* Messages about what changed, as far as there is room. */
static void compose(struct text_display *d)
{
	d->out_at = d->out_end = 0;
	if (d->resized)
		put_message(d, UK_TEXT_SIZE, d->columns, d->rows);
	d->resized = false;
	for (; d->first < d->end && sizeof(d->out) - d->out_end >= 2 + 2 * d->columns + 3; d->first++)
		put_row(d, d->first);
	if (d->moved && d->first >= d->end) {
		put_message(d, UK_TEXT_CURSOR, d->cursor[0], d->cursor[1]);
		d->moved = false;
	}
}

static void end(struct text_display *d)
{
	qemu_set_fd_handler(d->fd, NULL, NULL, NULL);
	unregister_displaychangelistener(&d->dcl);
	close(d->fd);
	d->fd = -1;
}

static void readable(void *opaque);

static void send_changes(void *opaque)
{
	struct text_display *d = opaque;

	for (;;) {
		if (d->out_at == d->out_end)
			compose(d);
		if (d->out_at == d->out_end)
			break;
		ssize_t n = write(d->fd, d->out + d->out_at, d->out_end - d->out_at);

		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			end(d);
			return;
		}
		if (n < 0)
			break;
		d->out_at += n;
	}
	qemu_set_fd_handler(d->fd, readable, d->out_at < d->out_end ? send_changes : NULL, d);
}

static void refresh(DisplayChangeListener *dcl)
{
	struct text_display *d = container_of(dcl, struct text_display, dcl);

	d->active = false;
	graphic_hw_text_update(dcl->con, d->cells);
	d->interval = d->active ? GUI_REFRESH_INTERVAL_DEFAULT : MIN(d->interval + INTERVAL_STEP, INTERVAL_MAX);
	update_displaychangelistener(dcl, d->interval);
	if (d->active)
		send_changes(d);
}

static void readable(void *opaque)
{
	static unsigned char half; /* a pair that has not come whole */
	static bool has_half;
	struct text_display *d = opaque;
	unsigned char data[2 * KEYS_AT_ONCE];
	ssize_t n = read(d->fd, data, sizeof(data));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		end(d);
		return;
	}
	for (ssize_t i = 0; i < n; i++) {
		if (has_half) {
			qemu_input_event_send_key_number(d->dcl.con, half, data[i]);
			qemu_input_event_send_key_delay(0);
		}
		half = data[i];
		has_half = !has_half;
	}
	update_displaychangelistener(&d->dcl, GUI_REFRESH_INTERVAL_DEFAULT);
}

void uk_text_display_start(int fd)
{
	static const DisplayChangeListenerOps ops = {
		.dpy_name = "text-display",
		.dpy_refresh = refresh,
		.dpy_text_resize = text_resize,
		.dpy_text_update = text_update,
		.dpy_text_cursor = text_cursor,
	};
	struct text_display *d = &display;
	QemuConsole *con = qemu_console_lookup_by_index(0);

	d->fd = fd;
	d->cursor[0] = d->cursor[1] = NO_CURSOR;
	if (!con)
		return;
	d->dcl.con = con;
	d->dcl.ops = &ops;
	register_displaychangelistener(&d->dcl);
	graphic_hw_invalidate(con);
	qemu_set_fd_handler(fd, readable, NULL, d);
}
