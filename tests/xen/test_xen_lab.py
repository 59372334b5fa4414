# SPDX-License-Identifier: BSD-3-Clause
"""The lab itself, with Linux on both sides: what our images are compared with works here."""

import os
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from images import HELLO
from xenlab import LabError, dom0, hvm, processor, session
from xenlab.machine import boot_direct
from xenlab_fixtures import PATIENCE, direct, run_guest


def test_one_processor(monkeypatch, tmp_path):
    """Of two emulators at once each gets a processor of its own, if there are two, and a child of it has no other."""
    allowed = os.sched_getaffinity(0)
    monkeypatch.setattr(processor, "PROCESSOR", f"{tmp_path}/{{}}")  # other labs have locked this machine's
    for number in allowed:
        (tmp_path / str(number)).touch()
    both = threading.Barrier(2)

    def emulator():
        with processor.one() as number:
            both.wait(10 * PATIENCE)
            assert subprocess.check_output(["nproc"], text=True) == "1\n"
            both.wait(10 * PATIENCE)
        assert os.sched_getaffinity(0) == allowed
        return number

    with ThreadPoolExecutor() as threads:
        first, second = (t.result() for t in [threads.submit(emulator) for _ in range(2)])
    assert {first, second} <= allowed and (first != second or len(allowed) == 1)


def test_direct(lab):
    """A Linux kernel without a root file system: it panics, and the run ends by itself."""
    outcome = direct(lab, lab.vmlinuz, "console=hvc0 panic=1", memory=512)
    assert outcome.how == "crash" and "Unable to mount root fs" in outcome.console


def test_direct_limit(lab):
    outcome = boot_direct(lab, lab.vmlinuz, memory=512, limit=1)
    assert outcome.how == "limit" and outcome.seconds < 20 * PATIENCE


def test_direct_missing(lab):
    with pytest.raises(LabError, match="/nowhere: there is no such file"):
        boot_direct(lab, "/nowhere")


def test_script(lab):
    """Files go in and come back, and so does the status."""
    script = "cat /lab/in /lab/data >/tmp/out; xl list; exit 7"
    outcome = dom0.run(lab, script, {"lab/in": b"one\n", "lab/data": __file__}, ["/tmp/o*"], limit=120 * PATIENCE)
    assert outcome.status == 7 and outcome.how == "poweroff", outcome.console
    assert "Domain-0" in outcome.console
    with open(__file__, "rb") as f:
        assert outcome.files["tmp/out"] == b"one\n" + f.read()


def test_booted(lab, monkeypatch):
    """The same with a boot of its own, instead of the state that is kept of one."""
    monkeypatch.setenv("UNIDOM_BOOT", "1")
    outcome = dom0.run(lab, "cat /lab/in; exit 7", {"lab/in": b"went in\n"}, limit=120 * PATIENCE)
    assert outcome.status == 7 and "went in" in outcome.console and "Xen version" in outcome.console, outcome.console


def test_nothing_stays(lab):
    """A run finds nothing of the one before."""
    script = "[ ! -e /lab/left ] && touch /lab/left && xenstore-write /left 1 && ls -1 /lab"
    for name in ("one", "two"):
        outcome = dom0.run(lab, script, {f"lab/{name}": b""}, limit=120 * PATIENCE)
        assert outcome.status == 0, outcome.console
        assert [word for word in ("one", "two") if re.search(f"^{word}$", outcome.console, re.M)] == [name]


def test_script_limit(lab):
    """A script that hangs is stopped, and what it left comes back all the same."""
    limit = session.BOOT_ALLOWANCE + session.SCRIPT_MIN
    outcome = dom0.run(lab, "echo here >/tmp/out; sleep 1000", {}, ["/tmp/out"], limit=limit)
    assert outcome.status == 143 and outcome.files["tmp/out"] == b"here\n", outcome.console


@pytest.mark.parametrize("mode", ["dom0", "linux"])
def test_reference(lab, guest, mode):
    result = run_guest(lab, mode, guest("hello"), until="power off")
    assert result.ended == "guest" and result.serial.splitlines() == HELLO
    assert 0 < result.times["running_s"] < result.times["create_to_running_s"]
    assert (mode == "linux") == ("stub: userland" in result.stubdomain_log)


def test_failing_configuration(lab, guest):
    """xl's complaint reaches the result."""
    result = run_guest(lab, "dom0", guest("hello"), extra='device_model_override = "/nowhere"')
    assert result.ended == "xl" and any("/nowhere" in line for line in result.errors())


def test_ours_needs_an_image(lab, guest):
    with pytest.raises(LabError, match="--kernel"):
        hvm.run(lab, hvm.Job("ours", guest("hello")))
