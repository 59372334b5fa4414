# SPDX-License-Identifier: BSD-3-Clause
"""Programs of Debian's packages, unmodified, in apps/elfloader and as Linux processes: the same answers."""

import contextlib
import os
import subprocess
import time

import pytest

import packages
import programs
from images import BUILD
from machine import PATIENCE, TOP, Machine, outcome
from outer_network import connect, free_port, server_options
from test_redis import Client

SQL = """\
.bail on
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, value REAL);
CREATE INDEX by_name ON t(name);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT i, 'row ' || i, i / 7.0 FROM n;
SELECT count(*), sum(value), max(name) FROM t;
BEGIN; DELETE FROM t; ROLLBACK;
PRAGMA journal_mode = wal;
UPDATE t SET name = upper(name) WHERE id % 3 = 0;
SELECT count(*), min(name) FROM t WHERE name GLOB 'ROW*';
PRAGMA integrity_check;
VACUUM;
.mode json
SELECT id, name, value FROM t ORDER BY value DESC LIMIT 3;
"""
NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off; sendfile on; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{ listen {port}; root {www}; rewrite ^/old/([a-z]+)$ /$1; gzip on; gzip_min_length 1; gzip_types text/plain; }}
}}
"""
HEAD = b"HEAD / HTTP/1.0\r\n\r\n"
DEBIAN = {
    "sqlite3": ("/usr/bin/sqlite3", ("sqlite3", "libsqlite3-0", "libreadline8", "libtinfo6", "zlib1g")),
    "python3": ("/usr/bin/python3.11", ("python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib", "libexpat1", "zlib1g")),
    "redis": ("/usr/bin/redis-check-rdb", ("redis-tools", "libatomic1", "liblzf1", "libjemalloc2", "libssl3", "libsystemd0", "libcap2",
                                           "libgcrypt20", "liblzma5", "libzstd1", "liblz4-1", "libgpg-error0")),
    "nginx": ("/usr/sbin/nginx", ("nginx", "libcrypt1", "libpcre2-8-0", "libssl3", "zlib1g")),
}  # fmt: skip

with open("/etc/os-release", encoding="utf-8") as os_release:
    pytestmark = pytest.mark.skipif("VERSION_CODENAME=bookworm" not in os_release.read(), reason="the packages' names are Debian 12's")


def debian(name):
    path, names = DEBIAN[name]
    return packages.Program(path, names, BUILD)


def linux(program, words, **options):
    environment = {**program.environment, **options.pop("env", {})}
    return subprocess.run(words, executable=program.file, env=environment, capture_output=True, text=True, check=False, timeout=60, **options)


def said(console):
    """Without the lines in which the kernel names calls that do not exist."""
    return "".join(line for line in console.splitlines(True) if not line.startswith("warning: "))


@pytest.fixture(name="run")
def _run(image, tmp_path):
    """run(files, arguments): (status, console) of a program in a ramdisk with @files."""

    def run(files, arguments):
        options = [f"--outer=-initrd {programs.ramdisk(tmp_path, files)}", "--outer-memory", 192]
        return outcome(image("elfloader"), options, arguments, timeout=180)[:2]

    return run


def test_sqlite3(run, tmp_path):
    program = debian("sqlite3")
    (tmp_path / "script").write_text(SQL)
    host = linux(program, ["sqlite3", "-batch", tmp_path / "db", f".read {tmp_path}/script"])
    assert host.returncode == 0 and host.stdout.count("\n") > 5, host
    status, console = run({**program.files(), "script": tmp_path / "script"}, [program.path, "-batch", "/db", ".read /script"])
    assert host.stdout in said(console), console
    assert status == 0


SHELL = """\
cat etc/words; ls -1 etc/words etc/script; echo status $?
cat nothing || echo "no: $?"
for i in 1 2 3; do wc -c < etc/words; cat -n etc/words >> tmp/out; done; cat tmp/out
if test -f tmp/out; then rm tmp/out; fi; ls -1 tmp
make -s -C tmp -f ../etc/Makefile all; echo made $?
etc/script one "two words"
export NAME=value; sh -c 'echo $NAME'
cat etc/script | cat -n | while read -r n text; do echo "$n: $text"; done; NAME=$(ls -1 tmp; echo "a  b"); echo "$NAME"
(cd etc; NAME=other; cat words; exit 5); echo "$? $NAME"; cat -n < etc/words | (cat; cat etc/words) | wc -l; cat etc/words & wait $!; echo $?
cat <<END | cat -n
here: $((6 * 7)) $(wc -l < etc/words)
END
exec cat etc/words
"""
MAKEFILE = b"""\
all: b
\t@cat a b
a:
\t@cat ../etc/words > a
\t-@cat nothing
b: a
\t@test -f a && wc -l < a > b
"""


def system_program(*paths):
    """Programs of this system's, with what they need."""
    return {path: path for program in paths for path in (program, *programs.libraries(program))}


