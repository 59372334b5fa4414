# SPDX-License-Identifier: BSD-3-Clause
"""The outer emulator: a PC with AMD's virtualisation that starts Xen, with dom0's kernel and initrd as multiboot modules."""

import os
import re
import selectors
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

from . import LabError, processor

EMULATOR = os.environ.get("UNIDOM_EMULATOR", "qemu-system-x86_64")
# QEMU 7.2 emulates iret wrongly under SMAP, and one CPU on one thread is what its SVM emulation does reliably.
CPU = "max,+svm,+npt,-smap,-smep"
# TCG's XSAVE ignores CR0.TS: without lazy FPU switching that does no harm.
XEN_ARGUMENTS = "console=com1 loglvl=all guest_loglvl=all noreboot spec-ctrl=eager-fpu"

# What Xen's last words mean. The emulator is stopped as soon as they are there.
ENDINGS = (
    ("panic", r"^\(XEN\) Panic on CPU \d+:(?:.*\n)+?.*(?:Reboot in|Manual reset)"),
    ("poweroff", r"Hardware Dom\w* ?halted"),
    ("poweroff", r"\(XEN\) Preparing system for ACPI S5 state"),
    ("crash", r"Hardware Dom\w* ?crashed"),
    ("watchdog", r"Hardware Dom\w* ?shutdown: watchdog"),
    ("reboot", r"Hardware Dom\w* ?shutdown: rebooting"),
    ("crash", r"Hardware Dom\w* ?shutdown \(unknown"),
)
EXIT_LINE = r"^unidom: exit status (\d+)$"  # of our images
LINGER = 0.5  # seconds for what follows the last words


@dataclass
class Outcome:
    """How a run ended: poweroff, reboot, crash, panic, watchdog; "ended" by itself; "limit" when the time was over."""

    how: str
    console: str
    seconds: float
    files: dict = field(default_factory=dict)  # brought back from dom0: name -> bytes
    status: int = None  # of the script in dom0, or what our image said its status is


class Watch:
    """Collects the console, shows it if asked to, and knows the endings."""

    def __init__(self, echo, endings=ENDINGS):
        self.data = bytearray()
        self.echo = echo
        self.endings = endings

    def text(self):
        return self.data.decode("utf-8", "replace").replace("\r", "")

    def feed(self, data):
        self.data += data
        if self.echo:
            sys.stdout.buffer.write(data.replace(b"\r", b""))
            sys.stdout.buffer.flush()

    def ending(self):
        tail = self.data[-20000:].decode("utf-8", "replace").replace("\r", "")
        return next((how for how, pattern in self.endings if re.search(pattern, tail, re.M)), None)


def _collect(process, watch, limit):
    """Feed @watch until the end: how it came."""
    deadline = time.monotonic() + limit
    how = None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return how or "limit"
            if not selector.select(left):
                continue
            data = os.read(process.stdout.fileno(), 65536)
            if not data:
                return how or watch.ending() or "ended"
            watch.feed(data)
            if not how:
                how = watch.ending()
                if how:
                    deadline = min(deadline, time.monotonic() + LINGER)


def _stop(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _watched(command, limit, watch, folder, then):
    """Run @command: emulate()."""
    started = time.monotonic()
    try:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except FileNotFoundError:
        raise LabError(f"{EMULATOR}: missing; next: scripts/bootstrap --test") from None
    try:
        how = _collect(process, watch, limit)
        if then and how != "limit":
            then()
    finally:
        _stop(process)
        process.stdout.close()
    return Outcome(how, watch.text(), time.monotonic() - started)


def emulate(options, memory, limit, echo=False, endings=ENDINGS, cpu=CPU, folder=None, then=None):
    """Start the emulator with @options, for paths in @folder, and wait for the end: Outcome. @memory in MiB, @limit in seconds. @then() is
    called at the end, if it came in time, with the emulator still there."""
    command = [EMULATOR, "-accel", "tcg,thread=single", "-smp", "1", "-cpu", cpu, "-m", str(memory), "-nodefaults", "-display", "none",
               "-vga", "none", "-serial", "stdio", "-no-reboot", *options]  # fmt: skip
    with processor.one():
        return _watched(command, limit, Watch(echo, endings), folder, then)


def boot(xen, modules, xen_arguments, memory, limit, echo=False, options=(), **more):
    """Start @xen with @modules, pairs of (path, command line), and wait for the end: Outcome. @memory in MiB, @limit in seconds. @more: of
    emulate()."""
    with tempfile.TemporaryDirectory(prefix="unidom-xen-") as folder:
        initrd = []
        for i, (path, line) in enumerate(modules):  # the option's syntax knows no spaces or commas in a path
            if not os.path.isfile(path):
                raise LabError(f"{path}: there is no such file")
            os.symlink(os.path.abspath(path), os.path.join(folder, f"module{i}"))
            initrd.append(f"module{i} {line}".strip().replace(",", ",,"))
        command = ["-kernel", os.path.abspath(xen), "-append", xen_arguments, "-initrd", ",".join(initrd), *options]
        return emulate(command, memory, limit, echo, folder=folder, **more)


def boot_direct(lab, image, arguments="", pvh=False, memory=128, limit=60, echo=False, xen_arguments="", options=(), ramdisk=None):
    """Boot @image as the dom0 kernel of @lab's Xen, with the file @ramdisk if there is one: Outcome."""
    line = f"{XEN_ARGUMENTS} dom0_mem={memory}M,max:{memory}M"
    if pvh:
        line += " dom0=pvh dom0-iommu=none"
    modules = [(image, arguments)] + ([(ramdisk, "")] if ramdisk else [])
    outcome = boot(lab.xen, modules, f"{line} {xen_arguments}".strip(), memory + 512, limit, echo, options)
    said = re.findall(EXIT_LINE, outcome.console, re.M)
    outcome.status = int(said[-1]) if said else None
    return outcome
