# SPDX-License-Identifier: BSD-3-Clause
"""The host's QMP socket: clients of any habit, each is greeted and answered, and none hears what was meant for another."""

import json
import os
import socket
import time

import pytest

from machine import PATIENCE, Machine, Qmp, connect, outcome

IMAGE = "qemu-stubdom"
SLOW, QUICK, AT_ONCE = 5, 30, 24
HELLO = b'{"execute": "qmp_capabilities"}\n'
STATUS = b'{"execute": "query-status"}'
SCHEMA = b'{"execute": "query-qmp-schema"}\n'


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


def test_numbers_as_strings(running):
    """As libxl up to 4.19 sends them, and QEMU up to 9.1 took them; a word that is no number is named."""
    qmp = Qmp(running)
    qmp.execute("device_add", driver="nec-usb-xhci", id="by-string", p2="3", p3="2", streams="off")
    qmp.execute("device_add", driver="nec-usb-xhci", id="by-number", p2=3, p3=2, streams=False)
    for controller in "by-string", "by-number":
        found = [qmp.execute("qom-get", path=f"/machine/peripheral/{controller}", property=name) for name in ("p2", "p3", "streams")]
        assert found == [3, 2, False], controller
    for wrong in "three", "", "-1", "4294967296":
        with pytest.raises(RuntimeError, match="p2"):
            qmp.execute("device_add", driver="nec-usb-xhci", id="wrong", p2=wrong)
    assert qmp.execute("query-status")["status"] == "running"
    qmp.close()


VANISHING = {
    "half": b'{"execute": "qmp_capab',
    "answer": HELLO + b'{"execute": "query-qmp-schema"}\n',
    "many": HELLO * 400,
    "nonsense": b"]\xff\0" * 3000,
}


@pytest.mark.parametrize("sent", VANISHING.values(), ids=VANISHING)
@pytest.mark.parametrize("pause", [0, 0.3])
def test_client_vanishes(running, sent, pause):
    """In mid-command, in mid-answer, or with nonsense: the next one starts afresh, at once or when the connection is long gone."""
    for _ in range(3):
        client = connect(running)
        client.settimeout(60 * PATIENCE)
        client.recv(4096)
        client.sendall(sent)
        client.close()
        time.sleep(pause)
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


def test_deep(running):
    """As deep as QEMU's parser goes, and deeper: what it takes of its thread's stack is there."""
    with connect(running) as client, client.makefile("rb") as lines:
        client.settimeout(60 * PATIENCE)
        assert b"QMP" in lines.readline()
        for text in (b"{" * 1020 + b"]", b"[" * 1020 + b"}", b"[{" * 3000):
            client.sendall(text + b"\xff\n")  # with an end for the lexer, so that the next text begins anew
            while b"error" not in lines.readline():
                pass
    assert Qmp(running).execute("query-status")["status"] == "running"


def test_schema(running):
    """It is packed by our own means: it has the commands that there are and no others, and each type that it names."""
    qmp = Qmp(running)
    schema, commands = qmp.execute("query-qmp-schema"), qmp.execute("query-commands")
    qmp.close()
    assert {e["name"] for e in schema if e["meta-type"] == "command"} == {c["name"] for c in commands}
    names = {e["name"] for e in schema}
    named = {e[key] for e in schema for key in ("arg-type", "ret-type", "element-type") if key in e}
    named |= {m["type"] for e in schema for m in e.get("members", []) if isinstance(m, dict) and "type" in m}
    assert len(named) > 300 and named <= names


def read_all(client):
    """Until the other end closes: lines as objects."""
    client.settimeout(60 * PATIENCE)
    data = b""
    while piece := client.recv(65536):
        data += piece
    return [json.loads(line) for line in data.splitlines()]


def is_whole(messages, statuses=1):
    """A greeting, an empty answer, and @statuses answers about the status, whatever events there are."""
    answers = [m for m in messages if "event" not in m]
    assert "QMP" in answers[0] and answers[1] == {"return": {}}, answers
    return len(answers) == 2 + statuses and all(a["return"]["status"] in ("running", "paused") for a in answers[2:])


