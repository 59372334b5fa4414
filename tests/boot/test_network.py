# SPDX-License-Identifier: BSD-3-Clause
"""Network devices: the driver's tap against the outer emulator's own network."""

import pytest

from machine import Machine, Qmp, ktap, outcome

DRIVER = "net-test"
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
