# SPDX-License-Identifier: BSD-3-Clause
"""The life of a run: whatever ends scripts/run ends the outer emulator too, and streams that fail end neither."""

import os
import signal
import subprocess
import time

import pytest

from images import HELLO
from machine import PATIENCE, RUN, Machine, Qmp

PRODUCT, OTHER = "qemu-stubdom", "helloworld"
IDLING = ["--accel", "tcg", "--outer=-S"]  # an emulator that runs until somebody ends it


def emulators(marker):
    """Outer emulators with @marker on their command lines."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                words = f.read().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"qemu-system-x86_64") and any(marker.encode() in word for word in words):
            found.append(int(pid))
    return found


def until(condition, what, timeout=20):
    deadline = time.monotonic() + timeout * PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"not {what} after {timeout * PATIENCE:g} s"
        time.sleep(0.05)


@pytest.fixture
def idling(image, tmp_path):
    """idling(): a runner and its emulator, which uses a disk of ours."""
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(1 << 20))
    processes = []

    def start():
        command = [RUN, "--image", image(OTHER), "--disk", disk, *IDLING]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        processes.append(process)
        until(lambda: emulators(str(disk)), "started")
        return process, lambda: until(lambda: not emulators(str(disk)), "ended")

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("name", ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"])
def test_ended_by_a_signal(idling, name):
    process, wait_emulator_ended = idling()
    process.send_signal(signal.Signals[name])
    _, err = process.communicate(timeout=20 * PATIENCE)
    assert process.returncode == 128 + signal.Signals[name]
    assert b"Traceback" not in err
    wait_emulator_ended()


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGALRM"])
def test_killed(idling, name):
    """What nothing can be done about, or what nobody thought of."""
    process, wait_emulator_ended = idling()
    process.send_signal(signal.Signals[name])
    process.communicate(timeout=20 * PATIENCE)
    assert process.returncode == -signal.Signals[name]
    wait_emulator_ended()
    idling()  # the disk is not locked


def test_more_signals(idling):
    """While it waits for an emulator that does not end by itself."""
    process, wait_emulator_ended = idling()
    children = f"/proc/{process.pid}/task/{process.pid}/children"
    with open(children, encoding="ascii") as f:
        os.kill(int(f.read().split()[0]), signal.SIGSTOP)
    process.send_signal(signal.SIGINT)
    for _ in range(5):
        time.sleep(0.2)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20 * PATIENCE)
    assert process.returncode == 128 + signal.SIGINT
    assert b"Traceback" not in err
    wait_emulator_ended()


def shell(text, *arguments, timeout=120):
    """A shell's (status, standard output, standard error)."""
    command = ["sh", "-c", text, "sh", *map(str, arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=timeout * PATIENCE)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr, done.stderr
    return done.returncode, done.stdout.replace("\r\n", "\n"), done.stderr


STREAMS = {
    "no standard input": ("exec <&-", True, ""),
    "no standard output": ("exec >&-", False, "standard output: Bad file descriptor; "),
    "no standard error": ("exec 2>&-", True, None),
    "no standard stream": ("exec <&- >&- 2>&-", False, None),
    "full standard output": ("exec >/dev/full", False, "standard output: No space left on device; "),
    "full standard error": ("exec 2>/dev/full", True, None),
    "standard input that cannot be read": ("exec 0>/dev/null", True, ""),
}


@pytest.mark.parametrize("case", STREAMS)
def test_streams(image, guest, case):
    """As with QEMU itself, the guest goes on without them. One line reports what is lost."""
    redirect, prints, message = STREAMS[case]
    text = f'{redirect}; exec "$@"'
    status, out, err = shell(text, RUN, "--image", image(PRODUCT), "--accel", "tcg", "--disk", guest("hello"))
    assert status == 0
    assert out.splitlines() == (HELLO if prints else [])
    if message is None:
        assert err == ""
    else:
        assert len([line for line in err.splitlines() if message and message in line]) == bool(message), err


def test_reader_goes(image, guest):
    text = '{ "$@"; echo status $? >&2; } | head -n 1'
    _, out, err = shell(text, RUN, "--image", image(PRODUCT), "--accel", "tcg", "--disk", guest("hello"))
    assert out.splitlines() == HELLO[:1]
    assert "status 0" in err
    assert err.count("standard output: Broken pipe") <= 1


@pytest.mark.parametrize("redirect, reason", [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor"),
                                              ("| true", "Broken pipe")])
@pytest.mark.parametrize("option", ["--help", "--json"])
def test_own_output_is_lost(image, option, redirect, reason):
    text = f'{{ sleep 0.5; "$@"; echo status $? >&2; }} {redirect}'
    _, _, err = shell(text, RUN, "--image", image(OTHER), "--accel", "tcg", option)
    assert f"run: standard output: {reason}\n" in err
    assert "status 1\n" in err


def test_console_file(image, tmp_path):
    for path, reason in (("/dev/full", "No space left on device"), (tmp_path, "Is a directory"), (tmp_path / "no/file", "No such file")):
        status, _, err = shell('exec "$@"', RUN, "--image", image(OTHER), "--accel", "tcg", "--console", path)
        lines = [line for line in err.splitlines() if str(path) in line]
        assert len(lines) == 1 and reason in lines[0], err
        assert status == (0 if path == "/dev/full" else 2)


def test_orderly_end_is_quiet(image, guest, tmp_path):
    """QEMU's end, by QMP or by the guest, leaves nothing to complain about."""
    with Machine(image(PRODUCT), ["--disk", guest("idle"), "--qmp", tmp_path / "qmp"]) as m:
        m.serial.wait("guest: up", 60)
        Qmp(str(tmp_path / "qmp")).execute("quit")
        assert m.status() == 0
        lines = m.console.text().splitlines()
    assert [line for line in lines if not line.startswith("run: ")] == ["unidom: exit status 0"]
