# SPDX-License-Identifier: BSD-3-Clause
"""Disks of the guest. The outer emulator opens their files, in whatever format they are, and the image sees sectors: growth, backing
files, locks and the host's errors are the outer emulator's business."""

import os
import re
from dataclasses import dataclass

from runlib.report import Failure

# Places on the inner machine's IDE: a CD-ROM drive is where firmware looks for it, and a fourth disk only without one.
DISK_INDEXES, CDROM_INDEX = (0, 1, 3, 2), 2
FIRST_SLOT = 4  # of the outer machine's PCI bus


def quote_option(value):
    """Commas in a value of a QEMU option are doubled."""
    return value.replace(",", ",,")


@dataclass
class Disk:
    """@format is None where the content decides."""

    path: str
    format: str = None
    cdrom: bool = False

    @property
    def what(self):
        return f"{'CD-ROM' if self.cdrom else 'disk'} {self.path}"

    def file(self):
        """The path as a value of an option. A colon in a plain name would be taken for the end of a protocol's name."""
        return quote_option(self.path if self.path.startswith("/") else os.path.join(".", self.path))


def parse_disk(text, default_format):
    """A value of --disk: FILE[,format=F]."""
    found = re.fullmatch(r"(.*),format=([^,=]*)", text, re.S)
    if found and not os.path.exists(text):
        return Disk(found[1], found[2])
    return Disk(text, default_format)


def all_disks(args):
    """In the order in which the image counts them: vda, vdb ..."""
    disks = [parse_disk(text, args.format) for text in args.disk]
    room = len(DISK_INDEXES) - bool(args.cdrom)
    if args.guest and len(disks) > room:
        raise Failure(f"--disk: {len(disks)} disks; the guest's two IDE channels have room for {room}")
    return disks + ([Disk(args.cdrom, cdrom=True)] if args.cdrom else [])


def inner_drive(number, disk):
    """The value of the inner emulator's -drive. Its guest is paused by a failed write, as it is when an emulator without an image
    around it runs out of space: of the host's reason only the failure comes through."""
    drive = f"file=/dev/vd{chr(ord('a') + number)},format=raw,if=ide"
    if disk.cdrom:
        return f"{drive},index={CDROM_INDEX},media=cdrom,readonly=on"
    return f"{drive},index={DISK_INDEXES[number]},werror=stop"


def add_outer_disk(command, number, disk):
    """Without a format the outer emulator goes by the content, and lets nobody write a header into a raw disk that would change what
    the next run goes by."""
    words = f"if=none,id=disk{number},readonly={'on' if disk.cdrom else 'off'}"
    words += ",rerror=report" if disk.cdrom else ",werror=report,rerror=report"
    words += f",format={quote_option(disk.format)}" if disk.format else ""
    command.add("-drive", f"{words},file={disk.file()}", disk.what)
    command.add("-device", f"virtio-blk-pci,drive=disk{number},addr=0x{FIRST_SLOT + number:x}", disk.what)
