# SPDX-License-Identifier: BSD-3-Clause
"""Sockets that the runner serves, wanted by many runs at once."""

import multiprocessing
import os
import resource
import socket
import sys

import pytest

from machine import TOP

sys.path.insert(0, os.path.join(TOP, "scripts"))

from runlib.listen import accept, listening  # noqa: E402
from runlib.report import Failure  # noqa: E402

MANY, ROUNDS = 8, 40


def contend(path, begin, done, results):
    for _ in range(ROUNDS):
        begin.wait()
        try:
            with listening(path, "--qmp"):
                results.put(os.path.exists(path))
                done.wait()
        except Failure as e:
            results.put(str(e))
            done.wait()


@pytest.mark.parametrize("stale", [True, False])
def test_one_has_it(tmp_path, stale):
    """One run serves the path, and still does after all have tried; the others say who has it."""
    path = str(tmp_path / "qmp")
    begin, done = multiprocessing.Barrier(MANY + 1), multiprocessing.Barrier(MANY + 1)
    results = multiprocessing.Queue()
    everybody = [multiprocessing.Process(target=contend, args=(path, begin, done, results), daemon=True) for _ in range(MANY)]
    for process in everybody:
        process.start()
    for _ in range(ROUNDS):
        if stale:
            with socket.socket(socket.AF_UNIX) as left:
                left.bind(path)
        begin.wait(60)
        found = [results.get(timeout=60) for _ in everybody]
        assert found.count(True) == 1, found
        assert found.count(f"--qmp {path}: another process listens there") == MANY - 1, found
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
        done.wait(60)
        while os.path.exists(path):
            pass
    for process in everybody:
        process.join(60)


def test_no_descriptor_for_a_client(tmp_path):
    """It is turned away: it would be reported again and again."""
    path, limits = str(tmp_path / "serial"), resource.getrlimit(resource.RLIMIT_NOFILE)
    with listening(path, "--serial") as server, socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.settimeout(10)
        lowest = os.dup(0)
        os.close(lowest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, limits[1]))
        try:
            assert accept(server) is None
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert client.recv(1) == b""
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(path)
            with accept(server) as served:
                assert served.fileno() >= 0
