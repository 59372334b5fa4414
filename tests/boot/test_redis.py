# SPDX-License-Identifier: BSD-3-Clause
"""Redis, with clients on the host: what it answers, and what it finds after another boot."""

import contextlib
import os
import threading

import pytest

from machine import PATIENCE, Machine, outcome
from outer_network import connect, free_port, server_options

CLIENTS = 50
KEYS = 1000


class Error(Exception):
    """What the server answered."""


class Client:
    """A client of redis: with Client(port) as c: c("SET", "key", b"value")."""

    def __init__(self, port):
        self.socket = connect(port)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))

    def receive(self):
        line = self.file.readline()
        assert line.endswith(b"\r\n"), f"the connection ended: {line}"
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise Error(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return self.file.read(int(rest) + 2)[:-2] if int(rest) >= 0 else None
        assert kind == b"*", line
        return [self.receive() for _ in range(int(rest))]

    def __call__(self, *words):
        self.send(*words)
        return self.receive()


@contextlib.contextmanager
def redis(image, *words, folder=None, disk=None):
    """A server: the machine, and the port of the host that leads to it. @disk is a device of the outer emulator's, which becomes /data."""
    port = free_port()
    options = server_options(port, 6379)
    if disk:
        options[-1] += f" {disk}"
        options[1] += " mount=/dev/vda:/data"
    if folder:
        options[-1] += f" -fsdev local,id=t,path={folder},security_model=none -device virtio-9p-pci,fsdev=t,mount_tag=t"
        words += "--dir", "/host/t"
    with Machine(image("redis"), options, ["--protected-mode", "no", *words]) as m:
        m.wait("Ready to accept connections", 60)
        yield m, port


@pytest.fixture(scope="module")
def server(image):
    with redis(image) as (machine, port):
        yield machine, port


def test_commands(server):
    _, port = server
    data = os.urandom(300000)
    with Client(port) as c:
        assert c("PING") == "PONG"
        assert c("SET", "bytes", data) == "OK" and c("GET", "bytes") == data
        assert [c("INCR", "n") for _ in range(3)] == [1, 2, 3]
        assert c("RPUSH", "list", "a", "b", "c") == 3 and c("LRANGE", "list", 0, -1) == [b"a", b"b", b"c"]
        assert c("ZADD", "scores", "1e3", "thousand", "-.5", "half", "inf", "end") == 3
        assert c("ZRANGE", "scores", 0, -1) == [b"half", b"thousand", b"end"]
        assert c("ZRANGEBYSCORE", "scores", "(-0.5", "+1000.0") == [b"thousand"]
        assert c("SET", "short", "x", "PX", 50) == "OK"
        assert c("EVAL", "return cjson.encode({redis.call('get', KEYS[1]), #ARGV})", 1, "n", "a", "b") == b'["3",2]'
        assert b"redis_version:8.0" in c("INFO", "server")
        while c("EXISTS", "short"):
            pass
        for wrong in (" 1", "0x10", "1a"):
            with pytest.raises(Error, match="min or max is not a float"):
                c("ZRANGEBYSCORE", "scores", wrong, "9")


def test_no_second_process(server):
    """What wants one is refused with the reason, and everything else goes on."""
    machine, port = server
    with Client(port) as c:
        assert c("CONFIG", "GET", "save") == [b"save", b""]
        for command in ("BGSAVE", "BGREWRITEAOF"):
            with contextlib.suppress(Error):
                c(command)
        assert c("SET", "after", "1") == "OK"
    machine.wait("Can't save in background: fork: Function not implemented")


def test_pipeline(server):
    """Ten thousand commands that are sent while answers come."""
    _, port = server
    count = 10000
    with Client(port) as c:
        sender = threading.Thread(target=c.socket.sendall, args=(b"".join(b"*2\r\n$4\r\nINCR\r\n$4\r\npipe\r\n" for _ in range(count)),))
        sender.start()
        assert [c.receive() for _ in range(count)] == list(range(1, count + 1))
        sender.join()


def test_many(server):
    """Fifty clients at once; each is counted, and none is left when they have gone."""
    _, port = server

    def client():
        with Client(port) as c:
            together.wait()
            for _ in range(20):
                c("INCR", "many")

    together = threading.Barrier(CLIENTS, timeout=60 * PATIENCE)
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    with Client(port) as c:
        assert c("GET", "many") == str(20 * CLIENTS).encode()
        while b"connected_clients:1\r\n" not in c("INFO", "clients"):
            pass


def fill(c):
    for i in range(KEYS):
        c.send("HSET", f"key {i}", "number", i, "text", "x" * i)
    assert [c.receive() for _ in range(KEYS)] == [2] * KEYS


def check(c):
    assert c("DBSIZE") == KEYS
    for i in (0, 1, KEYS // 2, KEYS - 1):
        assert c("HMGET", f"key {i}", "number", "text") == [str(i).encode(), b"x" * i]


def test_saved(image, tmp_path):
    """SAVE on a folder of the host; the image ends in order, and the next one has the data."""
    with redis(image, folder=tmp_path) as (machine, port):
        with Client(port) as c:
            fill(c)
            assert c("SAVE") == "OK"
            c.send("SHUTDOWN", "NOSAVE")
            assert machine.status() == 0
    with redis(image, folder=tmp_path) as (_, port), Client(port) as c:
        check(c)


def test_appended(image, tmp_path):
    """Each write is on the host's disk before it is answered: the image is killed, and nothing is missing."""
    always = ["--appendonly", "yes", "--appendfsync", "always"]
    with redis(image, *always, folder=tmp_path) as (machine, port):
        with Client(port) as c:
            fill(c)
        machine.process.terminate()
        machine.process.wait()
    with redis(image, *always, folder=tmp_path) as (_, port), Client(port) as c:
        check(c)


def test_wrong_option(image):
    status, console, _ = outcome(image("redis"), [], ["--no-such-option", "1"])
    assert status == 1 and "no-such-option" in console, console
