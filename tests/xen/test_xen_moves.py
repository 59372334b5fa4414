# SPDX-License-Identifier: BSD-3-Clause
"""A guest that writes its disk and reads it back all the time goes through a file (xl save, xl restore), or to this machine itself (xl
migrate, live), again and again: UNIDOM_SUSPENDS times, by default twice (the nightly run: 20). It finds on its disk what it wrote, dom0's file
holds that and nothing else, and nothing is left of the domains before."""

import os

import pytest

from devices_guest import SECTOR, image_of, sums, sums_of, written
from xen_steps import passed
from xenlab.hvm import DATA, Job

COUNT = int(os.environ.get("UNIDOM_SUSPENDS", "2"))
DISK_MB = 8
MOST = 16  # sectors in one operation
OPERATIONS = 600  # for each time: the guest is still at it when the last comes
WAYS = {
    "save": "xl save guest /lab/saved && wait_for 20 no_domains && xl restore /lab/saved && rm /lab/saved",
    # Without ssh: xl hands its stream to any command.
    "migrate": "xl migrate -s '' guest 'xl migrate-receive'",
}

# QEMU counts anew in each new domain. What the guest says at its end comes after the last one has opened the serial port's file.
SCRIPT = """
nodes >/tmp/nodes.before
processes >/tmp/processes.before
grants=$(grants)
over() {{ said "^guest: done"; }}
works() {{ monitor_says "info blockstats" "wr_operations=[1-9]"; }}
works_or_over() {{ works || over; }}
move() {{ {way}; }}
usage() {{
    wait_for 10 settled
    echo "free memory $(free_memory)"
    echo "event channels $(lsevtchn 0 | wc -l)"
    echo "loop devices $(losetup -a | wc -l)"
    echo "domains $(xenstore-list /local/domain | wc -l)"
}}
check create create
check "the guest is at work" wait_for 60 works
n=0
while [ $n -lt {count} ] && no over; do
    n=$((n + 1))
    check "moved, $n" move || break
    check "and at work, $n" wait_for 60 works_or_over
    [ $n != 1 ] || usage >/tmp/usage.first
done
check "while it worked, {count} times" [ $n = {count} ]
check "the guest comes to its end" wait_for {seconds} over
check "it read what it wrote" said "^ok 1 - ide_dma"
usage >/tmp/usage.last
check "nothing has grown" diff /tmp/usage.first /tmp/usage.last
check "the monitor answers" monitor_says "info status" running
check destroy xl destroy guest
check "no domain is left" wait_for 20 no_domains
check "no process" wait_for 20 same_processes
check "no xenstore node" nodes_since /tmp/nodes.before
check "no grant" [ "$(grants)" -le "$grants" ]
{sums}
"""


@pytest.mark.parametrize("way", ["save", pytest.param("migrate", marks=pytest.mark.nightly)])
def test_busy_guest(lab, xen_image, devices_guest, way):
    operations = OPERATIONS * (COUNT + 1)
    job = Job("ours", devices_guest(f"ide_dma operations={operations} sectors={MOST} stay"), kernel=xen_image("qemu-stubdom"),
              cmdline="loglevel=2", data=DISK_MB)  # fmt: skip
    script = SCRIPT.format(way=WAYS[way], count=COUNT, seconds=60 + 30 * COUNT, sums=sums_of(DATA, DISK_MB))
    steps = passed(lab, job, script, limit=240 + 60 * COUNT)
    expected, total = written((DISK_MB << 20) // SECTOR, operations, MOST)
    print(f"{total} bytes written, {len(expected)} sectors")
    assert steps.text("lab/out/sums").split() == sums(image_of(DISK_MB << 20, expected))
