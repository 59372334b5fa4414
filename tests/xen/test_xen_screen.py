# SPDX-License-Identifier: BSD-3-Clause
"""The guest's screen and keyboard through dom0's back end and VNC. The client is our own (vnc/vnc-shot.c): dom0 has none."""

import os
import subprocess

import pytest
import vnc_picture
from xenlab_fixtures import TOP, run_guest

VNC = 'vnc = 1\nvncunused = 0\nvncdisplay = 0\nvnclisten = "127.0.0.1"\n'
SHOTS = "/lab/before.ppm", "/lab/after.ppm"
KEY, SCAN_CODE = 0x61, 30  # "a": its keysym, and the scan code
AFTER = f"""\
chmod +x vnc-shot
./vnc-shot 127.0.0.1 5900 wait 2000 shot {SHOTS[0]} key {KEY} wait 1000 shot {SHOTS[1]}
sleep 1
cp /lab/out/serial.log /lab/keys
"""


@pytest.fixture(scope="session")
def client(tmp_path_factory):
    """vnc-shot, static: dom0's libraries are Debian's of another version."""
    path = tmp_path_factory.mktemp("vnc") / "vnc-shot"
    source = os.path.join(TOP, "tests", "xen", "vnc", "vnc-shot.c")
    subprocess.run(["gcc", "-static", "-s", "-O2", "-Wall", "-Wextra", "-Werror", "-o", path, source], check=True)
    return str(path)


def screen(lab, mode, disk, client, **options):
    result = run_guest(lab, mode, disk, until="guest: drawn", extra=VNC, after=AFTER, files={"lab/vnc-shot": client},
                       fetch=[*SHOTS, "/lab/keys"], **options)  # fmt: skip
    assert result.ended == "guest", result.serial
    for shot in SHOTS:
        wrong = vnc_picture.difference(result.outcome.files.get(shot.lstrip("/"), b""), vnc_picture.reference())
        assert not wrong, f"{shot}: {wrong}"
    assert f"guest: key {SCAN_CODE}" in result.outcome.files["lab/keys"].decode().replace("\r", "").splitlines()


def test_screen_in_dom0(lab, guest, client):
    """The test's own test: VNC straight from the device model."""
    screen(lab, "dom0", guest("screen"), client)


def test_screen_of_ours(lab, xen_image, guest, client):
    screen(lab, "ours", guest("screen"), client, kernel=xen_image("qemu-stubdom"))
