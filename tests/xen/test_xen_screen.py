# SPDX-License-Identifier: BSD-3-Clause
"""The guest's screen, keyboard and USB tablet through dom0's back end and VNC. The client is our own (vnc/vnc-shot.c): dom0 has none."""

import re

import pytest
import vnc_picture
from xenlab_fixtures import run_guest, static_program

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
    return static_program("vnc/vnc-shot.c", tmp_path_factory.mktemp("vnc") / "vnc-shot")


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


TABLET = VNC + 'usb = 1\nusbdevice = "tablet"\n'
RANGE = 0x7FFF
LEFT, RIGHT = 1, 4  # RFB's buttons; the tablet's second is the right one
POINTS = [(0, 0, 0), (300, 20, 0), (40, 180, 0), (40, 180, LEFT), (40, 180, RIGHT)]
POINT = f"""\
chmod +x vnc-shot
./vnc-shot 127.0.0.1 5900 wait 2000 shot /lab/size.ppm {"".join(f"pointer {x} {y} {b} wait 700 " for x, y, b in POINTS)}
sleep 2
cp /lab/out/serial.log /lab/reports
"""


def tablet(lab, mode, disk, client, **options):
    """The guest's own driver of the tablet tells the positions at which the pointer was on the VNC client's screen."""
    result = run_guest(lab, mode, disk, until="guest: tablet ready", extra=TABLET, after=POINT, files={"lab/vnc-shot": client},
                       fetch=["/lab/size.ppm", "/lab/reports"], **options)  # fmt: skip
    assert result.ended == "guest", result.serial
    width, height = map(int, result.outcome.files["lab/size.ppm"].split(b"\n", 2)[1].split())
    text = result.outcome.files["lab/reports"].decode()
    seen = [tuple(map(int, report)) for report in re.findall(r"guest: tablet (\d+) (\d+) buttons (\d+)", text)]
    for x, y, buttons in POINTS:
        at = x * RANGE / (width - 1), y * RANGE / (height - 1), {RIGHT: 2}.get(buttons, buttons)
        near = [s for s in seen if abs(s[0] - at[0]) <= RANGE / width and abs(s[1] - at[1]) <= RANGE / height and s[2] == at[2]]
        assert near, f"{x}, {y} of {width} x {height} with buttons {buttons} should be {at}; the guest saw {seen}"


def test_tablet_in_dom0(lab, devices_guest, client):
    tablet(lab, "dom0", devices_guest("tablet seconds=120 stay"), client)


def test_tablet_of_ours(lab, xen_image, devices_guest, client):
    tablet(lab, "ours", devices_guest("tablet seconds=120 stay"), client, kernel=xen_image("qemu-stubdom"))
