# SPDX-License-Identifier: BSD-3-Clause
"""What programs of others cost: instructions until main(), counted, and the least machine in which each does its work, by bisection."""

import os
import subprocess
import time

import pytest

from benchlib import promises
from machine import PATIENCE, TOP, Machine
from outer_network import free_port, server_options

# The figures of the applications' READMEs.
LEAST = {"httpreply": 5, "nginx": 5, "redis": 7, "sqlite": 6}  # MiB
INSTRUCTIONS = {"httpreply": 0.53, "nginx": 0.52, "redis": 0.63, "sqlite": 0.52}  # millions
MOST = 32
TRIES = 20
INSIDE = {"httpreply": 8080, "nginx": 80, "redis": 6379}
WORDS = {"httpreply": [], "nginx": [], "redis": ["--protected-mode", "no"]}
SQL = "create table t(a, b); insert into t values(1, 'one'), (2, 'two'); select b from t where a = 2; pragma integrity_check;"

pytestmark = pytest.mark.nightly


def serves(app, machine, port):
    """Does the server in @machine answer before it ends?"""
    if app == "redis":
        command = ["sh", "-c", f"printf 'SET a b\\r\\nGET a\\r\\nQUIT\\r\\n' | nc -w 5 127.0.0.1 {port}"]
    else:
        command = ["curl", "-sf", "-m", "5", f"http://127.0.0.1:{port}/"]
    for _ in range(TRIES):
        done = subprocess.run(command, capture_output=True, timeout=60 * PATIENCE, check=False)
        if b"</html>" in done.stdout or b"+OK\r\n$1\r\nb\r\n" in done.stdout:
            return True
        if machine.process.poll() is not None:
            return False
        time.sleep(0.5)
    return False


def works(image, app, size, ramdisk):
    options = ["--outer-memory", str(size)]
    if app == "sqlite":
        with Machine(image(app), options, ["-list", "/tmp/a.db", SQL]) as m:
            return m.status() == 0 and "two\nok\n" in m.console.text()
    port = free_port()
    options += server_options(port, INSIDE[app])
    if app == "nginx":
        options[-1] += f" -initrd {ramdisk}"
    with Machine(image(app), options, WORDS[app]) as m:
        return serves(app, m, port)


@pytest.mark.parametrize("app", sorted(LEAST))
def test_memory(image, app, tmp_path):
    ramdisk = tmp_path / "site.cpio"
    subprocess.run([os.path.join(TOP, "scripts", "ramdisk"), os.path.join(TOP, "apps", "nginx", "site"), ramdisk], check=True)
    low, high = 1, MOST  # what does not work, and what does
    assert works(image, app, high, ramdisk)
    while high - low > 1:
        middle = (low + high) // 2
        if works(image, app, middle, ramdisk):
            high = middle
        else:
            low = middle
    assert high <= LEAST[app]


@pytest.mark.parametrize("app", sorted(INSTRUCTIONS))
def test_instructions(image, app):
    found = promises.start(app, image(app), "x", "main")[f"{app}-instructions"]
    assert found <= INSTRUCTIONS[app] * promises.TOLERANCE
