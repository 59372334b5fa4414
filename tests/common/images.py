# SPDX-License-Identifier: BSD-3-Clause
"""Images for the tests, and what the guest says that runs on every platform. UNIDOM_IMAGES=DIR takes images DIR/<app> as they are."""

import functools
import os
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("UNIDOM_BUILD", os.path.join(TOP, "build"))

# The guest "hello".
HELLO = [
    "guest: this line is on my disk, sector 1",
    "guest: read through the emulated IDE controller",
    "guest: sector 2 too; power off",
]


@functools.lru_cache(maxsize=None)
def build_image(app, plat, out):
    """The path of the image of @app for @plat, built below @out if need be."""
    images = os.environ.get("UNIDOM_IMAGES")
    if images:
        return os.path.join(images, app)
    command = ["make", "-C", TOP, f"apps/{app}", f"PLAT={plat}", f"O={out}", "BOOTSTRAP=0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, f"make apps/{app} PLAT={plat} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    return os.path.join(out, f"{app}-{plat}", f"{app}_{plat}-x86_64")


def build_guest(name, folder):
    """A fresh disk image of our test guest @name, in @folder."""
    subprocess.run([os.path.join(TOP, "tests", "guests", "build"), str(folder)], check=True)
    return os.path.join(str(folder), f"{name}.img")


def build_program(source, path, *flags):
    """The program of tests' @source for this machine, at @path."""
    command = ["gcc", *flags, "-s", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(path), os.path.join(TOP, "tests", source)]
    subprocess.run(command, check=True)
    return str(path)


def set_parameters(disk, text):
    """Give the guest of tests/guests/devices on @disk its parameters: @disk."""
    with open(disk, "r+b") as f:
        f.seek(512)
        f.write(text.encode().ljust(512, b"\0"))
    return disk
