# SPDX-License-Identifier: BSD-3-Clause
"""Disks as qemu-img makes them, and a host that fails: what the outer emulator opens, and what the runner reports about it."""

import fcntl
import re
import subprocess

import pytest

from machine import RUN, Machine, Qmp, outcome

PRODUCT, OTHER = "qemu-stubdom", "helloworld"
MIB = 1 << 20
FORMATS = ("raw", "qcow2", "qcow", "qed", "vdi", "vpc", "vhdx", "vmdk", "parallels")
BOOTS = [f"guest: boot {i}, written" for i in (1, 2, 3)]


@pytest.fixture(scope="session")
def qemu_img(debian_file):
    path = debian_file("qemu-utils", "/usr/bin/qemu-img")
    return lambda *words: subprocess.run([path, *map(str, words)], check=True, capture_output=True, text=True).stdout


def opened(image, tmp_path, *options):
    """What the outer emulator made of the disks: [(format, size in MiB)]."""
    path = tmp_path / "outer"
    options = [*options, "--outer", f"-S -qmp unix:{path},server=on,wait=off"]
    with Machine(image(OTHER), options):
        qmp = Qmp(str(path))
        inserted = [b["inserted"] for b in qmp.execute("query-block") if "inserted" in b]
        return [(i["drv"], i["image"]["virtual-size"] // MIB) for i in inserted]


def test_formats(image, tmp_path, qemu_img):
    """Each is recognised, whatever the file is called."""
    options = []
    for name in FORMATS:
        qemu_img("create", "-f", name, tmp_path / f"is.{name}", "17M")
        options += ["--disk", tmp_path / f"is.{name}"]
    assert opened(image, tmp_path, *options) == [(name, 17) for name in FORMATS]


def test_format_asked_for(image, tmp_path, qemu_img):
    """A qcow2 file as raw, by an option of its own; names that mean something to QEMU."""
    for name in ("plain", "a:b", "c,d", "e,format=qcow2"):
        qemu_img("create", "-f", "qcow2", tmp_path / "made", "17M")
        (tmp_path / "made").rename(tmp_path / name)
    disks = [f"{tmp_path}/plain,format=raw", f"{tmp_path}/a:b", f"{tmp_path}/c,d", f"{tmp_path}/e,format=qcow2"]
    found = opened(image, tmp_path, *[word for disk in disks for word in ("--disk", disk)])
    assert found == [("raw", 0), ("qcow2", 17), ("qcow2", 17), ("qcow2", 17)]


def test_overlay_grows(image, guest, tmp_path, qemu_img):
    """A new qcow2 file over a raw one: each write allocates, and the one below stays as it was."""
    base, disk = guest("write"), tmp_path / "disk.qcow2"
    with open(base, "rb") as f:
        before = f.read()
    qemu_img("create", "-f", "qcow2", "-b", base, "-F", "raw", disk)
    size = disk.stat().st_size
    status, console, serial = outcome(image(PRODUCT), ["--disk", disk], timeout=120)
    assert serial.splitlines() == BOOTS, console
    assert status == 0
    assert disk.stat().st_size > size
    with open(base, "rb") as f:
        assert f.read() == before
    qemu_img("convert", "-O", "raw", disk, tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes()[9 * 512 : 17 * 512] == b"3" * 4096


@pytest.fixture
def small(tmp_path):
    """A file system of 200 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "none", folder], check=False).returncode:
        pytest.skip("file systems cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_host_is_full(image, guest, tmp_path, small, qemu_img):
    """The guest is paused, the runner and the monitor report why, and it goes on when there is room."""
    disk, qmp = small / "disk.qcow2", tmp_path / "qmp"
    qemu_img("create", "-f", "qcow2", "-b", guest("write"), "-F", "raw", disk)
    with Machine(image(PRODUCT), ["--disk", disk, "--qmp", qmp]) as m:
        m.wait(rf"^run: disk {disk}: write: No space left on device; ", 120)
        monitor = Qmp(str(qmp))
        for _ in range(20):
            state = monitor.execute("query-status")["status"]
            if state != "running":
                break
        assert state == "io-error"
        subprocess.run(["mount", "-o", "remount,size=10m", small], check=True)
        monitor.execute("cont")
        m.serial.wait(BOOTS[-1], 120)
        assert m.status() == 0, m.console.text()


def refused(image, *options):
    """The line with which a run is refused, by the outer emulator's first look."""
    command = [RUN, "--image", image(OTHER), "--accel", "tcg", *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL)
    lines = [line for line in done.stderr.splitlines() if line != "run: tcg as asked for"]
    assert done.returncode == 2 and len(lines) == 1, done.stderr
    return lines[0]


def test_refused(image, tmp_path, qemu_img):
    """One line each that names the runner's option, not the outer emulator's."""
    disk, base, luks = tmp_path / "disk.qcow2", tmp_path / "base", tmp_path / "luks"
    base.write_bytes(bytes(MIB))
    qemu_img("create", "-f", "qcow2", "-b", base, "-F", "raw", disk)
    base.unlink()
    assert refused(image, "--disk", disk).startswith(f"run: disk {disk}: Could not open backing file: ")
    base.write_bytes(bytes(MIB))
    assert refused(image, "--disk", f"{base},format=frob") == f"run: disk {base}: Unknown driver 'frob'"
    assert refused(image, "--disk", f"{base},format=qcow2") == f"run: disk {base}: Image is not in qcow2 format"
    luks.write_bytes(b"LUKS\xba\xbe\0\1" + bytes(MIB))
    assert refused(image, "--disk", luks).startswith(f"run: disk {luks}: ")
    assert refused(image, "--outer=-frob") == "run: --outer: -frob: invalid option"
    assert "missing/x" in refused(image, "--outer", f"-drive file={tmp_path}/missing/x")


def test_locked(image, tmp_path):
    """By whoever holds the locks of QEMU's: two runs of one disk are refused."""
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(MIB))
    with open(disk, "rb") as f:
        # QEMU's lock of those who write is a shared one on byte 101; that of those who share nothing with writers, on byte 201.
        for byte in (101, 201):
            fcntl.lockf(f, fcntl.LOCK_SH, 1, byte)
        line = refused(image, "--disk", disk)
    assert line.startswith(f"run: disk {disk}: ") and "lock" in line


@pytest.mark.parametrize("option, kept", [("", True), (",format=raw", False)])
def test_header_written_by_a_guest(image, tmp_path, option, kept):
    """A guest cannot turn a raw disk into another format for the next run, unless its format was asked for."""
    disk, header, path = tmp_path / "disk", tmp_path / "header", tmp_path / "outer"
    disk.write_bytes(bytes(MIB))
    header.write_bytes(b"QFI\xfb\0\0\0\3" + bytes(504))
    with Machine(image(OTHER), ["--disk", f"{disk}{option}", "--outer", f"-S -qmp unix:{path},server=on,wait=off"]):
        Qmp(str(path)).hmp(f'qemu-io disk0 "write -s {header} 0 512"')
        assert (disk.read_bytes()[:512] == header.read_bytes()) != kept


def boots_and_writes(image, option, timeout=120):
    status, console, serial = outcome(image(PRODUCT), ["--net", "none", "--disk", option], timeout=timeout)
    assert status == 0 and serial.splitlines() == BOOTS, console


def test_chain(image, guest, tmp_path, qemu_img):
    """Three images over one another by names relative to each, in a folder that is not the current one: only the last changes."""
    folder = tmp_path / "disks"
    folder.mkdir()
    qemu_img("convert", "-O", "vmdk", guest("write"), folder / "0")
    for number, kind in ((1, "vmdk"), (2, "qcow2"), (3, "qcow2")):
        qemu_img("create", "-f", "qcow2", "-b", number - 1, "-F", kind, folder / str(number))
    before = [(folder / str(number)).read_bytes() for number in range(4)]
    boots_and_writes(image, folder / "3")
    after = [(folder / str(number)).read_bytes() for number in range(4)]
    assert after[:3] == before[:3] and after[3] != before[3]
    qemu_img("convert", "-O", "raw", folder / "3", tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes()[9 * 512 : 17 * 512] == b"3" * 4096


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["vdi", "vpc", "vhdx", "vmdk"])
def test_format_boots(image, guest, tmp_path, qemu_img, kind):
    """The guest boots from it, and what it wrote is there for qemu-img."""
    qemu_img("convert", "-O", kind, guest("write"), tmp_path / "disk")
    boots_and_writes(image, tmp_path / "disk")
    qemu_img("convert", "-f", kind, "-O", "raw", tmp_path / "disk", tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes()[9 * 512 : 17 * 512] == b"3" * 4096


ENCRYPTED = {"luks": ["-f", "luks", "-o", "key-secret=key,iter-time=10"],
             "qcow2": ["-f", "qcow2", "-o", "encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10"]}


@pytest.mark.parametrize("kind", ["luks", pytest.param("qcow2", marks=pytest.mark.nightly)])
def test_encrypted(image, guest, tmp_path, qemu_img, kind):
    """By its passphrase in a file; with another one, or without, a line."""
    (tmp_path / "key").write_text("pass,phrase")
    (tmp_path / "wrong").write_text("frob")
    disk = tmp_path / "disk"
    qemu_img("create", "--object", f"secret,id=key,file={tmp_path}/key", *ENCRYPTED[kind], disk, "2M")
    secret = "key-secret=key" if kind == "luks" else "encrypt.key-secret=key"
    qemu_img("convert", "-n", "--object", f"secret,id=key,file={tmp_path}/key", guest("write"), "--target-image-opts",
             f"driver={kind},{secret},file.filename={disk}")
    before = disk.read_bytes()
    assert refused(image, "--disk", f"{disk},key-file={tmp_path}/wrong") == f"run: disk {disk}: Invalid password, cannot unlock any keyslot"
    without = f"run: disk {disk}: it is encrypted; key-file=FILE names the file with its passphrase"
    assert refused(image, "--disk", disk) == without + ("; with format=raw the guest decrypts it" if kind == "luks" else "")
    assert disk.read_bytes() == before
    boots_and_writes(image, f"{disk},key-file={tmp_path}/key")


CORRUPT = {  # where, and with what
    "qcow2": (4, b"\0\0\0\x63"),
    "vmdk": (0, b"KDMV\x63\0\0\0"),
    "vdi": (0x44, b"\x63\0\0\0"),
    "vhdx": (64 << 10, bytes(192 << 10)),
    "qed": (8, b"\x63\0\0\0"),
}


@pytest.mark.parametrize("kind", CORRUPT)
def test_corrupt(image, tmp_path, qemu_img, kind):
    """The emulator's own message about the runner's option, and not a byte is changed."""
    disk = tmp_path / "disk"
    qemu_img("create", "-f", kind, disk, "17M")
    at, data = CORRUPT[kind]
    with open(disk, "r+b") as f:
        f.seek(at)
        f.write(data)
    before = disk.read_bytes()
    for option in (disk, f"{disk},format={kind}"):
        assert re.match(rf"run: disk {disk}: \S", refused(image, "--disk", option))
        assert disk.read_bytes() == before