def test_half_closed(running):
    """Sends, shuts its end and reads: all answers come, and then the end."""
    for commands in (1, 1, 1, 1, 1, 1, 50):
        with connect(running) as client:
            client.sendall(HELLO + STATUS * commands)
            client.shutdown(socket.SHUT_WR)
            assert is_whole(read_all(client), commands)


def test_half_closed_with_a_large_answer(running):
    with connect(running) as client:
        client.sendall(HELLO + SCHEMA * 2)
        client.shutdown(socket.SHUT_WR)
        answers = read_all(client)
    assert [len(json.dumps(a)) > 100000 for a in answers[2:]] == [True, True]


def test_half_closed_in_mid_command(running):
    with connect(running) as client:
        client.sendall(HELLO + STATUS + b'{"execute": "query-sta')
        client.shutdown(socket.SHUT_WR)
        answers = read_all(client)
    assert is_whole(answers[:3])
    assert all("error" in a for a in answers[3:])


def test_many_at_once(running):
    """All connect, and send without having been greeted, before the first one is answered."""
    clients = [connect(running) for _ in range(AT_ONCE)]
    for client in clients:
        client.sendall(HELLO + STATUS)
    for client in clients:
        client.shutdown(socket.SHUT_WR)
        with client:
            assert is_whole(read_all(client))


def test_before_the_image_listens(image, guest, tmp_path):
    path = str(tmp_path / "qmp")
    with Machine(image(IMAGE), ["--disk", guest("idle"), "--qmp", path]) as m:
        with connect(path) as client:
            client.sendall(HELLO + STATUS)
            client.shutdown(socket.SHUT_WR)
            assert is_whole(read_all(client))
        Qmp(path).execute("quit")
        assert m.status() == 0, m.console.text()


def test_unread_answers(running):
    """20 large answers that the client never reads: the next one gets its own, after work for one or two large answers at most."""
    client = connect(running)
    client.sendall(HELLO + SCHEMA * 20)
    with pytest.raises(BlockingIOError):  # some have come
        client.settimeout(60 * PATIENCE)
        client.recv(1000)
        client.setblocking(False)
        while client.recv(1000):
            pass
    client.close()
    with connect(running) as client:
        client.sendall(HELLO + STATUS)
        client.shutdown(socket.SHUT_WR)
        assert is_whole(read_all(client))


def test_reader_that_stops(running):
    """Reads nothing and stays: the guest and its serial line go on, and the next client is served once this one has gone."""
    client = connect(running)
    client.sendall(HELLO + SCHEMA * 20)
    waiting = connect(running)
    waiting.sendall(HELLO + STATUS)
    client.close()
    waiting.shutdown(socket.SHUT_WR)
    with waiting:
        assert is_whole(read_all(waiting))


def test_quit_is_answered(image, guest, tmp_path):
    """The last answer and event arrive, others that wait are closed, and the socket goes."""
    path = str(tmp_path / "qmp")
    with Machine(image(IMAGE), ["--disk", guest("idle"), "--qmp", path]) as m:
        m.serial.wait("guest: up", 60)
        with connect(path) as client, connect(path) as waiting:
            client.sendall(HELLO + b'{"execute": "quit"}')
            answers = read_all(client)
            assert {"return": {}} in answers[2:]
            assert m.status() == 0, m.console.text()
            waiting.settimeout(5 * PATIENCE)
            try:
                assert waiting.recv(1) == b""
            except ConnectionResetError:
                pass
        assert not os.path.exists(path)


def test_socket_in_use(image, guest, tmp_path):
    path = str(tmp_path / "qmp")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        status, console, _ = outcome(image(IMAGE), ["--disk", guest("idle"), "--qmp", path])
    assert status == 2
    assert f"run: --qmp {path}: another process listens there" in console
