# SPDX-License-Identifier: BSD-3-Clause
"""Commands of a document, run as they stand in a copy of the checkout."""

import os
import subprocess

from images import TOP


def commands(name):
    """The code blocks of a document as one shell script."""
    lines = []
    with open(os.path.join(TOP, name), encoding="utf-8") as f:
        for line in f.read().splitlines():
            if line.startswith("    "):
                lines.append(line[4:])
            elif not line and lines and lines[-1]:
                lines.append("")
    return "\n".join(lines) + "\n"


def copy(folder):
    """What is committed, or would be, as a checkout of its own."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=TOP, check=True, capture_output=True).stdout.split(b"\0")
    names = [n for n in listed if n and os.path.exists(os.path.join(TOP.encode(), n))]
    os.makedirs(folder)
    subprocess.run(["cp", "-p", "--parents", "--no-dereference", "-t", folder, "--", *names], cwd=TOP, check=True)
    return folder


def run(script, folder, downloads):
    """Runs a script there until its first error: (status, output)."""
    dropped = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "APP", "PLAT", "O", "L", "UNIDOM_IMAGES", "UNIDOM_BUILD")
    env = {k: v for k, v in os.environ.items() if k not in dropped}
    env.update(DL=downloads, BOOTSTRAP="0")
    done = subprocess.run(["sh", "-euc", script], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, check=False)
    return done.returncode, done.stdout
