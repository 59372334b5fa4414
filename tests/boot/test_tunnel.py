# SPDX-License-Identifier: BSD-3-Clause
"""The runner's end of the monitor's tunnel against an image that does not keep to the rules: no image runs here."""

import contextlib
import os
import socket
import sys

import pytest

from machine import TOP

sys.path.insert(0, os.path.join(TOP, "scripts"))
from runlib.channels import TunnelServer  # noqa: E402  pylint: disable=wrong-import-position
from runlib.clients import LEAVING_MAX  # noqa: E402  pylint: disable=wrong-import-position
from runlib.flow import step_all  # noqa: E402  pylint: disable=wrong-import-position
from runlib.listen import listening  # noqa: E402  pylint: disable=wrong-import-position
from runlib.tunnel import COUNT, HEADER, PAYLOAD_MAX, WINDOW, Kind  # noqa: E402  pylint: disable=wrong-import-position

HELLO = HEADER.pack(Kind.HELLO, 0, 0)


@pytest.fixture(name="ends")
def _ends(tmp_path):
    """(runner's server, the image's end, a client that was let in and reads nothing)."""
    path = str(tmp_path / "qmp")
    image, port = socket.socketpair()
    with image, port, listening(path, "--qmp") as server, socket.socket(socket.AF_UNIX) as client:
        qmp = TunnelServer(server, port, "monitor")
        image.sendall(HELLO)
        step_all([qmp])
        client.connect(path)
        step_all([qmp])
        assert image.recv(HEADER.size) == HEADER.pack(Kind.OPEN, 0, 0)
        yield qmp, image, client


def send(qmp, image, data):
    image.setblocking(False)
    while data and qmp.tunnel.open:
        data = data[image.send(data[:4096]) :]
        step_all([qmp])


@pytest.mark.parametrize(
    "frame",
    [
        HEADER.pack(0, 0, 0),
        HEADER.pack(77, 0, 0),
        HEADER.pack(Kind.DATA, 4, 4) + b"data",
        HEADER.pack(Kind.DATA, 0, PAYLOAD_MAX + 1),
        HEADER.pack(Kind.TAKEN, 0, 2) + b"\1\0",
        HEADER.pack(Kind.TAKEN, 0, 4) + COUNT.pack(1),
        HEADER.pack(Kind.TAKEN, 0, 4) + COUNT.pack(2**32 - 1),
    ],
)
def test_bad_frame(ends, frame, capfd):
    qmp, image, client = ends
    send(qmp, image, frame)
    assert not qmp.tunnel.open and not qmp.clients
    client.settimeout(10)
    assert client.recv(1) == b""
    assert capfd.readouterr().err.count("\n") == 1


def test_data_without_end(ends, capfd):
    """The client reads nothing: the runner keeps no more than the window for it."""
    qmp, image, _ = ends
    piece = HEADER.pack(Kind.DATA, 0, PAYLOAD_MAX) + bytes(PAYLOAD_MAX)
    for _ in range(4096):
        if not qmp.tunnel.open:
            break
        waiting = len(qmp.clients[0].waiting)
        assert waiting <= WINDOW
        send(qmp, image, piece)
    assert not qmp.tunnel.open
    assert "more data than there is room for" in capfd.readouterr().err


def test_many_that_stay(ends):
    """Clients that the image has done with, and that neither read nor go: their sockets do not pile up."""
    qmp, image, _ = ends
    with contextlib.ExitStack() as stack:
        for _ in range(LEAVING_MAX + 4):
            while not qmp.clients[0].waiting:
                send(qmp, image, HEADER.pack(Kind.DATA, 0, PAYLOAD_MAX) + bytes(PAYLOAD_MAX))
            send(qmp, image, HEADER.pack(Kind.CLOSE, 0, 0))
            while qmp.clients:
                step_all([qmp])
            client = stack.enter_context(socket.socket(socket.AF_UNIX))
            client.connect(qmp.server.getsockname())
            while not qmp.clients:
                step_all([qmp])
        assert len(qmp.leaving) == LEAVING_MAX
