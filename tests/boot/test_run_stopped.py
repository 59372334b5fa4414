# SPDX-License-Identifier: BSD-3-Clause
"""A runner that does not run for a while: stopped, or on a machine that is busy with other things."""

import signal
import time

from machine import Machine
from programs import ramdisk

LINES = 7000  # 48 KiB with their ends
SCRIPT = f"echo begin; i=0; while [ $i -lt {LINES} ]; do i=$((i + 1)); echo $i; done; echo end"


def test_console(image, debian_file, tmp_path):
    """Nothing is lost of what the image prints meanwhile, nor its status."""
    disk = ramdisk(tmp_path, {"bin/busybox": debian_file("busybox-static", "/bin/busybox")})
    arguments = ["/bin/busybox", "sh", "-c", SCRIPT]
    with Machine(image("elfloader"), [f"--outer=-initrd {disk}", "--outer-memory", 64], arguments) as m:
        m.wait("begin")
        m.process.send_signal(signal.SIGSTOP)
        time.sleep(8)
        m.process.send_signal(signal.SIGCONT)
        assert m.status() == 0
        lines = m.console.text().splitlines()
    first = lines.index("begin") + 1
    assert lines[first : first + LINES + 1] == [*map(str, range(1, LINES + 1)), "end"]
