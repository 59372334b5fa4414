# SPDX-License-Identifier: BSD-3-Clause
"""The smallest qcow2 images (QEMU's docs/interop/qcow2.rst, version 2), so that the tests need no qemu-img."""

import struct

BITS = 16
CLUSTER = 1 << BITS
COPIED = 1 << 63
OFFSET = 0x00FFFFFFFFFFFE00
HEADER = ">4sIQIIQIIQQIIQ"


def create(path, data, allocated):
    """An image of the size of @data, of which the first @allocated bytes are stored; the rest reads as zeroes."""
    count = -(-allocated // CLUSTER)
    assert len(data) <= CLUSTER // 8 * CLUSTER and not any(data[allocated:])
    table, block, l1, l2, first = (i * CLUSTER for i in range(1, 6))
    header = struct.pack(HEADER, b"QFI\xfb", 2, 0, 0, BITS, len(data), 0, 1, l1, table, 1, 0, 0)
    used = 5 + count
    clusters = [
        header,
        struct.pack(">Q", block),
        struct.pack(f">{used}H", *[1] * used),
        struct.pack(">Q", l2 | COPIED),
        struct.pack(f">{count}Q", *[first + i * CLUSTER | COPIED for i in range(count)]),
        *[data[i * CLUSTER : (i + 1) * CLUSTER] for i in range(count)],
    ]
    with open(path, "wb") as f:
        f.write(b"".join(c.ljust(CLUSTER, b"\0") for c in clusters))


def read(path):
    """All data of an image made by create() and written to by others."""
    with open(path, "rb") as f:
        image = f.read()
    fields = struct.unpack_from(HEADER, image)
    size, l1 = fields[5], fields[8]
    l2 = struct.unpack_from(">Q", image, l1)[0] & OFFSET
    out = b""
    for i in range(-(-size // CLUSTER)):
        at = struct.unpack_from(">Q", image, l2 + i * 8)[0] & OFFSET
        out += image[at : at + CLUSTER].ljust(CLUSTER, b"\0") if at else bytes(CLUSTER)
    return out[:size]
