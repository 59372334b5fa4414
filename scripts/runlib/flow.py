# SPDX-License-Identifier: BSD-3-Clause
"""Bytes on their way from one descriptor to another, several ways at a time, without a wait that holds the others up."""

import os
import select

# A pipe that select calls writable takes this much without blocking (POSIX's PIPE_BUF on Linux), and so do sockets.
CHUNK = 4096


class Flow:
    """From @source to @sink, None for nowhere, by way of @seen(data) if that is given; b"" is the end. When the sink takes no more,
    @lost(error) is called once, and what still comes is dropped: the source must never wait for a reader that has gone. Of what comes,
    @passed(data) goes on, if that is given."""

    def __init__(self, source, sink, seen=None, lost=None, passed=None):
        self.source, self.sink = source, sink
        self.seen, self.lost, self.passed = seen, lost, passed
        self.waiting = b""

    def interests(self):
        """What to poll for next: [(descriptor, events)], nothing when the source has ended and all is written."""
        if self.waiting:
            return [(self.sink, select.POLLOUT)]
        return [(self.source, select.POLLIN)] if self.source is not None else []

    def step(self, _fd, _events):
        """Call when poll() has reported anything for interests()."""
        if self.waiting:
            self._write()
        else:
            self._read()

    def _read(self):
        try:
            data = os.read(self.source, CHUNK)
        except InterruptedError:
            return
        except OSError:  # a reset connection, or a descriptor that cannot be read: the end either way
            data = b""
        if self.seen:
            self.seen(data)
        if not data:
            self.source = None
            return
        if self.sink is not None:
            self.waiting = self.passed(data) if self.passed else data

    def _write(self):
        try:
            self.waiting = self.waiting[os.write(self.sink, self.waiting) :]
        except BlockingIOError:
            return
        except OSError as e:
            self.sink, self.waiting = None, b""
            if self.lost:
                self.lost(e)


def step_all(parties):
    """Wait until one of @parties, which are Flows or have their two methods, can go on, and let each that can."""
    interests = [(party, fd, events) for party in parties for fd, events in party.interests()]
    if not interests:
        return
    wanted = {}
    for _, fd, events in interests:
        wanted[fd] = wanted.get(fd, 0) | events
    poll = select.poll()
    for fd, events in wanted.items():
        poll.register(fd, events)
    ready = dict(poll.poll())
    for party, fd, events in interests:
        reported = ready.get(fd, 0) & (events | ~(select.POLLIN | select.POLLOUT))
        if reported:
            party.step(fd, reported)
