# SPDX-License-Identifier: BSD-3-Clause
"""Linux programs, unmodified, in apps/elfloader as a PV and a PVH domain: what they print is what they print as Linux processes."""

import subprocess

import pytest

import programs
from machine import ktap
from xenlab_fixtures import direct


@pytest.fixture(name="run", params=["pv", "pvh"])
def _run(request, lab, xen_image, tmp_path):
    """run(files, arguments): the outcome of a program in a ramdisk with @files."""

    def run(files, arguments):
        ramdisk = programs.ramdisk(tmp_path, files)
        return direct(lab, xen_image("elfloader"), f"-- {arguments}", limit=120, pvh=request.param == "pvh", memory=192, ramdisk=ramdisk)

    return run


def said(console):
    """Without what Xen prints, and the lines in which the kernel names calls that do not exist."""
    return "".join(line for line in console.splitlines(True) if not line.startswith(("warning: ", "(XEN) ")))


def test_trap(run, tmp_path):
    program = programs.trap_test(tmp_path)
    linux = subprocess.run([program], capture_output=True, text=True, check=True, timeout=60)
    outcome = run({"trap": program}, "/trap")
    assert ktap(said(outcome.console)) == ktap(linux.stdout), outcome.console
    assert outcome.status == 0, outcome.console


@pytest.mark.parametrize("kind", ["-static-pie", "-pie"])
def test_hello(run, tmp_path, kind):
    program = programs.compile_program("hello", tmp_path, [kind, "-pthread"])
    linux = subprocess.run(["/bin/hello", "one"], executable=program, env={}, capture_output=True, text=True, check=False, timeout=60)
    outcome = run({"bin/hello": program, **{path: path for path in programs.libraries(program)}}, "/bin/hello one")
    assert linux.stdout and linux.stdout in said(outcome.console), outcome.console
    assert outcome.status == linux.returncode == 3, outcome.console
