/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A GUI daemon that says anything and takes what it likes: what the agent says is whole messages all the same, within the memory that it was given, and
 * no byte of the daemon's stops it.
 * hosted
 * sources: libs/qemu/glue/qubes-gui-in.c libs/qemu/glue/qubes-gui-out.c
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../../libs/qemu/glue/qubes-gui.h"
#include "../input.h"

#define PAGES 8u

static struct input in;
static struct qubes_gui g;
static const uint32_t refs[PAGES];

/* The other end of what the agent says: a header of 12 bytes tells how long each message is; the version has none. */
static uint8_t header[12];
static size_t header_size, body;
static bool versioned;

static void heard(const uint8_t *bytes, size_t size)
{
	while (size--) {
		uint8_t byte = *bytes++;

		if (body) {
			body--;
			continue;
		}
		header[header_size++] = byte;
		if (!versioned && header_size == 4) {
			assert(!memcmp(header, "\0\0\1\0", 4));
			versioned = true;
			header_size = 0;
		} else if (header_size == sizeof(header)) {
			assert(header[0] >= 130 && header[0] <= 147 && header[4] == 1 && !header[10] && !header[11]);
			body = header[8] | header[9] << 8;
			assert(body <= 128);
			header_size = 0;
		}
	}
}

static void connected(void)
{
	qubes_gui_connected(&g);
	versioned = false;
	header_size = body = 0;
}

static void listen(size_t most)
{
	const uint8_t *bytes;
	size_t n = qubes_gui_output(&g, &bytes);

	assert(n <= QUBES_GUI_OUT_SIZE(PAGES));
	n = n < most ? n : most;
	heard(bytes, n);
	qubes_gui_sent(&g, n);
}

static void daemon_says(size_t size)
{
	uint8_t *chunk = malloc(size + !size);
	struct qubes_gui_event e;

	size = take_bytes(&in, chunk, size);
	for (size_t at = 0; at < size;) {
		ssize_t n = qubes_gui_take(&g, chunk + at, size - at, &e);

		if (n < 0) {
			connected();
			break;
		}
		assert(n > 0 && (size_t)n <= size - at);
		assert(e.kind != QUBES_GUI_KEY || (e.code >= 8 && e.code <= 255));
		assert(e.kind != QUBES_GUI_BUTTON || (e.code >= 1 && e.code <= 9));
		assert(e.kind != QUBES_GUI_KEYMAP || qubes_gui_next_change(e.keymap, e.keymap, 0) == 256);
		at += n;
	}
	free(chunk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t capacity = QUBES_GUI_OUT_SIZE(PAGES);
	uint8_t *out = malloc(capacity);

	in = (struct input){ data, size };
	qubes_gui_init(&g, out, capacity,
	               "a name that is longer than the longest name that a window can have in this protocol, which has "
	               "room for one hundred and twenty-eight bytes of it");
	connected();
	while (in.left) {
		uint8_t how = take8(&in);

		switch (how % 4) {
		case 0:
			daemon_says(how / 4);
			break;
		case 1:
			listen(how / 4);
			break;
		case 2:
			if (qubes_gui_picture(&g, take16(&in), take8(&in), refs, how / 4 % (PAGES + 2)))
				assert(how / 4 % (PAGES + 2) <= PAGES);
			break;
		case 3:
			qubes_gui_update(&g, (int)take32(&in), (int)take32(&in), (int)take32(&in), (int)take32(&in));
			break;
		}
	}
	for (int i = 0; i < 4; i++)
		listen(capacity);
	assert(!body && !header_size);
	free(out);
	return 0;
}
