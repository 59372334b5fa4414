# SPDX-License-Identifier: BSD-3-Clause
"""The guest's screen, keyboard and USB tablet through dom0's back end and VNC. The client is our own (common/vnc-shot.c): dom0 has none."""

import pytest
import vnc_picture
from xenlab_fixtures import DOM0_SHOWS_FRAMEBUFFERS, INSIDE, run_guest, static_program

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
    return static_program("common/vnc-shot.c", tmp_path_factory.mktemp("vnc") / "vnc-shot")


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


@pytest.mark.xfail(not DOM0_SHOWS_FRAMEBUFFERS, strict=True, reason="dom0's QEMU shows no framebuffer: docs/limits.md")
def test_screen_of_ours(lab, xen_image, guest, client):
    screen(lab, "ours", guest("screen"), client, kernel=xen_image("qemu-stubdom"))


@pytest.mark.skipif(DOM0_SHOWS_FRAMEBUFFERS, reason="the framebuffer has a back end")
def test_screen_that_nobody_shows(lab, xen_image, guest):
    result = run_guest(lab, "ours", guest("screen"), until="guest: drawn", extra=VNC, after=f"sleep {40 * INSIDE}\n",
                       kernel=xen_image("qemu-stubdom"))  # fmt: skip
    assert result.stubdomain_log.count("PV framebuffer: no back end has taken it in 30 s, so nobody sees the screen") == 1


TABLET = VNC + 'usb = 1\nusbdevice = "tablet"\n'
POINT = f"""\
chmod +x vnc-shot
./vnc-shot 127.0.0.1 5900 wait 2000 shot /lab/size.ppm {vnc_picture.pointing()}
sleep 2
cp /lab/out/serial.log /lab/reports
"""


def tablet(lab, mode, disk, client, **options):
    """The guest's own driver of the tablet tells the positions at which the pointer was on the VNC client's screen."""
    result = run_guest(lab, mode, disk, until="guest: tablet ready", extra=TABLET, after=POINT, files={"lab/vnc-shot": client},
                       fetch=["/lab/size.ppm", "/lab/reports"], **options)  # fmt: skip
    assert result.ended == "guest", result.serial
    wrong = vnc_picture.not_pointed(result.outcome.files["lab/size.ppm"], result.outcome.files["lab/reports"].decode())
    assert not wrong, wrong


def test_tablet_in_dom0(lab, devices_guest, client):
    tablet(lab, "dom0", devices_guest("tablet seconds=120 stay"), client)


def test_tablet_of_ours(lab, xen_image, devices_guest, client):
    tablet(lab, "ours", devices_guest("tablet seconds=120 stay"), client, kernel=xen_image("qemu-stubdom"))
