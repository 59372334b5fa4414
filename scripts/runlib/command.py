# SPDX-License-Identifier: BSD-3-Clause
"""The command lines of the inner and the outer emulator."""

import os
import shlex

from runlib.disks import add_outer_disk, all_disks
from runlib.kernel import add_outer_kernel, inner_kernel
from runlib.net import add_outer_network, inner_network
from runlib.options import EMULATOR, guest_memory, outer_memory
from runlib.places import inner_disks, parse_boot
from runlib.report import Failure
from runlib.saved import add_outer_saved
from runlib.screen import has_screen, inner_screen, is_text
from runlib.share import add_outer_shares, inner_shares

EXIT_PORT = 0xF4
SERIAL_PORT, QMP_PORT, SCREEN_PORT, TEXT_PORT, CONTROL_PORT = 1, 2, 3, 4, 5
# The outer emulator's loader has a page for the kernel's command line and its end, and does not look whether that is enough.
COMMAND_LINE_MAX = 4095  # bytes
WORDS_MAX = 512  # core/boot/boot.c


class Command:
    """A command, and for each of its options which of the runner's it stands for."""

    def __init__(self):
        self.words = [EMULATOR]
        self.origins = []  # [(beginning of a message about it, what that is about)]

    def add(self, option, value, origin=None):
        self.words += [option, value]
        if origin:
            self.origins.append((f"{option} {value}: ", origin))

    def add_user(self, words, origin):
        """Options of the user's, as they are."""
        self.words += words
        self.origins += [(word, origin) for word in words if word.startswith("-")]


def quote_word(word):
    """A word of the kernel's command line."""
    if word and not any(c in word for c in " \t\n\"'\\"):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def split(text, option):
    try:
        return shlex.split(text)
    except ValueError as e:
        raise Failure(f"{option} {text}: {str(e).lower()}") from None


def _processors(args):
    """Several run in turn: the image has one itself, on which a thread each would only wait for the others."""
    return ["-accel", "tcg"] if args.cpus == 1 else ["-accel", "tcg,thread=single", "-smp", str(args.cpus)]


def guest_arguments(args):
    """QEMU's argument vector inside the image, as far as it is about the guest."""
    disks = all_disks(args)
    inner = ["-machine", args.machine, *_processors(args), "-m", str(guest_memory(args)), "-nodefaults", *inner_screen(args), "-vga", "std"]
    inner += ["-boot", "menu=on"] if parse_boot(args.boot)[1] else []
    inner += inner_disks(args, disks) + inner_network(args, disks) + inner_shares(args) + inner_kernel(args)
    inner += ["-chardev", f"serial,id=serial0,path=/dev/vport0p{SERIAL_PORT}", "-serial", "chardev:serial0"]
    return inner + args.extra


def has_control(args):
    """Does the runner have a monitor of its own?"""
    return args.guest and (args.save, args.load) != (None, None)


def inner_arguments(args):
    """QEMU's argument vector inside the image."""
    inner = []
    if args.qmp:
        # The image connects its port to this, anew for each client.
        inner += ["-chardev", "socket,id=qmp0,path=/tmp/qmp,server=on,wait=off", "-mon", "chardev=qmp0,mode=control"]
    if has_control(args):
        inner += ["-chardev", f"serial,id=control,path=/dev/vport0p{CONTROL_PORT}", "-mon", "chardev=control,mode=control"]
    return inner + (["-incoming", "defer"] if args.load else []) + guest_arguments(args)


def kernel_command_line(args):
    """Arguments of the image's kernel, and behind them those of the program."""
    words = split(args.kernel_args, "--kernel-args") + ["--"] + (inner_arguments(args) if args.guest else args.extra)
    line = " ".join(quote_word(word) for word in words)
    length = len(os.fsencode(line))
    if length > COMMAND_LINE_MAX:
        raise Failure(f"arguments of the image: {length} bytes with what the runner adds, more than {COMMAND_LINE_MAX}")
    if len(words) > WORDS_MAX:
        raise Failure(f"arguments of the image: {len(words)} words with what the runner adds, more than {WORDS_MAX}")
    return line


def add_ports(command, args, lines):
    """Ports of the image for the guest's serial line, QMP and the screen."""
    command.add("-device", "virtio-serial-pci,addr=0x3")
    command.add("-chardev", f"socket,id=serial,fd={lines['serial']}")
    command.add("-device", f"virtserialport,nr={SERIAL_PORT},chardev=serial,name=org.unidom.serial")
    if args.qmp:
        command.add("-chardev", f"socket,id=qmp,fd={lines['qmp']}")
        command.add("-device", f"virtserialport,nr={QMP_PORT},chardev=qmp,name=org.unidom.qmp")
    if has_screen(args):
        command.add("-chardev", f"socket,id=screen,fd={lines['screen']}")
        command.add("-device", f"virtserialport,nr={SCREEN_PORT},chardev=screen,name=org.unidom.screen")
    if is_text(args):
        command.add("-chardev", f"socket,id=text,fd={lines['text']}")
        command.add("-device", f"virtserialport,nr={TEXT_PORT},chardev=text,name=org.unidom.text")
    if has_control(args):
        command.add("-chardev", f"socket,id=control,fd={lines['control']}")
        command.add("-device", f"virtserialport,nr={CONTROL_PORT},chardev=control,name=org.unidom.control")


def outer_command(args, accel, lines, folders):
    """@lines: descriptors of the emulator's lines, by name: "console", "monitor", "serial", "qmp", "screen", "text", "control"; and the image's
    files, if there are any: "ramdisk". @folders: {"kernel": one as kernel_folder() gives it, "save": as save_folder() does}."""
    command = Command()
    command.add("-machine", args.outer_machine)
    command.add("-accel", accel, f"--accel {args.accel}")
    command.add("-cpu", "host" if accel == "kvm" else "max")
    memory = str(outer_memory(args))
    command.add("-m", memory, f"{memory} MiB of memory")
    command.origins.append(("cannot set up guest memory ", f"{memory} MiB of memory"))
    command.words += ["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]
    command.add("-chardev", f"file,id=console,path=/dev/fd/{lines['console']}")
    command.add("-serial", "chardev:console")
    command.add("-chardev", f"socket,id=monitor,fd={lines['monitor']}")
    command.add("-mon", "chardev=monitor,mode=control")
    command.add("-device", f"isa-debug-exit,iobase=0x{EXIT_PORT:x},iosize=0x1")
    command.add("-device", "virtio-rng-pci,addr=0x2")
    for number, disk in enumerate(all_disks(args)):
        add_outer_disk(command, number, disk, args.snapshot)
    if args.guest:
        add_ports(command, args, lines)
    add_outer_network(command, args, all_disks(args))
    add_outer_shares(command, args)
    add_outer_kernel(command, folders["kernel"])
    add_outer_saved(command, args, folders["save"])
    if args.gdb:
        command.words += ["-s", "-S"]
    command.add("-kernel", args.image, f"image {args.image}")
    if "ramdisk" in lines:
        command.add("-initrd", f"/dev/fd/{lines['ramdisk']}")
    command.add("-append", kernel_command_line(args))
    command.add_user(split(args.outer, "--outer"), "--outer")
    return command
