# SPDX-License-Identifier: BSD-3-Clause
"""The file with a guest's UEFI variables, which is made from the firmware's own at the first run."""

import contextlib
import os
import shutil
import tempfile

from runlib.disks import VARIABLES_FILE, all_disks
from runlib.report import Failure, describe


def _make(template, path):
    """It appears whole, and never in the place of one that somebody else has made."""
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path) or ".") as new:
        with open(template, "rb") as f:
            shutil.copyfileobj(f, new)
        new.flush()
        os.fchmod(new.fileno(), 0o600)
        with contextlib.suppress(FileExistsError):
            os.link(new.name, path)


def make_variables(args):
    for disk in all_disks(args):
        if disk.kind == "variables" and not os.path.exists(disk.path):
            try:
                _make(os.path.join(args.uefi, VARIABLES_FILE), disk.path)
            except OSError as e:
                raise Failure(f"--uefi: {describe(e)}") from None
