# SPDX-License-Identifier: BSD-3-Clause
"""The guest's screen as text in the terminal, and the terminal's keys as the guest's: --screen text. The image sends what changes, as
libs/qemu/glue/include/text-display.h describes it; it may be a guest's that has taken over the image, so all of it is checked."""

import contextlib
import os
import select
import signal
import termios
import tty

from runlib.keys import LEAVE, keys
from runlib.report import STDERR, STDIN, STDOUT, describe, say

COLUMNS_MAX, ROWS_MAX, HIDDEN = 160, 100, 255
SIZE, ROW, CURSOR = b"S"[0], b"R"[0], b"C"[0]
# Code page 437 where Python's has control characters.
GLYPHS = " ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼"
TABLE = GLYPHS + bytes(range(32, 256)).decode("cp437").replace("\x7f", "⌂")
COLOURS = (0, 4, 2, 6, 1, 5, 3, 7)  # VGA's numbers in those of terminals
HINT = "Ctrl-] q ends the run; Ctrl-] twice is the guest's"
CHUNK = 65536
HELD_MAX = 65536  # bytes of messages that are kept until the screen is the terminal's again


class BrokenScreen(Exception):
    """What came is none of the messages."""


class Picture:
    """Messages in, control sequences of a terminal out."""

    def __init__(self):
        self.columns = self.rows = 0
        self.cursor = None
        self.rest = b""

    def take(self, data):
        """What the terminal is to be sent for @data."""
        self.rest += data
        out = ""
        while (message := self._next()) is not None:
            out += message
        if out:
            place = f"\x1b[{self.cursor[1] + 1};{self.cursor[0] + 1}H\x1b[?25h" if self.cursor else "\x1b[?25l"
            out += f"\x1b[0m{place}"
        return out.encode()

    def _next(self):
        kind = self.rest[0] if self.rest else None
        if kind not in (None, SIZE, ROW, CURSOR):
            raise BrokenScreen(f"a message of kind {kind}")
        length = 2 + 2 * self.columns if kind == ROW else 3
        if len(self.rest) < length:
            return None
        message, self.rest = self.rest[1:length], self.rest[length:]
        return {SIZE: self._resize, ROW: self._row, CURSOR: self._move}[kind](message)

    def _resize(self, message):
        self.columns, self.rows = message
        self.cursor = None
        if not (1 <= self.columns <= COLUMNS_MAX and 1 <= self.rows <= ROWS_MAX):
            raise BrokenScreen(f"{self.columns} columns and {self.rows} rows")
        return f"\x1b[0m\x1b[2J\x1b[{self.rows + 1};1H\x1b[2m{HINT}\x1b[0m"

    def _move(self, message):
        seen = message[0] < self.columns and message[1] < self.rows
        if not seen and tuple(message) != (HIDDEN, HIDDEN):
            raise BrokenScreen(f"a cursor at {message[0]}, {message[1]}")
        self.cursor = tuple(message) if seen else None
        return "\x1b[0m"

    def _row(self, message):
        if message[0] >= self.rows:
            raise BrokenScreen(f"row {message[0]} of {self.rows}")
        out, last = f"\x1b[{message[0] + 1};1H", None
        for char, colours in zip(message[1::2], message[2::2]):
            if colours != last:
                front, back = COLOURS[colours & 7] + (90 if colours & 8 else 30), COLOURS[colours >> 4 & 7] + 40
                out += f"\x1b[0;{front};{back}m"
                last = colours
            out += TABLE[char]
        return out


class TextScreen:
    """Between the image's line @port, a socket, and the terminal: something for step_all()."""

    def __init__(self, port):
        port.setblocking(False)
        self.port, self.picture = port, Picture()
        self.out, self.typed = b"", b""
        self.leaving = False  # Ctrl-] was the last key
        self.port_open = self.reads = self.shows = True

    def interests(self):
        wanted = []
        if self.port_open:
            wanted.append((self.port.fileno(), (0 if self.out else select.POLLIN) | (select.POLLOUT if self.typed else 0)))
        if self.reads and not self.typed:
            wanted.append((STDIN, select.POLLIN))
        return wanted + ([(STDOUT, select.POLLOUT)] if self.out else [])

    def step(self, fd, events):
        if fd == STDIN:
            self._type()
        elif fd == STDOUT:
            self._write()
        else:
            self._exchange(events)

    def _type(self):
        try:
            data = os.read(STDIN, CHUNK)
        except OSError:
            data = b""
        self.reads = bool(data)
        passed = bytearray()
        for byte in data:
            if self.leaving:
                self.leaving = False
                if byte in b"qQ":
                    os.kill(os.getpid(), signal.SIGINT)
                elif byte == LEAVE:
                    passed.append(byte)
            elif byte == LEAVE:
                self.leaving = True
            else:
                passed.append(byte)
        self.typed += keys(bytes(passed))

    def _write(self):
        try:
            self.out = self.out[os.write(STDOUT, self.out[:CHUNK]) :]
        except BlockingIOError:
            return
        except OSError as e:
            self.out, self.shows = b"", False
            say(f"standard output: {describe(e)}; the screen is not shown any more")

    def _exchange(self, events):
        try:
            if events & select.POLLOUT:
                self.typed = self.typed[self.port.send(self.typed) :]
            if events & ~select.POLLOUT:
                data = self.port.recv(CHUNK)
                self.port_open = bool(data)
                shown = self.picture.take(data)
                self.out += shown if self.shows else b""
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.port_open = False
        except BrokenScreen as e:
            say(f"the image's screen: {e}; it is not shown any more")
            self.port_open = False
        self.typed = self.typed if self.port_open else b""

    def finish(self):
        """The run is over: what came last is shown."""
        while self.port_open and not self.out:
            self._exchange(select.POLLIN)
        while self.out:
            self._write()


def _held_messages():
    """Standard error is a file from here on, which is returned with the descriptor for what it was."""
    before, held = os.dup(STDERR), os.memfd_create("unidom-messages")
    os.set_inheritable(before, False)
    os.dup2(held, STDERR)
    return before, held


def _show_held(before, held):
    os.dup2(before, STDERR)
    os.close(before)
    with os.fdopen(held, "rb") as f:
        f.seek(max(0, os.fstat(held).st_size - HELD_MAX))
        data = f.read(HELD_MAX)
    with contextlib.suppress(OSError):
        os.write(STDERR, data)


@contextlib.contextmanager
def terminal():
    """The terminal, if it is one, shows the screen alone and hands over all keys, Ctrl-C included. Messages are shown when it is over."""
    if not (os.isatty(STDIN) and os.isatty(STDOUT)):
        yield
        return
    modes = termios.tcgetattr(STDIN)
    held = _held_messages() if os.isatty(STDERR) else None
    try:
        os.write(STDOUT, b"\x1b[?1049h")
        tty.setraw(STDIN)
        yield
    finally:
        with contextlib.suppress(termios.error, OSError):  # the terminal may have gone
            os.write(STDOUT, b"\x1b[0m\x1b[?25h\x1b[?1049l")
            termios.tcsetattr(STDIN, termios.TCSADRAIN, modes)
        if held:
            _show_held(*held)
