# SPDX-License-Identifier: BSD-3-Clause
"""The product as somebody starts it who has QEMU and this image only: the outer emulator's default machine with all its default devices,
and no option of a device but which file it is for."""

import subprocess
import time

import pytest

from images import HELLO
from machine import PATIENCE

STATUS = "unidom: exit status"
PRODUCT = "qemu-stubdom"
INNER = "-- -nodefaults -display none -vga std -drive file=/dev/vda,format=raw,if=ide -serial /dev/vport0p1"


def read(path):
    return path.read_text(errors="replace") if path.exists() else ""


@pytest.mark.parametrize("machine", ["pc", "q35"])
def test_stock(image, guest, tmp_path, machine):
    serial, console = tmp_path / "serial", tmp_path / "console"
    command = ["qemu-system-x86_64", "-machine", machine, "-m", "256", "-display", "none", "-no-reboot", "-serial", f"file:{console}"]
    command += ["-drive", f"file={guest('hello')},format=raw,if=virtio", "-device", "virtio-serial"]
    command += ["-chardev", f"file,id=serial,path={serial}", "-device", "virtserialport,chardev=serial"]
    command += ["-kernel", image(PRODUCT), "-append", INNER]
    deadline = time.monotonic() + 60 * PATIENCE
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        while process.poll() is None and time.monotonic() < deadline and not (STATUS in read(console) and HELLO[-1] in read(serial)):
            time.sleep(0.2)
        process.kill()  # without an exit port the image halts
    assert f"{STATUS} 0" in read(console), read(console)
    assert read(serial).splitlines() == HELLO
