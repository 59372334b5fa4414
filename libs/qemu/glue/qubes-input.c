/* SPDX-License-Identifier: BSD-3-Clause */
/* Keyboard and pointer of Qubes OS' GUI daemon to QEMU's input layer. */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "ui/input.h"
#include "input.h"
#include "qubes-display.h"
#pragma GCC diagnostic pop

/* X's keycodes are Linux' numbers and this. */
#define KEYCODE_BASE 8
#define KEYCODE_CAPS_LOCK 66
#define KEYCODE_NUM_LOCK 77
#define KEYCODES 256

static const InputButton buttons[] = {
	[1] = INPUT_BUTTON_LEFT,        [2] = INPUT_BUTTON_MIDDLE,     [3] = INPUT_BUTTON_RIGHT,
	[4] = INPUT_BUTTON_WHEEL_UP,    [5] = INPUT_BUTTON_WHEEL_DOWN, [6] = INPUT_BUTTON_WHEEL_LEFT,
	[7] = INPUT_BUTTON_WHEEL_RIGHT, [8] = INPUT_BUTTON_SIDE,       [9] = INPUT_BUTTON_EXTRA,
};

static struct {
	struct input_pointer pointer;
	uint8_t keys[QUBES_GUI_KEYMAP_SIZE]; /* held down, by the guest's knowledge */
	unsigned buttons; /* the same, a bit for each */
	unsigned leds; /* the guest's, QEMU_*_LED */
	unsigned tried; /* what the guest and the daemon had when a lock was pressed last */
} input;

static void key(unsigned code, bool down)
{
	uint8_t bit = 1 << code % 8;

	if (down)
		input.keys[code / 8] |= bit;
	else
		input.keys[code / 8] &= ~bit;
	input_key(input.pointer.con, code - KEYCODE_BASE, down);
	qemu_input_event_sync();
}

/* What is held down becomes what the daemon says. */
static void take_keymap(const uint8_t remote[QUBES_GUI_KEYMAP_SIZE])
{
	for (unsigned code = 0; (code = qubes_gui_next_change(input.keys, remote, code)) < KEYCODES; code++)
		key(code, qubes_gui_is_down(remote, code));
}

static void press(unsigned code)
{
	key(code, true);
	key(code, false);
}

/*
 * The locks of the guest become those of the GUI domain. A guest whose LEDs do not follow is asked once, not with each key.
 */
static void take_locks(unsigned state)
{
	bool caps = state & QUBES_GUI_CAPS_LOCK, num = state & QUBES_GUI_NUM_LOCK;
	unsigned both = 1 | caps << 1 | num << 2 | input.leds << 3;

	if (both == input.tried)
		return;
	input.tried = both;
	if (caps != !!(input.leds & QEMU_CAPS_LOCK_LED))
		press(KEYCODE_CAPS_LOCK);
	if (num != !!(input.leds & QEMU_NUM_LOCK_LED))
		press(KEYCODE_NUM_LOCK);
}

static void button(unsigned code, bool down)
{
	unsigned bit = 1u << code;

	input.buttons = down ? input.buttons | bit : input.buttons & ~bit;
	qemu_input_queue_btn(input.pointer.con, buttons[code], down);
	qemu_input_event_sync();
}

static void motion(int x, int y)
{
	QemuConsole *con = input.pointer.con;

	input_position(&input.pointer, x, y, qemu_console_get_width(con, 640), qemu_console_get_height(con, 480));
	qemu_input_event_sync();
}

static void release_keys(void)
{
	static const uint8_t none[QUBES_GUI_KEYMAP_SIZE];

	take_keymap(none);
}

void qubes_input_take(const struct qubes_gui_event *event)
{
	switch (event->kind) {
	case QUBES_GUI_KEY:
		if (event->code != KEYCODE_CAPS_LOCK && event->code != KEYCODE_NUM_LOCK)
			take_locks(event->state);
		key(event->code, event->down);
		break;
	case QUBES_GUI_BUTTON:
		take_locks(event->state);
		button(event->code, event->down);
		break;
	case QUBES_GUI_MOTION:
		motion(event->x, event->y);
		break;
	case QUBES_GUI_KEYMAP:
		take_keymap(event->keymap);
		break;
	case QUBES_GUI_FOCUS:
		if (!event->down)
			release_keys();
		break;
	default:
		break;
	}
}

void qubes_input_release(void)
{
	release_keys();
	for (unsigned code = 1; code < G_N_ELEMENTS(buttons); code++)
		if (input.buttons & 1u << code)
			button(code, false);
}

static void leds_changed(void *opaque, int leds)
{
	(void)opaque;
	input.leds = leds;
}

void qubes_input_start(QemuConsole *con)
{
	input.pointer.con = con;
	qemu_add_led_event_handler(leds_changed, NULL);
}
