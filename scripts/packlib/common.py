# SPDX-License-Identifier: BSD-3-Clause
"""What packages of both kinds need: the version, the files of the tree, and one date for all of them."""
import os
import subprocess

# Of a tree without history and SOURCE_DATE_EPOCH: the same for all, and no date that tools take for an error.
NO_DATE = 315619200
LEFT_OUT = {".git", "build", "__pycache__", ".pytest_cache"}


class Fail(Exception):
    """One clear line for the user."""


def version(top):
    with open(os.path.join(top, "VERSION"), encoding="utf-8") as f:
        return f.read().strip()


def git(top, *words):
    """What git prints about the tree, or None without git or history."""
    try:
        done = subprocess.run(["git", "-C", top, *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return None if done.returncode else done.stdout


def date(top):
    """Seconds since 1970 that all files of a package get."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    stamp = git(top, "log", "-1", "--format=%ct") if os.path.exists(os.path.join(top, ".git")) else None
    return int(stamp) if stamp else NO_DATE


def tree_files(top):
    """Paths of the tree's files: those that git knows, else all but what was built."""
    listed = git(top, "ls-files", "-z") if os.path.exists(os.path.join(top, ".git")) else None
    if listed:
        return sorted(n for n in listed.split("\0") if n and os.path.lexists(os.path.join(top, n)))
    found = []
    for folder, dirs, names in os.walk(top):
        dirs[:] = [d for d in dirs if d not in LEFT_OUT]
        found += [os.path.relpath(os.path.join(folder, n), top) for n in names]
    return sorted(found)
