# SPDX-License-Identifier: BSD-3-Clause
"""What the runner itself reports: one line on standard error each, and never a failure because of standard error."""

import contextlib
import os
import sys

USAGE_ERROR = 2
NO_STATUS = 125
OUTPUT_ERROR = 1

STDIN, STDOUT, STDERR = 0, 1, 2
# Names of files and messages of others may hold line ends and what drives a terminal.
CONTROL = {number: f"\\x{number:02x}" for number in (*range(0x20), *range(0x7F, 0xA0)) if chr(number) != "\t"}


_settings = {"quiet": False}


class Failure(Exception):
    """Ends the runner with a line and a status."""

    def __init__(self, message, status=USAGE_ERROR):
        super().__init__(message)
        self.status = status


def say(message):
    """One line, whatever names are in it."""
    message = message if isinstance(message, str) else str(message)
    with contextlib.suppress(OSError):
        os.write(STDERR, f"run: {message.translate(CONTROL)}\n".encode(errors="surrogateescape"))


def be_quiet():
    """From here on what is said is what went wrong, and what cannot be known otherwise."""
    _settings["quiet"] = True


def note(message):
    """One line that can be done without."""
    if not _settings["quiet"]:
        say(message)


def describe(error):
    """An OSError as "file: reason"."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason


def open_standard_streams():
    """Occupy descriptors 0 to 2 if the caller closed them: otherwise the next files opened would be taken for standard streams. What is
    opened in place of an output cannot be written to, so that writing there fails as it would have."""
    for fd in (STDIN, STDOUT, STDERR):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # the lowest free number, which is fd
    sys.stdout = sys.stdout or os.fdopen(STDOUT, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(STDERR, "w", closefd=False)


def _standard_output_failed(error):
    os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)  # for the interpreter, which would try again
    return f"standard output: {describe(error)}"


def show(text):
    """Print @text on standard output, now; names of files in it as the bytes they are."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.rstrip("\n").encode(errors="surrogateescape") + b"\n")
        sys.stdout.buffer.flush()
    except OSError as e:
        raise Failure(_standard_output_failed(e), OUTPUT_ERROR) from None


def close_standard_output(status):
    """Write what is buffered for standard output. Returns the exit status: @status, or that of lost output."""
    try:
        sys.stdout.flush()
    except OSError as e:
        say(_standard_output_failed(e))
        return status or OUTPUT_ERROR
    return status
