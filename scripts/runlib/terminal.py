# SPDX-License-Identifier: BSD-3-Clause
"""The terminal while it shows the guest's screen, for --screen text."""

import contextlib
import os
import signal
import termios
import tty

from runlib.report import STDERR, STDIN, STDOUT
from runlib.signals import noticed

HELD_MAX = 65536  # bytes of messages that are kept until the screen is the terminal's again
SHOW, HIDE = b"\x1b[?1049h", b"\x1b[0m\x1b[?25h\x1b[?1049l"


def terminal_size(unknown):
    """(columns, rows) of standard output; @unknown if that is no terminal, or one that has not been given a size."""
    try:
        size = os.get_terminal_size(STDOUT)
    except OSError:
        return unknown
    return size if all(size) else unknown


def changes():
    """A descriptor that can be read whenever the terminal has another size, or is ours again after the run was stopped."""
    return noticed(signal.SIGWINCH, signal.SIGCONT)


def take():
    """Keys come as they are typed, Ctrl-C included, if both sides are terminals."""
    if not os.isatty(STDOUT):
        return
    os.write(STDOUT, SHOW)
    if os.isatty(STDIN):
        tty.setraw(STDIN)


def _held_messages():
    """Standard error is a file from here on, which is returned with the descriptor for what it was."""
    before, held = os.dup(STDERR), os.memfd_create("unidom-messages")
    os.set_inheritable(before, False)
    os.dup2(held, STDERR)
    return before, held


def _show_held(before, held):
    os.dup2(before, STDERR)
    os.close(before)
    with os.fdopen(held, "rb") as f:
        f.seek(max(0, os.fstat(held).st_size - HELD_MAX))
        data = f.read(HELD_MAX)
    with contextlib.suppress(OSError):
        os.write(STDERR, data)


@contextlib.contextmanager
def terminal():
    """Standard output, if it is a terminal, shows the screen alone. Messages are shown when it is over."""
    if not os.isatty(STDOUT):
        yield
        return
    modes = termios.tcgetattr(STDIN) if os.isatty(STDIN) else None
    held = _held_messages() if os.isatty(STDERR) else None
    try:
        take()
        yield
    finally:
        with contextlib.suppress(termios.error, OSError):  # the terminal may have gone
            os.write(STDOUT, HIDE)
            if modes:
                termios.tcsetattr(STDIN, termios.TCSADRAIN, modes)
        if held:
            _show_held(*held)
