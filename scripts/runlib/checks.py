# SPDX-License-Identifier: BSD-3-Clause
"""Everything the user can have got wrong, before anything starts."""

import os
import shutil
import stat
import struct

from runlib.command import kernel_command_line
from runlib.disks import NAMES, VARIABLES_FILE, all_disks, check_key
from runlib.net import check_network, has_network
from runlib.options import CPUS_MAX, EMULATOR, outer_memory
from runlib.places import check_boot, check_room
from runlib.report import Failure
from runlib.screen import check_screen
from runlib.share import check_shares

# SeaBIOS works in this many MiB, below its tables at the end of the memory: those take 16 MiB of 33 or more. It does not ask
# whether the image is loaded there.
FIRMWARE_WORK, FIRMWARE_TABLES, FIRMWARE_TABLES_FROM = 1, 16, 33
SOCKET_NAME_MAX = 107  # bytes, of sun_path


def check_file(path, what, writable):
    if not os.path.exists(path):
        raise Failure(f"{what} {path}: no such file")
    mode = os.stat(path).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISBLK(mode)):
        raise Failure(f"{what} {path}: neither a file nor a block device")
    if not os.access(path, os.R_OK):
        raise Failure(f"{what} {path}: not readable")
    if writable and not os.access(path, os.W_OK):
        raise Failure(f"{what} {path}: not writable")
    if stat.S_ISREG(mode) and not os.path.getsize(path):
        raise Failure(f"{what} {path}: empty")


def check_socket(path, what):
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise Failure(f"{what} {path}: no folder {folder}")
    if len(os.fsencode(path)) > SOCKET_NAME_MAX:
        raise Failure(f"{what} {path}: longer than a socket's name may be")
    if os.path.exists(path) and not stat.S_ISSOCK(os.stat(path).st_mode):
        raise Failure(f"{what} {path}: exists and is not a socket")


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


def check_variables(path):
    """Those of UEFI are made when they are not there yet."""
    if os.path.lexists(path):
        check_file(path, NAMES["variables"], writable=True)
    elif not os.access(os.path.dirname(path) or ".", os.W_OK | os.X_OK):
        raise Failure(f"{NAMES['variables']} {path}: the folder is not writable")


def check_disks(args):
    disks = all_disks(args)
    for disk in disks:
        if disk.kind == "variables":
            check_file(os.path.join(args.uefi, VARIABLES_FILE), f"--uefi: {NAMES['variables']}", writable=False)
            check_variables(disk.path)
            continue
        if disk.kind == "firmware" and not os.path.exists(disk.path):
            raise Failure(f"--uefi: firmware {disk.path}: no such file (Debian package ovmf)")
        check_file(disk.path, NAMES[disk.kind], writable=not (disk.read_only or args.snapshot))
        check_key(disk)
    if args.guest:
        check_room(disks)
    elif args.uefi is not None:
        raise Failure("--uefi: there is no guest to have it")
    check_boot(args, disks, has_network(args))


def check(args):
    if not shutil.which(EMULATOR):
        raise Failure(f"{EMULATOR} is not installed (Debian package qemu-system-x86)")
    if not os.path.exists(args.image):
        raise Failure(f"image {args.image}: no such file (make builds it)")
    check_file(args.image, "image", writable=False)
    image_end(args.image)
    check_disks(args)
    if not 1 <= args.cpus <= CPUS_MAX:
        raise Failure(f"--cpus {args.cpus}: not a number from 1 to {CPUS_MAX}")
    for name, value in (("--memory", args.memory), ("--outer-memory", args.outer_memory)):
        if value is not None and not 1 <= value <= 1 << 20:
            raise Failure(f"{name} {value}: not a size in MiB")
    if args.serial not in ("stdio", "none"):
        check_socket(args.serial, "serial socket")
    if args.qmp:
        check_socket(args.qmp, "QMP socket")
    screen_path = check_screen(args)
    if screen_path:
        check_socket(screen_path, "--screen")
    check_network(args)
    check_shares(args)
    check_memory(args)
    kernel_command_line(args)
