# SPDX-License-Identifier: BSD-3-Clause
"""The file with a guest's UEFI variables, which is made from the firmware's own at the first run."""

import os

from runlib.disks import VARIABLES_FILE, all_disks
from runlib.report import Failure, describe
from runlib.whole import make_whole


def make_variables(args):
    for disk in all_disks(args):
        if disk.kind == "variables" and not os.path.exists(disk.path):
            try:
                with open(os.path.join(args.uefi, VARIABLES_FILE), "rb") as template:
                    make_whole(disk.path, template)
            except OSError as e:
                raise Failure(f"--uefi: {describe(e)}") from None
