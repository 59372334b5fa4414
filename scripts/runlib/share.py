# SPDX-License-Identifier: BSD-3-Clause
"""Folders of the host for the guest. The outer emulator serves them to the image, which mounts each at /host/TAG, and the inner one
serves that to the guest."""

import os
import re
from dataclasses import dataclass

from runlib.disks import quote_option
from runlib.files import locate
from runlib.kernel import TAG as KERNEL_TAG
from runlib.report import Failure
from runlib.saved import TAG as SAVE_TAG

TAG = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9_.+-]*")
TAG_MAX = 31  # bytes, of virtio-9p
DEFAULT_TAG = "share"
FIRST_SLOT, SHARES_MAX = 0x14, 8  # of the outer machine's PCI bus
# Ownership that the user may not give is not given, and nobody fails for it. Inode numbers of several file systems do not meet.
SERVED = "security_model=none,multidevs=remap"


@dataclass
class Share:
    """A value of --share."""

    text: str
    path: str
    tag: str
    read_only: bool

    @property
    def option(self):
        return f"--share {self.text}"

    def words(self):
        return f"{SERVED},readonly={'on' if self.read_only else 'off'}"


def parse_share(text):
    """DIR[:TAG][,ro]. What names a folder is one, commas and colons included."""
    rest, read_only, tag = str(text), False, DEFAULT_TAG
    if rest.endswith(",ro") and not os.path.isdir(locate(text, rest)):
        rest, read_only = rest.removesuffix(",ro"), True
    if ":" in rest and not os.path.isdir(locate(text, rest)):
        rest, _, tag = rest.rpartition(":")
    return Share(text, locate(text, rest), tag, read_only)


def shares(args):
    return [parse_share(text) for text in args.share]


def check_folder(share):
    if not os.path.exists(share.path):
        raise Failure(f"{share.option}: no such directory")
    if not os.path.isdir(share.path):
        raise Failure(f"{share.option}: not a directory")
    if not os.access(share.path, os.R_OK | os.X_OK):
        raise Failure(f"{share.option}: not readable")
    if not share.read_only and not os.access(share.path, os.W_OK):
        raise Failure(f"{share.option}: not writable; \",ro\" at the end shares it for reading")


def check_shares(args):
    """What is wrong with --share, without starting anything."""
    seen = {}
    for share in shares(args):
        if len(share.tag) > TAG_MAX:
            raise Failure(f"{share.option}: tag of {len(share.tag)} characters, more than {TAG_MAX}")
        if not TAG.fullmatch(share.tag):
            raise Failure(f'{share.option}: tag "{share.tag}": not of letters, digits, "_", "+", "-" and "."')
        check_folder(share)
        if share.tag in (KERNEL_TAG, SAVE_TAG):
            raise Failure(f"{share.option}: the tag {share.tag} is the runner's own")
        if share.tag in seen:
            raise Failure(f"{share.option}: the tag {share.tag} is {seen[share.tag]}'s; DIR:TAG gives another one")
        seen[share.tag] = share.path
    if len(seen) > SHARES_MAX:
        raise Failure(f"--share: {len(seen)} of them, more than {SHARES_MAX}")


def inner_shares(args):
    """Options of the inner emulator."""
    words = []
    for number, share in enumerate(shares(args)):
        words += ["-fsdev", f"local,id=share{number},path=/host/{share.tag},{share.words()}"]
        words += ["-device", f"virtio-9p-pci,fsdev=share{number},mount_tag={share.tag}"]
    return words


def add_outer_shares(command, args):
    for number, share in enumerate(shares(args)):
        path = quote_option(os.path.abspath(share.path))
        command.add("-fsdev", f"local,id=share{number},path={path},{share.words()}", share.option)
        slot = FIRST_SLOT + number
        command.add("-device", f"virtio-9p-pci,fsdev=share{number},mount_tag={share.tag},addr=0x{slot:x}", share.option)
