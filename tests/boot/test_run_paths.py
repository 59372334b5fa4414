# SPDX-License-Identifier: BSD-3-Clause
"""Names that people give files, in every option of scripts/run that takes one, and options that name one file twice."""

import errno
import json
import os
import subprocess

import pytest

from machine import RUN
from runlib import whole

ELF = b"\x7fELF\2" + bytes(59)
ODD = "a,key-file=b:c,ro =d"


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / ODD
    (folder / "work").mkdir(parents=True)
    (folder / "qemu-stubdom").write_bytes(ELF)
    for name in ("disk", "second", "cd", "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"):
        (folder / name).write_bytes(bytes(4096))
    (folder / "key,1").write_text("secret")
    return folder


def call(files, *words):
    command = [RUN, "--image", files / "qemu-stubdom", "--accel", "tcg", "--net", "none", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=files)


def outer(files, *words):
    done = call(files, "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["outer"]


def refusal(done):
    """The only line about it."""
    lines = [line for line in done.stderr.splitlines() if line != "run: tcg as asked for"]
    assert done.returncode == 2 and len(lines) == 1, done.stderr
    return lines[0]


def test_folder_of_a_config(files):
    """Nothing in its name is taken for a part of a value."""
    (files / "m.conf").write_text("disk = disk,key-file=key,1,bus=virtio\ncdrom = cd\nusb-disk = second,format=raw\nuefi = .\n"
                                  "share = work:w,ro\nscreen = vnc=unix:s,password-file=key,1\nserial = serial\nqmp = qmp\n")
    there = outer(files, "--config", files / "m.conf")
    words = ["--disk", f"{files}/disk,key-file={files}/key,1,bus=virtio", "--cdrom", files / "cd", "--usb-disk", f"{files}/second,format=raw",
             "--uefi", f"{files}/.", "--share", f"{files}/work:w,ro", "--screen", f"vnc=unix:{files}/s,password-file={files}/key,1",
             "--serial", files / "serial", "--qmp", files / "qmp"]
    assert there == outer(files, *words)
    assert any(word.endswith(f"file={str(files).replace(',', ',,')}/key,,1") for word in there)
    (files / "n.conf").write_text("disk = missing,bus=virtio,ro\n")
    assert refusal(call(files, "--config", "n.conf")) == f"run: n.conf:1: disk {files}/missing: no such file"


def test_home_in_a_config(files, monkeypatch):
    """No shell looks at a file: ~/ is the user's folder all the same. Capital letters in an option's name do no harm."""
    monkeypatch.setenv("HOME", str(files))
    (files / "work" / "m.conf").write_text("Disk = ~/disk,ro,bus=virtio\r\nqmp = ~/socket\r\n")
    assert outer(files, "--config", "work/m.conf") == outer(files, "--disk", files / "disk,ro,bus=virtio", "--qmp", files / "socket")
    (files / "~").mkdir()
    (files / "~" / "disk").write_bytes(bytes(512))
    (files / "m.conf").write_text("disk = ./~/disk\n")
    assert outer(files, "--config", "m.conf") == outer(files, "--disk", f"{files}/./~/disk")


def test_config_from_a_pipe(files):
    command = [RUN, "--image", files / "qemu-stubdom", "--accel", "tcg", "--net", "none", "--json", "--config", "/dev/stdin"]
    done = subprocess.run(command, input="disk = disk\n", capture_output=True, text=True, check=False, timeout=60, cwd=files)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outer"] == outer(files, "--disk", files / "disk")


def test_two_configs(files):
    """One after the other; each file's paths start from its own folder."""
    (files / "work" / "here").write_bytes(bytes(512))
    (files / "one.conf").write_text("disk = disk\nmemory = 100\nnic = pcnet\n")
    (files / "work" / "two.conf").write_text("memory = 200\ndisk = here\n")
    there = outer(files, "--config", "one.conf", "--config", "work/two.conf", "--memory", 300)
    assert there == outer(files, "--disk", files / "disk", "--nic", "pcnet", "--disk", files / "work/here", "--memory", 300)
    (files / "work" / "two.conf").write_text("memory = 0\n")
    assert refusal(call(files, "--config", "one.conf", "--config", "work/two.conf")).startswith("run: work/two.conf:1: --memory 0: ")


@pytest.mark.parametrize("option", ["--disk", "--cdrom", "--usb-disk", "--floppy"])
def test_line_end_in_a_name(files, option):
    """What the outer emulator reports about it is one line, about the option."""
    os.rename(files / "disk", files / "one\ntwo\n\nthree, four")
    done = call(files, option, "one\ntwo\n\nthree, four", *(["--format", "qcow2"] if "disk" in option else ["--outer", "-drive 'format=a\nb'"]))
    lines = [line for line in done.stderr.splitlines() if "tcg as" not in line]
    what = "disk one\\x0atwo\\x0a\\x0athree, four: " if "disk" in option else "--outer: -drive format=a\\x0ab: "
    assert done.returncode == 2 and len(lines) == 1 and lines[0].startswith(f"run: {what}"), done.stderr


ONE_FILE = {
    "two sockets": ("--qmp s --serial ./s", "--qmp s: that is --serial too"),
    "a screen's socket": ("--qmp s --screen vnc=unix:work/../s", "--screen unix: work/../s: that is --qmp too"),
    "a disk": ("--console disk", "--console disk: that is disk disk too"),
    "a link to a disk": ("--console link", "--console link: that is disk disk too"),
    "the variables": ("--uefi . --console disk.uefi", "--console disk.uefi: that is UEFI variables disk.uefi too"),
    "the firmware": ("--uefi . --console OVMF_CODE_4M.fd", "--console OVMF_CODE_4M.fd: that is firmware ./OVMF_CODE_4M.fd too"),
    "a key": ("--disk second,key-file=key,1 --console key,1", "--console key,1: that is the key of disk second too"),
    "a password": ("--screen vnc,password-file=pw --console pw", "--console pw: that is the screen's password too"),
    "a config": ("--config m.conf --console m.conf", "--console m.conf: that is --config too"),
    "the image": ("--console qemu-stubdom", "--console qemu-stubdom: that is the image too"),
}


@pytest.mark.parametrize("case", ONE_FILE)
def test_one_file_for_two(files, case):
    """What is there stays."""
    (files / "m.conf").write_text("memory = 64\n")
    (files / "pw").write_text("pw\n")
    os.link(files / "disk", files / "link")
    text, message = ONE_FILE[case]
    assert refusal(call(files, "--disk", "disk", *text.split())).startswith(f"run: {message}")
    assert (files / "disk").read_bytes() == bytes(4096) and (files / "m.conf").read_text() == "memory = 64\n"


@pytest.mark.parametrize("links", [True, False])
def test_made_whole(files, monkeypatch, links):
    """On file systems without hard links too. What is there already stays."""
    def link(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", link)
    for source in ("cd", "key,1"):
        with open(files / source, "rb") as f:
            whole.make_whole(str(files / "made"), f)
        assert (files / "made").read_bytes() == bytes(4096) and (files / "made").stat().st_mode & 0o777 == 0o600
    assert not [name for name in os.listdir(files) if name.startswith(".")]
