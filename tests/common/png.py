# SPDX-License-Identifier: BSD-3-Clause
"""Pictures as PNG files (PNG specification, third edition)."""

import re
import struct
import zlib

COLOURS_MAX = 256
TRUE_COLOUR, PALETTE = 2, 3


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(ppm):
    """The binary PPM @ppm as PNG, with a palette if it has few colours."""
    found = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", ppm)
    width, height, pixels = int(found[1]), int(found[2]), ppm[found.end() :]
    assert len(pixels) == 3 * width * height
    palette, kind, head = sorted({pixels[i : i + 3] for i in range(0, len(pixels), 3)}), TRUE_COLOUR, b""
    if len(palette) <= COLOURS_MAX:
        number = {colour: i for i, colour in enumerate(palette)}
        pixels, kind = bytes(number[pixels[i : i + 3]] for i in range(0, len(pixels), 3)), PALETTE
        head = _chunk(b"PLTE", b"".join(palette))
    size = len(pixels) // height
    lines = b"".join(b"\0" + pixels[y * size : (y + 1) * size] for y in range(height))
    begin = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
    return begin + head + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND", b"")
