# SPDX-License-Identifier: BSD-3-Clause
"""What the guest of tests/guests/devices must have left on its disk after "ide_dma": the same random extents, computed here (its ide.c)."""

import array
import hashlib

SECTOR = 512
WORDS = SECTOR // 4
MASK = 0xFFFFFFFF


def _random():
    state = 0x9E3779B9
    while True:
        state ^= state << 13 & MASK
        state ^= state >> 17
        state ^= state << 5 & MASK
        yield state


def _contents(sector, generation):
    v = sector * 2654435761 + generation * 40503
    return array.array("I", [(v + i * 0x01010101) & MASK for i in range(WORDS)]).tobytes()


def written(disk_sectors, operations, most):
    """({sector: its contents}, bytes written in all) of "ide_dma operations=@operations sectors=@most" on an empty second disk."""
    numbers, generations, total = _random(), {}, 0
    for _ in range(operations):
        count = next(numbers) % most + 1
        first = next(numbers) % (disk_sectors - count)
        next(numbers)  # where in memory
        total += count * SECTOR
        for sector in range(first, first + count):
            generations[sector] = generations.get(sector, 0) % 255 + 1
    return {sector: _contents(sector, generation) for sector, generation in generations.items()}, total


def image_of(size, contents):
    """An empty disk of @size bytes with these sectors."""
    image = bytearray(size)
    for sector, data in contents.items():
        image[sector * SECTOR : (sector + 1) * SECTOR] = data
    return image


def sums_of(path, megabytes):
    """Shell lines of dom0 that leave in /lab/out/sums what sums() of the file @path is, which would take minutes through the serial port."""
    return f"""for i in $(seq 0 {megabytes - 1}); do
    dd if=/{path} bs=1M skip=$i count=1 2>/dev/null | sha256sum | cut -d " " -f 1
done >/lab/out/sums
"""


def sums(image):
    return [hashlib.sha256(image[at : at + (1 << 20)]).hexdigest() for at in range(0, len(image), 1 << 20)]
