# SPDX-License-Identifier: BSD-3-Clause
"""The command lines of the inner and the outer emulator."""

import shlex

from runlib.options import EMULATOR, outer_memory

EXIT_PORT = 0xF4
MAGICS = ((b"QFI\xfb", "qcow2"), (b"vhdxfile", "vhdx"), (b"KDMV", "vmdk"))


def format_of(path):
    with open(path, "rb") as f:
        head = f.read(8)
    return next((name for magic, name in MAGICS if head.startswith(magic)), "raw")


def quote_option(value):
    """Commas in a value of a QEMU option are doubled."""
    return value.replace(",", ",,")


def quote_word(word):
    """A word of the kernel's command line."""
    if word and not any(c in word for c in " \t\n\"'\\"):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def inner_arguments(args):
    """QEMU's argument vector inside the image. Disks are vda, vdb ... in the order in which outer_disks() adds them."""
    inner = ["-machine", "pc", "-accel", "tcg", "-m", str(args.memory), "-nodefaults", "-display", "none", "-vga", "std"]
    for i, disk in enumerate(args.disk):
        fmt = args.format or format_of(disk)
        inner += ["-drive", f"file=/dev/vd{chr(ord('a') + i)},format={fmt},if=ide,index={i if i < 2 else i + 1}"]
    if args.cdrom:
        inner += ["-drive", f"file=/dev/vd{chr(ord('a') + len(args.disk))},format=raw,if=ide,index=2,media=cdrom,readonly=on"]
    inner += ["-chardev", "serial,id=serial0,path=/dev/vport0p1", "-serial", "chardev:serial0"]
    if args.qmp:
        # The image connects its port to this, anew for each client.
        inner += ["-chardev", "socket,id=qmp0,path=/tmp/qmp,server=on,wait=off", "-mon", "chardev=qmp0,mode=control"]
    return inner + args.extra


def outer_disks(args):
    files = [(disk, "off") for disk in args.disk] + ([(args.cdrom, "on")] if args.cdrom else [])
    out = []
    for i, (path, readonly) in enumerate(files):
        out += ["-drive", f"if=none,id=disk{i},format=raw,readonly={readonly},file={quote_option(path)}"]
        out += ["-device", f"virtio-blk-pci,drive=disk{i},disable-legacy=on,addr=0x{4 + i:x}"]
    return out


def outer_ports(args, serial_fd):
    """Ports of the image for the guest's serial line and QMP."""
    out = ["-device", "virtio-serial-pci,disable-legacy=on,addr=0x3,max_ports=4,vectors=12"]
    if args.serial == "stdio":
        out += ["-chardev", f"socket,id=serial,fd={serial_fd}"]
    else:
        out += ["-chardev", f"socket,id=serial,path={quote_option(args.serial)},server=on,wait=off"]
    out += ["-device", "virtserialport,nr=1,chardev=serial,name=org.unidom.serial"]
    if args.qmp:
        out += ["-chardev", f"socket,id=qmp,path={quote_option(args.qmp)},server=on,wait=off"]
        out += ["-device", "virtserialport,nr=2,chardev=qmp,name=org.unidom.qmp"]
    return out


def outer_command(args, accel, console_fd, serial_fd):
    append = shlex.split(args.kernel_args) + ["--"] + (inner_arguments(args) if args.guest else args.extra)
    command = [EMULATOR, "-machine", args.machine, "-accel", accel, "-cpu", "host" if accel == "kvm" else "max"]
    command += ["-m", str(outer_memory(args)), "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]
    command += ["-chardev", f"socket,id=console,fd={console_fd}", "-serial", "chardev:console"]
    command += ["-device", f"isa-debug-exit,iobase=0x{EXIT_PORT:x},iosize=0x1"]
    command += ["-device", "virtio-rng-pci,disable-legacy=on,addr=0x2"]
    command += outer_disks(args)
    if args.guest:
        command += outer_ports(args, serial_fd)
    if args.gdb:
        command += ["-s", "-S"]
    command += ["-kernel", args.image, "-append", " ".join(quote_word(w) for w in append)]
    return command + shlex.split(args.outer)
