# SPDX-License-Identifier: BSD-3-Clause
"""Guests come and go and nothing grows: memory of Xen, grants, event channels of dom0, processes, xenstore nodes. Ten times, or
UNIDOM_CYCLES times (the nightly run: 100)."""

import os

from xenlab.hvm import Job
from xen_steps import PTY, passed

CYCLES = int(os.environ.get("UNIDOM_CYCLES", "10"))

# The first cycle is not counted: daemons and drivers then make what they keep.
SCRIPT = """
usage() {{
    echo "free memory $(free_memory)"
    echo "event channels $(lsevtchn 0 | wc -l)"
    echo "grants $(grants)"
    echo "loop devices $(losetup -a | wc -l)"
    processes
    nodes
}}
cycle() {{
    create && wait_for 60 runs && xl destroy guest && wait_for 20 all_over
}}
runs() {{ monitor_says "info status" running && [ "$(grants)" -gt 0 ]; }}
check "the first" cycle
wait_for 10 settled
usage >/tmp/before
i=0
while [ $i -lt {cycles} ] && cycle; do i=$((i + 1)); done
check "all {cycles}" [ $i = {cycles} ]
wait_for 10 settled
usage >/tmp/after
head -4 /tmp/before /tmp/after
check "nothing has grown" diff /tmp/before /tmp/after
"""


def test_cycles(lab, xen_image, guest):
    job = Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), extra=PTY)
    passed(lab, job, SCRIPT.format(cycles=CYCLES), limit=120 + 30 * CYCLES)
