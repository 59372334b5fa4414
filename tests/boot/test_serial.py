# SPDX-License-Identifier: BSD-3-Clause
"""The guest's serial port on a socket of the host (scripts/run --serial SOCKET): clients of any habit, one at a time. The guest echoes."""

import socket
import time

import pytest

from machine import PATIENCE, Machine, connect, outcome

IMAGE = "qemu-stubdom"


@pytest.fixture
def serial(image, guest, tmp_path):
    """The path of the socket; the guest has said something before anybody came, and has gone on."""
    path = str(tmp_path / "serial")
    with Machine(image(IMAGE), ["--disk", guest("idle"), "--serial", path]) as m:
        with connect(path) as client:
            until_it_echoes(client)
        yield path
        assert m.process.poll() is None, m.console.text()


def until_it_echoes(client):
    """The guest is up: it may not hear what is sent before, and has to echo first what others have sent."""
    client.settimeout(0.5 * PATIENCE)
    end = time.monotonic() + 60 * PATIENCE
    while time.monotonic() < end:
        try:
            client.sendall(b".")
            if b"." in client.recv(100):
                break
        except TimeoutError:
            pass
    else:
        raise AssertionError("no echo")
    client.settimeout(1 * PATIENCE)
    try:
        while client.recv(100):
            pass
    except TimeoutError:
        pass


def receive(client, length):
    client.settimeout(30 * PATIENCE)
    data = b""
    while len(data) < length:
        piece = client.recv(length - len(data))
        assert piece, f"ended after {data}"
        data += piece
    return data


def test_one_after_another(serial):
    for i in range(5):
        with connect(serial) as client:
            client.sendall(b"%d" % i)
            assert receive(client, 1) == b"%d" % i


def test_half_closed(serial):
    """Sends and shuts its end: what it sent arrives, and the answer comes."""
    for text in (b"abc", b"x" * 300):
        with connect(serial) as client:
            client.sendall(text)
            client.shutdown(socket.SHUT_WR)
            assert receive(client, len(text)) == text


def test_waiting_in_line(serial):
    """Each is served when the one before has gone; what it sent meanwhile is not lost."""
    clients = [connect(serial) for _ in range(8)]
    for i, client in enumerate(clients):
        client.sendall(b"%d" % i)
    for i, client in enumerate(clients):
        assert receive(client, 1) == b"%d" % i
        client.close()


def test_gone_without_reading(serial):
    for _ in range(3):
        client = connect(serial)
        client.sendall(b"x" * 20)
        client.close()
    with connect(serial) as client:
        until_it_echoes(client)
        client.sendall(b"y")
        assert receive(client, 1) == b"y"


def test_unattended(image, guest, tmp_path):
    """A guest that prints to nobody ends as it does otherwise, and takes its socket along."""
    path = tmp_path / "serial"
    status, console, _ = outcome(image(IMAGE), ["--disk", guest("hello"), "--serial", path])
    assert status == 0, console
    assert not path.exists()
