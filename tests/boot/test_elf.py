# SPDX-License-Identifier: BSD-3-Clause
"""Linux programs, unmodified, in apps/elfloader; what they print there is what they print as a Linux process."""

import glob
import os
import re
import subprocess

import pytest

import programs
from benchlib import promises
from machine import TOP, ktap, outcome

SHELL = 'for i in 1 2 3; do echo "round $i"; done; cd /etc; pwd; read -r line < words; echo "read: $line"; echo "sum: $((6 * 7))"'


@pytest.fixture(name="run")
def _run(image, tmp_path):
    """run(files, arguments): (status, console) of a program in a ramdisk with @files."""

    def run(files, arguments, memory=64, options=()):
        disk = programs.ramdisk(tmp_path, files)
        status, console, _ = outcome(image("elfloader"), [f"--outer=-initrd {disk}", "--outer-memory", memory, *options], arguments)
        return status, console

    return run


def said(console):
    """Without the lines in which the kernel names calls that do not exist."""
    return "".join(line for line in console.splitlines(True) if not line.startswith("warning: "))


def test_trap(run, tmp_path):
    program = programs.trap_test(tmp_path)
    linux = subprocess.run([program], capture_output=True, text=True, check=False, timeout=60)
    status, console = run({"trap": program}, ["/trap"])
    assert ktap(console) == ktap(linux.stdout) and len(ktap(console)) > 20, console
    assert status == linux.returncode == 0, console
    assert console.count("system call 499") == 1, "a call that does not exist is named once"


@pytest.mark.parametrize("kind", ["-static-pie", pytest.param("-static", marks=pytest.mark.nightly), "-pie"])
def test_hello(run, tmp_path, kind):
    program = programs.compile_program("hello", tmp_path, [kind, "-pthread"])
    files = {"bin/hello": program, **{path: path for path in programs.libraries(program)}}
    linux = subprocess.run(["/bin/hello", "one", "two words"], executable=program, env={}, capture_output=True, text=True, check=False)
    status, console = run(files, ["/bin/hello", "one", "two words"])
    assert linux.stdout and linux.stdout in said(console), console
    assert status == linux.returncode == 3, console


def test_busybox(run, debian_file):
    files = {"bin/busybox": debian_file("busybox-static", "/bin/busybox"), "etc/words": b"some words\n"}
    status, console = run(files, ["/bin/busybox", "sh", "-c", SHELL])
    assert "round 1\nround 2\nround 3\n/etc\nread: some words\nsum: 42\n" in said(console), console
    assert status == 0


@pytest.mark.parametrize("kind", ["-static-pie", pytest.param("-pie", marks=pytest.mark.nightly)])
def test_processes(run, tmp_path, kind):
    program = programs.compile_program("spawn", tmp_path, [kind, "-pthread"])
    linux = subprocess.run([program], env={"SELF": program, "TMPDIR": str(tmp_path)}, capture_output=True, text=True, check=False, timeout=120)
    assert linux.returncode == 17, linux
    extra = subprocess.run(["cc", "-print-file-name=libgcc_s.so.1"], capture_output=True, text=True, check=True).stdout.strip()
    files = {"spawn": program, "tmp/.keep": b"", **{path: path for path in programs.libraries(program)}, "lib/libgcc_s.so.1": extra}
    status, console = run(files, ["/spawn"], 256, ["--kernel-args", "env.ALONE=64"])
    assert linux.stdout in said(console), console
    assert status == 17, console


def test_fork(run, tmp_path):
    program = programs.compile_program("fork", tmp_path, ["-static-pie", "-pthread"])
    linux = subprocess.run([program], env={"SELF": program}, capture_output=True, text=True, check=False, timeout=60)
    assert linux.returncode == 23, linux
    status, console = run({"fork": program}, ["/fork"], 96)
    assert linux.stdout in said(console), console
    assert status == 23, console


def test_clone3(run, tmp_path):
    program = programs.compile_program("clone3", tmp_path, ["-static-pie", "-pthread"])
    linux = subprocess.run([program], capture_output=True, text=True, check=False, timeout=60)
    assert linux.returncode == 29, linux
    status, console = run({"clone3": program}, ["/clone3"])
    assert linux.stdout in said(console), console
    assert status == 29, console
    assert "clone3: ENOSYS" not in console and console.count("rseq: ENOSYS") == 1, console


def test_child_that_waits_for_its_parent(run, tmp_path):
    """That cannot be, and is not silent. An alarm ends the child here."""
    program = programs.compile_program("clone3", tmp_path, ["-static-pie", "-pthread"])
    status, console = run({"clone3": program}, ["/clone3", "wait"])
    assert console.count("sleeps until its child") == 1 and "ended by 14\n" in console, console
    assert status == 0, console


def test_ipc_of_processes(run, tmp_path):
    program = programs.compile_program("sysvipc", tmp_path, ["-static-pie", "-pthread"])
    linux = subprocess.run([program], env={"SELF": program}, capture_output=True, text=True, check=False, timeout=60)
    assert linux.returncode == 19, linux
    status, console = run({"sysvipc": program}, ["/sysvipc"])
    assert linux.stdout in said(console), console
    assert status == 19, console


def test_ipc(run, tmp_path):
    """Parts of posix-test as a Linux program, beside Internet sockets."""
    program = tmp_path / "posix-test"
    sources = sorted(glob.glob(os.path.join(TOP, "apps", "posix-test", "*.c")))
    subprocess.run(["cc", "-w", "-O1", "-static-pie", "-pthread", "-o", program, *sources, "-lm"], check=True)
    groups = ["proc", "mqueues", "mqnotices", "sems", "msgs", "shms"]
    status, console = run({"posix-test": program, "tmp/.keep": b""}, ["/posix-test", *groups], 128)
    assert ktap(console) and all(ktap(console).values()), console
    assert status == 0, console


def test_not_a_program(run):
    status, console = run({"bad": b"#!/bin/sh\n" * 10}, ["/bad"])
    assert status == 126 and "/bad: not an ELF file" in console, console


def test_cost_of_a_call(image, tmp_path):
    """Instructions of a call that does nothing; the program's loop has three of them. A tick is half of one."""
    program = programs.compile_program("cost", tmp_path, ["-static-pie"])
    ramdisk = programs.ramdisk(tmp_path, {"cost": program})
    status, console, _ = outcome(image("elfloader"), [f"--outer=-initrd {ramdisk} -icount shift=1,sleep=off -cpu qemu64"], ["/cost"])
    ticks = re.search(r"^ticks: (\d+)$", console, re.M)
    assert status == 0 and ticks, console
    found = {"elfloader-call": int(ticks[1]) / 2 / 1000}
    assert not promises.broken(found), found
