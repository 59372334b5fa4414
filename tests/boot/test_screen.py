# SPDX-License-Identifier: BSD-3-Clause
"""What a guest does with its graphics card stays in the picture."""

import pytest

from machine import Machine, Qmp

IMAGE = "qemu-stubdom"
SEQUENCE = ("text", "graphics", "text", "graphics", "blank", "text", "blank", "graphics", "text")


@pytest.mark.parametrize("card", ["std", "cirrus"])
def test_modes_of_one_size(image, guest, tmp_path, card):
    """80x25 characters and 80x25 pixels in turns, each looked at: drawing and blanking go by the size of the picture that is there."""
    with Machine(image(IMAGE), ["--disk", guest("modes"), "--qmp", tmp_path / "qmp"], ["-vga", card]) as m:
        qmp = Qmp(str(tmp_path / "qmp"))
        seen = 0
        for mode in SEQUENCE:
            seen += m.serial.wait(f"guest: {mode}\n", 120, since=seen).end()
            qmp.execute("screendump", filename="/tmp/picture")
            m.type("x")
        assert m.status() == 0, m.console.text()
