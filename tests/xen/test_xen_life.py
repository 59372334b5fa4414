# SPDX-License-Identifier: BSD-3-Clause
"""The life of a guest whose device model is ours, with the stock toolstack: it pauses, moves through a file, restarts, ends, leaves nothing."""

import pytest

from xenlab.hvm import DISK, MEMORY, Job
from xen_steps import PTY, passed

LIFE = """
nodes >/tmp/nodes.before
processes >/tmp/processes.before
check create create
open_serial
check "a key comes back, when the firmware is through" echoes Q 60
xl pause guest
check "not while it is paused" no echoes X 3
xl unpause guest
check "but then" wait_for 10 echoed X
check "the monitor answers" monitor_says "info version" "^10[.]"
check "and again, another client" monitor_says "info status" running
check save xl save guest /tmp/saved
close_serial
check "saved, it is gone" wait_for 20 no_domains
check restore xl restore /tmp/saved
open_serial
check "restored, it goes on" echoes Z
check "and its monitor answers" monitor_says "info status" running
rm -f /tmp/saved
check "a dump of the device model, which has frames of the guest mapped" xl dump-core guest-dm /lab/core
check "begins as an ELF file" [ "$(head -c 4 /lab/core | tail -c 3)" = ELF ]
check "has all its memory" [ "$(stat -c %s /lab/core)" -ge STUB_BYTES ]
rm -f /lab/core
check "and both go on" echoes W
check "and the monitor too" monitor_says "info status" running
close_serial
check destroy xl destroy guest
check "no domain is left" wait_for 20 no_domains
check "no process" wait_for 20 same_processes
check "no xenstore node" nodes_since /tmp/nodes.before
""".replace("STUB_BYTES", str(MEMORY["ours"] << 20))


def test_life(lab, xen_image, guest):
    passed(lab, Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), extra=PTY), LIFE)


@pytest.mark.nightly
def test_life_in_the_release_line_10_2(lab, xen_image, guest):
    kernel = xen_image("qemu-stubdom", "xen-qemu-10.2", ("CONFIG_LIBQEMU_10_2=y",))
    passed(lab, Job("ours", guest("idle"), kernel=kernel, extra=PTY), LIFE.replace("^10[.]", "^10[.]2[.]"))


# The guest resets itself twice, which is a new pair of domains each time, and powers off.
RESTART = """
nodes >/tmp/nodes.before
processes >/tmp/processes.before
check create create
check "it ends" wait_for 90 all_over
check "no process is left" wait_for 20 same_processes
check "no xenstore node" nodes_since /tmp/nodes.before
"""
BOOTS, PATTERN, PATTERN_SECTORS = 8, 9, 8  # sectors of the guest "write"


def test_restart(lab, xen_image, guest):
    steps = passed(lab, Job("ours", guest("write"), kernel=xen_image("qemu-stubdom"), fetch=[DISK]), RESTART)
    disk = steps.outcome.files[DISK]
    assert disk[BOOTS * 512] == 3
    assert disk[PATTERN * 512 : (PATTERN + PATTERN_SECTORS) * 512] == b"3" * 512 * PATTERN_SECTORS
