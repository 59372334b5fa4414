# SPDX-License-Identifier: BSD-3-Clause
"""The host's QMP socket: clients come and go, each is greeted, and none hears what was meant for another."""

import json
import socket

import pytest

from machine import PATIENCE, Machine, Qmp, connect

IMAGE = "qemu-stubdom"
SLOW, QUICK = 5, 30
HELLO = b'{"execute": "qmp_capabilities"}\n'


@pytest.fixture
def running(image, guest, tmp_path):
    """The path of the socket of a machine whose guest does nothing; at the end it quits in order."""
    path = str(tmp_path / "qmp")
    with Machine(image(IMAGE), ["--disk", guest("idle"), "--qmp", path]) as m:
        m.serial.wait("guest: up", 60)
        yield path
        qmp = Qmp(path)
        assert qmp.execute("query-status")["status"] == "running"
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()


def test_greeted_each_time(running):
    for _ in range(SLOW):
        qmp = Qmp(running)  # reads the greeting
        assert qmp.execute("query-status")["status"] == "running"
        qmp.close()


def test_quick_clients(running):
    """Some look at nothing, some take only the greeting."""
    for i in range(QUICK):
        client = connect(running)
        if i % 3 == 1:
            client.settimeout(60 * PATIENCE)
            assert client.recv(4096).startswith(b'{"QMP"')
        elif i % 3 == 2:
            client.shutdown(socket.SHUT_RDWR)
        client.close()
        if i % 5 == 4:
            Qmp(running).close()


VANISHING = {
    "half": b'{"execute": "qmp_capab',
    "answer": HELLO + b'{"execute": "query-qmp-schema"}\n',
    "many": HELLO * 400,
    "nonsense": b"]\xff\0" * 3000,
}


@pytest.mark.parametrize("sent", VANISHING.values(), ids=VANISHING)
def test_client_vanishes(running, sent):
    """In mid-command, in mid-answer, or with nonsense: the next one starts afresh."""
    for _ in range(3):
        client = connect(running)
        client.settimeout(60 * PATIENCE)
        client.recv(4096)
        client.sendall(sent)
        client.close()
        assert Qmp(running).greeting["QMP"]["version"]["qemu"]["major"] == 10


def test_client_floods(running):
    """Asks for more and more and reads nothing, until nothing moves any more; then it goes."""
    client = connect(running)
    client.settimeout(3)
    with pytest.raises(TimeoutError):
        client.sendall(HELLO + b'{"execute": "query-version"}\n' * 200000)
    client.close()
    assert Qmp(running).execute("query-status")["status"] == "running"


def test_last_words(running):
    """Commands of a client that does not wait for the answers are carried out."""
    with connect(running) as client:
        client.settimeout(60 * PATIENCE)
        client.recv(4096)
        client.sendall(HELLO + b'{"execute": "stop"}\n')
        client.shutdown(socket.SHUT_WR)
    qmp = Qmp(running)
    for _ in range(100):
        if qmp.execute("query-status")["status"] == "paused":
            break
    assert qmp.execute("query-status")["status"] == "paused"
    qmp.execute("cont")
    qmp.close()


def test_large_answer(running):
    """What is larger than all buffers on the way arrives as it is, for a slow reader too."""
    qmp = Qmp(running)
    schema = qmp.execute("query-qmp-schema")
    assert len(json.dumps(schema)) > 100000
    qmp.close()
