# SPDX-License-Identifier: BSD-3-Clause
"""What the image asks of the hypervisor is in plat/xen/surface.inc: by its code, and by what it does with a guest."""

import os
import re
import subprocess

import pytest

from xenlab import TOP
from xenlab.hvm import Job
from xen_steps import PTY, passed

# What libxendevicemodel's functions are called after, where that is not the operation.
DM_OPS = {"map_pcidev_to_ioreq_server": "map_io_range_to_ioreq_server", "shutdown": "remote_shutdown",
          "unmap_pcidev_from_ioreq_server": "unmap_io_range_from_ioreq_server"}  # fmt: skip


SCRIPT = """
check "is created" create
open_serial
check "the guest runs" echoes Q 60
close_serial
monitor quit
check "the image ends" wait_for 30 stub_said "^unidom: exit status"
xl destroy guest
"""


def surface():
    """{(hypercall, sub-operation): name} of the table."""
    with open(os.path.join(TOP, "plat/xen/surface.inc"), encoding="utf-8") as f:
        rows = re.findall(r'^CALL\((\d+), (-?\d+), "([^"]+)"', f.read(), re.M)
    return {(int(number), int(sub)): name for number, sub, name in rows}


def store_requests():
    """{name: number} of the requests to xenstored in the table."""
    with open(os.path.join(TOP, "plat/xen/surface.inc"), encoding="utf-8") as f:
        return {name: int(number) for number, name in re.findall(r'^STORE\((\d+), "([^"]+)"', f.read(), re.M)}


def test_platform():
    """Each hypercall that plat/xen knows is there, and none twice."""
    with open(os.path.join(TOP, "plat/xen/surface.inc"), encoding="utf-8") as f:
        assert len(re.findall(r"^CALL\(", f.read(), re.M)) == len(surface())
    with open(os.path.join(TOP, "plat/xen/abi.h"), encoding="utf-8") as f:
        numbers = {name: int(n) for name, n in re.findall(r"#define HYPERCALL_([A-Z_]+) (\d+)$", f.read(), re.M)}
    listed = {number for number, _ in surface()}
    unused = {"XEN_VERSION", "STUB_SIZE"}
    assert not {name for name, n in numbers.items() if n not in listed} - unused


@pytest.mark.skipif("UNIDOM_IMAGES" in os.environ, reason="images without their symbols")
def test_device_model(xen_image):
    """The device model's operations whose code is in the image are those of the table."""
    symbols = subprocess.run(["nm", xen_image("qemu-stubdom") + ".dbg"], capture_output=True, text=True, check=True).stdout
    linked = set(re.findall(r" [tT] xendevicemodel_(\w+)$", symbols, re.M)) - {"open", "close", "op", "restrict"}
    listed = {name.split(": ")[1] for (number, _), name in surface().items() if number == 41}
    assert {DM_OPS.get(name, name) for name in linked} == listed


@pytest.mark.skipif("UNIDOM_IMAGES" in os.environ, reason="needs an image of its own")
def test_in_use(lab, xen_image, guest):
    """The report comes when the image ends, which QEMU does when its monitor is told: a toolstack destroys the domain."""
    job = Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom", "audit", ("CONFIG_XEN_AUDIT=y",)), nic="rtl8139", extra=PTY)
    log = passed(lab, job, SCRIPT).text("var/log/xen/qemu-dm-guest.log")
    report = re.findall(r"audit: (\d+) of \d+ kinds of hypercalls were made, and (\d+) that are not", log)
    assert report and int(report[0][0]) > 15 and report[0][1] == "0", log
    requests = re.findall(r"audit: \d+ kinds of xenstore requests were made \(bits 0x([0-9a-f]+)\), and (\d+) requests refused", log)
    assert requests and requests[0][1] == "0", log
    made = {number for number in range(32) if int(requests[0][0], 16) >> number & 1}
    listed = store_requests()
    assert made <= set(listed.values())
    assert made >= {listed[name] for name in ("DIRECTORY", "READ", "WATCH", "WRITE", "TRANSACTION_START", "TRANSACTION_END", "SET_PERMS")}
