# SPDX-License-Identifier: BSD-3-Clause
"""Files that the user names: is each what it is needed for? Nothing is opened that could make the runner wait."""

import os
import stat

from runlib.report import Failure

SOCKET_NAME_MAX = 107  # bytes, of sun_path


class FromFile(str):
    """The value of an option in a file: paths in it start from @folder. The two stay apart, so that nothing in the folder's name is taken for
    a part of the value."""

    def __new__(cls, text, folder):
        value = super().__new__(cls, text)
        value.folder = folder
        return value


def locate(value, path):
    """@path, a part of an option's @value, as this process takes it. In a file no shell has looked at it."""
    if not isinstance(value, FromFile) or not path:
        return path
    return os.path.join(value.folder, os.path.expanduser(path) if path.startswith("~/") else path)


def _mode(path, what, missing):
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        raise Failure(f"{what} {path}: no such file{missing}") from None
    except OSError as e:
        raise Failure(f"{what} {path}: {e.strerror}") from None


def check_file(path, what, writable, missing=""):
    """@missing is what to do when there is none."""
    mode = _mode(path, what, missing)
    if not (stat.S_ISREG(mode) or stat.S_ISBLK(mode)):
        raise Failure(f"{what} {path}: neither a file nor a block device")
    if not os.access(path, os.R_OK):
        raise Failure(f"{what} {path}: not readable")
    if writable and not os.access(path, os.W_OK):
        raise Failure(f"{what} {path}: not writable")
    if stat.S_ISREG(mode) and not os.path.getsize(path):
        raise Failure(f"{what} {path}: empty")


def check_socket(path, what):
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise Failure(f"{what} {path}: no folder {folder}")
    if len(os.fsencode(path)) > SOCKET_NAME_MAX:
        raise Failure(f"{what} {path}: longer than a socket's name may be")
    if os.path.exists(path) and not stat.S_ISSOCK(os.stat(path).st_mode):
        raise Failure(f"{what} {path}: exists and is not a socket")


def _identity(path):
    """The same for all names of a file or a device."""
    try:
        found = os.stat(path)
    except OSError:
        return os.path.realpath(path)
    is_device = stat.S_ISBLK(found.st_mode) or stat.S_ISCHR(found.st_mode)
    return (stat.S_IFMT(found.st_mode), found.st_rdev) if is_device else (found.st_dev, found.st_ino)


def check_written(written, used):
    """What a run writes in the place of what is there is nothing else that it uses: lists of (what, path)."""
    for number, (what, path) in enumerate(written):
        for other, name in written[:number] + used:
            if _identity(path) == _identity(name):
                raise Failure(f"{what} {path}: that is {other} too")
