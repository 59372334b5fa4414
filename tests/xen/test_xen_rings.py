# SPDX-License-Identifier: BSD-3-Clause
"""Peers in dom0 that write indices that make no sense into the rings of a running stubdomain: one line names each, and the rest carries on."""

import pytest

from xen_steps import PTY, passed
from xenlab.hvm import Job
from xenlab_fixtures import DOM0_SHOWS_FRAMEBUFFERS, static_program

# Offsets of the indices that the peer writes, in the pages of Xen's public/io.
FUNCTIONS = """
chmod +x ring-peer
log=/var/log/xen/qemu-dm-guest.log
once() { [ "$(grep -c -e "$1" $log)" = 1 ]; }
twice() { [ "$(grep -c -e "$1" $log)" = 2 ]; }
home() { xenstore-read "/local/domain/$stub/$1"; }
# spoil WHAT PORT PAGE OFFSET=VALUE... LINE
spoil() {
    what=$1 port=$2 page=$3 index=$4
    check "$what: written" ./ring-peer "$stub" "$port" "$page" "$index"
    check "$what: it is said" wait_for 20 once "$5"
    ./ring-peer "$stub" "$port" "$page" "$index" # and nothing more the next time
    sleep 1
    check "$what: once" once "$5"
}
start() {
    check create create
    open_serial
    check "the guest is up" echoes Q 60
    stub=$(xl domid guest-dm) guest=$(xl domid guest)
}
"""

FRAMEBUFFER = """
spoil framebuffer "$(home device/vfb/0/event-channel)" "frame:$(home device/vfb/0/page-ref)" 4=0x7fffffff \\
    "vfb/0: the ring's indices make no sense"
check "the guest carries on" echoes T
"""

DEVICES = f"""
start
spoil network "$(home device/vif/0/event-channel)" "grant:$(home device/vif/0/rx-ring-ref)" 8=0x80000000 \\
    "vif0: the back end in domain 0 is not to be trusted"
check "the guest carries on" echoes R
spoil keyboard "$(home device/vkbd/0/event-channel)" "frame:$(home device/vkbd/0/page-ref)" 4=0x7fffffff \\
    "vkbd/0: the ring's indices make no sense"
check "the guest carries on" echoes S
{FRAMEBUFFER if DOM0_SHOWS_FRAMEBUFFERS else ""}
spoil "serial port" "$(home device/console/3/port)" "grant:$(home device/console/3/ring-ref)" 3076=0xffff0000 \\
    "hvc3: the ring's indices make no sense"
check "the monitor answers" monitor_says "info status" running
spoil disk "$(home device/vbd/768/event-channel)" "grant:$(home device/vbd/768/ring-ref)" 8=0x12345678 \\
    "xvda: the ring's indices make no sense; the disk is gone"
check "the monitor answers still" monitor_says "info status" "VM status"
close_serial
check destroy xl destroy guest
check "no domain is left" wait_for 20 no_domains
"""


@pytest.fixture(name="peer", scope="module")
def _peer(tmp_path_factory):
    return static_program("xen/peer/ring-peer.c", tmp_path_factory.mktemp("peer") / "ring-peer")


@pytest.fixture(name="job")
def _job(guest, xen_image, peer):
    extra = PTY + 'vnc = 1\nvncunused = 0\nvncdisplay = 0\nvnclisten = "127.0.0.1"\n'
    return Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), nic="rtl8139", extra=extra, files={"lab/ring-peer": peer})


def test_devices(lab, job):
    passed(lab, job, FUNCTIONS + DEVICES)


# The toolstack's own channels: the guest goes on, and ends when it is told to.
CHANNELS = """
start
vchan=device-model/$guest/qmp-vchan
proxy="vchan-socket-proxy $stub /local/domain/$stub/$vchan"
senseless="qmp: .* the ring's indices make no sense; the channel is made anew"
check "a channel without a client" ./ring-peer "$stub" "$(home $vchan/event-channel)" "grant:$(home $vchan/ring-ref)" 4=0x80000000
check "it is said" wait_for 20 once "$senseless"
(printf '{"execute":"qmp_cap'; sleep 100) | $proxy - >/lab/out/half &
check "a client" wait_for 10 grep -q QMP /lab/out/half
check "its channel" ./ring-peer "$stub" "$(home $vchan/event-channel)" "grant:$(home $vchan/ring-ref)" 8=0x80000000
check "it is said again" wait_for 20 twice "$senseless"
kill -9 $(pidof vchan-socket-proxy)
(printf '{"execute":"qmp_capabilities"}{"execute":"query-status"}'; sleep $((3 * PATIENCE))) |
    timeout $((6 * PATIENCE)) $proxy - >/lab/out/proper
check "the next client is served" grep -q '"status": "running"' /lab/out/proper
check "the guest carries on" echoes R
spoil "log" "$(home console/port)" "frame:$(home console/ring-ref)" 3076=0xffff0000 "hvc0: the ring's indices make no sense"
check "the guest carries on" echoes S
{FRAMEBUFFER if DOM0_SHOWS_FRAMEBUFFERS else ""}
spoil "xenstore" "$(home store/port)" grant:1 2060=0x80000000 "xenstore: the ring's indices make no sense; the connection is closed"
check "the guest carries on" echoes T
# The log's reader seems to be far ahead: nothing can be said any more, and nobody waits for it.
./ring-peer "$stub" "$(home console/port)" "frame:$(home console/ring-ref)" 3080=0x10000000
(printf '{"execute":"nonsense"}{"execute"'; sleep $PATIENCE) | timeout $((3 * PATIENCE)) $proxy - >/lab/out/half
check "the guest carries on" echoes U
close_serial
check destroy xl destroy guest
check "no domain is left" wait_for 20 no_domains
"""


def test_channels(lab, job):
    passed(lab, job, FUNCTIONS + CHANNELS)
