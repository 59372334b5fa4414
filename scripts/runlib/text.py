# SPDX-License-Identifier: BSD-3-Clause
"""The guest's screen as text in the terminal, and the terminal's keys as the guest's: --screen text. The image sends what changes, as
libs/qemu/glue/include/text-display.h describes it; it may be a guest's that has taken over the image, so all of it is checked."""

import contextlib
import os
import select
import termios

from runlib.keys import keys
from runlib.report import STDIN, STDOUT, describe, say
from runlib.terminal import changes, take, terminal_size

COLUMNS_MAX, ROWS_MAX, HIDDEN = 160, 100, 255
SIZE_UNKNOWN = COLUMNS_MAX, ROWS_MAX + 1
SIZE, ROW, CURSOR = b"S"[0], b"R"[0], b"C"[0]
# Code page 437 where Python's has control characters.
GLYPHS = " ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼"
TABLE = GLYPHS + bytes(range(32, 256)).decode("cp437").replace("\x7f", "⌂")
COLOURS = (0, 4, 2, 6, 1, 5, 3, 7)  # VGA's numbers in those of terminals
CHUNK = 65536


class BrokenScreen(Exception):
    """What came is none of the messages."""


class Picture:
    """Messages in, control sequences of a terminal out. That has @size, (columns, rows): of a screen with more rows it shows those around the
    cursor. What is sent at once for the messages of one take() is no more than they and the whole screen. @hint is shown below, if there is
    room."""

    def __init__(self, size=SIZE_UNKNOWN, hint=""):
        self.size, self.hint = size, hint
        self.columns = self.rows = 0
        self.top = 0  # the first row that is shown
        self.shown = {}  # the last message about each row
        self.cursor = None
        self.rest = b""

    def take(self, data):
        """What the terminal is to be sent for @data."""
        self.rest += data
        out = ""
        while (message := self._next()) is not None:
            out += message
        return self._with_cursor(self._all() if self._follow() else out)

    def again(self, size):
        """What a terminal of @size is to be sent to show all of it."""
        self.size = size
        self.top = max(0, min(self.top, self.rows - size[1]))
        self._follow()
        return self._with_cursor(self._all())

    def _with_cursor(self, out):
        if not out:
            return b""
        column, row = self.cursor or (HIDDEN, HIDDEN)
        visible = self.cursor and column < self.size[0] and 0 <= row - self.top < self.size[1]
        place = f"\x1b[{row - self.top + 1};{column + 1}H\x1b[?25h" if visible else "\x1b[?25l"
        return f"{out}\x1b[0m{place}".encode()

    def _follow(self):
        """Returns whether other rows are shown now."""
        before = self.top
        if self.cursor:
            self.top = min(max(self.top, self.cursor[1] - self.size[1] + 1), self.cursor[1])
        return self.top != before

    def _all(self):
        hint = f"\x1b[{self.rows + 1};1H\x1b[2m{self.hint[: self.size[0]]}\x1b[0m" if 0 < self.rows < self.size[1] else ""
        return "\x1b[0m\x1b[2J" + hint + "".join(self._show(row) for row in sorted(self.shown))

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
        self.top, self.shown = 0, {}
        return self._all()

    def _move(self, message):
        seen = message[0] < self.columns and message[1] < self.rows
        if not seen and tuple(message) != (HIDDEN, HIDDEN):
            raise BrokenScreen(f"a cursor at {message[0]}, {message[1]}")
        self.cursor = tuple(message) if seen else None
        return "\x1b[0m"

    def _row(self, message):
        if message[0] >= self.rows:
            raise BrokenScreen(f"row {message[0]} of {self.rows}")
        self.shown[message[0]] = message
        return self._show(message[0])

    def _show(self, row):
        if not 0 <= row - self.top < self.size[1]:
            return ""
        out, last = f"\x1b[{row - self.top + 1};1H", None
        cells = self.shown[row][1 : 1 + 2 * self.size[0]]
        for char, colours in zip(cells[::2], cells[1::2]):
            if colours != last:
                front, back = COLOURS[colours & 7] + (90 if colours & 8 else 30), COLOURS[colours >> 4 & 7] + 40
                out += f"\x1b[0;{front};{back}m"
                last = colours
            out += TABLE[char]
        return out


class TextScreen:
    """Between the image's line @port, a socket, and the terminal: something for step_all(). @escape takes the keys that are not the guest's."""

    def __init__(self, port, escape, hint):
        port.setblocking(False)
        self.port, self.picture, self.escape = port, Picture(terminal_size(SIZE_UNKNOWN), hint), escape
        self.changes = changes()
        self.out, self.typed = b"", b""
        self.port_open = self.reads = self.shows = True

    def interests(self):
        wanted = []
        if self.port_open:
            wanted.append((self.port.fileno(), (0 if self.out else select.POLLIN) | (select.POLLOUT if self.typed else 0)))
        if self.reads and not self.typed:
            wanted.append((STDIN, select.POLLIN))
        wanted.append((self.changes, select.POLLIN))
        return wanted + ([(STDOUT, select.POLLOUT)] if self.out else [])

    def step(self, fd, events):
        if fd == STDIN:
            self._type()
        elif fd == STDOUT:
            self._write()
        elif fd == self.changes:
            self._show_again()
        else:
            self._exchange(events)

    def _show_again(self):
        os.read(self.changes, CHUNK)
        with contextlib.suppress(termios.error, OSError):  # the terminal may have gone
            take()
        self.out = self.picture.again(terminal_size(SIZE_UNKNOWN)) if self.shows else b""

    def _type(self):
        try:
            data = os.read(STDIN, CHUNK)
        except OSError:
            data = b""
        self.reads = bool(data)
        self.typed += keys(self.escape.passed(data))

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
