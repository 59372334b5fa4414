# SPDX-License-Identifier: BSD-3-Clause
"""A guest in a file: --save, --load. It goes on where it was, with its memory and its disk; what cannot be is one line, and nothing is half
done."""

import hashlib
import json
import os
import signal
import subprocess

import pytest

from machine import RUN, Machine, Qmp, outcome
from runlib import config, saved
from runlib.command import guest_arguments
from runlib.signals import ENDING, Ending, Stopped
from test_guest import sectors

IMAGE = "qemu-stubdom"
ELF = b"\x7fELF\2" + bytes(59)
SAVED = b"unidom saved guest\n"


def count(machine, number):
    """A key, and what the guest says then."""
    machine.type("x")
    machine.serial.wait(rf"^guest: memory {number}, disk {number}$", 60)


def save(machine):
    machine.process.send_signal(signal.SIGUSR1)
    assert machine.status() == 0, machine.console.text()


def test_goes_on(image, guest, tmp_path):
    """From file to file. A second start from one that has been used would find another disk."""
    disk, files = guest("count"), [str(tmp_path / name) for name in ("one, of\ntwo", "two")]
    with Machine(image(IMAGE), ["--disk", disk, "--save", files[0]]) as m:
        m.serial.wait("guest: up", 60)
        count(m, 1)
        count(m, 2)
        save(m)
    assert sectors(disk, 8, 1)[:2] == b"\2\0"
    with Machine(image(IMAGE), ["--disk", disk, "--load", files[0], "--save", files[1], "--qmp", tmp_path / "qmp"]) as m:
        count(m, 3)
        assert Qmp(str(tmp_path / "qmp")).execute("query-status")["status"] == "running"
        save(m)
    with Machine(image(IMAGE), ["--disk", disk, "--load", files[1], "--snapshot"]) as m:  # which leaves the disk as it is
        count(m, 4)
        m.type("q")
        assert m.status() == 0
    with Machine(image(IMAGE), ["--disk", disk, "--load", files[1]]) as m:
        count(m, 4)
        m.type("q")
        assert m.status() == 0
    assert sectors(disk, 8, 1)[:2] == b"\4\0"
    status, console, _ = outcome(image(IMAGE), ["--disk", disk, "--load", files[1]])
    assert status == 2 and f"--load {files[1]}: disk {disk} has been written since" in console
    assert sorted(name for name in os.listdir(tmp_path) if not name.endswith(".img")) == ["one, of\ntwo", "two"]


def test_that_fails(image, guest, tmp_path):
    """The guest goes on, and there is no file."""
    with Machine(image(IMAGE), ["--disk", guest("count"), "--save", tmp_path / "saved"], ["-device", "nvme,serial=x"]) as m:
        m.serial.wait("guest: up", 60)
        m.process.send_signal(signal.SIGUSR1)
        m.wait("^run: --save .*: State blocked by non-migratable device .*; the guest goes on$", 60)
        count(m, 1)
        m.type("q")
        assert m.status() == 0
    assert not [name for name in os.listdir(tmp_path) if "save" in name]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "qemu-stubdom").write_bytes(ELF)
    (tmp_path / "disk").write_bytes(bytes(4096))
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "saved").write_bytes(SAVED)
    os.mkfifo(tmp_path / "fifo")
    return tmp_path


def refused(files, *words):
    """The only line."""
    command = [RUN, "--image", files / "qemu-stubdom", "--accel", "tcg", "--net", "none", "--disk", "disk", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=files)
    lines = [line for line in done.stderr.splitlines() if line != "run: tcg as asked for"]
    assert done.returncode == 2 and len(lines) == 1, done.stderr
    return lines[0]


WRONG = {
    "nothing": ("--load missing", "--load missing: no such file"),
    "a folder": ("--load .", "--load .: neither a file nor a block device"),
    "a pipe": ("--load fifo", "--load fifo: neither a file nor a block device"),
    "empty": ("--load empty", "--load empty: empty"),
    "foreign": ("--load disk", "--load disk: not a guest that --save has written"),
    "cut at once": ("--load saved", "--load saved: damaged"),
    "no guest": ("--no-guest --load saved", "--load: there is no guest to have it"),
    "no folder": ("--save missing/x", "--save missing/x: no folder missing"),
    "a folder's name": ("--save .", "--save .: neither a file nor a block device"),
    "another file": ("--save qemu-stubdom", "--save qemu-stubdom: there is another file, which no guest was saved to"),
    "a disk": ("--save disk", "--save disk: there is another file"),
    "a snapshot": ("--snapshot --save x", "--save: with --snapshot nothing is left"),
    "the console": ("--console saved --load saved", "--console saved: that is --load too"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong(files, case):
    text, message = WRONG[case]
    assert refused(files, *text.split()).startswith(f"run: {message}")


def write_saved(files, change=lambda about: None, stream=bytes(4096), cut=0):
    """A file as --save makes it, for the options of refused()."""
    words = ["--image", str(files / "qemu-stubdom"), "--net", "none", "--disk", str(files / "disk")]
    status = os.stat(files / "disk")
    about = {"form": 1, "length": 65536 + len(stream), "digest": hashlib.sha256(stream).hexdigest(), "running": True,
             "machine": guest_arguments(config.read_arguments(words, "", lambda args: None)), "disks": [[status.st_size, status.st_mtime_ns]]}
    change(about)
    data = (SAVED + json.dumps(about).encode() + b"\n").ljust(65536, b"\0") + stream
    (files / "saved").write_bytes(data[: len(data) - cut])


def test_ended_while_the_file_is_made(tmp_path, monkeypatch):
    """The guest is no more: a signal ends the run when the file is whole."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / saved.STREAM).write_bytes(bytes(saved.STREAM_AT) + b"stream")
    args = config.read_arguments(["--image", "x", "--save", str(tmp_path / "guest")], "", lambda args: None)
    digest = saved._digest  # pylint: disable=protected-access
    monkeypatch.setattr(saved, "_digest", lambda f: (signal.raise_signal(signal.SIGTERM), digest(f))[1])
    before = {number: signal.getsignal(number) for number in (*ENDING, signal.SIGUSR1)}
    try:
        Ending()
        with pytest.raises(Stopped):
            saved.finish_save(args, folder, True, [])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert (tmp_path / "guest").read_bytes().startswith(SAVED) and not (folder / saved.STREAM).exists()


def test_damaged(files):
    write_saved(files, cut=1)
    assert refused(files, "--load", "saved") == "run: --load saved: 69631 bytes of 69632: not whole"
    write_saved(files, lambda about: about.update(digest="0"))
    assert refused(files, "--load", "saved") == "run: --load saved: damaged"
    write_saved(files, lambda about: about.pop("digest"))
    assert refused(files, "--load", "saved") == "run: --load saved: damaged"
    write_saved(files, lambda about: about.update(form=2))
    assert refused(files, "--load", "saved") == "run: --load saved: of the form 2, which this runner does not know"
    for value in (7, None, {}, "x"):
        write_saved(files, lambda about, value=value: about.update(machine=value, disks=value))
        assert refused(files, "--load", "saved").startswith("run: --load saved: damaged")


def test_another_machine(files):
    write_saved(files)
    assert refused(files, "--load", "saved", "--memory", 100) == "run: --load saved: saved from another machine: -m 64 there and -m 100 here"
    assert refused(files, "--load", "saved", "--", "-S") == "run: --load saved: saved from another machine: nothing more there and -S here"
    os.utime(files / "disk", ns=(0, 1))
    assert refused(files, "--load", "saved") == "run: --load saved: disk disk has been written since"
