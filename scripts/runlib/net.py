# SPDX-License-Identifier: BSD-3-Clause
"""The guest's network card, and what of the host it is connected to. Frames go unchanged between the card that the inner emulator
shows, a tap of the image on its own card, and a back end of the outer emulator."""

import contextlib
import hashlib
import ipaddress
import os
import re
import socket
import subprocess

from runlib.disks import quote_option
from runlib.options import DEFAULT_NET, EMULATOR
from runlib.places import NETWORK, boot_index
from runlib.process import end, spawn
from runlib.report import Failure, say

FORWARD = re.compile(r"(tcp|udp):(?:([^:]*):)?([0-9]{1,5}):([0-9]{1,5})")
INTERFACE = re.compile(r"[^/:\s]{1,15}")  # what Linux takes as a name of one
PATIENCE = 10  # seconds
INNER_ID, OUTER_ID = "lan0", "lan0"
SLOT = 0x10  # of the outer machine's PCI bus


def mac_address(disks):
    """The same for the same first disk, wherever the run is started from."""
    name = os.path.realpath(disks[0].path) if disks else ""
    return "52:54:00:" + hashlib.sha256(os.fsencode(name)).digest()[:3].hex(":")


class Forward:
    """A value of --forward. Without an address only this machine reaches the guest."""

    def __init__(self, text):
        found = FORWARD.fullmatch(text)
        if not found or not all(0 < int(port) < 65536 for port in found.groups()[2:]):
            raise Failure(f"--forward {text}: not PROTOCOL:[ADDRESS:]HOST-PORT:GUEST-PORT, as in tcp:2222:22")
        self.text = text
        self.protocol, address, self.port, self.guest_port = found.groups()
        try:
            self.address = str(ipaddress.IPv4Address(address or "127.0.0.1"))
        except ValueError:
            raise Failure(f"--forward {text}: {address} is not an IPv4 address") from None

    def rule(self):
        """As an option of the outer emulator's back end."""
        return f",hostfwd={self.protocol}:{self.address}:{self.port}-:{self.guest_port}"

    def bind(self):
        """A socket on its port of the host, which shows that the outer emulator can have it."""
        kind = socket.SOCK_STREAM if self.protocol == "tcp" else socket.SOCK_DGRAM
        with contextlib.ExitStack() as stack:
            s = stack.enter_context(socket.socket(socket.AF_INET, kind))
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, self.protocol == "tcp")  # as that does
            try:
                s.bind((self.address, int(self.port)))
                if self.protocol == "tcp":
                    s.listen(1)
            except OSError as e:
                raise Failure(f"--forward {self.text}: {self.address}:{self.port}: {e.strerror}") from None
            stack.pop_all()
            return s


def forwards(args):
    return [Forward(text) for text in args.forward]


def network(args):
    """What the card is connected to: the user's choice, or the default."""
    return args.net if args.net is not None else DEFAULT_NET


def is_user(args):
    return network(args).split(",")[0] == "user"


def backend(args):
    """The outer emulator's back end, without its id."""
    kind, _, name = network(args).partition("=")
    if kind == "tap" and name:
        return f"tap,ifname={quote_option(name)},script=no,downscript=no"
    if kind == "bridge" and name:
        return f"bridge,br={quote_option(name)}"
    return network(args) + "".join(forward.rule() for forward in forwards(args))


def check_name(option, name):
    if not INTERFACE.fullmatch(name) or name in (".", ".."):
        raise Failure(f"{option}: not a name that a network interface can have")


def check_network(args):
    """What is wrong with the options about the network, without starting anything."""
    kind, separator, name = network(args).partition("=")
    option = f"--net {network(args)}"
    if not (is_user(args) or network(args) == "none" or (kind in ("tap", "bridge") and name)):
        raise Failure(f"{option}: none of user, tap=NAME, bridge=NAME, none")
    if separator and kind in ("tap", "bridge"):
        check_name(option, name)
    if kind == "bridge" and name not in (known for _, known in socket.if_nameindex()):
        raise Failure(f"{option}: this machine has no such bridge")
    if args.forward and not is_user(args):
        raise Failure(f"--forward needs --net user, not {network(args)}")
    if not args.guest and (args.forward or args.net not in (None, "none")):
        raise Failure(f"{'--forward' if args.forward else option}: there is no guest to have a network card")
    forwards(args)


def offers_user_network():
    """Can the outer emulator connect a card to the host's network by itself? Builds without libslirp cannot."""
    process = spawn([EMULATOR, "-netdev", "help"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        kinds, _ = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return True  # its own message follows, if it has one
    finally:
        end(process)
    return process.returncode != 0 or b"user" in kinds.split()


def choose_network(args):
    """Settle what is left open, by what this machine and the outer emulator offer."""
    if not has_network(args) or not is_user(args):
        return
    if offers_user_network():
        return
    without = f"{EMULATOR} was built without user networking (libslirp)"
    if args.net is not None or args.forward:
        raise Failure(f"{f'--net {args.net}' if args.net is not None else '--forward'}: {without}; tap=NAME and bridge=NAME are left")
    say(f"{without}: the guest has no network card")
    args.net = "none"


def check_ports(args):
    """Are the host's ports free that are to be forwarded?"""
    with contextlib.ExitStack() as stack:  # all at once: two of them may want one
        for forward in forwards(args):
            stack.enter_context(forward.bind())


def has_network(args):
    return args.guest and network(args) != "none"


def inner_network(args, disks):
    """Options of the inner emulator. The card has a boot ROM only to boot from: it would be started at each boot."""
    if not has_network(args):
        return []
    index = boot_index(args, disks, NETWORK)
    card = f"{args.nic},netdev={INNER_ID},mac={mac_address(disks)},{index or 'romfile='}"
    return ["-netdev", f"tap,id={INNER_ID},script=no,downscript=no", "-device", card]


def add_outer_network(command, args, disks):
    if not has_network(args):
        return
    kind, separator, rest = backend(args).partition(",")
    command.add("-netdev", f"{kind},id={OUTER_ID}{separator}{rest}", f"--net {network(args)}")
    command.add("-device", f"virtio-net-pci,netdev={OUTER_ID},mac={mac_address(disks)},romfile=,addr=0x{SLOT:x}", f"--net {network(args)}")
