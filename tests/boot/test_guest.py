# SPDX-License-Identifier: BSD-3-Clause
"""The product: QEMU inside the unikernel boots guests."""

import os

import pytest

import qcow2
from images import HELLO
from machine import Machine, Qmp, connect, outcome

IMAGE = "qemu-stubdom"
RESETS = 200
HEADROOM = 8  # MiB beyond what QEMU, the firmware and this guest need


def sectors(path, first, count):
    with open(path, "rb") as f:
        f.seek(first * 512)
        return f.read(count * 512)


def test_reads_its_disk(image, guest, outer_machine):
    status, console, serial = outcome(image(IMAGE), ["--disk", guest("hello"), "--outer-machine", outer_machine], timeout=120)
    assert serial.splitlines() == HELLO, console
    assert status == 0


def test_default_guest(image):
    """make run, without any argument."""
    status, _, serial = outcome(image(IMAGE), timeout=120)
    assert "guest: this line is on my disk, sector 1\n" in serial
    assert status == 0


def test_writes_survive(image, guest):
    """Over two resets of the guest, and in the host's file afterwards; a second run goes on from there."""
    disk = guest("write")
    status, console, serial = outcome(image(IMAGE), ["--disk", disk], timeout=120)
    assert serial.splitlines() == [f"guest: boot {i}, written" for i in (1, 2, 3)], console
    assert status == 0
    assert sectors(disk, 8, 1)[:2] == b"\3\0"
    assert sectors(disk, 9, 8) == b"3" * 4096
    status, _, serial = outcome(image(IMAGE), ["--disk", disk], timeout=120)
    assert serial == "guest: boot 4, written\n"
    assert sectors(disk, 9, 8) == b"4" * 4096


def test_qcow2(image, guest, tmp_path):
    """Found by its content; writes go through the outer emulator's driver."""
    disk = tmp_path / "disk.qcow2"
    with open(guest("write"), "rb") as f:
        qcow2.create(disk, f.read(), qcow2.CLUSTER)
    status, console, serial = outcome(image(IMAGE), ["--disk", disk], timeout=120)
    assert serial.splitlines() == [f"guest: boot {i}, written" for i in (1, 2, 3)], console
    assert status == 0
    data = qcow2.read(disk)
    assert data[8 * 512 : 8 * 512 + 2] == b"\3\0" and data[9 * 512 : 17 * 512] == b"3" * 4096


def test_second_disk_and_cdrom(image, guest, tmp_path):
    """A boot from the CD-ROM drive's neighbours: all three are there, in their places."""
    second, cdrom = tmp_path / "second", tmp_path / "cdrom.iso"
    second.write_bytes(bytes(1 << 20))
    cdrom.write_bytes(bytes(1 << 20))
    options = ["--disk", guest("idle"), "--disk", second, "--cdrom", cdrom, "--qmp", tmp_path / "qmp"]
    with Machine(image(IMAGE), options) as m:
        qmp = Qmp(str(tmp_path / "qmp"))
        names = {b["device"]: b["inserted"]["image"]["filename"] for b in qmp.execute("query-block") if "inserted" in b}
        assert names["disk0"] == "/dev/vda" and names["disk1"] == "/dev/vdb" and names["disk2"] == "/dev/vdc"
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()


def test_serial_input(image, guest):
    with Machine(image(IMAGE), ["--disk", guest("idle")]) as m:
        m.serial.wait("guest: up", 60)
        m.type("echo?")
        m.serial.wait(r"echo\?", 20)


def test_serial_socket(image, guest, tmp_path):
    """The serial port on a socket: nothing that was printed before somebody connects is lost."""
    with Machine(image(IMAGE), ["--disk", guest("hello"), "--serial", tmp_path / "serial"]) as m:
        with connect(str(tmp_path / "serial")) as s:
            s.settimeout(60)
            got = b""
            while b"power off" not in got:
                data = s.recv(4096)
                assert data, got
                got += data
        assert m.status() == 0


def needed(path):
    """MiB in which the image just boots the guest: found by trying."""
    size = os.path.getsize(path) >> 20
    for memory in range(size + 8, size + 64, 4):
        status, _, _ = outcome(path, ["--outer-memory", memory], timeout=120)
        if not status:
            return memory
    raise AssertionError("does not boot in any size")


def test_resets(image, guest, tmp_path):
    """Many resets: each boots again. The memory is so little that a leak of 40 KiB a reset would end it."""
    options = ["--disk", guest("idle"), "--qmp", tmp_path / "qmp", "--outer-memory", needed(image(IMAGE)) + HEADROOM]
    with Machine(image(IMAGE), options) as m:
        m.serial.wait("guest: up", 60)
        qmp = Qmp(str(tmp_path / "qmp"))
        for i in range(RESETS):
            seen = len(m.serial.text())
            qmp.execute("system_reset")
            qmp.wait_event("RESET")
            if i % 20 == 19:  # let it come up now and then; otherwise reset in the middle of its boot
                m.serial.wait("guest: up", 30, since=seen)
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()


def test_power_button_status(image, guest, tmp_path):
    """QMP's quit with a guest running is an orderly end too."""
    with Machine(image(IMAGE), ["--disk", guest("idle"), "--qmp", tmp_path / "qmp"]) as m:
        m.serial.wait("guest: up", 60)
        qmp = Qmp(str(tmp_path / "qmp"))
        assert qmp.execute("query-status")["status"] == "running"
        assert qmp.execute("query-version")["qemu"]["major"] == 10
        qmp.execute("quit")
        assert m.status() == 0


@pytest.mark.parametrize("disk_bytes", [512, 1000, 1 << 20])
def test_not_bootable(image, tmp_path, disk_bytes):
    """An empty disk of any size: the firmware says so, and QMP still answers."""
    (tmp_path / "disk").write_bytes(b"\1" * disk_bytes)
    with Machine(image(IMAGE), ["--disk", tmp_path / "disk", "--qmp", tmp_path / "qmp"]) as m:
        qmp = Qmp(str(tmp_path / "qmp"))
        assert qmp.execute("query-status")["status"] == "running"
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()
