# SPDX-License-Identifier: BSD-3-Clause
"""The least stubdomain_memory with which a guest with two disks starts, runs and is saved, by bisection; printed as a RESULT line."""

import pytest

from benchlib import promises
from xenlab.hvm import Job
from xen_steps import PTY, passed

WORKS = 32  # MiB: what docs/xen.md recommends
SCRIPT = """
works() {{
    sed -i "s/^stubdomain_memory.*/stubdomain_memory = $1/" /lab/hvm.cfg
    : >/lab/out/keys.log
    echo "trying $1 MiB"
    create && open_serial && echoes Q 60 && monitor_says "info status" running && xl save guest /tmp/saved
    ok=$?
    close_serial
    has_domain guest && xl destroy guest
    rm -f /tmp/saved
    wait_for 20 all_over
    return $ok
}}
low=4 high={works}
check "{works} MiB are enough" works {works}
while [ $((high - low)) -gt 1 ]; do
    middle=$(((low + high) / 2))
    if works $middle; then high=$middle; else low=$middle; fi
done
echo $high >/lab/out/smallest
"""


@pytest.mark.nightly
def test_smallest(lab, xen_image, guest, record_property):
    job = Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), data=16, extra=PTY, stub_memory=WORKS)
    found = int(passed(lab, job, SCRIPT.format(works=WORKS), limit=1200).text("lab/out/smallest"))
    record_property("stubdomain_memory", found)
    print(f"RESULT smallest_stubdomain_memory={found}")
    assert found <= promises.limits()["xen-stubdomain-memory"]
