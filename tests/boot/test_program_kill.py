# SPDX-License-Identifier: BSD-3-Clause
"""Programs with data on a folder of the host, whose machine is killed at any time: what they acknowledged is there in the next boot."""

import os
import random
import re
import signal
import threading
import time

import pytest

from machine import PATIENCE, Machine
from test_redis import Client, redis
from test_sqlite import share

ROUNDS = 200
FEW = 2
TRANSACTIONS = 400  # of a round, which is killed in the first half of them
ROWS_MAX = 3000

rounds = pytest.mark.parametrize("count", [FEW, pytest.param(ROUNDS, marks=pytest.mark.nightly)])


def kill(machine):
    """Kill the outer emulator as a failure of power does: nothing in it gets to know."""
    pid = machine.process.pid
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        children = [int(child) for child in f.read().split()]
    emulators = [child for child in children if "qemu-system" in os.readlink(f"/proc/{child}/exe")]
    for emulator in emulators:  # none, if it got to its end before
        os.kill(emulator, signal.SIGKILL)
    machine.process.wait(60 * PATIENCE)


def script():
    """Transactions of three rows each, which are acknowledged on the console."""
    head = """create table if not exists t(n integer primary key, text);
select 'found ' || count(*) || ' to ' || ifnull(max(n), 0) from t; pragma integrity_check;
"""
    row = "('row ' || hex(zeroblob(300)))"
    return head + f"begin; insert into t(text) values {row}, {row}, {row}; commit; select 'acknowledged ' || max(n) from t;\n" * TRANSACTIONS


@rounds
def test_sqlite(image, tmp_path, count):
    chance = random.Random(count)
    (tmp_path / "script.sql").write_text(script())
    there = 0
    for _ in range(count):
        with Machine(image("sqlite"), share(tmp_path), ["-list", "/host/t/a.db", ".read /host/t/script.sql"]) as m:
            found = m.wait(r"^found (\d+) to (\d+)\n(.+)\n", 60)
            assert found.group(1) == found.group(2) and found.group(3) == "ok", m.console.text()
            # More may be there than the console still got to know; but whole transactions.
            assert int(found.group(1)) >= there and int(found.group(1)) % 3 == 0, m.console.text()
            m.wait(rf"(?:^acknowledged \d+\n){{{chance.randint(1, TRANSACTIONS // 2)}}}", 120)
            time.sleep(chance.random() / 20)
            kill(m)
            m.console.thread.join(60 * PATIENCE)
            there = int(re.findall(r"^acknowledged (\d+)\n", m.console.text(), re.M)[-1])
        if there > ROWS_MAX:
            (tmp_path / "a.db").unlink()
            there = 0


class Counter(threading.Thread):
    """A client that counts up, and what has been answered."""

    def __init__(self, port, value):
        super().__init__(daemon=True)
        self.port, self.value = port, value

    def run(self):
        try:
            with Client(self.port) as c:
                while True:
                    self.value = c("INCR", "n")
        except (AssertionError, OSError):
            pass  # the machine is gone


@rounds
def test_redis(image, tmp_path, count):
    chance = random.Random(count)
    value = 0
    for _ in range(count):
        with redis(image, "--appendonly", "yes", "--appendfsync", "always", folder=tmp_path) as (machine, port):
            with Client(port) as c:
                found = int(c("GET", "n") or 0)
            assert value <= found <= value + 1
            counter = Counter(port, found)
            counter.start()
            while counter.value < found + 5 and counter.is_alive():
                time.sleep(0.01)
            time.sleep(chance.random())
            kill(machine)
            counter.join(60 * PATIENCE)
            value = counter.value
            assert value >= found + 5
