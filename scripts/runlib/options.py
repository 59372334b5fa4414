# SPDX-License-Identifier: BSD-3-Clause
"""The command line of scripts/run."""

import argparse
import os
import re

from runlib.kernel import kernel_memory
from runlib.report import Failure, show

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EMULATOR = "qemu-system-x86_64"
PRODUCT = "qemu-stubdom"
DEFAULT_IMAGE = os.path.join(TOP, "build", f"{PRODUCT}-kvm", f"{PRODUCT}_kvm-x86_64")
DEFAULT_GUEST_MEMORY, UEFI_MEMORY = 64, 256  # MiB
INNER_OVERHEAD = 128  # MiB: inner QEMU itself and its translation cache
PROCESSOR_OVERHEAD = 4  # MiB: what the inner QEMU has for each further processor, of which its translations of addresses grow
PLAIN_MEMORY = 64  # MiB, for other images
NICS = ("e1000", "e1000e", "rtl8139", "virtio-net", "virtio-net-pci", "pcnet", "ne2k_pci", "vmxnet3")
DEFAULT_NIC = "e1000"
DEFAULT_MACHINE = "pc"
DEFAULT_NET = "user"
CPUS_MAX = 255
UEFI_FOLDER = "/usr/share/OVMF"
EXAMPLES = """\
examples:
  run --disk disk.qcow2 --forward tcp:2222:22
  run --cdrom install.iso --disk disk.qcow2 --memory 1G --screen window
  run --disk disk.img --share ~/work -- -cpu Nehalem
  run --kernel vmlinuz --initrd initrd.img --append console=ttyS0
  run --config guest.conf
  run --no-guest -- -device help

The status is the guest's, as the inner QEMU ends (0 for an orderly power-off); 101 when the image crashed; 2 for a wrong argument or
a missing file; 125 when the outer emulator ended without reporting a status; 128 + n when signal n ended the run. The guest goes on
when nothing reads its output any more. In a terminal Ctrl-] q ends the run, and so does Ctrl-C if it comes twice."""


class Parser(argparse.ArgumentParser):
    """Reports as the rest of the runner does."""

    def print_help(self, file=None):
        show(self.format_help())

    words = ()

    def parse_args(self, words=None, before=None):  # pylint: disable=arguments-differ
        self.words = words
        return super().parse_args(words, before)

    def _hint(self, message):
        """The next step, for what people are used to from elsewhere."""
        option = re.match(r"argument (?:\S+/)?(--[a-z-]+): expected one argument", message)
        value = self.words[self.words.index(option[1]) + 1 :][:1] if option and option[1] in self.words else []
        if value and value[0].startswith("-"):
            return f"a value that begins with a dash: {option[1]}={value[0]}"
        stray = re.match(r"unrecognized arguments: (\S+)", message)
        if stray and os.path.exists(stray[1]):
            return f"--disk {stray[1]} makes it a disk, --help lists the options"
        if stray and re.match("-[a-zA-Z]", stray[1]):
            return '--help lists the options; those of the inner QEMU follow "--"'
        if stray and not stray[1].startswith("-"):
            return "--help lists the options; a value with blanks wants quotes"
        return "--help lists the options"

    def error(self, message):
        raise Failure(f"{message} ({self._hint(message)})")


def size(text):
    """A size as people write it, in MiB."""
    found = re.fullmatch(r"([0-9]{1,9})(?:([MG])(?:i?B)?)?", text, re.I | re.A)
    if not found:
        raise argparse.ArgumentTypeError(f"{text or 'nothing'} is not a size in MiB, nor one as 512M or 2G")
    return int(found[1]) * (1024 if found[2] in ("G", "g") else 1)


def socket_path(text):
    """Of a unix socket, with or without the "unix:" that it has in --screen and in options of QEMU's."""
    return text.removeprefix("unix:")


def number(text):
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"{text} is not a number")
    return int(text)


def _add_guest(g):
    g.add_argument("--memory", metavar="SIZE", type=size, help=f"memory of the guest, in MiB or as 2G (default: {DEFAULT_GUEST_MEMORY}, "
                   f"with --uefi {UEFI_MEMORY})")
    g.add_argument("--cpus", metavar="N", type=number, default=1, help=f"processors of the guest, up to {CPUS_MAX} (default: 1)")
    g.add_argument("--machine", choices=("pc", "q35"), default=DEFAULT_MACHINE, help=f"the guest's machine (default: {DEFAULT_MACHINE})")
    g.add_argument("--boot", metavar="ORDER|menu", help="what the guest's firmware tries, in this order: letters of a (floppy), c (disks), "
                   "d (CD-ROM), n (network); menu, also behind an order and a comma: it asks (default: c, then what else there is)")
    g.add_argument("--uefi", metavar="FOLDER", nargs="?", const=UEFI_FOLDER, help="UEFI in place of a BIOS: the firmware of the Debian package "
                   f"ovmf, or of FOLDER (default: {UEFI_FOLDER}); its variables are kept beside the first disk, as NAME.uefi")
    g.add_argument("--kernel", metavar="FILE", help="kernel of the guest, which is started in place of what is on its disks: a bzImage of "
                   "Linux, an ELF or multiboot file")
    g.add_argument("--initrd", metavar="FILE", help="initial ramdisk of --kernel")
    g.add_argument("--append", metavar="ARGS", help="command line of --kernel")
    g.add_argument("--save", metavar="FILE", help="Ctrl-] s, or signal SIGUSR1 to the runner, saves the running guest there and ends the run")
    g.add_argument("--load", metavar="FILE", help="the guest that --save has left there goes on, with the same options and disks")
    g.add_argument("--serial", metavar="stdio|none|SOCKET", type=socket_path,
                   help="the guest's serial port (default: stdio; with --screen text: none)")
    g.add_argument("--qmp", metavar="SOCKET", type=socket_path, help="serve the inner QEMU's QMP on this unix socket")
    g.add_argument("--no-guest", action="store_true", help='no default arguments: the argument vector is what follows "--"')
    g.add_argument("--config", metavar="FILE", action="append", default=[], help="take options from this file, one a line without its "
                   "dashes: name = value; repeat for more; those of the command line come after them")


