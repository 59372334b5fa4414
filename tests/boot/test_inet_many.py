# SPDX-License-Identifier: BSD-3-Clause
"""Many clients of a server in an image, good and bad ones, and a link that loses and reorders: the same bytes come back, nothing leaks."""

import contextlib
import os
import random
import re
import socket
import struct
import threading

import pytest

from machine import PATIENCE, Machine
from outer_network import STATIC, connect, free_port, network, receive

DRIVER = "inet-test"
AT_ONCE = 1000
SLOW = 20  # of them send this much before they read
SLOW_BYTES = 100_000
LOSS = 0.1
SPARE = 1024  # KiB that may be in use at the end, beside what was at the beginning


@contextlib.contextmanager
def server(image, *outer, memory=128):
    """A port of the host that leads to the echo server. In the end it has as much memory as in the beginning."""
    port = free_port()
    options = ["--outer-memory", memory, "--kernel-args", STATIC, "--outer", " ".join([network(f"tcp:127.0.0.1:{port}-10.9.0.15:7"), *outer])]
    with Machine(image(DRIVER), options, ["serve", "7"]) as m:
        before = int(m.wait(r"^serving, (\d+) KiB free", 60).group(1))
        yield port
        with connect(port) as s:
            s.sendall(b"end\n")
            assert m.status(120) == 0, m.console.text()
        after = int(re.search(r"^served \d+ clients, (\d+) KiB free", m.console.text(), re.M).group(1))
        assert after > before - SPARE, m.console.text()


def served(port):
    """A client that has been served once: the outer network lets two wait, and the next one's connection is tried again after a second."""
    s = connect(port)
    s.sendall(b"?")
    assert receive(s, 1) == b"?"
    return s


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def half_closed(s, data):
    """What is sent before the end of one direction comes back through the other."""
    s.sendall(data)
    s.shutdown(socket.SHUT_WR)
    assert receive(s, len(data) + 1) == data


def slow(s, data):
    """The server's answer has nowhere to go until all has been sent."""
    sender = threading.Thread(target=s.sendall, args=(data,))
    sender.start()
    sender.join(2)
    assert receive(s, len(data)) == data
    sender.join()


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_many(image, count):
    chance = random.Random(count)
    with server(image) as port:
        sockets = [served(port) for _ in range(AT_ONCE)]
        data = [chance.randbytes(chance.randint(1, 2000)) for _ in sockets]
        slow_ones = [(sockets.pop(), chance.randbytes(SLOW_BYTES)) for _ in range(SLOW)]
        threads = [threading.Thread(target=s.sendall, args=(sent,)) for s, sent in slow_ones]
        for t in threads:
            t.start()
        for s, sent in zip(sockets, data):
            s.sendall(sent)
        for number, (s, sent) in enumerate(zip(sockets, data)):
            if number % 10 == 0:
                reset(s)
                continue
            if number % 3 == 0:
                s.shutdown(socket.SHUT_WR)
            assert receive(s, len(sent)) == sent, number
            s.close()
        for s, sent in slow_ones:
            assert receive(s, len(sent)) == sent
            s.close()
        for t in threads:
            t.join()
        for number in range(count - AT_ONCE):
            with connect(port) as s:
                s.sendall(b"hello")
                assert receive(s, 5) == b"hello", number
                if number % 10 == 0:
                    reset(s)


class Link:
    """One direction: a filter of the outer emulator's hands over each frame. One of ten is lost; one of ten comes behind the next one."""

    def __init__(self, folder, name):
        self.name, self.folder, self.lost, self.late = name, folder, 0, 0
        self.chance = random.Random(name)
        self.listeners = []
        for end in ("in", "out"):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(os.path.join(folder, f"{name}.{end}"))
            listener.listen()
            self.listeners.append(listener)
        threading.Thread(target=self._carry, daemon=True).start()

    def options(self, queue):
        ends = " ".join(f"-chardev socket,id={self.name}-{end},path={self.folder}/{self.name}.{end}" for end in ("in", "out"))
        return f"{ends} -object filter-redirector,id={self.name},netdev=u,queue={queue},indev={self.name}-in,outdev={self.name}-out"

    def _carry(self):
        """A frame has its length in front."""
        to, source = (listener.accept()[0] for listener in self.listeners)
        held = b""
        with contextlib.suppress(OSError, struct.error), to, source, source.makefile("rb") as file:
            while True:
                head = file.read(4)
                frame = head + file.read(struct.unpack(">I", head)[0])
                fate = self.chance.random()
                if fate < LOSS:
                    self.lost += 1
                elif fate < 2 * LOSS and not held:
                    held = frame
                    self.late += 1
                else:
                    to.sendall(frame + held)
                    held = b""


# A lost segment is sent again after seconds, which no faster machine makes less.
@pytest.mark.parametrize("clients, size", [(4, 5000), pytest.param(60, 20_000, marks=pytest.mark.nightly)])
def test_lossy(image, tmp_path, clients, size):
    links = [Link(tmp_path, name) for name in ("there", "back")]
    chance = random.Random(clients)
    errors = []

    def client(number):
        try:
            data = chance.randbytes(size)
            with connect(port) as s:
                s.settimeout(200 * PATIENCE)  # what is lost is sent again after seconds, and each time twice as many
                (half_closed if number % 2 else slow)(s, data)
        except (AssertionError, OSError) as e:
            errors.append(e)

    with server(image, *(link.options(queue) for link, queue in zip(links, ("tx", "rx")))) as port:
        threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert not errors, errors
        assert all(link.lost and link.late for link in links)
