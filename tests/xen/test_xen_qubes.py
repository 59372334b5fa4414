# SPDX-License-Identifier: BSD-3-Clause
"""What Qubes OS' libxl asks of a device model, from stock libxl's configuration: its arguments, and its way to the monitor."""

from xenlab.hvm import Job
from xen_steps import PTY, passed

ARGUMENTS = [
    "-display",
    "qubes-gui,domid=0,log-level=0",
    "-device",
    "usb-ehci,id=ehci",
    "-device",
    "usb-tablet,bus=ehci.0",
    "-qubes-audio:audiovm_xid=0",
    "-qubes-net:client_ip=10.137.0.1,dns_0=10.139.1.1,dns_1=10.139.1.2,gw=10.137.0.2,netmask=255.255.255.255",
    "-append",
    "root=/dev/xvda ro",
]
EXTRA = PTY + f"device_model_args_hvm = {ARGUMENTS}\nsoundhw = 'hda'\nacpi = 0\n"

# One channel, kept for a client after the other: each is announced by a byte, the first one too. The last one comes in the middle of a command.
SCRIPT = """
check create create
open_serial
check "the guest is up" echoes Q 60
for lost in "-display qubes-gui" -qubes-net: -qubes-audio: "-append root" "-device intel-hda"; do
    check "one line: $lost" [ "$(grep -c -e "^arguments: $lost.*: " /var/log/xen/qemu-dm-guest.log)" = 1 ]
done
check "the monitor answers" monitor_says "info status" running
stub=$(xl domid guest-dm) guest=$(xl domid guest)
kill -9 $(pidof vchan-socket-proxy)
client() { printf '\\001{"execute":"qmp_capabilities"}{"execute":"query-status"}'; sleep 3; }
(client; client; printf '{"execute":"qmp_cap'; client) | timeout 15 vchan-socket-proxy $stub \\
    /local/domain/$stub/device-model/$guest/qmp-vchan - >/lab/out/clients
check "each client is greeted" [ "$(grep -c -a '"QMP"' /lab/out/clients)" = 3 ]
check "and answered" [ "$(grep -c -a '"status": "running"' /lab/out/clients)" = 3 ]
check "without an error" no grep -q -a error /lab/out/clients
cat /lab/out/clients
check "and the guest carries on" echoes X
check "the stubdomain's memory can be saved" xl dump-core guest-dm /lab/core
rm -f /lab/core
close_serial
check destroy xl destroy guest
"""


def test_as_qubes_does(lab, xen_image, guest):
    passed(lab, Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), extra=EXTRA), SCRIPT)
