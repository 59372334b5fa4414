# SPDX-License-Identifier: BSD-3-Clause
"""Disks of the guest, of all kinds. The outer emulator opens their files, in whatever format they are, and the image sees sectors: growth,
backing files, locks, encryption and the host's errors are the outer emulator's business."""

import os
import re
from dataclasses import dataclass

from runlib.files import check_file, locate
from runlib.report import Failure

FIRST_SLOT, SLOTS = 4, 12  # of the outer machine's PCI bus
BUSES = ("ide", "sata", "virtio", "scsi", "nvme", "usb")
# What follows a file's name. A key file's has the commas that are left.
SHORT = r"((?:,(?:format|bus)=[^,]*|,ro)*)"
OPTIONS_OF_DISKS = re.compile(rf"{SHORT}(?:,key-file=(.*?))?{SHORT}", re.S)
NAMES = {"disk": "disk", "cdrom": "CD-ROM", "floppy": "floppy", "firmware": "firmware", "variables": "UEFI variables"}
OPTIONS = {"disk": "--disk", "cdrom": "--cdrom", "floppy": "--floppy"}
NEVER_READ_ONLY = ("ide", "sata")
QCOW2_MAGIC, LUKS_MAGIC, HEADER = b"QFI\xfb", b"LUKS\xba\xbe", 40
FIRMWARE_FILE, VARIABLES_FILE = "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"


def quote_option(value):
    """Commas in a value of a QEMU option are doubled."""
    return value.replace(",", ",,")


@dataclass
class Disk:
    """@format is None where the content decides; @bus where the machine does."""

    path: str
    kind: str = "disk"
    format: str = None
    bus: str = None
    key_file: str = None
    read_only: bool = False

    @property
    def name(self):
        return NAMES[self.kind]

    @property
    def what(self):
        return f"{self.name} {self.path}"

    @property
    def stops(self):
        """The guest is paused when writing fails."""
        return self.kind == "disk" and self.bus != "nvme"

    def file(self):
        """The path as a value of an option. A colon in a plain name would be taken for the end of a protocol's name."""
        return quote_option(self.path if self.path.startswith("/") else os.path.join(".", self.path))


def _split(text):
    """The path at the beginning of @text, and the options. The longest one that names a file is it."""
    ends = [at for at in range(len(text), -1, -1) if text[at : at + 1] in ("", ",") and OPTIONS_OF_DISKS.fullmatch(text, at)]
    end = next((at for at in ends if os.path.exists(locate(text, text[:at]))), ends[-1])
    before, key, after = OPTIONS_OF_DISKS.fullmatch(text, end).groups()
    options = {"key_file": locate(text, key)} if key is not None else {}
    for word in (before + after).split(",")[1:]:
        name, _, value = word.partition("=")
        options["read_only" if name == "ro" else name] = True if name == "ro" else value
    return locate(text, text[:end]), options


def parse_disk(text, kind="disk", bus=None, **defaults):
    """A value of --disk and its kin: FILE[,format=F][,bus=B][,key-file=FILE][,ro]. What names a file is one, commas included."""
    path, given = _split(text)
    if bus is not None and given.setdefault("bus", bus) != bus:
        raise Failure(f"--{bus}-disk {text}: not on bus {given['bus']}; --disk has a choice")
    if given.get("format") == "":
        raise Failure(f"{OPTIONS[kind]} {text}: format= names none")
    disk = Disk(path, kind, **{**defaults, **given})
    disk.bus = "sata" if disk.bus == "ahci" else disk.bus
    if disk.bus is not None and kind != "disk":
        raise Failure(f"{OPTIONS[kind]} {text}: only disks have a choice of bus")
    if disk.bus is not None and disk.bus not in BUSES:
        raise Failure(f"{OPTIONS[kind]} {text}: bus {disk.bus}: none of {', '.join(BUSES)}")
    return disk


def uefi_disks(args):
    """The firmware, and the file with its variables beside the first disk."""
    if args.uefi is None:
        return []
    first = parse_disk((args.disk + args.usb_disk + [""])[0]).path
    if not first:
        raise Failure("--uefi needs a disk, beside which its variables are kept")
    code = os.path.join(args.uefi, FIRMWARE_FILE)
    variables = f"{first}.uefi"
    if args.snapshot and not os.path.lexists(variables):
        variables = os.path.join(args.uefi, VARIABLES_FILE)
    return [Disk(code, "firmware", "raw", read_only=True), Disk(variables, "variables", "raw")]


