# SPDX-License-Identifier: BSD-3-Clause
"""What goes wrong around a running stubdomain: it says so, and the guest and the monitor carry on."""

from xenlab.hvm import Job
from xen_steps import PTY, passed

# A client of the monitor that is no QMP client, one that vanishes, twice, in the place of libxl's proxy; then libxl's way again.
CLIENTS = """
check create create
open_serial
check "the guest is up" echoes Q 60
check "the monitor answers" monitor_says "info status" running
stub=$(xl domid guest-dm) guest=$(xl domid guest)
proxy="vchan-socket-proxy $stub /local/domain/$stub/device-model/$guest/qmp-vchan"
command=$(tr '\\0' ' ' </proc/$(pidof vchan-socket-proxy)/cmdline)
kill -9 $(pidof vchan-socket-proxy)
for i in 1 2; do
    (head -c 3000 /dev/urandom; sleep $((3 * PATIENCE))) | timeout $((5 * PATIENCE)) $proxy - >/lab/out/nonsense$i
    check "nonsense is answered, $i" grep -q -a error /lab/out/nonsense$i
    (printf '{"execute":"qmp_cap'; sleep 100) | $proxy - >/lab/out/half$i &
    half=$!
    check "half a command, $i" wait_for 10 grep -q QMP /lab/out/half$i
    kill -9 $(pidof vchan-socket-proxy) $half
done
(printf '{"execute":"qmp_capabilities"}{"execute":"query-status"}'; sleep $((3 * PATIENCE))) |
    timeout $((6 * PATIENCE)) $proxy - >/lab/out/proper
check "then a proper client is served" grep -q '"status": "running"' /lab/out/proper
cat /lab/out/proper
check "and the guest carries on" echoes X
close_serial
check destroy xl destroy guest
"""


def test_clients(lab, xen_image, guest):
    passed(lab, Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), extra=PTY), CLIENTS)


# The guest does I/O all the time when its disk's back end closes.
CLOSING = """
check create create
check "the guest writes" wait_for 60 monitor_says "info blockstats" "wr_operations=[1-9]"
stub=$(xl domid guest-dm)
xenstore-write /local/domain/0/backend/vbd/$stub/768/state 5
check "it is said" wait_for 10 stub_said "xvda: the back end closes; the disk is gone"
sleep 3
check "once" [ "$(grep -c 'the disk is gone' /var/log/xen/qemu-dm-guest.log)" = 1 ]
check "the monitor answers" monitor_says "info status" "VM status"
check destroy xl destroy guest
check "and all is over" wait_for 20 all_over
"""


def test_back_end_closes(lab, xen_image, devices_guest):
    passed(lab, Job("ours", devices_guest("ide_dma operations=100000 sectors=16 stay"), kernel=xen_image("qemu-stubdom")), CLOSING)


# libxl waits 60 s for a device model, and less for its domain.
SMALL = """
seconds() { sed 's/[.].*//' /proc/uptime; }
began=$(seconds)
create >/lab/out/xl.log 2>&1
status=$? took=$(($(seconds) - began))
cat /lab/out/xl.log
cat /var/log/xen/qemu-dm-guest.log
echo "took $took s"
check "xl says no" [ $status != 0 ]
check "before its time is over" [ $took -lt $((60 * PATIENCE)) ]
check "nothing is left" wait_for 20 all_over
"""


def test_too_little_memory(lab, xen_image, guest):
    """No start with 6 MiB, and no hang: libxl's own limit or ours, whichever comes first. With 8 it starts, and ends while the guest runs."""
    passed(lab, Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), stub_memory=6), SMALL)
