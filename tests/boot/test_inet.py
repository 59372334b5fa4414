# SPDX-License-Identifier: BSD-3-Clause
"""Internet sockets of an image: within it, and with programs on the host through the outer emulator's own network."""

import os
import re
import socket
import threading

import pytest

from machine import PATIENCE, Machine, ktap, outcome
from outer_network import STATIC, connect, free_port, network, receive

DRIVER = "inet-test"
CLIENTS = 200
BULK = 300000


def test_loopback(image):
    status, console, _ = outcome(image(DRIVER), [], [], timeout=120)
    assert status == 0, console
    assert all(ktap(console).values())


def echo_bulk(port):
    """More than all windows hold, read while it is sent."""
    data = os.urandom(BULK)
    with connect(port) as s:
        sender = threading.Thread(target=s.sendall, args=(data,))
        sender.start()
        assert receive(s, BULK) == data
        sender.join()
        s.shutdown(socket.SHUT_WR)
        assert s.recv(1) == b""


def echo_datagram(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(1)
        for _ in range(round(30 * PATIENCE)):
            s.sendto(b"datagram", ("127.0.0.1", port))
            try:
                assert s.recv(100) == b"datagram"
                return
            except TimeoutError:
                pass
    raise AssertionError("no datagram came back")


@pytest.mark.parametrize("address", [STATIC, "ip=dhcp"])
def test_server(image, address):
    """Clients that come and go leave nothing behind: what is free at the end is what was free at the beginning."""
    port = free_port()
    forwards = [f"{p}:127.0.0.1:{port}-10.9.0.15:7" for p in ("tcp", "udp")]
    with Machine(image(DRIVER), ["--kernel-args", address, "--outer", network(*forwards)], ["serve", "7"]) as m:
        before = int(m.wait(r"^serving, (\d+) KiB free", 60).group(1))
        echo_bulk(port)
        echo_datagram(port)
        for _ in range(CLIENTS if address == STATIC else 2):
            with connect(port) as s:
                s.sendall(b"hello")
                assert receive(s, 5) == b"hello"
        with connect(port) as s:
            s.sendall(b"end\n")
            after = re.compile(r"^served (\d+) clients, (\d+) KiB free")
            assert m.status() == 0, m.console.text()
        clients, free = next(map(after.search, [line for line in m.console.text().splitlines() if after.search(line)])).groups()
        assert int(clients) >= 4
        assert int(free) > before - 1024, m.console.text()


def serve_once(listener, data):
    s, _ = listener.accept()
    with s:
        s.sendall(data)


def test_client(image):
    """The image connects to a server on the host, whose name a server of the emulator's, or its table, knows."""
    data = os.urandom(BULK)
    total = 0
    for byte in data:
        total = (total * 31 + byte) & 0xFFFFFFFF
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve_once, args=(listener, data), daemon=True)
        server.start()
        options = ["--kernel-args", "ip=dhcp", "--outer", network()]
        status, console, _ = outcome(image(DRIVER), options, ["fetch", "10.9.0.2", str(listener.getsockname()[1])], timeout=120)
    assert status == 0, console
    assert f"fetched {BULK} bytes, sum {total}" in console


@pytest.mark.parametrize("wrong", ["ip=somewhere", "ip=1.2.3", "ip=1.2.3.4:::::eth7"])
def test_wrong_argument(image, wrong):
    """One line, and an image without that network."""
    status, console, _ = outcome(image(DRIVER), ["--kernel-args", wrong, "--outer", network()], ["fetch", "127.0.0.1", "1"])
    assert status == 1 and console.count("error: ip=") == 1, console
