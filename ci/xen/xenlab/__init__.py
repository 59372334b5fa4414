# SPDX-License-Identifier: BSD-3-Clause
"""A real Xen with a Debian dom0 under emulation. ci/xen/lab is its command line, tests/xen its other user."""

import os

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
# Folders of the command line and of the make rules alike.
BUILD = os.path.abspath(os.environ.get("O") or os.path.join(TOP, "build"))
DOWNLOADS = os.path.abspath(os.environ.get("DL") or os.path.join(BUILD, "dl"))
# Xen's versions and the Debian release that has them.
SUITES = {"4.17": "bookworm", "4.20": "trixie"}
DEFAULT = "4.17"


class LabError(Exception):
    """One clear line: the object, what is wrong, the next step."""
