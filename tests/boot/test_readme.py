# SPDX-License-Identifier: BSD-3-Clause
"""The commands that the documentation shows are run as they stand there, and it knows the options that there are."""

import os
import re
import shlex
import subprocess

import pytest

from images import HELLO
from machine import PATIENCE, RUN, TOP

PRODUCT, OTHER = "qemu-stubdom", "helloworld"


def text_of(*names):
    texts = []
    for name in names:
        with open(os.path.join(TOP, name), encoding="utf-8") as f:
            texts.append(f.read())
    return "\n".join(texts)


def commands():
    """Lines of code blocks and inline code that call scripts/run, without their comments."""
    text = text_of("README.md")
    found = re.findall(r"^    (scripts/run .*)$", text, re.M) + re.findall(r"`(scripts/run [^`]*)`", text)
    return [shlex.split(command, comments=True)[1:] for command in found]


def help_text():
    return subprocess.run([RUN, "--help"], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def folder(guest, tmp_path, debian_file):
    """The files that the commands name."""
    disk = guest("hello")
    qemu_img = debian_file("qemu-utils", "/usr/bin/qemu-img")
    place = tmp_path / "here"
    place.mkdir()
    for name, kind in (("disk.img", "raw"), ("disk.qcow2", "qcow2"), ("old.vmdk", "vmdk")):
        subprocess.run([qemu_img, "convert", "-q", "-f", "raw", "-O", kind, disk, place / name], check=True)
    (place / "install.iso").write_bytes(bytes(1 << 20))
    (place / "work").mkdir()
    (place / "guest.conf").write_text("disk = disk.img\n")
    (place / "data").write_bytes(bytes(1 << 20))
    return place


def test_there_are_commands():
    assert len(commands()) >= 6


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_command(image, folder, words):
    if "--image" in words:
        words[words.index("--image") + 1] = image(OTHER)
    else:
        words = ["--image", image(PRODUCT), *words]
    command = [RUN, "--accel", "tcg", *words]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=folder, timeout=120 * PATIENCE)
    assert done.returncode == 0, done.stderr
    out = done.stdout.replace("\r\n", "\n")
    if "--disk" in words:
        assert out.splitlines() == HELLO
    else:
        assert len((out + done.stderr).splitlines()) > 2


def test_options_are_documented():
    """Each option of --help is in the documentation, and the page about the runner names no other."""
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", help_text()))
    page = set(re.findall(r"`(--[a-z][a-z-]*)", text_of("docs/run.md")))
    assert options == page
