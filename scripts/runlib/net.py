# SPDX-License-Identifier: BSD-3-Clause
"""The guest's network card, and what of the host it is connected to. Frames go unchanged between the card that the inner emulator
shows, a tap of the image on its own card, and a back end of the outer emulator."""

import hashlib
import os
import re

from runlib.disks import quote_option
from runlib.report import Failure

NICS = ("e1000", "e1000e", "rtl8139", "virtio-net-pci", "pcnet", "ne2k_pci", "vmxnet3")
DEFAULT_NIC = "e1000"
FORWARD = re.compile(r"(tcp|udp):(?:([^:]*):)?(\d+):(\d+)")
INNER_ID, OUTER_ID = "lan0", "lan0"
SLOT = 0x10  # of the outer machine's PCI bus


def mac_address(disks):
    """The same for the same first disk, wherever the run is started from."""
    name = os.path.realpath(disks[0].path) if disks else ""
    return "52:54:00:" + hashlib.sha256(os.fsencode(name)).digest()[:3].hex(":")


def forward_rule(text):
    """A value of --forward as one of the outer emulator's options."""
    found = FORWARD.fullmatch(text)
    if not found or not all(0 < int(port) < 65536 for port in found.groups()[2:]):
        raise Failure(f"--forward {text}: not PROTOCOL:[ADDRESS:]HOST-PORT:GUEST-PORT, as in tcp:2222:22")
    protocol, address, host, guest = found.groups()
    # Without an address only this machine reaches the guest.
    return f",hostfwd={protocol}:{quote_option(address or '127.0.0.1')}:{host}-:{guest}"


def is_user(args):
    return args.net.split(",")[0] == "user"


def backend(args):
    """The outer emulator's back end, without its id."""
    kind, _, name = args.net.partition("=")
    if kind == "tap" and name:
        return f"tap,ifname={quote_option(name)},script=no,downscript=no"
    if kind == "bridge" and name:
        return f"bridge,br={quote_option(name)}"
    if is_user(args):
        return args.net + "".join(forward_rule(text) for text in args.forward)
    raise Failure(f"--net {args.net}: none of user, tap=NAME, bridge=NAME, none")


def has_network(args):
    """Is there a card? Reports what is wrong with the options about it."""
    if args.forward and not is_user(args):
        raise Failure(f"--forward needs --net user, not {args.net}")
    if args.net == "none" or not args.guest:
        return False
    backend(args)
    return True


def inner_network(args, disks):
    """Options of the inner emulator. The card has no boot ROM: it would be started at each boot, before the disk."""
    if not has_network(args):
        return []
    card = f"{args.nic},netdev={INNER_ID},mac={mac_address(disks)},romfile="
    return ["-netdev", f"tap,id={INNER_ID},script=no,downscript=no", "-device", card]


def add_outer_network(command, args, disks):
    if not has_network(args):
        return
    kind, separator, rest = backend(args).partition(",")
    command.add("-netdev", f"{kind},id={OUTER_ID}{separator}{rest}", f"--net {args.net}")
    command.add("-device", f"virtio-net-pci,netdev={OUTER_ID},mac={mac_address(disks)},romfile=,addr=0x{SLOT:x}", f"--net {args.net}")
