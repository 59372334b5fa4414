# SPDX-License-Identifier: BSD-3-Clause
"""The small HTTP server, with clients on the host."""

import http.client
import re
import subprocess
import time

import pytest

from machine import PATIENCE, Machine
from outer_network import connect, free_port, receive, server_options

PAGE = 612
PLACES = 256
GET = b"GET / HTTP/1.1\r\nHost: unidom\r\n\r\n"


@pytest.fixture(scope="module")
def port(image):
    """The server, and the port of the host that leads to it."""
    outside = free_port()
    with Machine(image("httpreply"), server_options(outside, 8080)) as m:
        m.wait("^httpreply: listening on port 8080", 60)
        yield outside


def ask(client, method="GET"):
    client.request(method, "/")
    answer = client.getresponse()
    return answer.status, answer.read()


def test_one_connection(port):
    """Requests after each other on one connection, then curl on two."""
    client = http.client.HTTPConnection("127.0.0.1", port, 30 * PATIENCE)
    client.connect()
    first = client.sock
    for _ in range(50):
        status, page = ask(client)
        assert status == 200 and len(page) == PAGE and page.startswith(b"<!DOCTYPE html>")
    assert ask(client, "HEAD") == (200, b"")
    assert client.sock is first
    assert ask(client, "POST") == (405, b"")
    client.close()
    address = f"http://127.0.0.1:{port}/"
    command = ["curl", "-sf", "-w", "%{http_code} %{size_download} %{num_connects}\n", "-o", "/dev/null", "-o", "/dev/null", address, address]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60 * PATIENCE)
    assert done.stdout.splitlines() == [f"200 {PAGE} 1", f"200 {PAGE} 0"]


def test_pipeline(port):
    """Requests that are sent without waiting, in odd pieces; the last one ends the connection."""
    count = 200
    data = GET * count + GET.replace(b"Host", b"Connection: close\r\nHost")
    with connect(port) as s:
        for at in range(0, len(data), 777):
            s.sendall(data[at : at + 777])
        answers = b""
        while piece := s.recv(65536):
            answers += piece
    assert len(re.findall(rb"HTTP/1\.1 200 OK\r\n", answers)) == count + 1
    assert answers.count(b"</html>\n") == count + 1 and answers.endswith(b"</html>\n")


@pytest.mark.parametrize("text, status", [(b"nonsense\r\n\r\n", b"400"), (b"GET / HTTP/1.1\r\nX: " + bytes(5000), b"431"),
                                          (b"GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", b"400")])
def test_wrong_request(port, text, status):
    """An answer, and the end of the connection."""
    with connect(port) as s:
        s.sendall(text)
        answer = b""
        while piece := s.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 " + status) and answer.count(b"HTTP/1.1") == 1


def test_many(port):
    """More clients at once than there are places: those that are quiet make room, and all others are served."""
    idle = []
    try:
        for _ in range(PLACES):
            idle.append(connect(port))
            idle[-1].sendall(GET[:10])
            time.sleep(0.02)  # the outer network lets two wait, and the next one's connection is tried again after a second
        for _ in range(20):
            with connect(port) as s:
                s.sendall(GET)
                assert receive(s, 15).startswith(b"HTTP/1.1 200 OK")
    finally:
        for s in idle:
            s.close()
