# SPDX-License-Identifier: BSD-3-Clause
"""Linux programs for apps/elfloader: compiled here as ordinary ones, and ramdisks that carry them."""

import os
import subprocess
import sys

from images import TOP

sys.path.append(os.path.join(TOP, "ci", "xen"))

from xenlab.cpio import Archive  # noqa: E402

FREESTANDING = ["-ffreestanding", "-fno-tree-loop-distribute-patterns", "-fno-stack-protector", "-nostdlib", "-static-pie"]


def compile_program(name, folder, flags=()):
    """tests/programs/NAME.c as a Linux program in @folder: its path."""
    path = os.path.join(folder, name)
    source = os.path.join(TOP, "tests", "programs", f"{name}.c")
    subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", *flags, "-o", path, source], check=True)
    return path


def trap_test(folder):
    """The program that checks the syscall instruction."""
    return compile_program("trap", folder, FREESTANDING)


def libraries(path):
    """The interpreter and the libraries of @path, where this system has them."""
    lines = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout.split()
    return [word for word in lines if word.startswith("/")]


def ramdisk(folder, files, links=None):
    """An initial ramdisk in @folder with @files, {name inside: path or bytes}, and @links, {name inside: what it leads to}: its path."""
    archive = Archive()
    for name, target in (links or {}).items():
        archive.link(name, target)
    for name, source in files.items():
        if isinstance(source, bytes):
            archive.data(name, source)
        else:
            archive.file(name, source)
    path = os.path.join(folder, "ramdisk")
    with open(path, "wb") as f:
        f.write(archive.bytes())
    return path
