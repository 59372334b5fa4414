# SPDX-License-Identifier: BSD-3-Clause
"""Network devices: the driver's tap against the outer emulator's own network, and a guest's card through it."""

import os
import shlex
import subprocess

import pytest

from machine import RUN, Machine, Qmp, ktap, outcome
from screen import wait_text

PRODUCT, DRIVER = "qemu-stubdom", "net-test"
# Its gateway answers ARP and pings. net-test takes its own address from the MAC.
USER = "-netdev user,id=u,net=10.9.0.0/24,host=10.9.0.1"
CARD = "virtio-net-pci,netdev=u,mac=52:54:00:00:00:01,romfile="
TESTS = ["arp", "tap_requests", "tap_busy", "tap_poll_empty", "ping_sizes", "tcp_checksum", "read_cut", "ping_many", "unread", "flood"]

CARDS = {
    "as it is by default": "",
    "one buffer a frame": ",mrg_rxbuf=off",
    "no event index": ",event_idx=off",
    "one interrupt for all": ",vectors=1",
    "no interrupts": ",vectors=0",
    "no link state": ",status=off",
    "no MAC": ",mac=00:00:00:00:00:00",
    "large queues": ",rx_queue_size=1024,tx_queue_size=256",
}


@pytest.mark.parametrize("case", CARDS)
def test_driver(image, case):
    tests = TESTS if case in ("as it is by default", "one buffer a frame") else ["arp", "ping_sizes", "flood"]
    status, console, _ = outcome(image(DRIVER), ["--outer", f"{USER} -device {CARD}{CARDS[case]}"], tests, timeout=120)
    assert status == 0, console
    assert all(ktap(console).values())


def test_two_cards(image):
    """What one sends to the other."""
    hub = [f"-netdev hubport,id=h{i},hubid=0 -device virtio-net-pci,netdev=h{i},mac=52:54:00:00:00:0{i + 1},romfile=" for i in (0, 1)]
    outer = f"{USER} -netdev hubport,id=h2,hubid=0,netdev=u {' '.join(hub)}"
    status, console, _ = outcome(image(DRIVER), ["--outer", outer], ["arp", "second"], timeout=120)
    assert status == 0, console


def test_link(image, tmp_path):
    """The link goes and comes back: a write says so meanwhile."""
    monitor = tmp_path / "outer"
    outer = f"{USER} -device {CARD},id=card -qmp unix:{monitor},server=on,wait=off"
    with Machine(image(DRIVER), ["--outer", outer], ["arp", "reconnect"]) as m:
        m.wait("waiting for the link to go", 60)
        qmp = Qmp(str(monitor))
        qmp.execute("set_link", name="card", up=False)
        m.wait("a write says: I/O error", 60)
        qmp.execute("set_link", name="card", up=True)
        m.wait("^ok 2 reconnect", 60)
        assert m.status() == 0, m.console.text()


def test_no_network(image):
    """No device, no tap: one error."""
    status, console, _ = outcome(image(DRIVER), [], ["arp"])
    assert status == 1, console


@pytest.mark.parametrize("nic", ["e1000", "virtio-net-pci"])
def test_guest(image, tmp_path, debian_file, nic):
    """iPXE as the guest: it gets its address by DHCP and a script from there, which pulls a file."""
    iso = debian_file("ipxe", "/usr/lib/ipxe/ipxe.iso")
    files = tmp_path / "files"
    files.mkdir()
    (files / "data").write_bytes(os.urandom(300001))
    (files / "go").write_text("#!ipxe\nimgfetch --name data data\nimgstat\necho I am ${ip} at ${mac}\nsleep 600\n", encoding="ascii")
    net = f"user,tftp={files},bootfile=go"
    with Machine(image(PRODUCT), ["--cdrom", iso, "--memory", 128, "--nic", nic, "--net", net, "--qmp", tmp_path / "qmp"]) as m:
        qmp = Qmp(str(tmp_path / "qmp"))
        screen = wait_text(qmp, r"I am 10\.0\.2\.15 at 52:54:00", 240)
        assert "300001 bytes" in screen
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()


WRONG = {
    "kind": (["--net", "wifi"], "--net wifi: none of user, tap=NAME, bridge=NAME, none"),
    "tap without a name": (["--net", "tap"], "--net tap: none of"),
    "forward": (["--forward", "2222:22"], "--forward 2222:22: not PROTOCOL:"),
    "forward to no port": (["--forward", "tcp:2222:0"], "--forward tcp:2222:0: not PROTOCOL:"),
    "forward without user": (["--net", "none", "--forward", "tcp:2222:22"], "--forward needs --net user"),
    "card": (["--nic", "ne3000"], "invalid choice: 'ne3000'"),
    "no such bridge": (["--net", "bridge=unidom-none"], "--net bridge=unidom-none: "),
    "options": (["--net", "user,frobnicate=on"], "--net user,frobnicate=on: "),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong(image, guest, case):
    options, message = WRONG[case]
    command = [RUN, "--image", image(PRODUCT), "--accel", "tcg", "--disk", guest("idle"), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr


def words(image, *options):
    command = [RUN, "--image", image, "--accel", "tcg", "--dry-run", *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    outer = shlex.split(done.stdout)
    return outer, shlex.split(outer[outer.index("-append") + 1])


def test_command(image, guest, tmp_path):
    disk = guest("hello")
    outer, inner = words(image(PRODUCT), "--disk", disk, "--forward", "tcp:2222:22", "--forward", "udp:0.0.0.0:53:5353", "--nic", "rtl8139")
    assert "user,id=lan0,hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=udp:0.0.0.0:53-:5353" in outer
    card = next(word for word in inner if word.startswith("rtl8139,"))
    mac = card.split("mac=")[1].split(",")[0]
    assert any(word.startswith("virtio-net-pci,") and mac in word for word in outer)
    os.symlink(disk, tmp_path / "link")
    again = words(image(PRODUCT), "--disk", tmp_path / "link")
    assert any(mac in word for word in again[1])  # the same disk
    other = words(image(PRODUCT), "--disk", guest("idle"))
    assert not any(mac in word for word in other[1])
    none = words(image(PRODUCT), "--disk", disk, "--net", "none")
    assert not any("netdev" in word for word in none[0] + none[1])
