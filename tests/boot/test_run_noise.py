# SPDX-License-Identifier: BSD-3-Clause
"""The runner's sockets and clients of the worst habits: bytes at random, or what looks like the protocol; they close in the middle, reset,
shut one end, stay and read nothing. QEMU and the guest go on, and a client that behaves is served. Some seconds for each socket, a minute at
night (UNIDOM_NOISE=SECONDS: as long as that)."""

import contextlib
import os
import random
import socket
import struct
import time

import pytest
from images import build_program

from machine import Machine, Qmp, connect
from test_run_screen import ENCODINGS, HELLO, WHOLE, running
from test_serial import until_it_echoes

IMAGE = "qemu-stubdom"
SEED = int(os.environ.get("UNIDOM_SEED", "12"))
SHORT = 3
LENGTHS = [pytest.param(SHORT, id="short"), pytest.param(float(os.environ.get("UNIDOM_NOISE", "60")), marks=pytest.mark.nightly, id="long")]
STAYING = 3  # clients that read nothing, at a time; a viewer's place is left
RESET = struct.pack("ii", 1, 0)  # SO_LINGER


def numbers(random_, form):
    """Values for a struct's @form, often at a border."""
    sizes = {"B": 8, "H": 16, "I": 32}
    return struct.pack(f">{form}", *(random_.choice([0, 1, 255, (1 << sizes[c]) - 1, 1 << (sizes[c] - 1), random_.getrandbits(sizes[c])])
                                     & (1 << sizes[c]) - 1 for c in form))


# RFC 6143 and QEMU's own messages: kind, and what follows it. Keys are not among them that a guest could take for its end.
MESSAGES = {
    "pixel format": (0, "BBBBBBBHHHBBBBBB"),
    "encodings": (2, "BHIIIIIIII"),
    "update": (3, "BHHHH"),
    "key": (4, "BHI"),
    "pointer": (5, "BHH"),
    "clipboard": (6, "BBBI"),
    "QEMU's key": (255, "BHII"),
    "QEMU's audio": (255, "BHBBI"),
    "continuous updates": (150, "BHHHH"),
    "size": (251, "BHHBB"),
    "power": (250, "BBB"),
    "none that there is": (77, "BBBB"),
}


def rfb(random_):
    """What a viewer might say."""
    said = random_.choice([b"", HELLO[:7], HELLO[:12], HELLO[:13], HELLO, HELLO, HELLO, HELLO + ENCODINGS, HELLO + ENCODINGS + WHOLE])
    for _ in range(random_.randrange(12)):
        kind, form = random_.choice(list(MESSAGES.values()))
        message = bytes([kind]) + numbers(random_, form)
        said += message[: random_.choice([len(message)] * 9 + [random_.randrange(len(message) + 1)])]
        said += random_.choice([b"", b"", b"", random_.randbytes(random_.choice([1, 40, 5000]))])
    return said


QMP_PIECES = [b'{"execute": "qmp_capabilities"}', b'{"execute": "query-status", "id": ', b'{"execute": "query-qmp-schema"}\n', b"{" * 3000,
              b'"' + b"a" * 5000, b'{"execute": "device_add", "arguments": {"driver": "', b"[[[[", b"}}]]", b"\xff", b"\0", b"\\u0000",
              b"1e999", b"-", b"\n"]


def qmp(random_):
    return b"".join(random_.choice([*QMP_PIECES, random_.randbytes(random_.choice([3, 3000]))]) for _ in range(random_.randrange(20)))


def anything(random_):
    """The guest echoes all of it, which takes its time."""
    return random_.randbytes(random_.choice([0, 1, 1, 2, 5, 17] * 3 + [300]))


def visit(client, said, random_, staying):
    """Say it, and leave in one of many ways, or stay."""
    client.settimeout(0.2)
    with contextlib.suppress(OSError):
        client.sendall(said)
    way = random_.randrange(6)
    with contextlib.suppress(OSError):
        if way == 0:
            client.shutdown(socket.SHUT_WR)
            client.recv(4096)
        elif way == 1:
            client.shutdown(socket.SHUT_RD)
        elif way == 2:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        elif way == 3:
            client.recv(random_.choice([1, 12, 4096]))
    if way == 4 and len(staying) < STAYING:
        staying.append(client)
    else:
        client.close()


def noise(come, say, seconds):
    """Clients for so long; those that stay have gone at the end. Returns how many there were."""
    random_, until, staying, visits = random.Random(SEED), time.monotonic() + seconds, [], 0
    while time.monotonic() < until:
        visit(come(), say(random_), random_, staying)
        visits += 1
        if staying and random_.randrange(4) == 0:
            staying.pop(0).close()
    for client in staying:
        client.close()
    return visits


@pytest.fixture(scope="module", name="viewer")
def _viewer(tmp_path_factory):
    return build_program("common/vnc-shot.c", tmp_path_factory.mktemp("vnc") / "vnc-shot")


@contextlib.contextmanager
def idle(image, guest, tmp_path, *options):
    """A machine whose guest echoes what comes on its serial port."""
    with Machine(image(IMAGE), ["--disk", guest("idle"), "--net", "none", "--qmp", tmp_path / "qmp", *options]) as m:
        yield m
        monitor = Qmp(str(tmp_path / "qmp"))
        assert monitor.execute("query-status")["status"] == "running"
        monitor.execute("quit")
        assert m.status() == 0, m.console.text()


@pytest.mark.parametrize("seconds", LENGTHS)
def test_screen(image, guest, tmp_path, viewer, seconds):
    """At the end a viewer sees the guest's picture."""
    with running(image, guest("screen"), tmp_path, viewer, "guest: drawn") as screen:
        print(noise(screen.connect, rfb, seconds), "viewers")
        screen.shoot("after.ppm")


@pytest.mark.parametrize("seconds", LENGTHS)
def test_qmp(image, guest, tmp_path, seconds):
    with idle(image, guest, tmp_path) as m:
        m.serial.wait("guest: up", 60)
        print(noise(lambda: connect(str(tmp_path / "qmp")), qmp, seconds), "clients")


@pytest.mark.parametrize("seconds", LENGTHS)
def test_serial(image, guest, tmp_path, seconds):
    path = str(tmp_path / "serial")
    with idle(image, guest, tmp_path, "--serial", path):
        with connect(path) as client:
            until_it_echoes(client)
        print(noise(lambda: connect(path), anything, seconds), "clients")
        with connect(path) as client:
            until_it_echoes(client)
