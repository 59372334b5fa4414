# SPDX-License-Identifier: BSD-3-Clause
"""Bus-master DMA at random places of an emulated disk: what the guest wrote is in dom0's file, byte for byte, and nothing else. UNIDOM_DMA_MB
chooses how much (the nightly run: 64)."""

import os

from devices_guest import SECTOR, image_of, sums, sums_of, written
from xenlab.hvm import DATA
from xenlab_fixtures import run_guest

MEGABYTES = int(os.environ.get("UNIDOM_DMA_MB", "4"))
DISK_MB = 16
MOST = 128  # sectors in one operation
OPERATIONS = MEGABYTES * 32  # of 64.5 sectors on average


def test_dma(lab, xen_image, devices_guest):
    disk = devices_guest(f"ide_dma operations={OPERATIONS} sectors={MOST}")
    result = run_guest(lab, "ours", disk, kernel=xen_image("qemu-stubdom"), data=DISK_MB, wait=120 + 15 * MEGABYTES,
                       after=sums_of(DATA, DISK_MB))  # fmt: skip
    assert result.ended == "guest" and "ok 1 - ide_dma" in result.serial, result.serial
    expected, total = written((DISK_MB << 20) // SECTOR, OPERATIONS, MOST)
    print(f"{total} bytes written, {len(expected)} sectors")
    assert result.outcome.files["lab/out/sums"].decode().split() == sums(image_of(DISK_MB << 20, expected))


def test_sums_see_a_byte():
    expected, _ = written((2 << 20) // SECTOR, 3, 8)
    image = image_of(2 << 20, expected)
    good = sums(image)
    image[max(expected) * SECTOR + 100] ^= 1
    assert sum(x != y for x, y in zip(good, sums(image), strict=True)) == 1