def _add_disks(g):
    g.add_argument("--disk", metavar="FILE[,format=F][,bus=B][,key-file=FILE][,ro]", action="append", default=[],
                   help="disk image of the guest; repeat for more. Buses: ide (default), sata (default with --machine q35), "
                   "virtio, scsi, nvme, usb. key-file: the passphrase of an encrypted one. ro: only for reading")
    g.add_argument("--cdrom", metavar="FILE", action="append", default=[], help="CD-ROM image of the guest, read only; repeat for more")
    g.add_argument("--floppy", metavar="FILE[,ro]", action="append", default=[], help="image of a floppy; repeat for a second one")
    g.add_argument("--usb-disk", metavar="FILE", action="append", default=[], help="disk image as a USB stick; repeat for more")
    g.add_argument("--snapshot", action="store_true", help="what the guest writes is thrown away at the end")
    g.add_argument("--format", metavar="F", help="format of the disks, any that the outer emulator knows (default: by their content)")


def _add_network(g):
    g.add_argument("--net", metavar="user[,OPTIONS]|tap=NAME|bridge=NAME|none",
                   help="what the guest's network card is connected to: by address translation to the host's network, as the outer emulator's "
                   f"-netdev user does it, with its options; to a tap or a bridge of the host; or no card (default: {DEFAULT_NET})")
    g.add_argument("--nic", choices=NICS, default=DEFAULT_NIC, help=f"the guest's network card (default: {DEFAULT_NIC})")
    g.add_argument("--forward", metavar="tcp|udp:[ADDRESS:]PORT:GUEST-PORT", action="append", default=[],
                   help="a port of the host that leads to one of the guest, with --net user; repeat for more")


def _add_screen(g):
    g.add_argument("--screen", metavar="none|text|window|vnc[=:N|=unix:PATH][,OPTIONS]", default="none",
                   help="the guest's screen, keyboard and pointer for VNC viewers of this machine: on display N, which is TCP port 5900 + N "
                   "(default: the first that is free), or on a unix socket; window also starts a viewer; "
                   "text: as text in the terminal, without graphics; or none (default). "
                   "Options: password-file=FILE, keyboard=LAYOUT")


def _add_folders(g):
    g.add_argument("--share", metavar="DIR[:TAG][,ro]", action="append", default=[],
                   help="a folder of the host for the guest, which mounts it by its tag: mount -t 9p -o trans=virtio TAG /mnt "
                   "(default tag: share); repeat for more; ro: only for reading")


def _add_outer(g):
    g.add_argument("--image", metavar="IMG", default=DEFAULT_IMAGE, help="image to run (default: the product's)")
    g.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="auto", help="acceleration")
    g.add_argument("--outer-machine", choices=("q35", "pc"), default="q35", help="machine (default: q35)")
    g.add_argument("--outer-memory", metavar="SIZE", type=size, help=f"memory of the image (default: guest + {INNER_OVERHEAD} MiB, "
                   f"{PROCESSOR_OVERHEAD} for each further processor, and what --kernel and --initrd need)")
    g.add_argument("--kernel-args", metavar="ARGS", default="", help="arguments of the image's kernel, e.g. loglevel=3")
    g.add_argument("--outer", metavar="ARGS", default="", help="more arguments of the outer emulator")


def _add_diagnosis(g):
    g.add_argument("--print", action="store_true", help="print the inner and the outer emulator's command, and run nothing")
    g.add_argument("--json", action="store_true", help="the same for programs")
    g.add_argument("--quiet", action="store_true", help="no lines about acceleration, how to leave, and how the run was")
    g.add_argument("--console", metavar="FILE", help="the image's own console (default: standard error)")
    g.add_argument("--gdb", action="store_true", help="wait for a debugger on port 1234, and say how to start it")


GROUPS = (("guest", _add_guest), ("disks", _add_disks), ("network", _add_network), ("screen", _add_screen),
          ("folders of the host", _add_folders), ("outer emulator", _add_outer), ("diagnosis", _add_diagnosis))


def make_parser(description):
    p = Parser(
        prog="run",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="run [options] [-- arguments of the inner QEMU, or of the application]",
        epilog=EXAMPLES,
        add_help=False,
    )
    for title, add in GROUPS:
        add(p.add_argument_group(title))
    p.add_argument("--help", "-h", action="help", help="show this and end")
    return p


def split_arguments(argv):
    """The runner's own, and those of the inner QEMU or of the application."""
    at = argv.index("--") if "--" in argv else len(argv)
    return argv[:at], argv[at + 1 :]


def parse_words(parser, words, extra, before=None):
    """The options @before, and behind them @words."""
    args = parser.parse_args(words, before)
    args.extra = extra
    if args.serial is None:
        args.serial = "none" if args.screen == "text" else "stdio"
    args.guest = os.path.basename(args.image).startswith(PRODUCT) and not args.no_guest
    return args


def guest_memory(args):
    """MiB."""
    return args.memory or (DEFAULT_GUEST_MEMORY if args.uefi is None else UEFI_MEMORY)


def outer_memory(args):
    """MiB of the image."""
    if args.outer_memory:
        return args.outer_memory
    if args.guest:
        return guest_memory(args) + kernel_memory(args) + INNER_OVERHEAD + PROCESSOR_OVERHEAD * (args.cpus - 1)
    return args.memory or PLAIN_MEMORY
