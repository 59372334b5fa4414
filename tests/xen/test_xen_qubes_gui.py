# SPDX-License-Identifier: BSD-3-Clause
"""The guest's screen, keyboard and pointer by Qubes OS' GUI protocol, with a daemon of our own in dom0 (peer/gui-daemon.c)."""

import pytest
import vnc_picture
from xen_steps import passed
from xenlab.hvm import Job
from xenlab_fixtures import DOM0_SHOWS_FRAMEBUFFERS, run_guest, static_program

DISPLAY = "device_model_args_hvm = ['-display', 'qubes-gui,domid=0,log-level=0']\n"
VNC = 'vnc = 1\nvncunused = 0\nvncdisplay = 0\nvnclisten = "127.0.0.1"\n'
KEY, SCAN_CODE = 38, 30  # "a": X's keycode, and the scan code
SHOTS = "/lab/before.ppm", "/lab/after.ppm"
BESIDE = "/lab/vnc.ppm"
LINES = "/lab/lines"
SCREEN = f"""\
chmod +x gui-daemon vnc-shot
./gui-daemon $(xl domid guest-dm) wait 2000 shot {SHOTS[0]} key {KEY} wait 1000 shot {SHOTS[1]}
./vnc-shot 127.0.0.1 5900 wait 2000 shot {BESIDE}
sleep 1
cp /lab/out/serial.log {LINES}
"""
TABLET = 'usb = 1\nusbdevice = "tablet"\n'
POINT = f"""\
chmod +x gui-daemon
./gui-daemon $(xl domid guest-dm) wait 2000 shot {SHOTS[0]} {vnc_picture.pointing()}
sleep 2
cp /lab/out/serial.log {LINES}
"""


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programs")
    sources = {"gui-daemon": "xen/peer/gui-daemon.c", "vnc-shot": "common/vnc-shot.c"}
    return {f"lab/{name}": static_program(source, folder / name) for name, source in sources.items()}


def test_screen(lab, xen_image, guest, programs):
    """The picture and a key, beside the PV framebuffer, which shows the same."""
    result = run_guest(lab, "ours", guest("screen"), until="guest: drawn", extra=DISPLAY + VNC, after=SCREEN, files=programs,
                       fetch=[*SHOTS, BESIDE, LINES], kernel=xen_image("qemu-stubdom"))  # fmt: skip
    assert result.ended == "guest", result.serial
    for shot in (*SHOTS, *([BESIDE] if DOM0_SHOWS_FRAMEBUFFERS else [])):
        wrong = vnc_picture.difference(result.outcome.files.get(shot.lstrip("/"), b""), vnc_picture.reference())
        assert not wrong, f"{shot}: {wrong}"
    assert f"guest: key {SCAN_CODE}" in result.outcome.files[LINES.lstrip("/")].decode().replace("\r", "").splitlines()


def test_tablet(lab, xen_image, devices_guest, programs):
    result = run_guest(lab, "ours", devices_guest("tablet seconds=120 stay"), until="guest: tablet ready", extra=DISPLAY + TABLET, after=POINT,
                       files=programs, fetch=[SHOTS[0], LINES], kernel=xen_image("qemu-stubdom"))  # fmt: skip
    assert result.ended == "guest", result.serial
    wrong = vnc_picture.not_pointed(result.outcome.files[SHOTS[0].lstrip("/")], result.outcome.files[LINES.lstrip("/")].decode())
    assert not wrong, wrong


# Daemons that are there before the screen has its size, are killed, and say what the protocol does not have.
DAEMONS = """
chmod +x gui-daemon
log=/var/log/xen/qemu-dm-guest.log
keys() { [ "$(grep -c 'guest: key 30' /lab/out/serial.log)" = "$1" ]; }
check create create -p
stub=$(xl domid guest-dm)
./gui-daemon "$stub" size 640 400 hold /lab/held &
xl unpause guest
check "the screen changes its size" wait_for 60 [ -e /lab/held ]
check "the guest has drawn" wait_for 20 said "guest: drawn"
check "the nodes are gone" no xenstore-read "/local/domain/$stub/data/vchan/0/6000/ring-ref"
before=$(grants)
kill -9 $! $(ps -o pid,args | sed -n 's/^ *\\([0-9]*\\) .*vchan-socket-proxy .*6000.*/\\1/p')
check "a daemon when that was killed" ./gui-daemon "$stub" keymap 50 key 38 focus 0 shot /lab/first.ppm place 5 -6 640 400 place 7 8 300 200
check "its key" wait_for 10 keys 1
check "a length that is too large" ./gui-daemon "$stub" raw 124,1,0xffffffff
check "a length that is too small" ./gui-daemon "$stub" raw 142,0,31
check "they are named" [ "$(grep -c 'qubes-gui: domain 0: not the protocol' $log)" = 2 ]
check "a flood" ./gui-daemon "$stub" flood 3000 state 0x12 key 38 shot /lab/second.ppm
check "a key behind it" wait_for 10 keys 2
check "the monitor answers" monitor_says "info status" running
sleep 3
check "nothing stays shared" [ "$(grants)" -le "$before" ]
check destroy xl destroy guest
check "no domain is left" wait_for 20 no_domains
"""


def test_daemons(lab, xen_image, guest, programs):
    shots = "/lab/first.ppm", "/lab/second.ppm"
    job = Job("ours", guest("screen"), kernel=xen_image("qemu-stubdom"), extra=DISPLAY, files=programs, fetch=list(shots))
    steps = passed(lab, job, DAEMONS)
    for shot in shots:
        wrong = vnc_picture.difference(steps.outcome.files[shot.lstrip("/")], vnc_picture.reference())
        assert not wrong, f"{shot}: {wrong}"
