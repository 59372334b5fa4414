# SPDX-License-Identifier: BSD-3-Clause
"""How often a guest that does nothing wakes the host, with a network card and a screen: beside QEMU as a process of the host."""

import contextlib
import glob
import subprocess
import time

import pytest

from machine import PATIENCE, Machine

SECONDS, WINDOWS = 8, 5
# The same guest takes the same clock interrupts. On top of them the image looks at its devices once a second, and a busy machine blurs the
# count.
MORE, RATIO = 3, 1.1
OURS = ["--screen", "vnc"]
NATIVE = ["-machine", "pc", "-accel", "tcg", "-m", "64", "-nodefaults", "-vga", "std", "-usb", "-device", "usb-tablet"]
NATIVE += ["-nic", "user,model=e1000"]
PRODUCT = "qemu-stubdom"


def waits(pid):
    """How often threads of a process have gone to sleep so far."""
    count = 0
    for path in glob.glob(f"/proc/{pid}/task/*/status"):
        with contextlib.suppress(OSError), open(path, encoding="ascii") as f:
            count += int(next(line for line in f if line.startswith("voluntary_ctxt_switches")).split()[1])
    return count


def rate(*pids):
    """Wake-ups a second of all of them: the fewest of some times, as a clock that was behind catches up on a busy machine."""
    rates = []
    for _ in range(WINDOWS):
        before, began = sum(waits(pid) for pid in pids), time.monotonic()
        time.sleep(SECONDS)
        rates.append((sum(waits(pid) for pid in pids) - before) / (time.monotonic() - began))
    return min(rates)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return [int(word) for word in f.read().split()]


@pytest.mark.nightly
def test_idle(image, guest, tmp_path):
    disk = guest("idle")
    with Machine(image(PRODUCT), ["--disk", disk, *OURS]) as m:
        m.serial.wait("guest: up", 60)
        ours = rate(m.process.pid, *children(m.process.pid))
        m.process.terminate()
        m.process.wait(30 * PATIENCE)
    command = ["qemu-system-x86_64", *NATIVE, "-vnc", f"unix:{tmp_path}/vnc", "-drive", f"file={disk},format=raw", "-serial", "stdio"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as native:
        try:
            assert native.stdout.readline() == b"guest: up\r\n"
            theirs = rate(native.pid)
        finally:
            native.kill()
    print(f"{ours:.1f} wake-ups a second; QEMU as a process: {theirs:.1f}")
    assert ours <= theirs * RATIO + MORE, f"{ours:.1f} wake-ups a second; QEMU as a process: {theirs:.1f}"
