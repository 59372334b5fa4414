# SPDX-License-Identifier: BSD-3-Clause
"""What the command lines of the labs share: files in and out, the exit status."""

import os
import sys

from . import LabError

CRASHED, TIME_IS_OVER, NO_END = 101, 124, 125
STATUS = {"poweroff": 0, "reboot": 0, "crash": CRASHED, "panic": CRASHED, "watchdog": CRASHED, "limit": TIME_IS_OVER, "ended": NO_END}
STATUS_TEXT = (
    f"Status: the image's or the script's, if it told one; 0 after a power-off or reboot, {CRASHED} after a crash of the image or of what "
    f"runs it, {TIME_IS_OVER} when the time was over, {NO_END} when the emulator ended without a word, 2 for a wrong argument."
)


def contents(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except OSError as e:
        raise LabError(f"{path}: {e.strerror}") from None


def keep(files, folder):
    """Write what was brought back below @folder."""
    for name, data in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)


def add_files(c, where, what=""):
    """The options about files of the command @c."""
    c.add_argument("--file", metavar="HERE[:THERE]", action="append", default=[], help=f"file for {where} (default: in /lab); repeat for more")
    c.add_argument("--fetch", metavar="PATH", action="append", default=[], help=f"file or glob of {where} to bring back; repeat for more")
    c.add_argument("--out", metavar="DIR", help=f"where to put what comes back: those files{what}")


def added(given):
    """{path there: path here} of the values of --file."""
    files = {}
    for pair in given:
        here, _, there = pair.partition(":")
        files[(there or "lab/" + os.path.basename(here)).lstrip("/")] = here
    return files


def conclude(outcome):
    """Say how it ended: the exit status."""
    if outcome.how == "limit":
        print(f"lab: not ended after {outcome.seconds:.0f} s; next: read the console above, or give more with --limit", file=sys.stderr)
    else:
        said = "" if outcome.status is None else f", status {outcome.status}"
        print(f"lab: {outcome.how} after {outcome.seconds:.1f} s{said}", file=sys.stderr)
    return STATUS[outcome.how] or outcome.status or 0


def conclude_script(outcome, out):
    """The same after a script, which tells its status unless it was lost; what it brought goes to the folder @out, if there is one."""
    if out:
        keep(outcome.files, out)
    status = conclude(outcome)
    return NO_END if outcome.status is None and not status else status


def main(call):
    """The exit status of @call()."""
    try:
        return call()
    except LabError as e:
        print(f"lab: {e}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
