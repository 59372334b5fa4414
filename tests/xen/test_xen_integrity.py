# SPDX-License-Identifier: BSD-3-Clause
"""Bus-master DMA at random places of an emulated disk: what the guest wrote is in dom0's file, byte for byte, and nothing else. UNIDOM_DMA_MB
chooses how much (the nightly run: 64)."""

import os

from devices_guest import SECTOR, written, wrong_sectors
from xenlab.hvm import DATA
from xenlab_fixtures import run_guest

MEGABYTES = int(os.environ.get("UNIDOM_DMA_MB", "4"))
DISK_MB = 16
MOST = 128  # sectors in one operation
OPERATIONS = MEGABYTES * 32  # of 64.5 sectors on average


def test_dma(lab, xen_image, devices_guest):
    disk = devices_guest(f"ide_dma operations={OPERATIONS} sectors={MOST}")
    result = run_guest(lab, "ours", disk, kernel=xen_image("qemu-stubdom"), data=DISK_MB, wait=120 + 15 * MEGABYTES, fetch=[DATA])
    assert result.ended == "guest" and "ok 1 - ide_dma" in result.serial, result.serial
    expected, total = written((DISK_MB << 20) // SECTOR, OPERATIONS, MOST)
    print(f"{total} bytes written, {len(expected)} sectors")
    wrong = wrong_sectors(result.outcome.files[DATA], expected)
    assert not wrong, f"{len(wrong)} sectors, the first are {wrong[:10]}"


def test_wrong_sectors():
    """The check sees one wrong byte, and one where nothing was written."""
    expected, _ = written(1000, 3, 8)
    image = bytearray(1000 * SECTOR)
    for sector, contents in expected.items():
        image[sector * SECTOR : (sector + 1) * SECTOR] = contents
    assert not wrong_sectors(image, expected)
    used, free = min(expected), next(s for s in range(1000) if s not in expected)
    image[used * SECTOR + 100] ^= 1
    image[free * SECTOR] = 1
    assert wrong_sectors(image, expected) == sorted([used, free])
