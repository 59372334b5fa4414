# SPDX-License-Identifier: BSD-3-Clause
"""The command line of scripts/run."""

import argparse
import os

from runlib.report import Failure, show

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EMULATOR = "qemu-system-x86_64"
PRODUCT = "qemu-stubdom"
DEFAULT_IMAGE = os.path.join(TOP, "build", f"{PRODUCT}-kvm", f"{PRODUCT}_kvm-x86_64")
DEFAULT_GUEST_MEMORY = 64  # MiB
INNER_OVERHEAD = 128  # MiB: inner QEMU itself and its translation cache
PLAIN_MEMORY = 64  # MiB, for other images
NICS = ("e1000", "e1000e", "rtl8139", "virtio-net", "virtio-net-pci", "pcnet", "ne2k_pci", "vmxnet3")
DEFAULT_NIC = "e1000"
DEFAULT_NET = "user"


class Parser(argparse.ArgumentParser):
    """Reports as the rest of the runner does."""

    def print_help(self, file=None):
        show(self.format_help())

    def error(self, message):
        raise Failure(f"{message} (--help lists the options)")


def parse_arguments(argv, description):
    extra = None
    if "--" in argv:
        at = argv.index("--")
        argv, extra = argv[:at], argv[at + 1 :]
    p = Parser(
        prog="run",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="run [options] [-- arguments of the inner QEMU, or of the application]",
        epilog="Status: the guest's, as the inner QEMU ends (0 for an orderly power-off); 101 when the image crashed; "
        "2 for a wrong argument or a missing file; 125 when the outer emulator ended without reporting a status; 128 + n when "
        "signal n ended the run. The guest goes on when nothing reads its output any more.",
    )
    p.add_argument("--image", metavar="IMG", default=DEFAULT_IMAGE, help="image to run (default: the product's)")
    p.add_argument("--disk", metavar="FILE[,format=F]", action="append", default=[], help="disk image of the guest; repeat for more")
    p.add_argument("--cdrom", metavar="FILE", help="CD-ROM image of the guest, read only")
    p.add_argument("--format", help="format of the disks, any that the outer emulator knows (default: by their content)")
    p.add_argument("--memory", metavar="N", type=int, help=f"memory of the guest in MiB (default {DEFAULT_GUEST_MEMORY})")
    p.add_argument("--outer-memory", metavar="N", type=int, help=f"memory of the image (default: guest + {INNER_OVERHEAD})")
    p.add_argument("--net", metavar="user[,OPTIONS]|tap=NAME|bridge=NAME|none",
                   help="what the guest's network card is connected to: by address translation to the host's network, as the outer emulator's "
                   f"-netdev user does it, with its options; to a tap or a bridge of the host; or no card (default: {DEFAULT_NET})")
    p.add_argument("--nic", choices=NICS, default=DEFAULT_NIC, help=f"the guest's network card (default: {DEFAULT_NIC})")
    p.add_argument("--forward", metavar="tcp|udp:[ADDRESS:]PORT:GUEST-PORT", action="append", default=[],
                   help="a port of the host that leads to one of the guest, with --net user; repeat for more")
    p.add_argument("--screen", metavar="none|window|vnc[=:N|=unix:PATH][,OPTIONS]", default="none",
                   help="the guest's screen, keyboard and pointer for VNC viewers of this machine: on display N, which is TCP port 5900 + N "
                   "(default: the first that is free), or on a unix socket; window also starts a viewer; or none (default). "
                   "Options: password-file=FILE, keyboard=LAYOUT")
    p.add_argument("--share", metavar="DIR[:TAG][,ro]", action="append", default=[],
                   help="a folder of the host for the guest, which mounts it by its tag: mount -t 9p -o trans=virtio TAG /mnt "
                   "(default tag: share); repeat for more; ro: only for reading")
    p.add_argument("--serial", metavar="stdio|SOCKET", default="stdio", help="the guest's serial port (default: stdio)")
    p.add_argument("--qmp", metavar="SOCKET", help="serve the inner QEMU's QMP on this unix socket")
    p.add_argument("--console", metavar="FILE", help="the image's own console (default: standard error)")
    p.add_argument("--machine", choices=("q35", "pc"), default="q35", help="machine of the outer emulator (default: q35)")
    p.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="auto", help="acceleration of the outer emulator")
    p.add_argument("--kernel-args", metavar="ARGS", default="", help="arguments of the image's kernel, e.g. loglevel=3")
    p.add_argument("--outer", metavar="ARGS", default="", help="more arguments of the outer emulator")
    p.add_argument("--no-guest", action="store_true", help='no default arguments: the argument vector is what follows "--"')
    p.add_argument("--gdb", action="store_true", help="wait for a debugger on port 1234, and say how to start it")
    p.add_argument("--dry-run", action="store_true", help="print the outer emulator's command, do not run it")
    args = p.parse_args(argv)
    args.extra = extra or []
    args.guest = os.path.basename(args.image).startswith(PRODUCT) and not args.no_guest
    return args


def outer_memory(args):
    """MiB of the image."""
    if args.outer_memory:
        return args.outer_memory
    if args.guest:
        return (args.memory or DEFAULT_GUEST_MEMORY) + INNER_OVERHEAD
    return args.memory or PLAIN_MEMORY
