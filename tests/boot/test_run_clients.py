# SPDX-License-Identifier: BSD-3-Clause
"""The runner's end of the guest's serial port, with clients that leave work behind: no image runs here."""

import select
import socket
import sys

import pytest

from machine import TOP, connect

sys.path.insert(0, f"{TOP}/scripts")
from runlib.clients import STALE_MAX, SerialServer  # noqa: E402  pylint: disable=wrong-import-position
from runlib.listen import listening  # noqa: E402  pylint: disable=wrong-import-position

FLOOD = 4 << 20


@pytest.fixture(name="ends")
def _ends(tmp_path):
    """(runner's server, the emulator's end of the line, the socket's path)."""
    path = str(tmp_path / "serial")
    emulator, port = socket.socketpair()
    with emulator, port, listening(path, "--serial") as server:
        emulator.setblocking(False)
        yield SerialServer(server, port), emulator, path


def step(server):
    """What can go on now."""
    poll = select.poll()
    for fd, events in server.interests():
        poll.register(fd, events)
    for fd, events in poll.poll(0):
        server.step(fd, events)


def flood(server, path):
    """A client that sends until nobody takes more, and goes."""
    with connect(path) as client:
        client.setblocking(False)
        try:
            for _ in range(FLOOD // 4096):
                step(server)
                client.sendall(b"x" * 4096)
        except BlockingIOError:
            pass


def seen(server, client, data):
    """Does @client get @data within some steps?"""
    client.setblocking(False)
    for _ in range(20):
        step(server)
        try:
            if client.recv(len(data)) == data:
                return True
        except BlockingIOError:
            pass
    return False


def test_guest_that_reads_nothing(ends):
    """One floods it and goes: the next one sees what the guest prints; and what waits for the guest stays within bounds."""
    server, emulator, path = ends
    for i in range(12):
        flood(server, path)
        with connect(path) as client:
            for _ in range(5):
                step(server)
            emulator.sendall(b"%x" % i)
            assert seen(server, client, b"%x" % i)
    assert len(server.port.waiting) <= STALE_MAX + 4096


def test_last_words_are_kept(ends):
    """What fits into the sockets on the way arrives whole, after its client has gone, and before what the next one sends."""
    server, emulator, path = ends
    with connect(path) as client:
        client.sendall(b"x" * 100_000)
    with connect(path) as client:
        client.sendall(b"y")
        data = b""
        while not data.endswith(b"y"):
            step(server)
            try:
                data += emulator.recv(65536)
            except BlockingIOError:
                pass
        assert data == b"x" * 100_000 + b"y"
