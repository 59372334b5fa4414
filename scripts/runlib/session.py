# SPDX-License-Identifier: BSD-3-Clause
"""One run: the outer emulator with its two lines, the image's console and the guest's serial port when that is ours."""

import contextlib
import os
import signal
import socket
import subprocess
import termios
import tty

from runlib.command import outer_command
from runlib.flow import Flow, step_all
from runlib.process import end, spawn
from runlib.report import NO_STATUS, STDERR, STDIN, STDOUT, Failure, describe, say

EXIT_LINE = b"unidom: exit status "
TAIL = 4096  # bytes of the console's end that are looked at for that line


class ExitStatus:
    """Watches the image's console for its exit status: the last such line counts."""

    def __init__(self):
        self.tail = b""
        self.value = None

    def seen(self, data):
        self.tail = (self.tail + data)[-TAIL:]
        at = self.tail.rfind(EXIT_LINE)
        number = self.tail[at + len(EXIT_LINE) :].split(b"\n")[0].strip() if at >= 0 else b""
        if number.isdigit():
            self.value = int(number)


def lost(what):
    """What to do when @what, an output, takes no more: as with QEMU itself, the guest goes on."""
    return lambda error: say(f"{what}: {describe(error)}; from here on it is lost")


@contextlib.contextmanager
def keys_one_by_one(wanted):
    """The terminal hands over keys as they are typed. Ctrl-C still ends the run."""
    if not wanted or not os.isatty(STDIN):
        yield
        return
    before = termios.tcgetattr(STDIN)
    tty.setcbreak(STDIN)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):  # the terminal may have gone
            termios.tcsetattr(STDIN, termios.TCSADRAIN, before)


def open_console(path):
    """Where the image's console goes."""
    if not path:
        return STDERR
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    except OSError as e:
        raise Failure(f"--console {describe(e)}") from None


def relay(args, process, console, console_file, serial):
    """Until the emulator has closed its lines. Returns its exit code, and the status that the image reported, None without one."""
    status = ExitStatus()
    output = [
        Flow(console, console_file, status.seen, lost(f"--console {args.console}") if args.console else None),
        Flow(serial, STDOUT, None, lost("standard output")),
    ]
    typed = [Flow(STDIN, serial)]
    while output:
        step_all(output + typed)
        output = [flow for flow in output if flow.interest()]
    return process.wait(), status.value


def translate(code, status):
    """The outer emulator's exit code, made by the image's write to the exit port, and what the console said."""
    if status is not None and code in (status << 1 | 1, 0):
        return status
    if code < 0:
        name = signal.Signals(-code).name if -code in list(signal.Signals) else str(-code)
        say(f"the outer emulator was ended by {name}")
    else:
        say(f"the outer emulator ended with {code} before the image told its status")
    return NO_STATUS


def command_line(args, accel):
    """The command with descriptors that stand for the lines: for reading only."""
    return outer_command(args, accel, "CONSOLE", "SERIAL")


def run(args, accel, ending):
    """Returns the exit status."""
    console_file = open_console(args.console)
    console, console_end = socket.socketpair()
    serial, serial_end = socket.socketpair()
    ends = (console_end.fileno(), serial_end.fileno())
    # Its standard input is not ours: the serial port reads that.
    process = spawn(outer_command(args, accel, *ends), stdin=subprocess.DEVNULL, pass_fds=ends)
    ending.hurry = process.kill
    try:
        console_end.close()
        serial_end.close()
        if args.gdb:
            say(f"waiting for: gdb {args.image}.dbg -ex 'target remote :1234'")
        with keys_one_by_one(args.serial == "stdio" and args.guest):
            return translate(*relay(args, process, console.fileno(), console_file, serial.fileno()))
    finally:
        end(process)
