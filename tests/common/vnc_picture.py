# SPDX-License-Identifier: BSD-3-Clause
"""The picture of tests/guests/screen.S, and comparing what was seen of it."""

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
