# SPDX-License-Identifier: BSD-3-Clause
"""Boot images through scripts/run and watch what they say. Time limits are hang detectors, not measurements."""

import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN = os.path.join(TOP, "scripts", "run")
# Emulation on a busy machine: generous. UNIDOM_PATIENCE multiplies all of them.
PATIENCE = float(os.environ.get("UNIDOM_PATIENCE", "1"))
CRASHED = 101


class Stream:
    """What came on one line so far; a thread collects it."""

    def __init__(self, file):
        self.data = b""
        self.changed = threading.Condition()
        self.ended = False
        self.thread = threading.Thread(target=self._collect, args=(file,), daemon=True)
        self.thread.start()

    def _collect(self, file):
        while True:
            data = os.read(file.fileno(), 65536)
            with self.changed:
                self.data += data
                self.ended = not data
                self.changed.notify_all()
            if not data:
                return

    def text(self):
        return self.data.decode("utf-8", "replace").replace("\r\n", "\n")

    def wait(self, pattern, timeout, since=0):
        """The match of @pattern, multi-line; an AssertionError with all that came if the time is over or the stream ends."""
        deadline = time.monotonic() + timeout * PATIENCE
        with self.changed:
            while True:
                match = re.search(pattern, self.text()[since:], re.M)
                if match:
                    return match
                left = deadline - time.monotonic()
                if self.ended or left <= 0:
                    why = "the stream ended" if self.ended else f"nothing after {timeout * PATIENCE:g} s"
                    raise AssertionError(f"no {pattern!r}: {why}; so far:\n{self.text()}")
                self.changed.wait(min(left, 1))


class Machine:
    """One run of an image: with Machine(image, ["--disk", d], ["inner", "arguments"]) as m: m.wait("..."), m.status()."""

    def __init__(self, image, options=(), arguments=(), accel="tcg"):
        self.folder = tempfile.TemporaryDirectory(prefix="unidom-test-")
        command = [RUN, "--image", image, "--accel", accel, *map(str, options), "--", *map(str, arguments)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.console = Stream(self.process.stderr)
        self.serial = Stream(self.process.stdout)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind:  # pytest shows it with the failure
            print(f"--- console\n{self.console.text()}\n--- serial\n{self.serial.text()}")
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for stream in (self.console, self.serial):
            stream.thread.join(5)
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()

    def wait(self, pattern, timeout=30):
        return self.console.wait(pattern, timeout)

    def type(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def status(self, timeout=60):
        try:
            status = self.process.wait(timeout * PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"hangs; console:\n{self.console.text()}\nserial:\n{self.serial.text()}") from None
        for stream in (self.console, self.serial):
            stream.thread.join(5)
        return status


def outcome(image, options=(), arguments=(), timeout=60):
    """Run to the end: (status, console, serial)."""
    with Machine(image, options, arguments) as m:
        status = m.status(timeout)
        return status, m.console.text(), m.serial.text()


def pull_out(path, *slots):
    """Take what is in @slots out of the outer machine, a "pc": as its ACPI does once a system agrees, but without asking it."""
    with connect(path) as s:
        for slot in slots:
            s.sendall(f"outl 0xae08 {1 << slot:#x}\n".encode())  # QEMU's docs/specs/acpi_pci_hotplug: eject
            assert s.recv(64).startswith(b"OK")


def connect(path, timeout=30):
    """Connect to a unix socket that is about to appear."""
    deadline = time.monotonic() + timeout * PATIENCE
    while True:
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(path)
            return s
        except (FileNotFoundError, ConnectionRefusedError):
            s.close()
            assert time.monotonic() < deadline, f"{path}: nobody listens"
            time.sleep(0.05)


class Qmp:
    """A QMP client."""

    def __init__(self, path, timeout=60):
        self.socket = connect(path)
        self.socket.settimeout(timeout * PATIENCE)
        self.file = self.socket.makefile("rb")
        self.events = []
        self.greeting = self._receive()
        assert "QMP" in self.greeting, self.greeting
        self.execute("qmp_capabilities")

    def _receive(self):
        line = self.file.readline()
        assert line, "QMP: the other end is gone"
        return json.loads(line)

    def execute(self, command, **arguments):
        message = {"execute": command}
        if arguments:
            message["arguments"] = arguments
        self.socket.sendall(json.dumps(message).encode() + b"\n")
        while True:
            answer = self._receive()
            if "event" in answer:
                self.events.append(answer["event"])
            elif "error" in answer:
                raise RuntimeError(answer["error"]["desc"])
            else:
                return answer["return"]

    def wait_event(self, name):
        while name not in self.events:
            answer = self._receive()
            if "event" in answer:
                self.events.append(answer["event"])
        self.events.remove(name)

    def hmp(self, command):
        return self.execute("human-monitor-command", **{"command-line": command})

    def close(self):
        self.file.close()
        self.socket.close()


def ktap(text):
    """Results of KTAP lines: {name: passed}. The plan must be there and kept."""
    plan = re.search(r"^1\.\.(\d+)$", text, re.M)
    assert plan, f"no plan in:\n{text}"
    found = re.findall(r"^(ok|not ok) \d+ (?:- )?(.*?)\s*$", text, re.M)
    results = {name: word == "ok" for word, name in found}
    assert len(found) == int(plan.group(1)), f"{len(found)} results of {plan.group(1)}:\n{text}"
    return results


def emulator_command(image, console):
    """The outer emulator's arguments for @image as scripts/run makes them, for a test to change; its console goes to the file @console."""
    command = [RUN, "--image", image, "--accel", "tcg", "--no-guest", "--json"]
    words = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["outer"]
    at = next(i for i, word in enumerate(words) if word.startswith("file,id=console"))
    words[at] = f"file,id=console,path={console}"
    # The runner's own way to the emulator, of which a test has no other end.
    at = next(i for i, word in enumerate(words) if word.startswith("socket,id=monitor"))
    del words[at - 1 : at + 3]
    return words
