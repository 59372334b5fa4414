# SPDX-License-Identifier: BSD-3-Clause
"""Network devices: the driver's tap against the outer emulator's own network."""

import pytest

from machine import Machine, Qmp, ktap, outcome, pull_out

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
    "packed queues and an IOMMU's addresses, which are not used": ",disable-legacy=on,packed=on,iommu_platform=on",
    "several queues, of which one is used": ",mq=on,vectors=10",
    "offers nothing else": ",csum=off,guest_csum=off,gso=off,ctrl_vq=off,mrg_rxbuf=off,event_idx=off,status=off",
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


def test_removed(image, tmp_path):
    """A card that is gone from one moment to the next: an error for who sends, and the system goes on."""
    outer = f"{USER} -device {CARD},addr=0x10 -qtest unix:{tmp_path}/qtest,server=on,wait=off -qtest-log /dev/null"
    with Machine(image(DRIVER), ["--outer-machine", "pc", "--outer", outer], ["arp", "reconnect"]) as m:
        m.wait("waiting for the link to go", 60)
        pull_out(str(tmp_path / "qtest"), 0x10)
        m.wait("error: eth0: the device was removed or has failed; it is down", 60)
        m.wait("a write says: I/O error", 60)


def test_removed_while_waiting(image, tmp_path):
    """Threads that wait for a frame, and for room in the queue of a card that takes nothing any more."""
    outer = f"{USER} -device {CARD},addr=0x10 -qtest unix:{tmp_path}/qtest,server=on,wait=off -qtest-log /dev/null"
    with Machine(image(DRIVER), ["--outer-machine", "pc", "--outer", outer], ["pulled_out"]) as m:
        m.wait("waiting for the card to go", 60)
        pull_out(str(tmp_path / "qtest"), 0x10)
        assert m.status() == 0, m.console.text()


def test_back_end_removed(image, tmp_path):
    """The network behind the card goes for ever: the link is down."""
    monitor = tmp_path / "outer"
    outer = f"{USER} -device {CARD},id=card -qmp unix:{monitor},server=on,wait=off"
    with Machine(image(DRIVER), ["--outer", outer], ["arp", "reconnect"]) as m:
        m.wait("waiting for the link to go", 60)
        qmp = Qmp(str(monitor))
        qmp.execute("netdev_del", id="u")
        m.wait("a write says: I/O error", 60)


REFUSED = {
    "legacy only": ("disable-modern=on,disable-legacy=off", "error: virtio-net 00:10.0: not a virtio 1.x device"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(image, case):
    """One line about the card; the one behind it is the first."""
    options, message = REFUSED[case]
    other = "-netdev hubport,id=h,hubid=9 -device virtio-net-pci,netdev=h,romfile=,addr=0x10"
    status, console, _ = outcome(image(DRIVER), ["--outer", f"{other},{options} {USER} -device {CARD},addr=0x11"], ["arp"])
    assert status == 0, console
    assert console.count("error: ") == 1 and message in console, console


def test_no_network(image):
    """No device, no tap: one error."""
    status, console, _ = outcome(image(DRIVER), [], ["arp"])
    assert status == 1, console
