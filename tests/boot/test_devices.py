# SPDX-License-Identifier: BSD-3-Clause
"""Virtio disks, ports and the random source, from a program inside and from the host."""

import socket
import struct
import threading

import pytest

from machine import Machine, connect, ktap, pull_out

SIZE = 16 << 20
WRITE_AT = 8 << 20
WRITE_SIZE = 2 << 20
ECHO_SIZE = 256 << 10
LINES = 8192


@pytest.fixture
def disks(tmp_path):
    pattern = b"".join(struct.pack("<Q", i) for i in range(0, SIZE, 8))
    (tmp_path / "rw.img").write_bytes(pattern)
    (tmp_path / "ro.img").write_bytes(pattern[: 1 << 20])
    return tmp_path


def echo(path, result):
    """Wait for the program, then send faster than it reads: lines that it checks, then what it sends back."""
    words = b"".join(b"%07d\n" % i for i in range(ECHO_SIZE // 8))
    with connect(path) as s:
        got = s.recv(6, socket.MSG_WAITALL)
        if got == b"lines\n":
            s.sendall(words[: LINES * 8])
            got = b""
        sender = None
        while len(got) < len(b"ready\n") + ECHO_SIZE:
            data = s.recv(65536)
            if not data:
                break
            got += data
            if not sender and got.startswith(b"ready\n"):
                sender = threading.Thread(target=s.sendall, args=(words,), daemon=True)
                sender.start()
    result.append((len(got), got == b"ready\n" + words))


def outer_ports(folder):
    return (
        "-device virtio-serial-pci,disable-legacy=on "
        f"-chardev socket,id=echo,path={folder}/echo.sock,server=on,wait=off -device virtserialport,nr=1,chardev=echo,name=org.unidom.echo "
        f"-chardev file,id=hvc,path={folder}/hvc.out -device virtconsole,nr=2,chardev=hvc "
        f"-chardev socket,id=unheard,path={folder}/unheard.sock,server=on,wait=off -device virtserialport,nr=3,chardev=unheard"
    )


def run_all(image, folder, options):
    options = ["--disk", folder / "rw.img", "--cdrom", folder / "ro.img", "--outer", outer_ports(folder), *options]
    echoed = []
    with Machine(image("device-test"), options) as m:
        thread = threading.Thread(target=echo, args=(f"{folder}/echo.sock", echoed), daemon=True)
        thread.start()
        status = m.status(180)
        console = m.console.text()
        thread.join(5)
    results = ktap(console)
    assert all(results.values()), console
    assert status == 0
    assert echoed == [(len(b"ready\n") + ECHO_SIZE, True)]


def test_all(image, disks, outer_machine):
    run_all(image, disks, ["--outer-machine", outer_machine])
    written = (disks / "rw.img").read_bytes()[WRITE_AT : WRITE_AT + WRITE_SIZE]
    expected = bytearray((i * 7 + (i >> 8)) & 0xFF for i in range(WRITE_SIZE))
    expected[1021:1027] = b"unidom"
    assert written == expected
    assert (disks / "hvc.out").read_bytes() == b"hello from hvc0\n"


@pytest.mark.parametrize("variant", ["event_idx=off", "indirect_desc=off", "queue-size=16", "disable-legacy=on"])
def test_virtio_variants(image, disks, variant):
    run_all(image, disks, ["--outer", outer_ports(disks) + f" -global virtio-blk-pci.{variant}"])


def test_write_error(image, tmp_path):
    """The host refuses writes: an error in the program and one line, no hang."""
    disk = tmp_path / "small.img"
    disk.write_bytes(bytes(SIZE))
    outer = "-drive if=none,id=bad,driver=blkdebug,image.driver=null-co,image.size=16M,inject-error.0.event=none,inject-error.0.iotype=write"
    with Machine(image("device-test"), ["--outer", outer + " -device virtio-blk-pci,drive=bad,werror=report"], ["disk_writes"]) as m:
        assert m.status() == 1
        assert m.console.text().count("failed: EIO") >= 1, m.console.text()


def test_pulled_out(image, tmp_path):
    """A disk and a console device go while threads read, write and poll: each of them gets an error."""
    (tmp_path / "disk").write_bytes(bytes(1 << 20))
    outer = (
        f"-drive if=none,id=d,format=raw,file={tmp_path}/disk -device virtio-blk-pci,drive=d,addr=0x10 "
        "-device virtio-serial-pci,addr=0x11,id=ports "
        + " ".join(f"-chardev null,id=c{n} -device virtserialport,bus=ports.0,nr={n},chardev=c{n}" for n in (1, 2, 3))
        + f" -qtest unix:{tmp_path}/qtest,server=on,wait=off -qtest-log /dev/null"
    )
    with Machine(image("device-test"), ["--outer-machine", "pc", "--outer", outer], ["pulled_out"]) as m:
        m.wait("waiting for the devices to go", 60)
        pull_out(str(tmp_path / "qtest"), 0x10, 0x11)
        assert m.status() == 0, m.console.text()
        assert m.console.text().count(": EIO") == 5


def test_unmapped(image, disks):
    """Memory that goes while a disk of four requests a second works on it."""
    outer = f"-drive if=none,id=slow,format=raw,file={disks}/rw.img,throttling.iops-total=4 -device virtio-blk-pci,drive=slow"
    with Machine(image("device-test"), ["--outer", outer], ["disk_unmapped"]) as m:
        assert m.status(120) == 0, m.console.text()
        assert all(ktap(m.console.text()).values()), m.console.text()
