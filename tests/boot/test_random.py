# SPDX-License-Identifier: BSD-3-Clause
"""Random numbers without a source: one line says so, and with any source there is none."""

import subprocess

import pytest

from machine import PATIENCE, emulator_command

WARNING = "warning: random: "


def console(image, tmp_path, cpu, rng, counted):
    """The console of an image under the emulator's command of scripts/run, changed."""
    command = emulator_command(image, f"{tmp_path}/console")
    command[command.index("-cpu") + 1] = cpu
    if not rng:
        at = next(i for i, word in enumerate(command) if word.startswith("virtio-rng"))
        del command[at - 1 : at + 1]
    if counted:
        command += ["-icount", "shift=1,sleep=off"]
    subprocess.run(command, check=False, timeout=60 * PATIENCE, stdin=subprocess.DEVNULL)
    with open(f"{tmp_path}/console", encoding="utf-8") as f:
        text = f.read()
    assert "exit status 0" in text, text
    return text


@pytest.mark.parametrize(
    "cpu, rng, counted, warnings",
    [("qemu64,-rdrand", False, True, 1), ("qemu64,-rdrand", True, True, 0), ("max", False, True, 0), ("qemu64,-rdrand", False, False, 0)],
    ids=["nothing", "virtio-rng", "rdrand", "jitter"],
)
def test_source(image, tmp_path, cpu, rng, counted, warnings):
    assert console(image("helloworld"), tmp_path, cpu, rng, counted).count(WARNING) == warnings
