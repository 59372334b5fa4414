# SPDX-License-Identifier: BSD-3-Clause
"""Grants, event channels and memory end: an error for who asks, one line for what cannot start, no hang, and as before when they are back."""

import re

import pytest

from machine import ktap
from xenlab import dom0, session
from xen_steps import functions
from xenlab_fixtures import PATIENCE, PV_CONFIG

LOG = "var/log/xen/console/guest-image.log"
FUNCTIONS = """
gone() { no has_domain image; }
log=/var/log/xen/console/guest-image.log
image_said() { said "$1" $log; }
"""


def run(lab, image, arguments, script, memory=64, lines="", files=(), limit=200, result=LOG):
    """(outcome, what the domain "image" said) of a PV domain that @script starts."""
    config = PV_CONFIG.format(memory=memory, arguments=arguments) + lines
    files = {"lab/image": image, "lab/image.cfg": config.encode(), "lab/disk.img": bytes(1 << 20), **dict(files)}
    text = functions() + FUNCTIONS + script
    outcome = dom0.run(lab, text, files, ["/lab/out/*"], limit=session.BOOT_ALLOWANCE + limit * PATIENCE)
    log = outcome.files.get(result, b"").decode("utf-8", "replace").replace("\r", "")
    print(log)
    assert outcome.status == 0, f"{outcome.how}, status {outcome.status}\n{outcome.console[-3000:]}"
    return log


CREATE = "xl create -q /lab/image.cfg || exit 2\nwait_for 60 gone || exit 3\n"
DISK = "disk = ['format=raw,vdev=xvda,access=rw,backendtype=phy,target=/lab/disk.img']\n"
VIF = "vif = ['mac=00:16:3e:09:00:02,bridge=xenbr0']\n"


def ends_well(log):
    results = ktap(log)
    assert results and all(results.values()), log
    assert "unidom: exit status 0" in log.splitlines(), log


@pytest.mark.parametrize("what", ["grants", "channels", "memory"])
def test_all_taken(lab, xen_image, what):
    """A program takes all there is, and gives it back."""
    lines = DISK if what == "memory" else DISK + "max_grant_frames = 4\nmax_event_channels = 60\n"
    log = run(lab, xen_image("xen-test"), f"-- {what}", CREATE, memory=32, lines=lines)
    ends_well(log)
    assert len(re.findall("grant table: no entry", log)) == (2 if what == "grants" else 0)  # once each time


# A disk comes while all is taken, goes again, and comes when there is enough.
HOLD = """
xl create -q /lab/image.cfg || exit 2
wait_for 60 image_said "# holding" || exit 3
xl block-attach image 'format=raw,vdev=xvde,access=rw,backendtype=phy,target=/lab/disk.img'
wait_for 60 image_said "device/vbd/51776 is not offered" || exit 4
xl block-detach image 51776 || xl block-detach --force image 51776
xenstore-write /local/domain/$(xl domid image)/data/release 1
wait_for 60 image_said "# given back" || exit 5
xl block-attach image 'format=raw,vdev=xvde,access=rw,backendtype=phy,target=/lab/disk.img' || exit 6
wait_for 60 gone || exit 7
"""


@pytest.mark.parametrize("what", ["grants", "channels"])
def test_a_disk_meanwhile(lab, xen_image, what):
    log = run(lab, xen_image("xen-test"), f"-- hold-{what}", HOLD, memory=32, lines="max_grant_frames = 4\nmax_event_channels = 60\n")
    ends_well(log)
    assert len(re.findall(r"xvde: device/vbd/51776 is not offered to its back end: errno", log)) == 1, log


# QEMU with nothing but a disk. The last step of its start is to tell the toolstack, which here is none: that ends it.
QEMU = "-- -machine none -accel xen -display none -monitor none -drive file=/dev/xvda,format=raw,if=none,cache=none"
UP = "error recording dm state"
START = """
start() {
    xl create -q "$1" || return
    wait_for 60 gone || exit 3
}
"""


# There are not enough for two networks, even without the program that takes all.
NETWORKS = """
xl create -q /lab/image.cfg || exit 2
wait_for 60 image_said "cannot be connected" || exit 3
sleep 3
xl destroy image
"""


def test_networks_without_grants(lab, xen_image):
    lines = "vif = ['bridge=xenbr0', 'bridge=xenbr0']\nmax_grant_frames = 1\n"
    log = run(lab, xen_image("xen-test"), "-- hold-grants", NETWORKS, lines=lines)
    failed = re.findall("(vif[01]): cannot be connected: errno 28", log)
    assert failed and len(failed) == len(set(failed)), log
    # The program asks again when a network has given back what it got.
    assert 1 <= len(re.findall("grant table: no entry", log)) <= 2, log


def test_few_channels(lab, xen_image):
    """Console and xenstore have theirs; the disk gets none, and QEMU says that it is not there."""
    log = run(lab, xen_image("qemu-stubdom"), QEMU, START + "start /lab/image.cfg", lines=DISK + VIF + "max_event_channels = 3\n")
    assert len(re.findall("xvda: .* is not offered to its back end: errno", log)) == 1, log
    assert len(re.findall("vif0: cannot be connected: errno", log)) <= 1, log
    assert "unidom: exit status 1" in log.splitlines(), log


# The same image with less and less memory, until xl or the image says no: each time an end.
SWEEP = """
for megabytes in 32 20 18 16 15 14 13 12 11 10 8 6; do
    sed "s/^memory.*/memory = $megabytes/" /lab/image.cfg >/lab/this.cfg
    : >$log
    start /lab/this.cfg || echo "xl: no domain" >>$log
    (echo "== $megabytes"; cat $log) >>/lab/out/sweep
done
"""
MEMORY_LINE = r"(?i)out of memory|no memory|cannot allocate|no room|no space left|errno 12\b"


def test_little_memory(lab, xen_image):
    script = "mkdir -p /lab/out\n: >$log\n" + START + SWEEP
    sweep = run(lab, xen_image("qemu-stubdom"), QEMU, script, lines=DISK + VIF, limit=400, result="lab/out/sweep")
    parts = re.split(r"^== (\d+)$", sweep, flags=re.M)[1:]
    ended = 0
    for megabytes, log in zip(parts[::2], parts[1::2], strict=True):
        if UP in log or "xl: no domain" in log:
            continue
        ended += 1
        assert len(re.findall(MEMORY_LINE, log)) == 1, f"{megabytes} MiB: {log}"
        assert re.search(r"^unidom: exit status [1-9]", log, re.M), f"{megabytes} MiB: {log}"
    assert len(parts) == 24 and UP in parts[1] and ended, sweep
