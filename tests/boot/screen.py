# SPDX-License-Identifier: BSD-3-Clause
"""What a guest shows: its text screen out of memory, and screendumps, which leave through a port of the image."""

import re
import time

from machine import PATIENCE

TEXT_SCREEN = 0xB8000
COLUMNS, ROWS = 80, 25


def text_screen(qmp):
    """The 25 lines of VGA text mode."""
    dump = qmp.hmp(f"xp /{COLUMNS * ROWS}hx {TEXT_SCREEN:#x}")
    cells = [int(word, 16) & 0xFF for line in dump.splitlines() for word in line.split(":", 1)[1].split()]
    text = "".join(chr(c) if 32 <= c < 127 else " " for c in cells)
    return [text[i : i + COLUMNS].rstrip() for i in range(0, len(text), COLUMNS)]


def wait_text(qmp, pattern, timeout):
    deadline = time.monotonic() + timeout * PATIENCE
    while True:
        screen = "\n".join(text_screen(qmp))
        if re.search(pattern, screen):
            return screen
        assert time.monotonic() < deadline, f"no {pattern!r} on the screen:\n{screen}"
        time.sleep(1)


def read_ppm(path, timeout=60):
    """(width, height, number of colours) of a screendump that is still being written."""
    deadline = time.monotonic() + timeout * PATIENCE
    while True:
        data = path.read_bytes()
        m = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        if m:
            width, height = int(m[1]), int(m[2])
            pixels = data[m.end() :]
            if len(pixels) >= width * height * 3:
                assert len(pixels) == width * height * 3
                return width, height, len({pixels[i : i + 3] for i in range(0, len(pixels), 3)})
        assert time.monotonic() < deadline, f"{path}: {len(data)} bytes are no picture"
        time.sleep(0.5)
