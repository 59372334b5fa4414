# SPDX-License-Identifier: BSD-3-Clause
"""The runner's end of the guest's serial port, without an image."""

import os
import select
import socket
import sys

from machine import TOP

sys.path.insert(0, os.path.join(TOP, "scripts"))

from runlib.clients import SerialServer  # noqa: E402  pylint: disable=wrong-import-position
from runlib.flow import step_all  # noqa: E402  pylint: disable=wrong-import-position


def test_client_that_goes_while_the_guest_prints(tmp_path):
    """That nobody is there any more is seen by writing first: what it said last is the guest's, and the next one is served."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "serial"))
        listener.listen()
        guest, port = socket.socketpair()
        server = SerialServer(listener, port)
        guest.settimeout(5)
        for said in (b"one", b"two"):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(tmp_path / "serial"))
                step_all([server])
                assert server.client
                client.sendall(said)
            guest.sendall(b"echo")
            server.step(server.port.fd, select.POLLIN)
            assert server.client.fd in [fd for fd, _ in server.interests()]
            while server.clients:
                step_all([server])
            assert guest.recv(100) == said
        server.port.close()
        guest.close()
