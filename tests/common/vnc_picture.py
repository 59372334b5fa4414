# SPDX-License-Identifier: BSD-3-Clause
"""The picture of tests/guests/screen.S, and comparing what was seen of it; the pointer, and what the tablet of tests/guests/devices saw of it.
The client is vnc-shot.c."""

import re

WIDTH, HEIGHT, COLOURS = 320, 200, 64
SCALE = 2  # QEMU shows each pixel of mode 13h as 2 x 2


def eight_bits(six):
    """A colour of the VGA's palette as QEMU shows it."""
    return six << 2 | (six & 1) << 1 | six & 1


def colour(i):
    return bytes(eight_bits(v) for v in (i, COLOURS - 1 - i, 5 * i % COLOURS))


def reference():
    """A binary PPM."""
    colours = [colour(i) for i in range(COLOURS)]
    lines = [b"".join(colours[(x ^ 3 * y) % COLOURS] * SCALE for x in range(WIDTH)) for y in range(HEIGHT)]
    return b"P6\n%d %d\n255\n" % (WIDTH * SCALE, HEIGHT * SCALE) + b"".join(line * SCALE for line in lines)


def difference(seen, wanted):
    """What is wrong with the PPM @seen, None if nothing is."""
    if seen == wanted:
        return None
    sizes = [picture.split(b"\n", 2)[1].decode() if picture.count(b"\n") > 1 else "nothing" for picture in (seen, wanted)]
    if sizes[0] != sizes[1]:
        return f"{sizes[0]} instead of {sizes[1]}"
    wrong = [i for i in range(0, len(wanted), 3) if seen[-len(wanted) :][i : i + 3] != wanted[i : i + 3]]
    return f"{len(wrong)} pixels differ"


RANGE = 0x7FFF  # of the tablet's positions
LEFT, RIGHT = 1, 4  # RFB's buttons; the tablet's second is the right one
POINTS = [(0, 0, 0), (300, 20, 0), (40, 180, 0), (40, 180, LEFT), (40, 180, RIGHT)]


def pointing(pause=700):
    """The client's arguments that move the pointer to these places and press there; @pause in ms."""
    return " ".join(f"pointer {x} {y} {b} wait {pause}" for x, y, b in POINTS)


def not_pointed(screen, text):
    """What is missing in @text, where the guest's own driver of the tablet tells the positions at which the pointer was on the PPM @screen;
    None if nothing is."""
    width, height = map(int, screen.split(b"\n", 2)[1].split())
    seen = [tuple(map(int, report)) for report in re.findall(r"guest: tablet (\d+) (\d+) buttons (\d+)", text)]
    for x, y, buttons in POINTS:
        at = x * RANGE / (width - 1), y * RANGE / (height - 1), {RIGHT: 2}.get(buttons, buttons)
        if not any(abs(s[0] - at[0]) <= RANGE / width and abs(s[1] - at[1]) <= RANGE / height and s[2] == at[2] for s in seen):
            return f"{x}, {y} of {width} x {height} with buttons {buttons} should be {at}; the guest saw {seen}"
    return None
