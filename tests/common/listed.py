# SPDX-License-Identifier: BSD-3-Clause
"""Lists beside upstream's tests: what is run, and a file "limits" of what does not hold here, and why.

"<program>: reason" stands for a program that is not run, "<program> <case>: reason" for a case that the program is told to leave out.
"""

import os
import re


def lines(path):
    """Those that say something; none if there is no such file."""
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        return [line.strip() for line in f if line.strip() and not line.startswith("#")]


def skipped(path, program):
    """The arguments with which a GLib test @program leaves out its cases in the limits at @path. A limit without a reason is none."""
    found = [re.fullmatch(r"(\S+)(?: (/[^:]+))?: (\S.*)", line) for line in lines(path)]
    assert all(found), f"{path}: a line without a reason"
    return [word for m in found if m[1] == program and m[2] for word in ("-s", m[2])]
