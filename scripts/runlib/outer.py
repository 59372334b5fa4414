# SPDX-License-Identifier: BSD-3-Clause
"""What the outer emulator reports, in the runner's words: its messages, and the events of its monitor."""

import json
import time

from runlib.options import EMULATOR
from runlib.report import say

AGAIN = 10  # seconds after which an error is reported once more
# What belongs to a message that has been reported by then, or to no error.
HINTS = ("Is another process using the image", "WARNING: Image format was not specified", "Automatically detecting the format is",
         "Specify the 'raw' format explicitly", "failed to initialize kvm")
PAUSED = "the outer emulator is paused: nothing runs any more"


def lines(handle):
    """A function of data that calls @handle(line) for each whole line, as text; with b"" for the last one, whole or not."""
    rest = b""

    def take(data):
        nonlocal rest
        *whole, rest = (rest + data).split(b"\n")
        if not data and rest:
            whole, rest = [rest], b""
        for line in whole:
            handle(line.decode(errors="surrogateescape"))

    return take


class Messages:
    """Its standard error. .blamed is set once a message was about an option of the runner's."""

    def __init__(self, origins):
        self.origins = origins
        self.blamed = False

    def report(self, line):
        if any(hint in line for hint in HINTS) or not line.strip():
            return
        line = line.removeprefix(f"{EMULATOR}: ")
        for beginning, origin in self.origins:
            if line.startswith(beginning):
                self.blamed = True
                say(f"{origin}: {line.removeprefix(beginning) if beginning.endswith(' ') else line}")
                return
        say(f"the outer emulator: {line}")


class Events:
    """Its monitor. @disks by their numbers in the command."""

    def __init__(self, disks):
        self.disks = {f"disk{number}": disk for number, disk in enumerate(disks)}
        self.last = {}  # when which error was reported

    def report(self, line):
        try:
            message = json.loads(line)
        except ValueError:
            return
        event, data = message.get("event"), message.get("data", {})
        if event == "BLOCK_IO_ERROR":
            self.disk_error(data)
        elif event == "STOP":
            say(PAUSED)
        elif event == "RESUME":
            say("the outer emulator goes on")

    def disk_error(self, data):
        disk = self.disks.get(data.get("device"))
        what = f"{disk.what if disk else data.get('device') or data.get('node-name')}: {data['operation']}: {data.get('reason', 'failed')}"
        now = time.monotonic()
        if now - self.last.get(what, -AGAIN) < AGAIN:
            return
        self.last[what] = now
        say(f"{what}; the guest is paused, cont in its monitor tries again" if disk and disk.stops and data["operation"] == "write" else what)
