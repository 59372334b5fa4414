# SPDX-License-Identifier: BSD-3-Clause
"""Debian's network installer as somebody would use it who has a VNC viewer: from the network to its menu, whose picture is the README's
(UNIDOM_PICTURE=FILE keeps it), in some minutes; and its first dialogs, which take an hour or so where one emulator runs in another."""

import gzip
import os
import re
import shutil
import subprocess
import time

import pytest

from images import build_program
from machine import PATIENCE, Machine, Qmp
from png import png
from screen import text_screen

PACKAGE = "debian-installer-12-netboot-amd64"
TFTP = "/usr/lib/debian-installer/images/12/amd64/text"
FILES = f"{TFTP}/debian-installer/amd64"
# A text screen that begins where it always does can be read out of the guest's memory. The check of the timer fails where a busy machine stops
# the guest in the middle.
APPEND = "vga=normal fb=false no-scroll no_timer_check"
ENTER, DOWN, ALT, F2 = 0xFF0D, 0xFF54, 0xFFE9, 0xFFBF  # keysyms
MENU, BAR, BAR_PIXELS = b"P6\n640 480\n", b"\x71\x9b\xbf", 4000  # the menu's size, and of its bar the colour and the least size
STANDS_STILL = 1800  # seconds without a change on the screen


class Installer:
    """The machine, its monitor, and a viewer."""

    def __init__(self, machine, folder, viewer):
        self.machine, self.folder, self.viewer = machine, folder, viewer
        self.port = machine.wait(r"screen: VNC at 127\.0\.0\.1:(\d+)")[1]
        self.qmp = Qmp(str(folder / "qmp"), timeout=300)

    def type(self, *actions):
        command = [self.viewer, "127.0.0.1", self.port, *map(str, actions)]
        subprocess.run(command, check=True, capture_output=True, timeout=120 * PATIENCE)

    def write(self, text):
        for letter in text:
            self.type("key", ord(letter) if letter != "\n" else ENTER)

    def wait(self, pattern):
        """Until the screen shows @pattern, however long that takes while something changes there: the match."""
        last, since = None, time.monotonic()
        while True:
            screen = "\n".join(text_screen(self.qmp))
            if found := re.search(pattern, screen):
                return found
            if screen != last:
                last, since = screen, time.monotonic()
            assert time.monotonic() < since + STANDS_STILL * PATIENCE, f"no {pattern!r} on the screen:\n{screen}"
            time.sleep(2)

    def picture(self):
        """A PPM."""
        self.type("shot", self.folder / "picture.ppm")
        return (self.folder / "picture.ppm").read_bytes()

    def menu(self, but=None):
        """A picture of the installer's menu, once it is there and looks other than @but."""
        deadline = time.monotonic() + STANDS_STILL * PATIENCE
        while not ((picture := self.picture()).startswith(MENU) and picture.count(BAR) >= BAR_PIXELS and picture != but):
            assert time.monotonic() < deadline, "no menu" if but is None else "the menu does not move"
        return picture


def keep(picture):
    """For the README, if somebody wants it."""
    if "UNIDOM_PICTURE" in os.environ:
        with open(os.environ["UNIDOM_PICTURE"], "wb") as f:
            f.write(png(picture))


@pytest.fixture(name="viewer")
def _viewer(tmp_path):
    return build_program("common/vnc-shot.c", tmp_path / "vnc-shot")


@pytest.mark.nightly
def test_menu(image, tmp_path, viewer, debian_file):
    """The card's boot ROM gets an address by DHCP and the installer's boot loader, whose menu a viewer sees and moves in."""
    folder = os.path.dirname(debian_file(PACKAGE, f"{TFTP}/version.info"))
    options = ["--boot", "n", "--net", f"user,tftp={folder},bootfile=pxelinux.0", "--screen", "vnc", "--qmp", tmp_path / "qmp"]
    with Machine(image("qemu-stubdom"), options) as m:
        installer = Installer(m, tmp_path, viewer)
        installer.wait(r"10\.0\.2\.15/255\.255\.255\.0 gw 10\.0\.2\.2")
        first = installer.menu()
        keep(first)
        installer.type("key", DOWN)
        installer.menu(but=first)
        installer.qmp.execute("quit")
        assert m.status() == 0, m.console.text()


@pytest.mark.nightly
def test_dialogs(image, tmp_path, viewer, debian_file):
    initrd, disk = tmp_path / "initrd", tmp_path / "disk.img"
    with gzip.open(debian_file(PACKAGE, f"{FILES}/initrd.gz")) as packed, open(initrd, "wb") as f:
        shutil.copyfileobj(packed, f)  # what the guest would take minutes for
    with open(disk, "wb") as f:
        f.truncate(4 << 30)
    options = ["--disk", disk, "--memory", "512M", "--screen", "vnc", "--qmp", tmp_path / "qmp"]
    options += ["--kernel", debian_file(PACKAGE, f"{FILES}/linux"), "--initrd", initrd, "--append", APPEND]
    with Machine(image("qemu-stubdom"), options) as m:
        installer = Installer(m, tmp_path, viewer)
        installer.wait("Select a language")
        installer.type("key", ENTER)
        installer.wait("Select your location")
        installer.type("key", ENTER)
        installer.wait("Configure the keyboard")
        installer.type("key", ENTER)
        installer.wait("Please enter the hostname")  # asked for once there is an address
        installer.type("down", ALT, "key", F2, "up", ALT)
        installer.wait("Please press Enter to activate this console")
        installer.type("key", ENTER)
        installer.wait("~ #")
        installer.write("ip addr\n")
        installer.wait(r"inet 10\.0\.2\.15")
        installer.qmp.execute("quit")
        assert m.status() == 0, m.console.text()
