# SPDX-License-Identifier: BSD-3-Clause
"""The guest's kernel as a file of the host: --kernel, --initrd, --append. The guest is an image of ours."""

import json
import os
import subprocess

import pytest

from machine import RUN, outcome

ELF = b"\x7fELF\2" + bytes(59)
NAME = "my kernel, of\ntoday:1=2"


@pytest.fixture
def files(tmp_path):
    for name in ("qemu-stubdom", NAME):
        (tmp_path / name).write_bytes(ELF)
    (tmp_path / "initrd").write_bytes(bytes(3 << 20))
    (tmp_path / "script").write_text("#!/bin/sh\n")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "linux").write_bytes(bytes(0x202) + b"HdrS")
    os.mkfifo(tmp_path / "fifo")
    return tmp_path


def call(files, *words):
    command = [RUN, "--image", files / "qemu-stubdom", "--accel", "tcg", "--net", "none", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=files)


def shown(files, *words):
    done = call(files, "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_command(files):
    """On the command line and in a file; no disk is needed. The copies in the inner emulator need memory."""
    (files / "m.conf").write_text(f"kernel = {files}/linux\ninitrd = initrd\nappend = a \"b c\"\n")
    found = shown(files, "--kernel", "linux", "--initrd", "initrd", "--append", 'a "b c"')
    text = " ".join(found["inner"])
    assert ('-kernel /host/unidom.kernel/kernel -initrd /host/unidom.kernel/initrd -append a "b c" -') in text and "ide-hd" not in text
    assert found["memory"] == 64 + 128 + 4
    assert found == shown(files, "--config", "m.conf")
    assert "-append" not in shown(files, "--kernel", NAME)["inner"]


WRONG = {
    "missing": ("--kernel missing", "--kernel missing: no such file"),
    "a folder": ("--kernel .", "--kernel .: neither a file nor a block device"),
    "a pipe": ("--kernel fifo", "--kernel fifo: neither a file nor a block device"),
    "empty": ("--kernel empty", "--kernel empty: empty"),
    "no kernel": ("--kernel script", "--kernel script: none for a PC: neither a bzImage of Linux nor an ELF or multiboot file"),
    "no name": ("--kernel=", "--kernel: its value is empty"),
    "no initrd": ("--kernel linux --initrd missing", "--initrd missing: no such file"),
    "a pipe as initrd": ("--kernel linux --initrd fifo", "--initrd fifo: neither a file nor a block device"),
    "too large": ("--kernel linux --initrd initrd --memory 4",
                  "--kernel linux and --initrd initrd: 4 MiB do not fit into the guest's memory of 4;"),
    "an initrd alone": ("--initrd initrd", "--initrd: there is no --kernel to have it"),
    "arguments alone": ("--append x", "--append: there is no --kernel to have it"),
    "no guest": ("--no-guest --kernel linux", "--kernel: there is no guest to have it"),
    "emptied": ("--kernel linux --console linux", "--console linux: that is --kernel too"),
    "the runner's tag": ("--kernel linux --share .:unidom.kernel", "--share .:unidom.kernel: the tag unidom.kernel is the runner's own"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong(files, case):
    text, message = WRONG[case]
    done = call(files, *text.split())
    assert done.returncode == 2 and done.stderr.startswith(f"run: {message}") and done.stderr.count("\n") == 1, done.stderr


def test_guest(image, files):
    """It runs, with what is in its ramdisk and on its command line, whatever the files' names are, and nothing is left behind."""
    os.rename(files / "script", files / "script, of\ntoday:1=2")
    with open(image("helloworld"), "rb") as f:
        (files / NAME).write_bytes(f.read())
    options = ["--kernel", files / NAME, "--initrd", files / "script, of\ntoday:1=2", "--append", 'loglevel=3 -- one "two words"']
    folder = files / "tmp"
    folder.mkdir()
    os.environ["TMPDIR"] = str(folder)
    try:
        status, console, serial = outcome(image("qemu-stubdom"), [*options, "--net", "none"], timeout=120)
    finally:
        del os.environ["TMPDIR"]
    assert status == 0, console
    for line in ("Hello, world", "argument 1: one", "argument 2: two words",
                 "error: initial ramdisk: not a cpio archive (compressed?), left alone"):
        assert line in serial.splitlines(), console + serial
    assert os.listdir(folder) == []
