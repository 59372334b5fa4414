# SPDX-License-Identifier: BSD-3-Clause
"""How often a guest that does nothing wakes the host, with a network card and a screen: beside QEMU as a process of the host."""

import glob
import subprocess
import time

from machine import PATIENCE, Machine

SECONDS, WINDOWS = 5, 3
# The same guest takes the same clock interrupts. On top of them the image looks at its devices once a second, and a busy machine blurs the
# count: the thread also sleeps when it has to wait for the main one.
MORE, RATIO = 3, 1.4
NAMES = "-name guest,debug-threads=on"
OURS = ["--screen", "vnc", "--outer", NAMES]
NATIVE = ["-machine", "pc", "-accel", "tcg", "-m", "64", "-nodefaults", "-vga", "std", "-usb", "-device", "usb-tablet"]
NATIVE += ["-nic", "user,model=e1000", *NAMES.split()]
PRODUCT = "qemu-stubdom"
TICKS = 1193182 / 65536 # a second, of a PC whose firmware has set its clock


def waits(pid):
    """
    How often the processor's thread of an emulator has gone to sleep so far. The other threads' wake-ups are not counted: with KVM timers and
    interrupts are the kernel's, where TCG's main thread wakes for each of them, and each time that a timer is set.
    """
    for path in glob.glob(f"/proc/{pid}/task/*/status"):
        with open(path, encoding="ascii") as f:
            status = {key: value.strip() for key, _, value in (line.partition(":") for line in f)}
        if status["Name"] == "CPU 0/TCG":
            return int(status["voluntary_ctxt_switches"])
    raise AssertionError(f"no processor's thread in process {pid}")


def rate(pid):
    """Wake-ups a second: the fewest of some times, as a clock that was behind catches up on a busy machine."""
    rates = []
    for _ in range(WINDOWS):
        before, began = waits(pid), time.monotonic()
        time.sleep(SECONDS)
        rates.append((waits(pid) - before) / (time.monotonic() - began))
    return min(rates)


def emulator(runner):
    """The process of the outer emulator."""
    with open(f"/proc/{runner}/task/{runner}/children", encoding="ascii") as f:
        for pid in f.read().split():
            with open(f"/proc/{pid}/comm", encoding="ascii") as name:
                if name.read().startswith("qemu-system"):
                    return int(pid)
    raise AssertionError(f"no emulator below process {runner}")


def test_idle(image, guest, tmp_path):
    disk = guest("idle")
    with Machine(image(PRODUCT), ["--disk", disk, *OURS]) as m:
        m.serial.wait("guest: up", 60)
        ours = rate(emulator(m.process.pid))
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


def test_interrupts(image, guest, tmp_path):
    """
    One interrupt for each tick of the guest's clock, at a pace at which turns end before their time: none comes for a turn's end that
    nobody waits for any more.
    """
    log = tmp_path / "interrupts"
    options = ["--disk", guest("idle"), "--outer", f"-icount shift=0,sleep=on -d int -D {log}"]
    with Machine(image(PRODUCT), options) as m:
        m.serial.wait("guest: up", 60)
        time.sleep(1)
        before, began = log.read_text().count("Servicing hardware INT"), time.monotonic()
        time.sleep(SECONDS)
        count = (log.read_text().count("Servicing hardware INT") - before) / (time.monotonic() - began)
    print(f"{count:.1f} interrupts a second")
    assert 1 < count <= TICKS * 1.1 + MORE, f"{count:.1f} interrupts a second"
