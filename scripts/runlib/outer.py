# SPDX-License-Identifier: BSD-3-Clause
"""What the outer emulator reports, in the runner's words: its messages, and the events of its monitor."""

import json
import re
import time
from itertools import pairwise

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


def _breaks(words):
    """Line ends in @words, which names of files may have: what of the word is around each, as far as it stays as it is in a message."""
    return [(before, after) for word in words for part in re.split("[,=]", word) for before, after in pairwise(part.split("\n"))]


class Messages:
    """Its standard error, about @command, a Command. .blamed is set once a message was about an option of the runner's."""

    def __init__(self, command):
        self.origins = command.origins
        self.breaks = _breaks(command.words)
        self.held = None  # a line that may not be whole
        self.blamed = False

    def report(self, line):
        """The next line, None at the end."""
        if self.held is not None:
            before, self.held = self.held, None
            if line is not None and any(before.endswith(a) and line.startswith(b) for a, b in self.breaks):
                line = f"{before}\n{line}"
            else:
                self._report(before)
        if line is not None and any(line.endswith(before) for before, _ in self.breaks):
            self.held = line
        elif line is not None:
            self._report(line)

    def _report(self, line):
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
