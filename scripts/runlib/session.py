# SPDX-License-Identifier: BSD-3-Clause
"""One run: the outer emulator with its two lines, the image's console and the guest's serial port when that is ours."""

import contextlib
import os
import signal
import socket
import subprocess
import termios
import time
import tty
from dataclasses import dataclass

from runlib.channels import TunnelServer
from runlib.clients import SerialServer
from runlib.command import guest_arguments, has_control, outer_command
from runlib.control import Control
from runlib.disks import all_disks
from runlib.escape import Escape, hint
from runlib.flow import Flow, step_all
from runlib.kernel import kernel_folder
from runlib.listen import listening
from runlib.outer import Events, Messages, lines
from runlib.process import end, spawn
from runlib.ramdisk import ramdisk
from runlib.report import NO_STATUS, STDERR, STDIN, STDOUT, USAGE_ERROR, Failure, describe, note, say
from runlib.saved import finish_save, load, save_folder
from runlib.screen import ScreenServer, is_text, screen_files, screen_listening
from runlib.signals import Stopped
from runlib.summary import summary
from runlib.terminal import terminal
from runlib.text import TextScreen

SOCKETS = ("monitor", "serial", "qmp", "screen", "text", "control")
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
def keys_one_by_one(wanted, ending, saves):
    """The terminal hands over keys as they are typed. Ctrl-C still ends the run, at the second time. How to leave is one line."""
    if not wanted or not os.isatty(STDIN):
        yield
        return
    before = termios.tcgetattr(STDIN)
    tty.setcbreak(STDIN)
    ending.asks = True
    note(hint(saves))
    try:
        yield
    finally:
        ending.asks = False
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


class Lines:
    """
    Ways between the runner and the outer emulator: ours, and theirs until close_theirs(). The console's is a pipe, from the emulator
    alone: what it writes byte by byte takes 64 KiB there, and less than 300 bytes in a socket, after which the image drops what it prints
    while the runner is away. The others are socket pairs.
    """

    def __init__(self, *names):
        reads, writes = os.pipe()
        pairs = {"console": (os.fdopen(reads, "rb", 0), os.fdopen(writes, "wb", 0)), **{name: socket.socketpair() for name in names}}
        self.ours = {name: pair[0] for name, pair in pairs.items()}
        self._theirs = {name: pair[1] for name, pair in pairs.items()}
        self.theirs = {name: end.fileno() for name, end in self._theirs.items()}

    def close_theirs(self):
        for end in self._theirs.values():
            end.close()


@dataclass
class Ways:
    """What leads inside: servers of the user's sockets and the terminal's screen; the runner's own monitor, if there is one; its keys."""

    servers: list
    control: Control
    escape: Escape


def relay(args, process, ours, console_file, messages, ways):
    """Until the emulator has closed its lines. Returns its exit code, and the status that the image reported, None without one."""
    status = ExitStatus()
    monitor, serial = ours["monitor"].fileno(), ours["serial"].fileno()
    ours["monitor"].sendall(b'{"execute": "qmp_capabilities"}\n')
    output = [
        Flow(ours["console"].fileno(), console_file, status.seen, lost(f"--console {args.console}") if args.console else None),
        Flow(monitor, None, lines(Events(all_disks(args)).report)),
        Flow(process.stderr.fileno(), None, lines(messages.report)),
    ]
    typed = []
    if args.serial == "none":
        output.append(Flow(serial, None))
    if args.serial == "stdio":
        output.append(Flow(serial, STDOUT, None, lost("standard output")))
        typed.append(Flow(STDIN, serial, passed=ways.escape.passed if os.isatty(STDIN) else None))
    typed += [server for server in ways.servers if isinstance(server, SerialServer)]
    others = [server for server in ways.servers if server not in typed] + ([ways.control] if ways.control else [])
    while output:
        step_all(output + others + (typed if not ways.control or not ways.control.loading else []))
        output = [flow for flow in output if flow.interests()]
    code = process.wait()
    messages.report(None)
    for server in ways.servers:
        server.finish()
    return code, status.value


def translate(code, status, blamed):
    """The outer emulator's exit code, made by the image's write to the exit port, and what the console said. @blamed: an option of
    the user's is known to be the reason for another code."""
    if status is not None and code in (status << 1 | 1, 0):
        return status
    if blamed and status is None and code > 0:
        return USAGE_ERROR
    if code < 0:
        name = signal.Signals(-code).name if -code in list(signal.Signals) else str(-code)
        say(f"the outer emulator was ended by {name}")
    else:
        say(f"the outer emulator ended with {code} before the image told its status")
    return NO_STATUS


@contextlib.contextmanager
def serving(args, ours, escape):
    """The user's sockets, with what serves their clients: [Server]."""
    serial_path = args.serial if args.guest and args.serial not in ("stdio", "none") else None
    qmp_path = args.qmp if args.guest else None
    with listening(serial_path, "--serial") as serial, listening(qmp_path, "--qmp") as qmp, screen_listening(args) as screen:
        servers = [SerialServer(serial, ours["serial"])] if serial else []
        servers += [TunnelServer(qmp, ours["qmp"], "monitor")] if qmp else []
        servers += [TextScreen(ours["text"], escape, hint(args.save is not None))] if is_text(args) else []
        yield servers + ([ScreenServer(screen, ours["screen"])] if screen else [])


def run(args, accel, ending):
    """Returns the exit status."""
    console_file = open_console(args.console)
    both = Lines(*SOCKETS)
    running = load(args, guest_arguments(args)) if args.load is not None else None
    control = Control(args, both.ours["control"], running) if has_control(args) else None
    escape = Escape({"q": ending.leave, **({"s": control.save} if control else {})})
    with serving(args, both.ours, escape) as servers, kernel_folder(args) as kernel, save_folder(args) as save:
        status = run_emulator(args, accel, ending, console_file, both, Ways(servers, control, escape), {"kernel": kernel, "save": save})
        if control and control.saved is not None and not status:
            size = finish_save(args, save, control.saved, guest_arguments(args))
            say(f"the guest is saved in {args.save}: {-(-size >> 20)} MiB")
        return status


def run_emulator(args, accel, ending, console_file, both, ways, folders):
    files = ramdisk(screen_files(args))
    command = outer_command(args, accel, both.theirs if files is None else {**both.theirs, "ramdisk": files}, folders)
    # Its standard input is not ours: the serial port reads that.
    passed = [*both.theirs.values()] + ([] if files is None else [files])
    begun, told = time.monotonic(), None
    process = spawn(command.words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=passed)
    ending.hurry = process.kill
    try:
        both.close_theirs()
        if files is not None:
            os.close(files)
        if args.gdb:
            say(f"waiting for: gdb {args.image}.dbg -ex 'target remote :1234'")
        messages = Messages(command)
        with terminal() if is_text(args) else keys_one_by_one(args.serial == "stdio" and args.guest, ending, args.save is not None):
            code, status = relay(args, process, both.ours, console_file, messages, ways)
        result = translate(code, status, messages.blamed)
        told = None if status is None else result
        return result
    except Stopped as e:
        told = e.status
        raise
    finally:
        end(process)
        if told is not None:
            note(summary(told, begun))
