# SPDX-License-Identifier: BSD-3-Clause
"""In-image test programs: every KTAP line must be ok."""

import glob
import os
import subprocess
import sys

import pytest

from machine import TOP, ktap, outcome

# Areas of posix-test that an unprivileged program passes on Linux too: what they expect is what Linux does.
ON_LINUX = ["nodes", "proc", "copying", "calls", "futexes", "ptys", "overflow", "robust", "room", "nests",
            "limits", "places", "cputimers", "watches", "aio", "mqueues", "mqnotices", "requeues",
            "sems", "msgs", "shms", "corners", "settings", "states", "peers"]


def realtime_permitted():
    """May this user's programs have real-time priorities?"""
    allowed = subprocess.run([sys.executable, "-c", "import os; os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(90))"],
                             stderr=subprocess.DEVNULL, check=False)
    return allowed.returncode == 0


@pytest.mark.parametrize("app", ["posix-test", "lib-test"])
def test_program(image, app):
    status, console, _ = outcome(image(app), ["--outer-memory", 64], timeout=300)
    failed = [name for name, passed in ktap(console).items() if not passed]
    assert not failed, console
    assert status == 0


def test_threads_for_a_minute(image):
    """64 threads, each with floating point, TLS, mutexes and condition variables, under pre-emption."""
    status, console, _ = outcome(image("posix-test"), ["--no-guest", "--outer-memory", 64], ["stress", "60"], timeout=300)
    assert status == 0 and "ok 1 - stress 60" in console, console


def test_no_date(image):
    """A machine whose clock shows what cannot be has one that goes, from 1970 on, and says so."""
    status, console, _ = outcome(image("posix-test"), ["--no-guest", "--outer-memory", 64, "--outer", "-rtc base=1969-01-01"], ["settings"])
    assert status == 0 and console.count("it begins in 1970") == 1, console


def with_tmp_of_its_own(folder):
    """The beginning of a command that finds @folder as /tmp, where the machine permits that: the program's files have fixed names there."""
    script = 'mount --bind "$1" /tmp || exit; program=/tmp/${2##*/}; shift 2; "$program" "$@"; exit $?'  # a child, which has none of its own
    permitted = subprocess.run(["unshare", "--mount", "mount", "--bind", folder, "/tmp"], stderr=subprocess.DEVNULL, check=False)
    return ["unshare", "--mount", "sh", "-c", script, "sh", folder] if permitted.returncode == 0 else []


def test_same_on_linux(tmp_path):
    """The expectations are Linux': the same source, built for this machine, has the same ok lines."""
    folder = tmp_path / "tmp"
    folder.mkdir(mode=0o1777)
    program = folder / "posix-test"
    sources = sorted(glob.glob(os.path.join(TOP, "apps", "posix-test", "*.c")))
    subprocess.run(["cc", "-w", "-O1", "-pthread", "-o", program, *sources, "-lm"], check=True)
    areas = ON_LINUX + ["realtime", "schedules", "inherit"] if realtime_permitted() else ON_LINUX
    run = subprocess.run([*with_tmp_of_its_own(folder), program, *areas], stdout=subprocess.PIPE, text=True, timeout=120)
    failed = [name for name, passed in ktap(run.stdout).items() if not passed]
    assert not failed and run.returncode == 0, run.stdout
