# SPDX-License-Identifier: BSD-3-Clause
"""The runner's own monitor of the inner emulator, for --save and --load. What comes on its line may be from a guest that has taken over the
image, so it is looked at with care."""

import json
import os
import select
import signal

from runlib.report import say
from runlib.saved import load_uri, save_uri
from runlib.signals import noticed

CHUNK, LINE_MAX = 65536, 1 << 20
OVER = ("completed", "failed", "cancelled")
UNLIMITED = 1 << 40  # bytes a second


class Refused(Exception):
    """The inner emulator's reason for not doing something."""


class Control:
    """On the emulator's line @port. @running: the guest that is loaded goes on, None where none is loaded. Something for step_all()."""

    def __init__(self, args, port, running):
        port.setblocking(False)
        self.args, self.port, self.running = args, port, running
        self.loading = running is not None  # until then what is typed would be lost
        self.saved = None  # once the guest is saved: was it running?
        self.wanted = False
        self.migration = None  # its last state
        self.out, self.rest = b"", b""
        self.open = True
        self.asked = noticed(signal.SIGUSR1) if args.save is not None else None
        self.talk = self._talk()
        next(self.talk)

    def save(self):
        """Save the guest as soon as that can be, and end the run."""
        if self.args.save is None:
            say("there is no --save to say where to")
        elif not self.wanted:
            self.wanted = True
            say(f"saving the guest to {self.args.save}")
            self._hand(None)

    def interests(self):
        wanted = [(self.port.fileno(), select.POLLIN | (select.POLLOUT if self.out else 0))] if self.open else []
        return wanted + ([(self.asked, select.POLLIN)] if self.asked is not None else [])

    def step(self, fd, events):
        if fd == self.asked:
            os.read(self.asked, CHUNK)
            self.save()
            return
        try:
            if events & select.POLLOUT:
                self.out = self.out[self.port.send(self.out) :]
            if events & ~select.POLLOUT:
                self._take(self.port.recv(CHUNK))
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.open = False

    def _take(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.open = bool(data) and len(self.rest) <= LINE_MAX
        for line in lines:
            try:
                message = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(message, dict):
                self._hand(message)

    def _hand(self, message):
        data = message.get("data") if message and message.get("event") == "MIGRATION" else None
        if isinstance(data, dict):
            self.migration = data.get("status")
        try:
            self.talk.send(message)
        except StopIteration:
            self.open = False

    def _ask(self, command, **arguments):
        """Gives the answer."""
        self.out += json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n"
        message = None
        while not message or not {"return", "error"} & set(message):
            message = yield
        if "return" in message:
            return message["return"]
        error = message["error"]
        raise Refused(error.get("desc", command) if isinstance(error, dict) else command)

    def _migrate(self, command, uri):
        self.migration = None
        yield from self._ask(command, uri=uri)
        while self.migration not in OVER:
            yield
        if self.migration != "completed":
            found = yield from self._ask("query-migrate")
            raise Refused(found.get("error-desc", "failed") if isinstance(found, dict) else "failed")

    def _talk(self):
        message = None
        while not message or "QMP" not in message:
            message = yield
        yield from self._ask("qmp_capabilities")
        yield from self._ask("migrate-set-capabilities", capabilities=[{"capability": "events", "state": True}])
        yield from self._ask("migrate-set-parameters", **{"max-bandwidth": UNLIMITED})
        if self.running is not None:
            try:
                yield from self._migrate("migrate-incoming", load_uri(self.args))
                if self.running:
                    yield from self._ask("cont")
                say(f"the guest of {self.args.load} {'goes on' if self.running else 'is paused, as it was'}")
            except Refused as e:
                say(f"--load {self.args.load}: {e}")
            self.loading = False
        while self.saved is None:
            while not self.wanted:
                yield
            yield from self._save()
        yield from self._ask("quit")

    def _save(self):
        running = False
        try:
            status = yield from self._ask("query-status")
            running = isinstance(status, dict) and status.get("status") == "running"
            yield from self._ask("stop")
            yield from self._migrate("migrate", save_uri())
            self.saved = running
        except Refused as e:
            say(f"--save {self.args.save}: {e}; the guest goes on")
            self.wanted = False
            if running:
                yield from self._ask("cont")