def test_shell(run, tmp_path):
    """Debian's /bin/sh, dash, starts simple commands by vfork(), and forks for others."""
    tools = ("/bin/dash", "/bin/cat", "/bin/ls", "/bin/rm", "/usr/bin/wc", "/usr/bin/make")
    root = tmp_path / "root"
    texts = {"etc/words": b"some words\n", "etc/Makefile": MAKEFILE, "etc/commands": SHELL.encode(), "tmp/.keep": b""}
    script = b'#!/bin/sh -e\necho "$#: $2"\n'
    for name, text in {**texts, "etc/script": script}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text)
    (root / "etc/script").chmod(0o755)
    files = {**system_program(*tools), "bin/sh": "/bin/dash", **{name: root / name for name in (*texts, "etc/script")}}
    environment = {"PATH": "/bin:/usr/bin", "LC_ALL": "C"}
    host = subprocess.run(["/bin/sh", "etc/commands"], cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert host.returncode == 0 and "made 0" in host.stdout and "2: two words" in host.stdout, host
    status, console = run(files, ["/bin/sh", "-c", "exec 2> /dev/null; PATH=/bin:/usr/bin LC_ALL=C; export PATH LC_ALL; . etc/commands"])
    assert host.stdout in said(console), console
    assert status == 0


def test_python3_children(run):
    program = debian("python3")
    script = os.path.join(TOP, "tests", "programs", "children.py")
    files = {**program.files("/usr/lib/python3.11"), **system_program("/bin/dash", "/bin/cat"), "bin/sh": "/bin/dash"}
    path = ":".join(f"{tree}/usr/lib/python3.11" for tree in program.trees)
    host = linux(program, ["python3", script], env={"PYTHONPATH": path})
    assert host.returncode == 9 and host.stdout.count("\n") > 20, host.stderr
    status, console = run({**files, "children.py": script, "tmp/.keep": b""}, [program.path, "/children.py"])
    assert host.stdout in said(console), console
    assert status == 9


def test_python3(run):
    program = debian("python3")
    script = os.path.join(TOP, "tests", "programs", "stock.py")
    files = {**program.files("/usr/lib/python3.11"), "stock.py": script, "tmp/.keep": b""}
    path = ":".join(f"{tree}/usr/lib/python3.11" for tree in program.trees)
    host = linux(program, ["python3", script, "one", "two words"], env={"PYTHONPATH": path})
    assert host.returncode == 7, host.stderr
    status, console = run(files, [program.path, "/stock.py", "one", "two words"])
    assert host.stdout in said(console), console
    assert status == 7


@contextlib.contextmanager
def host_process(program, words):
    with subprocess.Popen(words, executable=program.file, env=program.environment) as process:
        try:
            yield
        finally:
            process.terminate()


def wait_until_served(port, question, check=lambda: None):
    """Until a server at @port answers @question; the emulator takes connections before there is one."""
    deadline = time.monotonic() + 120 * PATIENCE
    while True:
        check()
        with contextlib.suppress(OSError), connect(port) as s:
            s.sendall(question)
            if s.recv(1):
                return
        assert time.monotonic() < deadline, "nobody answers"
        time.sleep(0.2)


def wait_in(machine, port, question):
    def check():
        assert machine.process.poll() is None, machine.console.text()

    wait_until_served(port, question, check)


def redis_session(port):
    """What a server at @port of this host answers."""
    answers = []
    with Client(port) as c:
        for words in (("PING",), ("SET", "key", b"x" * 100000), ("STRLEN", "key"), ("INCR", "n"), ("INCRBYFLOAT", "n", "0.5"),
                      ("RPUSH", "list", "a", "b", "c"), ("LRANGE", "list", 0, -1), ("ZADD", "z", 1, "a", "inf", "b"),
                      ("ZRANGE", "z", 0, -1, "WITHSCORES"), ("EVAL", "return {KEYS[1], #ARGV, cjson.encode({1, 2})}", 1, "k", "v"),
                      ("HSET", "h", "f", "v"), ("HGETALL", "h"), ("DBSIZE",), ("SAVE",), ("OBJECT", "ENCODING", "list")):  # fmt: skip
            answers.append(c(*words))
        for _ in range(1000):
            c.send("INCR", "many")
        answers.append([c.receive() for _ in range(1000)])
        with Client(port) as other:
            c("SUBSCRIBE", "news")
            answers.append(other("PUBLISH", "news", "text"))
            answers.append(c.receive())
            other.send("SHUTDOWN", "NOSAVE")
    return answers


def test_redis(image, tmp_path):
    program = debian("redis")
    port = free_port()
    conf = tmp_path / "conf"
    conf.write_text(f'save ""\nprotected-mode no\nport {port}\nbind 127.0.0.1\ndir {tmp_path}\n')
    with host_process(program, ["redis-server", conf]):
        wait_until_served(port, b"PING\r\n")
        expected = redis_session(port)
    files = {**program.files(), "conf": b'save ""\nprotected-mode no\nbind 0.0.0.0\n'}
    files["usr/bin/redis-server"] = files.pop(program.path)
    options = server_options(port, 6379)
    options[-1] += f" -initrd {programs.ramdisk(tmp_path, files)}"
    with Machine(image("elfloader"), [*options, "--outer-memory", 256], ["/usr/bin/redis-server", "/conf"]) as m:
        wait_in(m, port, b"PING\r\n")
        assert redis_session(port) == expected
        assert m.status() == 0


def curl(port, path, *words):
    command = ["curl", "-s", "--max-time", str(30 * PATIENCE), "-w", "%{http_code} %{content_type}", *words, f"http://127.0.0.1:{port}{path}"]
    return subprocess.run(command, capture_output=True, check=False).stdout


def nginx_session(port):
    return [curl(port, "/index.html"), curl(port, "/big"), curl(port, "/old/big", "-r", "1000-299999"), curl(port, "/nothing"),
            curl(port, "/index.html", "--compressed"), curl(port, "/index.html", "-X", "POST", "-d", "x")]  # fmt: skip


def test_nginx(image, tmp_path):
    program = debian("nginx")
    port = free_port()
    www = tmp_path / "www"
    www.mkdir()
    (www / "index.html").write_text("<html>" + "x" * 600 + "</html>")
    (www / "big").write_bytes(os.urandom(1 << 20))
    conf = tmp_path / "conf"
    conf.write_text(NGINX.format(folder=tmp_path, port=f"127.0.0.1:{port}", www=www))
    with host_process(program, ["nginx", "-p", tmp_path, "-c", conf, "-e", "stderr"]):
        wait_until_served(port, HEAD)
        expected = nginx_session(port)
    assert b"200" in expected[0] and len(expected[1]) > 1 << 20 and b"206" in expected[2] and b"404" in expected[3]
    inside = NGINX.format(folder="/tmp", port=80, www="/www").encode()
    files = {**program.files(), "conf": inside, "tmp/.keep": b"", "www/index.html": www / "index.html", "www/big": www / "big"}
    files |= {"etc/passwd": b"root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n", "etc/group": b"root:x:0:\nnogroup:x:65534:\n"}
    options = server_options(port, 80)
    options[-1] += f" -initrd {programs.ramdisk(tmp_path, files)}"
    words = [program.path, "-p", "/tmp", "-c", "/conf", "-e", "stderr"]

    with Machine(image("elfloader"), [*options, "--outer-memory", 256], words) as m:
        wait_in(m, port, HEAD)
        assert nginx_session(port) == expected
