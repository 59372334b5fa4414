# SPDX-License-Identifier: BSD-3-Clause
"""Everything the user can have got wrong, before anything starts."""

import os
import shutil
import struct

from runlib.command import kernel_command_line
from runlib.disks import NAMES, VARIABLES_FILE, all_disks, check_key, options_hint
from runlib.files import check_file, check_socket, check_written
from runlib.kernel import check_kernel, kernel_files
from runlib.net import check_network, has_network
from runlib.options import CPUS_MAX, DEFAULT_MACHINE, DEFAULT_NIC, EMULATOR, guest_memory, outer_memory
from runlib.places import check_boot, check_room
from runlib.report import Failure
from runlib.saved import check_saved
from runlib.screen import check_screen, parse_screen
from runlib.share import check_shares

# SeaBIOS works in this many MiB, below its tables at the end of the memory: those take 16 MiB of 33 or more. It does not ask
# whether the image is loaded there.
FIRMWARE_WORK, FIRMWARE_TABLES, FIRMWARE_TABLES_FROM = 1, 16, 33
FIRMWARE_UNIT = 4096  # bytes, of UEFI's
MAY_BE_EMPTY = ("append", "kernel_args", "outer", "extra")


def image_end(path):
    """Where the image ends in memory, from its program headers."""
    with open(path, "rb") as f:
        header = f.read(64)
        if header[:5] != b"\x7fELF\x02" or len(header) < 64:
            raise Failure(f"image {path}: not an ELF file for 64 bits")
        offset, size, count = struct.unpack_from("<Q", header, 32)[0], *struct.unpack_from("<HH", header, 54)
        f.seek(offset)
        headers = f.read(size * count)
    loads = [struct.unpack_from("<IIQQQQQ", headers, size * i) for i in range(len(headers) // size if size else 0)]
    return max((paddr + memsz for kind, _, _, _, paddr, _, memsz in loads if kind == 1), default=0)


def check_memory(args):
    memory, needed = outer_memory(args), (image_end(args.image) >> 20) + 1 + FIRMWARE_WORK
    if memory < needed or FIRMWARE_TABLES_FROM <= memory < needed + FIRMWARE_TABLES:
        raise Failure(f"{memory} MiB of memory: the image needs {max(needed + FIRMWARE_TABLES, FIRMWARE_TABLES_FROM)} to be loaded")


def check_firmware(path, what):
    check_file(path, f"--uefi: {what}", False, " (Debian package ovmf)")
    size = os.path.getsize(path)
    if size % FIRMWARE_UNIT:
        raise Failure(f"--uefi: {what} {path}: {size} bytes, which no firmware is")


def check_variables(args, disk):
    """Those of UEFI are made when they are not there yet."""
    template = os.path.join(args.uefi, VARIABLES_FILE)
    check_firmware(template, disk.name)
    if os.path.lexists(disk.path):
        check_file(disk.path, disk.name, not args.snapshot)
        if os.path.getsize(disk.path) != os.path.getsize(template):
            raise Failure(f"{disk.what}: not of the size of {template}: made by another firmware, or no variables at all")
    elif not os.access(os.path.dirname(disk.path) or ".", os.W_OK | os.X_OK):
        raise Failure(f"{disk.what}: the folder is not writable")


def check_disks(args):
    disks = all_disks(args)
    for disk in disks:
        if disk.kind == "variables":
            check_variables(args, disk)
            continue
        if disk.kind == "firmware":
            check_firmware(disk.path, NAMES["firmware"])
            continue
        check_file(disk.path, NAMES[disk.kind], writable=not (disk.read_only or args.snapshot), missing=options_hint(disk.path))
        check_key(disk)
    if args.guest:
        check_room(disks)
    elif args.uefi is not None:
        raise Failure("--uefi: there is no guest to have it")
    check_boot(args, disks, has_network(args))


def check_words(args):
    """Values that no option has."""
    for name, value in vars(args).items():
        if name not in MAY_BE_EMPTY and "" in (value if isinstance(value, list) else [value]):
            raise Failure(f"--{name.replace('_', '-')}: its value is empty")
    if not 1 <= args.cpus <= CPUS_MAX:
        raise Failure(f"--cpus {args.cpus}: not a number from 1 to {CPUS_MAX}")
    for name, value in (("--memory", args.memory), ("--outer-memory", args.outer_memory)):
        if value is not None and not 1 <= value <= 1 << 20:
            raise Failure(f"{name} {value}: not a size in MiB")


def check_guest(args):
    """What another image has no use for. Disks, the network and the screen have checks of their own."""
    asked = {"--cpus": args.cpus != 1, "--machine": args.machine != DEFAULT_MACHINE, "--nic": args.nic != DEFAULT_NIC, "--qmp": args.qmp,
             "--serial": args.serial not in ("stdio", "none")}
    for option in asked if not args.guest else ():
        if asked[option]:
            raise Failure(f"{option}: there is no guest to have it")


def _used(args):
    """Files that a run reads, and the disks: [(what, path)]."""
    disks = all_disks(args)
    used = [("the image", args.image)] + [("--config", path) for path in args.config]
    used += [(f"--{name}", path) for name, path in kernel_files(args).items()]
    used += [(disk.what, disk.path) for disk in disks] + [(f"the key of {disk.what}", disk.key_file) for disk in disks if disk.key_file]
    password = parse_screen(args.screen).options.get("password-file")
    return used + ([("the screen's password", password)] if password else [])


def check_outputs(args):
    serial = args.serial if args.serial not in ("stdio", "none") else None
    outputs = (("--console", args.console), ("--serial", serial), ("--qmp", args.qmp),
               ("--screen unix:", parse_screen(args.screen).path))
    load, used = [("--load", args.load)] if args.load else [], _used(args)
    check_written([(what, path) for what, path in outputs if path], used + load)
    check_written([("--save", args.save)] if args.save else [], used)  # it may be what is loaded


def check(args):
    check_words(args)
    if not shutil.which(EMULATOR):
        raise Failure(f"{EMULATOR} is not installed (Debian package qemu-system-x86)")
    check_file(args.image, "image", False, " (make builds it)")
    image_end(args.image)
    check_guest(args)
    check_kernel(args, guest_memory(args))
    check_disks(args)
    check_saved(args)
    if args.serial not in ("stdio", "none"):
        check_socket(args.serial, "serial socket")
    if args.qmp:
        check_socket(args.qmp, "QMP socket")
    screen_path = check_screen(args)
    if screen_path:
        check_socket(screen_path, "--screen")
    check_outputs(args)
    check_network(args)
    check_shares(args)
    check_memory(args)
    kernel_command_line(args)
