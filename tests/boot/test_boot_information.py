# SPDX-License-Identifier: BSD-3-Clause
"""A command line that does not fit into the loader's buffer, which the loader does not notice: one line, at once, and nothing is believed."""

import subprocess

import pytest

from machine import CRASHED, PATIENCE, emulator_command


def boot(image, tmp_path, length):
    words = emulator_command(image, f"{tmp_path}/console")
    line = "-- " + "x" * 99 + " "
    words[words.index("-append") + 1] = (line + ("y" * 99 + " ") * 400)[: length - 1] + "z"
    code = subprocess.run(words, check=False, timeout=60 * PATIENCE, stdin=subprocess.DEVNULL).returncode
    with open(f"{tmp_path}/console", encoding="utf-8", errors="replace") as f:
        return code, f.read().replace("\r", "")


@pytest.mark.parametrize("length", [4000, 4095])
def test_fits(image, tmp_path, length):
    code, console = boot(image("helloworld"), tmp_path, length)
    assert code == 1  # a status of 0
    assert "z\n" in console


@pytest.mark.parametrize("length", [4096, 4097, 4120, 4160, 5000, 9000])
def test_does_not_fit(image, tmp_path, length):
    code, console = boot(image("helloworld"), tmp_path, length)
    lines = [line for line in console.splitlines() if not line.startswith("unidom: exit status")]
    assert code == CRASHED << 1 | 1
    assert len(lines) == 1 and "command line" in lines[0] and lines[0].startswith("error: "), console
