# SPDX-License-Identifier: BSD-3-Clause
"""A VNC viewer of this machine, for --screen window."""

import contextlib
import os
import shutil
import subprocess

from runlib.process import end, spawn
from runlib.report import Failure

# Programs, what they want to be given, and the Debian packages they are in. The first have the keys' own codes and follow the guest's size.
VIEWERS = (("remote-viewer", "vnc://{host}:{port}", "virt-viewer"), ("gvncviewer", "{host}:{display}", "gvncviewer"),
           ("vncviewer", "{host}:{display}", "tigervnc-viewer"))


def find_viewer(option):
    """(program, what it wants to be given)."""
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        raise Failure(f"{option}: there is no graphical session (DISPLAY and WAYLAND_DISPLAY are not set); vnc serves viewers elsewhere")
    for program, place, _ in VIEWERS:
        if path := shutil.which(program):
            return path, place
    packages = ", ".join(package for _, _, package in VIEWERS)
    raise Failure(f"{option}: none of {', '.join(program for program, _, _ in VIEWERS)} is installed (Debian packages {packages})")


@contextlib.contextmanager
def viewer(option, host, port, display):
    """It runs beside what is inside. The guest goes on when it is closed."""
    program, place = find_viewer(option)
    command = [program, place.format(host=host, port=port, display=display)]
    process = spawn(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        end(process)
