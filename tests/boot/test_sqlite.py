# SPDX-License-Identifier: BSD-3-Clause
"""SQLite's shell: databases in memory and on a folder of the host, where they outlive the image."""

import glob
import os
import re
import sqlite3
import subprocess

import pytest

from machine import outcome

ROWS = 60000
FILL = f"""
create table t(id integer primary key, word text, number integer);
create index by_number on t(number);
with recursive c(n) as (select 1 union all select n + 1 from c where n < {ROWS})
insert into t select n, 'row ' || n, n * 7919 % {ROWS} from c;
"""
CHECK = "select count(*), sum(number), max(word) from t; pragma integrity_check;"
ANSWER = f"{ROWS}|{sum(n * 7919 % ROWS for n in range(1, ROWS + 1))}|row 9999\nok\n"


def share(folder):
    return ["--outer", f"-fsdev local,id=t,path={folder},security_model=none -device virtio-9p-pci,fsdev=t,mount_tag=t"]


def run(image, folder, *words):
    status, console, _ = outcome(image("sqlite"), share(folder), ["-list", *words], timeout=180)
    assert status == 0, console
    return console


def test_memory(image, tmp_path):
    """In /tmp, which ends with the image; full-text search and the R*Tree index are there."""
    more = ("create virtual table f using fts5(x); insert into f values('one two'),('three four'); select x from f where f match 'three';"
            "create virtual table r using rtree(id, a, b); insert into r values(7, 1, 2); select id from r where a <= 1 and b >= 1;")
    console = run(image, tmp_path, "/tmp/a.db", FILL + CHECK, more)
    assert f"{ANSWER}three four\n7\n" in console, console


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_kept(image, tmp_path, journal):
    """One boot writes, the next one reads, changes in a transaction that is rolled back and one that is not; then the host looks."""
    (tmp_path / "fill.sql").write_text(FILL)
    mode = f"pragma locking_mode=exclusive; pragma journal_mode={journal};"
    assert journal in run(image, tmp_path, "/host/t/a.db", mode, ".read /host/t/fill.sql")
    change = "begin; delete from t; rollback; begin immediate; update t set word = 'changed' where id = 17; commit;"
    console = run(image, tmp_path, "/host/t/a.db", mode, CHECK, change)
    assert ANSWER in console, console
    with sqlite3.connect(tmp_path / "a.db") as db:
        assert db.execute("select count(*) from t").fetchone() == (ROWS,)
        assert db.execute("select word from t where id = 17").fetchone() == ("changed",)
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    db.close()


def test_failures(image, tmp_path):
    """Errors end with a status: of SQL, of a database that is none, of programs that cannot be started."""
    (tmp_path / "bad.db").write_bytes(b"no database" * 1000)
    for words, text in ((["/tmp/a.db", "select * from missing;"], "no such table: missing"),
                        (["/host/t/bad.db", "select * from t;"], "file is not a database")):
        status, console, _ = outcome(image("sqlite"), share(tmp_path), words)
        assert status == 1 and text in console, console


def hash_of(text):
    """What speedtest1 makes of all results."""
    return re.search(r"^Verification Hash: (.*)$", text, re.M).group(1)


@pytest.mark.nightly
@pytest.mark.skipif("UNIDOM_IMAGES" in os.environ, reason="images without the sources")
def test_speedtest(image, tmp_path):
    """Upstream's benchmark has the same results in the image, in memory and on a folder of the host, as on Linux."""
    path = image("sqlite-speed")
    folder = os.path.dirname(path)
    trees = glob.glob(os.path.join(os.path.dirname(folder), "src", "sqlite-*", "test", "speedtest1.c"))
    sources = [max(trees, key=os.path.getmtime), os.path.join(folder, "libsqlite", "sqlite3.c")]
    flags = ["-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_ENABLE_MATH_FUNCTIONS", "-DSQLITE_ENABLE_RTREE"]
    command = ["gcc", "-O1", "-w", *flags, "-I", os.path.join(folder, "libsqlite", "include"), "-o", tmp_path / "linux", *sources, "-lm"]
    subprocess.run(command, check=True)
    words = ["--size", "2", "--verify", "--testset", "main,cte,fp,orm,rtree"]
    linux = subprocess.run([tmp_path / "linux", *words, tmp_path / "linux.db"], check=True, capture_output=True, text=True).stdout
    for place in ("/tmp/a.db", "/host/t/a.db"):
        status, console, _ = outcome(path, ["--outer-memory", "128", *share(tmp_path)], [*words, place], timeout=300)
        assert status == 0 and hash_of(console) == hash_of(linux), console
