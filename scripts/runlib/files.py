# SPDX-License-Identifier: BSD-3-Clause
"""Files that the user names: is each what it is needed for? Nothing is opened that could make the runner wait."""

import os
import stat

from runlib.report import Failure

SOCKET_NAME_MAX = 107  # bytes, of sun_path


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
