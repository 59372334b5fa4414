# SPDX-License-Identifier: BSD-3-Clause
"""Files that appear whole or not at all."""

import contextlib
import os
import shutil
import tempfile


def _claim(path):
    """Make an empty file @path. Returns whether there was none."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return False
    return True


def _place(made, path):
    """Give the file @made the name @path, if that names none yet."""
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    except OSError:  # no links on this file system, such as FAT
        if _claim(path):
            os.replace(made, path)


def make_whole(path, source):
    """A file @path with what the file @source has, for its owner alone. One that somebody else has made meanwhile stays."""
    descriptor, made = tempfile.mkstemp(dir=os.path.dirname(path) or ".", prefix=".unidom-")
    try:
        with open(descriptor, "wb") as new:
            shutil.copyfileobj(source, new)
        _place(made, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(made)
