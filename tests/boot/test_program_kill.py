# SPDX-License-Identifier: BSD-3-Clause
"""Programs with data on a folder of the host or on a disk, whose machine is killed at any time: what they acknowledged is there in the next
boot. Of the disk's writes that were not flushed some are lost each time."""

import contextlib
import os
import random
import re
import signal
import sqlite3
import subprocess
import threading
import time

import pytest

from lossy_disk import LossyDisk
from machine import PATIENCE, Machine, outcome
from test_redis import Client, redis
from test_sqlite import share

ROUNDS = 200
FEW = 2
TRANSACTIONS = 400  # of a round, which is killed in the first half of them
ROWS_MAX = 3000
MOUNT = "mount=/dev/vda:/data"
APPEND = ("--appendonly", "yes", "--appendfsync", "always")

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


def script(synchronous="full"):
    """Transactions of three rows each, which are acknowledged on the console."""
    head = f"""pragma synchronous = {synchronous}; create table if not exists t(n integer primary key, text);
select 'found ' || count(*) || ' to ' || ifnull(max(n), 0) from t; pragma integrity_check;
"""
    row = "('row ' || hex(zeroblob(300)))"
    return head + f"begin; insert into t(text) values {row}, {row}, {row}; commit; select 'acknowledged ' || max(n) from t;\n" * TRANSACTIONS


def commit_until_killed(machine, there, chance, most):
    """All rows that were acknowledged before, up to @there, are there; the machine is killed after at most @most transactions. Returns the last
    row that was acknowledged."""
    found = machine.wait(r"^found (\d+) to (\d+)\n(.+)\n", 60)
    assert found.group(1) == found.group(2) and found.group(3) == "ok", machine.console.text()
    # More may be there than the console still got to know; but whole transactions.
    assert int(found.group(1)) >= there and int(found.group(1)) % 3 == 0, machine.console.text()
    machine.wait(rf"(?:^acknowledged \d+\n){{{chance.randint(1, most)}}}", 120)
    time.sleep(chance.random() / 20)
    kill(machine)
    machine.console.thread.join(60 * PATIENCE)
    return int(re.findall(r"^acknowledged (\d+)\n", machine.console.text(), re.M)[-1])


@rounds
def test_sqlite(image, tmp_path, count):
    chance = random.Random(count)
    (tmp_path / "script.sql").write_text(script())
    there = 0
    for _ in range(count):
        with Machine(image("sqlite"), share(tmp_path), ["-list", "/host/t/a.db", ".read /host/t/script.sql"]) as m:
            there = commit_until_killed(m, there, chance, TRANSACTIONS // 2)
        if there > ROWS_MAX:
            (tmp_path / "a.db").unlink()
            there = 0


@contextlib.contextmanager
def ext4(folder, files=()):
    """A disk that loses what was not flushed, with @files in its root. In the end an image has seen it, and e2fsck finds nothing."""
    path, root = folder / "disk", folder / "root"
    root.mkdir()
    for name, text in dict(files).items():
        (root / name).write_text(text)
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-d", root, path, "32M"], check=True)
    with LossyDisk(path, folder) as disk:
        yield disk
        assert disk.flushes


def check_disk(image, disk):
    """Mounted once more, which replays the journal: e2fsck finds nothing then."""
    options = ["--disk", f"{disk.path},format=raw", "--kernel-args", MOUNT]
    status, console, _ = outcome(image("sqlite"), options, [":memory:", "select 'mounted';"], timeout=120)
    assert status == 0 and "mounted" in console, console
    done = subprocess.run(["e2fsck", "-fn", disk.path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, done.stdout.decode()


def look_from_outside(disk, folder, least):
    """What Linux' own tools make of the disk: the journal is all that e2fsck mends, and the database has what was acknowledged."""
    copy, database = folder / "copy", folder / "copy.db"
    copy.write_bytes(disk.stable)
    done = subprocess.run(["e2fsck", "-fy", copy], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode in (0, 1), done.stdout.decode()
    again = subprocess.run(["e2fsck", "-fn", copy], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert again.returncode == 0, done.stdout.decode() + again.stdout.decode()
    for suffix in ("", "-journal"):
        (folder / f"copy.db{suffix}").unlink(missing_ok=True)
        subprocess.run(["debugfs", "-R", f"dump /a.db{suffix} {database}{suffix}", copy], stderr=subprocess.DEVNULL, check=True)
    with contextlib.closing(sqlite3.connect(database)) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        (count,) = db.execute("select count(*) from t").fetchone()
    assert count >= least and count % 3 == 0


@rounds
def test_sqlite_on_a_disk(image, tmp_path, count):
    chance = random.Random(count)
    there = 0
    # What SQLite itself promises with "full", its default, is that a transaction may be lost whose journal's end was not synced yet.
    with ext4(tmp_path, {"script.sql": script("extra")}) as disk:
        options = ["--outer", disk.device, "--kernel-args", MOUNT]
        for turn in range(count):
            with Machine(image("sqlite"), options, ["-list", "/data/a.db", ".read /data/script.sql"]) as m:
                there = commit_until_killed(m, there, chance, TRANSACTIONS // 8)
            disk.cut_power(chance, chance.choice((0, 0.5, 0.9)))
            if turn < FEW or not turn % 20:
                look_from_outside(disk, tmp_path, there)
        check_disk(image, disk)


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


def count_until_killed(machine, port, value, chance):
    """What was answered before, @value, is there; count on until the machine is killed. Returns what has been answered."""
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
    assert counter.value >= found + 5
    return counter.value


@rounds
def test_redis(image, tmp_path, count):
    chance = random.Random(count)
    value = 0
    for _ in range(count):
        with redis(image, *APPEND, folder=tmp_path) as (machine, port):
            value = count_until_killed(machine, port, value, chance)


@rounds
def test_redis_on_a_disk(image, tmp_path, count):
    chance = random.Random(count)
    value = 0
    with ext4(tmp_path) as disk:
        for _ in range(count):
            with redis(image, *APPEND, "--dir", "/data", disk=disk.device) as (machine, port):
                value = count_until_killed(machine, port, value, chance)
            disk.cut_power(chance, chance.choice((0, 0.5, 0.9)))
        check_disk(image, disk)
