# SPDX-License-Identifier: BSD-3-Clause
"""Disks of the stubdomain that come and go while it runs, and nodes that make no sense: a line each, and the guest carries on. libxl attaches
nothing to a stubdomain but CDs, so the nodes are written here as it would."""

from xenlab.hvm import Job
from xen_steps import PTY, passed

SCRIPT = """
check create create
open_serial
check "the guest is up" echoes Q 60
stub=$(xl domid guest-dm)
front() { echo "/local/domain/$stub/device/vbd/$1"; }
back() { echo "/local/domain/0/backend/vbd/$stub/$1"; }
truncate -s 1M /lab/other.img
loop=$(losetup -f)
losetup "$loop" /lab/other.img

# node ID NAME VALUE...: in the front end's folder, which is the stubdomain's, in one transaction.
nodes_of() {
    folder=$(front "$1")
    shift
    line=
    while [ $# -gt 0 ]; do
        line="$line $folder/$1 $2"
        shift 2
    done
    xenstore-write $line
    xenstore-chmod -r "$folder" "n$stub" r0
}
attach() {
    b=$(back 51776)
    xenstore-write "$b/frontend" "$(front 51776)" "$b/frontend-id" "$stub" "$b/online" 1 "$b/mode" w "$b/dev" xvde "$b/type" phy \
        "$b/params" /lab/other.img "$b/state" 1
    xenstore-chmod -r "$b" n0 "r$stub"
    nodes_of 51776 device-type disk backend-id 0 virtual-device 51776 backend "$b" state 1
    xenstore-write "$b/physical-device" "$(stat -c %t:%T "$loop")" "$b/hotplug-status" connected
}
state_is() { [ "$(xenstore-read "$1/state" 2>/dev/null)" = "$2" ]; }
detach() {
    b=$(back 51776)
    xenstore-write "$b/online" 0 "$b/state" 5
    wait_for 20 state_is "$b" 6 || return 1
    xenstore-rm "$(front 51776)"
    xenstore-rm "$b"
}
channel() { xenstore-read "$(front 51776)/event-channel"; }

attach
check "a disk is connected" wait_for 20 state_is "$(front 51776)" 4
first=$(channel)
check "and goes" detach
for i in 1 2 3; do
    attach
    check "and comes again, $i" wait_for 20 state_is "$(front 51776)" 4
    check "by the same event channel, $i" [ "$(channel)" = "$first" ]
    check "and goes, $i" detach
done
attach
check "once more" wait_for 20 state_is "$(front 51776)" 4
# Without a word to the back end, as a forced detach does it.
xenstore-rm "$(front 51776)"
xenstore-rm "$(back 51776)"
check "the guest carries on" echoes R

once() { [ "$(grep -c -e "$1" /var/log/xen/qemu-dm-guest.log)" = 1 ]; }
nodes_of nonsense state 1
nodes_of 51777 backend-id 0 backend "$(back 51777)" state 1
nodes_of 51792 state 1
xenstore-write "$(back 51808)/state" 1
nodes_of 51808 backend-id 0 backend "$(back 51808)" state 1
check "no number" wait_for 20 once "device/vbd/nonsense: not a device number"
check "a partition" wait_for 20 once "device/vbd/51777: not connected"
check "no back end" wait_for 20 once "device/vbd/51792: its nodes"
check "the guest carries on meanwhile" echoes S
check "a back end that does not answer" wait_for 60 once "back end of device/vbd/51808 does not answer"
for id in nonsense 51777 51792 51808; do xenstore-rm "$(front $id)"; done
attach
check "a disk comes after all that" wait_for 20 state_is "$(front 51776)" 4
check "each was told once" once "device/vbd/nonsense"
check "and the guest carries on" echoes T
close_serial
check destroy xl destroy guest
check "no domain is left" wait_for 20 no_domains
"""


def test_disks(lab, xen_image, guest):
    passed(lab, Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), cmdline="loglevel=3", extra=PTY), SCRIPT, limit=240)
