# SPDX-License-Identifier: BSD-3-Clause
"""The smallest program: from the loader to the status that the host sees."""

import subprocess

import pytest

from machine import TOP, outcome


@pytest.fixture(name="ramdisk")
def _ramdisk(image, tmp_path):
    """ramdisk(change): (status, lines of complaint, console) with an archive as the initial ramdisk after change(bytes)."""

    def run(change):
        (tmp_path / "file").write_bytes(bytes(range(256)) * 16)
        made = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], input=b"file\n", cwd=tmp_path, capture_output=True, check=True)
        path = tmp_path / "ramdisk"
        path.write_bytes(change(made.stdout))
        status, console, _ = outcome(image("helloworld"), [f"--outer=-initrd {path}"])
        return status, [line for line in console.splitlines() if "error:" in line], console

    return run


def test_boots(image, outer_machine):
    status, console, _ = outcome(image("helloworld"), ["--outer-machine", outer_machine])
    assert "Hello, world\n" in console
    assert status == 0


def test_version(image):
    with open(f"{TOP}/VERSION", encoding="utf-8") as f, open(image("helloworld"), "rb") as g:
        assert b"Unidom " + f.read().strip().encode() + b"\0" in g.read()


def test_arguments(image):
    words = ["plain", "two words", 'a "quoted" one', "back\\slash", "", "it's", "--option=1,2"]
    _, console, _ = outcome(image("helloworld"), [], words)
    for i, word in enumerate(words, 1):
        assert f"argument {i}: {word}\n" in console


def test_small_memory(image):
    status, console, _ = outcome(image("helloworld"), ["--outer-memory", 8])
    assert status == 0, console


def test_ramdisk(ramdisk):
    status, errors, console = ramdisk(lambda archive: archive)
    assert status == 0 and not errors, console


@pytest.mark.parametrize("change", [lambda a: a[:50], lambda a: a[:2000], lambda a: a[:60] + b"x" + a[61:]], ids=["head", "data", "digit"])
def test_damaged_ramdisk(ramdisk, change):
    status, errors, console = ramdisk(change)
    assert status == 2 and "Hello" not in console, console
    assert len(errors) == 1 and "initial ramdisk: damaged or cut off" in errors[0], console


def test_ramdisk_that_is_none(ramdisk):
    status, errors, console = ramdisk(lambda archive: b"\x1f\x8b" + archive)
    assert status == 0 and len(errors) == 1 and "not a cpio archive" in errors[0], console
