# SPDX-License-Identifier: BSD-3-Clause
"""A domain of ours is suspended by the toolstack, and goes on: as it was (xl save -c), or as a new domain (xl save, xl restore). Each
UNIDOM_SUSPENDS times, by default once; a stubdomain three times. The nightly run: 20."""

import os

import pytest

from machine import ktap
from xen_steps import functions, passed
from xenlab import dom0, session
from xenlab.hvm import Job
from xenlab_fixtures import PATIENCE, PV_CONFIG

COUNT = int(os.environ.get("UNIDOM_SUSPENDS", "1"))
LOG = "var/log/xen/console/guest-image.log"
PAUSE = 5  # seconds, at least, from the save to the restore
DISK = "disk = ['format=raw,vdev=xvda,access=rw,backendtype=phy,target=/lab/disk.img']\n"
FUNCTIONS = f"""
log=/{LOG}
# xl create, which would clear up, takes a suspended domain for one that ended.
over() {{ grep -q '^unidom: exit status' $log; }}
looks() {{ grep -c '^# rounds [1-9]' $log; }}
more() {{ [ "$(looks)" -gt "$1" ]; }}
# A few more looks at what it does.
works() {{ wait_for 60 more $(($(looks) + 2)); }}
release() {{ xenstore-write /local/domain/$(xl domid image)/data/release 1; }}
start() {{ xl create -q /lab/image.cfg && works; }}
"""

CANCELLED = """
start || exit 2
n=0
while [ $n -lt {count} ]; do
    n=$((n + 1))
    xl save -c image /lab/saved || exit 3
    works || exit 4
done
release
wait_for 60 over || exit 5
"""

RESTORED = """
start || exit 2
n=0
while [ $n -lt {count} ]; do
    n=$((n + 1))
    xl save image /lab/saved || exit 3
    sleep {pause}
    xl restore /lab/saved || exit 4
    works || exit 5
done
release
wait_for 60 over || exit 6
"""


def said(lab, image, script, arguments="-- busy", limit=120):
    """What the domain "image" said of @script."""
    config = PV_CONFIG.format(memory=32, arguments=arguments) + DISK
    files = {"lab/image": image, "lab/image.cfg": config.encode(), "lab/disk.img": bytes(1 << 20)}
    outcome = dom0.run(lab, functions() + FUNCTIONS + script, files, limit=session.BOOT_ALLOWANCE + limit * PATIENCE)
    log = outcome.files.get(LOG, b"").decode("utf-8", "replace").replace("\r", "")
    print(log)
    assert outcome.status == 0, f"{outcome.how}, status {outcome.status}\n{outcome.console[-5000:]}"
    return log


def ends_well(log):
    results = ktap(log)
    assert results and all(results.values()), log
    assert "unidom: exit status 0" in log.splitlines(), log


def test_cancelled(lab, xen_image):
    ends_well(said(lab, xen_image("xen-test"), CANCELLED.format(count=COUNT), limit=90 + 30 * COUNT))


def test_restored(lab, xen_image):
    log = said(lab, xen_image("xen-test"), RESTORED.format(count=COUNT, pause=PAUSE), limit=120 + 40 * COUNT)
    ends_well(log)
    paused = int(log.rsplit("paused ", 1)[1].split()[0])
    assert paused >= COUNT * PAUSE * 1000, log


@pytest.mark.nightly
@pytest.mark.parametrize("request_", ["poweroff", "halt", "reboot", "nonsense"])
def test_requests(lab, xen_image, request_):
    """The other values of control/shutdown, written as libxl does."""
    script = f"""
start || exit 2
xenstore-write /local/domain/$(xl domid image)/control/sysrq s /local/domain/$(xl domid image)/control/shutdown {request_}
wait_for 60 grep -q 'sysrq: there are no keys here' $log || exit 3
"""
    if request_ == "nonsense":
        script += "wait_for 60 grep -q 'shutdown: \"nonsense\" is nothing that can be done here' $log && works && release || exit 4\n"
    script += "wait_for 60 over || exit 5\n"
    log = said(lab, xen_image("xen-test"), script, "loglevel=2 -- busy")
    assert "unidom: exit status 0" in log.splitlines(), log


# Where libxl suspends a stubdomain alone (Qubes OS does, when the machine sleeps) it goes on as it was. xl of 4.17 has no command for that; a
# save that cannot succeed, as the target's memory is mapped, comes to the same: suspended, refused, resumed.
STUBDOMAIN = """
check create create
log=/var/log/xen/qemu-dm-guest.log
resumed() {{ [ "$(grep -c "suspended, and on it goes" $log)" = "$1" ]; }}
over() {{ said "ok 1 - ide_dma"; }}
n=0
until over || [ $n = {most} ]; do
    n=$((n + 1))
    xl save -c guest-dm /dev/null /lab/hvm.cfg
    check "suspended and resumed, $n" wait_for 30 resumed $n
    sleep 1
done
check "while the guest worked, {count} times" [ $n -ge {count} ]
check "the guest read what it wrote" wait_for 120 said "^ok 1 - ide_dma"
check "the monitor answers" monitor_says "info status" running
check destroy xl destroy guest
check "no domain is left" wait_for 20 no_domains
"""


def test_stubdomain(lab, xen_image, devices_guest):
    count = int(os.environ.get("UNIDOM_SUSPENDS", "3"))
    disk = devices_guest(f"ide_dma operations={1000 * count} sectors=16 stay")
    job = Job("ours", disk, kernel=xen_image("qemu-stubdom"), cmdline="loglevel=3", data=8)
    passed(lab, job, STUBDOMAIN.format(count=count, most=10 * count), limit=240 + 60 * count)
