# SPDX-License-Identifier: BSD-3-Clause
"""Known holes of QEMU that a guest can reach, and that a patch of ours closes: each test fails without it."""

import contextlib

from machine import Machine, Qmp, connect

IMAGE = "qemu-stubdom"


@contextlib.contextmanager
def registers(image, tmp_path, *devices):
    """A PC whose processor nobody emulates: a function that gives qtest commands and returns the last one's number."""
    port = f"-device virtio-serial-pci -chardev socket,id=q,path={tmp_path}/q,server=on,wait=off -device virtserialport,nr=1,chardev=q"
    inner = ["-accel", "qtest", "-M", "pc", "-m", "64", "-display", "none", "-nodefaults", *devices]
    inner += ["-chardev", "serial,id=q,path=/dev/vport0p1", "-qtest", "chardev:q", "-qtest-log", "none"]
    with Machine(image(IMAGE), ["--no-guest", "--memory", "192", "--outer", port], inner) as m:
        qtest = connect(f"{tmp_path}/q")
        qtest.settimeout(60)
        answers = qtest.makefile("r")

        def command(*lines):
            for line in lines:
                qtest.sendall(line.encode() + b"\n")
                while (got := answers.readline()).startswith("IRQ"):
                    pass
                assert got.startswith("OK"), f"{line}: {got}\n{m.console.text()}"
            return int(got.split()[1], 0) if " " in got else None

        yield command


def test_xhci_timer(image, tmp_path):
    """CVE-2026-17588: the event ring lies over the controller's registers, which the timer of the frame counter writes to then."""
    bar, table, run = 0xE0000000, 0x100000, 1 << 10 | 1
    operational, interrupter = bar + 0x40, bar + 0x1020
    with registers(image, tmp_path, "-device", "nec-usb-xhci,addr=4") as command:
        command("outl 0xcf8 0x80002010", f"outl 0xcfc {bar:#x}", "outl 0xcf8 0x80002004", "outl 0xcfc 6")
        command(f"writel {table:#x} {operational:#x}", f"writel {table + 4:#x} 0", f"writel {table + 8:#x} 16", f"writel {table + 12:#x} 0")
        command(f"writel {interrupter + 8:#x} 1", f"writel {interrupter + 0x18:#x} {operational:#x}", f"writel {interrupter + 0x1c:#x} 0")
        command(f"writel {interrupter + 0x10:#x} {table:#x}", f"writel {interrupter + 0x14:#x} 0", f"writel {operational:#x} {run:#x}")
        assert command(f"readl {operational:#x}") == run
        command("clock_step 5000000000")
        assert command(f"readl {operational:#x}") == run, "the timer's DMA has written the command register"


def test_vapic_rom(image, guest, tmp_path):
    """CVE-2026-81627: a guest asks for the writable ROM over its low memory, and then for one without a size, which ended QEMU."""
    with Machine(image(IMAGE), ["--disk", guest("vapic"), "--qmp", f"{tmp_path}/qmp"]) as m:
        assert m.serial.wait("guest: done", 120), m.console.text()
        qmp = Qmp(f"{tmp_path}/qmp")
        tree = qmp.hmp("info mtree -f")
        assert "pc.ram" in tree and "kvmvapic-rom" not in tree, tree
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()
