# SPDX-License-Identifier: BSD-3-Clause
"""scripts/run in a terminal, with the guest's serial port there: keys for the runner and for the guest, how a run is left, its last line."""

import os
import pty
import re
import select
import signal
import subprocess
import termios
import time

import pytest

from machine import PATIENCE, RUN
from runlib.escape import Escape

PRODUCT = "qemu-stubdom"
LAST = r"run: status {} after [0-9]+\.[0-9] s; the outer emulator had at most [1-9][0-9]+ MiB of the host's memory\r?\n$"


@pytest.mark.parametrize("pieces", [1, 100])
def test_escape(pieces):
    """Bytes of all values, one by one and at once."""
    called = []
    escape = Escape({"q": lambda: called.append("q"), "s": lambda: called.append("s")})
    typed = b"q\x1d\x1dq\x1dQ\x1ds\x1dx\x1d\xff" + bytes(range(256)).replace(b"\x1d", b"")
    passed = b"".join(escape.passed(typed[i : i + pieces]) for i in range(0, len(typed), pieces))
    assert passed == b"q\x1dq" + bytes(range(256)).replace(b"\x1d", b"") and called == ["q", "s"]


class Terminal:
    """A run in one."""

    def __init__(self, *options):
        self.ours, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)
        command = [RUN, "--accel", "tcg", "--net", "none", *map(str, options)]
        self.process = subprocess.Popen(command, stdin=self.theirs, stdout=self.theirs, stderr=self.theirs, preexec_fn=self._take)
        self.shown = ""

    def _take(self):
        os.setsid()
        os.ttyname(0)
        os.close(os.open(os.ttyname(0), os.O_RDWR))  # the session's terminal, whose Ctrl-C is a signal

    def wait(self, text):
        deadline = time.monotonic() + 60 * PATIENCE
        while text not in self.shown:
            assert select.select([self.ours], [], [], max(0, deadline - time.monotonic()))[0], self.shown
            self.shown += os.read(self.ours, 65536).decode()

    def type(self, keys):
        os.write(self.ours, keys)

    def status(self):
        status = self.process.wait(60 * PATIENCE)
        while select.select([self.ours], [], [], 0)[0]:
            self.shown += os.read(self.ours, 65536).decode()
        assert termios.tcgetattr(self.theirs) == self.before
        return status

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture
def terminal(image, guest):
    runs = []

    def start(*options):
        runs.append(Terminal("--image", image(PRODUCT), "--disk", guest("count"), *options))
        return runs[-1]

    yield start
    for run in runs:
        run.close()


def test_keys(terminal):
    """Ctrl-] q, without a question; what is typed before is the guest's."""
    run = terminal()
    run.wait("run: Ctrl-] q ends the run; Ctrl-] twice is the guest's\r\n")
    run.wait("guest: up")
    run.type(b"x\x1dx\x1d\x1d")
    run.wait("guest: memory 2, disk 2")
    run.type(b"\x1dq")
    assert run.status() == 130 and re.search(LAST.format(130), run.shown) and "memory 3" not in run.shown, run.shown


def test_control_c(terminal):
    """At the second time, if it is soon."""
    run = terminal()
    run.wait("guest: up")
    run.type(b"\x03")
    run.wait("run: Ctrl-C: once more within 3 seconds ends the run\r\n")
    run.type(b"x")
    run.wait("guest: memory 1, disk 1")
    time.sleep(3)
    run.shown = ""
    run.type(b"\x03")
    run.wait("run: Ctrl-C: once more")
    while run.process.poll() is None:  # the machine may be too busy for the second to be soon
        run.type(b"\x03")
        time.sleep(0.5)
    assert run.status() == 130 and re.search(LAST.format(130), run.shown), run.shown


def test_save_key(terminal, tmp_path):
    run = terminal("--save", tmp_path / "saved", "--quiet")
    run.wait("guest: up")
    run.type(b"\x1ds")
    assert run.status() == 0
    assert "Ctrl" not in run.shown and "after" not in run.shown and (tmp_path / "saved").exists(), run.shown


def test_last_line(image):
    """Also where there is no terminal; not where nothing ran, or with --quiet."""
    command = [RUN, "--accel", "tcg", "--image", image("helloworld")]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60 * PATIENCE)
    assert done.returncode == 0 and re.search(LAST.format(0), done.stderr), done.stderr
    done = subprocess.run([*command, "--quiet"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60 * PATIENCE)
    assert done.returncode == 0 and "run: " not in done.stderr, done.stderr
    done = subprocess.run([*command, "--disk", RUN, "--format", "qcow2"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          timeout=60 * PATIENCE)
    assert done.returncode == 2 and " after " not in done.stderr, done.stderr


def test_save_signal_without_a_file(terminal):
    """It ends nothing."""
    run = terminal()
    run.wait("guest: up")
    run.process.send_signal(signal.SIGUSR1)
    run.wait("run: SIGUSR1: no guest runs yet, or --save names no file for it\r\n")
    run.type(b"x")
    run.wait("guest: memory 1, disk 1")
    run.type(b"q")
    assert run.status() == 0
