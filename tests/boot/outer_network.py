# SPDX-License-Identifier: BSD-3-Clause
"""A network for an image, by the outer emulator, and the way from the host to a server in it."""

import socket

from machine import PATIENCE

# The image's address, for --kernel-args.
STATIC = "ip=10.9.0.15::10.9.0.2:255.255.255.0:host:eth0"


def network(*forwards):
    """Arguments of the outer emulator: a card, and ports of the host, as "tcp:127.0.0.1:PORT-10.9.0.15:PORT"."""
    return f"-netdev user,id=u,net=10.9.0.0/24{''.join(f',hostfwd={f}' for f in forwards)} -device virtio-net-pci,netdev=u,romfile="


def free_port():
    """A port for both protocols."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def server_options(port, inside):
    """Options of a Machine whose server at port @inside is at @port of the host."""
    return ["--kernel-args", STATIC, "--outer", network(f"tcp:127.0.0.1:{port}-10.9.0.15:{inside}")]


def receive(s, size):
    """@size bytes, fewer if the other end closes."""
    data = b""
    while len(data) < size and (piece := s.recv(65536)):
        data += piece
    return data


def connect(port):
    s = socket.create_connection(("127.0.0.1", port), 30 * PATIENCE)
    s.settimeout(30 * PATIENCE)
    return s
