# SPDX-License-Identifier: BSD-3-Clause
"""Images for the tests, and what the guest says that runs on every platform. UNIDOM_IMAGES=DIR takes images DIR/<app> as they are."""

import filecmp
import functools
import os
import shutil
import subprocess
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("UNIDOM_BUILD", os.path.join(TOP, "build"))
DOWNLOADS = os.environ.get("DL") or os.path.join(BUILD, "dl")

# The guest "hello".
HELLO = [
    "guest: this line is on my disk, sector 1",
    "guest: read through the emulated IDE controller",
    "guest: sector 2 too; power off",
]


def run_make(*words):
    done = subprocess.run(["make", "-C", TOP, *words, "BOOTSTRAP=0"], capture_output=True, text=True, check=False)
    assert not done.returncode, f"make {' '.join(words)} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


@functools.lru_cache(maxsize=None)
def default_folder(app, plat):
    """Where @app is built as everybody gets it: BUILD, but BUILD/default if its configuration there is another than the default one, be it
    somebody's own, or older than an option."""
    config = os.path.join(f"{app}-{plat}", ".config")
    mine, other = os.path.join(BUILD, config), os.path.join(BUILD, "default", config)
    if not os.path.exists(mine):
        return BUILD
    with tempfile.TemporaryDirectory(prefix="unidom-defconfig-") as folder:
        run_make(f"APP={app}", f"PLAT={plat}", f"O={folder}", "defconfig")
        default = os.path.join(folder, config)
        if filecmp.cmp(mine, default, shallow=False):
            return BUILD
        if not os.path.exists(other) or not filecmp.cmp(other, default, shallow=False):
            os.makedirs(os.path.dirname(other), exist_ok=True)
            shutil.copyfile(default, f"{other}.{os.getpid()}")
            os.replace(f"{other}.{os.getpid()}", other)
    return os.path.join(BUILD, "default")


def default_image(app, plat):
    """The path of the image of @app for @plat in its default configuration, built if need be."""
    return build_image(app, plat, BUILD if "UNIDOM_IMAGES" in os.environ else default_folder(app, plat))


@functools.lru_cache(maxsize=None)
def build_image(app, plat, out):
    """The path of the image of @app for @plat, built below @out, as it is configured there, if need be."""
    images = os.environ.get("UNIDOM_IMAGES")
    if images:
        return os.path.join(images, app)
    run_make(f"apps/{app}", f"PLAT={plat}", f"O={out}", f"DL={DOWNLOADS}")
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
