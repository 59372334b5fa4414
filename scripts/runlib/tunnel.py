# SPDX-License-Identifier: BSD-3-Clause
"""Framed messages between the runner and the image, as apps/qemu-stubdom/kvm/tunnel.h describes them."""

import select
import struct
from enum import IntEnum

from runlib.report import say

HEADER = struct.Struct("<BBH")
COUNT = struct.Struct("<I")
PAYLOAD_MAX = 3072
WINDOW = 65536  # bytes of a client's data on the way without a TAKEN for them, each way
CLIENTS = 4  # at a time
CHUNK = 65536


class Kind(IntEnum):
    HELLO = 1
    OPEN = 2
    DATA = 3
    TAKEN = 4
    EOF = 5
    CLOSE = 6


KINDS = frozenset(Kind)


class BrokenTunnel(Exception):
    """The other end, an image that a guest may have taken over, does not keep to the rules."""


class Tunnel:
    """One end, over a socket, to the image's @name. @handle(kind, number, payload) is called for each frame that arrives, and may raise
    BrokenTunnel; @ended() is called once the other end has gone, or has broken the rules."""

    def __init__(self, connection, name, handle, ended):
        connection.setblocking(False)
        self.name = name
        self.connection = connection
        self.handle, self.ended = handle, ended
        self.arrived = b""
        self.waiting = b""
        self.open = True

    def send(self, kind, number, payload=b""):
        self.waiting += HEADER.pack(kind, number, len(payload)) + payload
        self._write()

    def interests(self):
        return [(self.connection.fileno(), select.POLLIN | (select.POLLOUT if self.waiting else 0))] if self.open else []

    def step(self, _fd, events):
        if events & select.POLLOUT:
            self._write()
        if self.open and events & ~select.POLLOUT:
            self._read()

    def _end(self):
        if self.open:
            self.open = False
            self.waiting = b""
            self.ended()

    def _write(self):
        try:
            self.waiting = self.waiting[self.connection.send(self.waiting) :] if self.open else b""
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._end()

    def _read(self):
        try:
            data = self.connection.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        self.arrived += data
        try:
            self._take_frames()
        except BrokenTunnel as e:
            say(f"the image's {self.name}: {e}; it is of no more use")
            data = b""
        if not data:
            self._end()

    def _take_frames(self):
        while len(self.arrived) >= HEADER.size:
            kind, number, length = HEADER.unpack_from(self.arrived)
            if kind not in KINDS or number >= CLIENTS or length > PAYLOAD_MAX or (kind == Kind.TAKEN and length != COUNT.size):
                raise BrokenTunnel(f"a frame of kind {kind} with {length} bytes")
            if len(self.arrived) < HEADER.size + length:
                break
            payload, self.arrived = self.arrived[HEADER.size : HEADER.size + length], self.arrived[HEADER.size + length :]
            self.handle(kind, number, payload)
