# SPDX-License-Identifier: BSD-3-Clause
"""What Qubes OS' libxl asks of a device model, from stock libxl's configuration: its arguments, and its way to the monitor."""

import os
import subprocess

from machine import ktap
from xenlab.cpio import Archive
from xenlab.hvm import Job
from xen_steps import PTY, passed
from xenlab_fixtures import run_guest, set_parameters, static_program

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
check "one line for what is lost" [ "$(grep -c -e "^arguments: -append root.*: " /var/log/xen/qemu-dm-guest.log)" = 1 ]
check "and no other" [ "$(grep -c "^arguments: " /var/log/xen/qemu-dm-guest.log)" = 1 ]
check "the monitor answers" monitor_says "info status" running
stub=$(xl domid guest-dm) guest=$(xl domid guest)
kill -9 $(pidof vchan-socket-proxy)
client() { printf '\\001{"execute":"qmp_capabilities"}{"execute":"query-status"}'; sleep $((3 * PATIENCE)); }
(client; client; printf '{"execute":"qmp_cap'; client) | timeout $((15 * PATIENCE)) vchan-socket-proxy $stub \\
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


def test_address_by_dhcp(lab, xen_image, guest):
    """The stubdomain gives the guest the address of its arguments; with that the guest reaches the router, which is dom0 here."""
    lease = "-qubes-net:client_ip=10.9.0.77,dns_0=10.139.1.1,dns_1=10.139.1.2,gw=10.9.0.1,netmask=255.255.255.255"
    result = run_guest(lab, "ours", set_parameters(guest("devices"), "dhcp net_arp net_ping nic"), nic="rtl8139", wait=240,
                       kernel=xen_image("qemu-stubdom"), extra=f"device_model_args_hvm = ['{lease}']\n")  # fmt: skip
    checks = ktap(result.serial)
    assert result.ended == "guest" and sorted(checks) == ["dhcp", "net_arp", "net_ping"] and all(checks.values()), result.serial
    assert "address 10.9.0.77, router 10.9.0.1" in result.serial


def kernel_disk(lab, folder):
    """A file system with Debian's kernel and a first program of ours, as stock mkfs.ext4 makes it."""
    files, disk, archive = folder / "files", folder / "disk", Archive()
    files.mkdir()
    archive.file("init", static_program("xen/peer/init.c", folder / "init"))
    (files / "initramfs").write_bytes(archive.bytes())
    os.symlink("boot/kernel", files / "vmlinuz")
    (files / "boot").mkdir()
    with open(lab.vmlinuz, "rb") as f:
        (files / "boot/kernel").write_bytes(f.read())
    with open(disk, "wb") as f:
        f.truncate(32 << 20)
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-F", "-d", files, disk], check=True)
    return str(disk)


def test_kernel_from_the_fourth_disk(lab, xen_image, guest, tmp_path):
    """-append without -kernel: kernel and ramdisk are in the file system there. Xen cannot emulate RDTSCP on the emulator's processor."""
    arguments = ["-append", "console=ttyS0 quiet panic=-1 unidom=1"]
    result = run_guest(lab, "ours", guest("hello"), fourth=kernel_disk(lab, tmp_path), memory=256, stub_memory=64, wait=240,
                       kernel=xen_image("qemu-stubdom"), extra=f"device_model_args_hvm = {arguments}\ntsc_mode = 'native'\n")  # fmt: skip
    assert result.ended == "guest" and f"{arguments[1]}\n" in result.serial, result.serial