def _user_disks(args):
    disks = [parse_disk(text, format=args.format) for text in args.disk]
    disks += [parse_disk(text, "disk", "usb", format=args.format) for text in args.usb_disk]
    disks += [parse_disk(text, "cdrom", read_only=True) for text in args.cdrom]
    return disks + [parse_disk(text, "floppy") for text in args.floppy]


def _check_disk(args, disk):
    if not args.guest and (disk.bus or disk.kind == "floppy"):
        raise Failure(f"{disk.what}: there is no guest to have it on a bus")
    if args.guest and disk.bus == "ide" and args.machine != "pc":
        raise Failure(f"{disk.what}: the machine {args.machine} has no IDE; it has sata")
    if args.guest and disk.kind == "disk" and disk.read_only and disk.bus in NEVER_READ_ONLY:
        raise Failure(f"{disk.what}: no {disk.bus} disk is read-only; bus=virtio, scsi, nvme and usb can be")


def all_disks(args):
    """In the order in which the image counts them: vda, vdb ..."""
    disks = _user_disks(args) + uefi_disks(args)
    for disk in disks:
        if args.guest and disk.kind in ("disk", "cdrom"):
            disk.bus = disk.bus or ("ide" if args.machine == "pc" else "sata")
        _check_disk(args, disk)
    if len(disks) > SLOTS:
        raise Failure(f"{len(disks)} disks of all kinds{' and the firmware' if args.uefi else ''}; the image has room for {SLOTS}")
    return disks


def _header(disk):
    with open(disk.path, "rb") as f:
        return f.read(HEADER)


def _is_encrypted_qcow(header):
    """By crypt_method, which is elsewhere in the first version: docs/interop/qcow2 and block/qcow.c of QEMU's."""
    at = 36 if header[4:8] == b"\0\0\0\1" else 32
    return header.startswith(QCOW2_MAGIC) and any(header[at : at + 4])


def options_hint(path):
    """What to do when there is no @path, but a file of the name in front of its first comma."""
    name, comma, _ = path.partition(",")
    return f"; of {name} the options are format=, bus=, key-file= and ro" if comma and os.path.exists(name) else ""


def check_key(disk):
    """Is there what the content needs to be read?"""
    header = _header(disk)
    is_luks = disk.format in (None, "luks") and header.startswith(LUKS_MAGIC)
    if disk.key_file is None and (is_luks or (disk.format in (None, "qcow", "qcow2") and _is_encrypted_qcow(header))):
        hint = "; with format=raw the guest decrypts it" if is_luks else ""
        raise Failure(f"{disk.what}: it is encrypted; key-file=FILE names the file with its passphrase{hint}")
    if disk.key_file is not None:
        check_file(disk.key_file, f"{disk.what}: key file", writable=False)


def _key_words(command, number, disk):
    if disk.key_file is None:
        return ""
    file = quote_option(os.path.join(".", disk.key_file))
    command.add("-object", f"secret,id=key{number},file={file}", disk.what)
    return f",{'encrypt.' if _header(disk).startswith(QCOW2_MAGIC) else ''}key-secret=key{number}"


def add_outer_disk(command, number, disk, snapshot):
    """Without a format the outer emulator goes by the content, and lets nobody write a header into a raw disk that would change what
    the next run goes by."""
    words = f"if=none,id=disk{number},readonly={'on' if disk.read_only else 'off'}"
    words += ",rerror=report" if disk.read_only else ",werror=report,rerror=report"
    words += ",snapshot=on" if snapshot and not disk.read_only else ""
    words += f",format={quote_option(disk.format)}" if disk.format else ""
    words += _key_words(command, number, disk)
    command.add("-drive", f"{words},file={disk.file()}", disk.what)
    command.add("-device", f"virtio-blk-pci,drive=disk{number},addr=0x{FIRST_SLOT + number:x}", disk.what)


def add_raw_disk(command, name, path, slot, origin):
    """A file of the runner's own as a disk for the image, only for reading."""
    command.add("-drive", f"if=none,id={name},readonly=on,format=raw,file={Disk(path).file()}", origin)
    command.add("-device", f"virtio-blk-pci,drive={name},addr=0x{slot:x}", origin)
