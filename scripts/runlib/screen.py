# SPDX-License-Identifier: BSD-3-Clause
"""The guest's screen: QEMU's VNC server in the image, and where on the host its viewers come in."""

import contextlib
import errno
import functools
import os
import re
import socket
import struct
import subprocess
from dataclasses import dataclass, field

from runlib.channels import TunnelServer
from runlib.files import check_file, locate
from runlib.listen import BACKLOG, listening
from runlib.options import EMULATOR
from runlib.process import end, spawn
from runlib.report import STDOUT, Failure, describe, say
from runlib.tunnel import CLIENTS
from runlib.viewers import find_viewer, viewer

INNER_SOCKET = "/tmp/screen"  # apps/qemu-stubdom/kvm/services.c
HOST = "127.0.0.1"  # there is no encryption, so other machines come by way of a tunnel of the user's
FIRST_PORT = 5900  # of display :0
DISPLAYS = 100  # that are tried for a free one
DISPLAY_MAX = 65535 - FIRST_PORT
PASSWORD_MAX = 8  # characters, of the protocol
PASSWORD_FILE = "run/screen-password"  # in the image
KEYMAPS = "usr/share/qemu/keymaps"
KEYMAP = "en-us"  # which the image has
OPTION = re.compile(r"(.*),(?:(keyboard)=([^,]*)|(password-file)=(.*))", re.S)
PATIENCE = 10  # seconds


@dataclass
class Screen:
    """A value of --screen. @display and @path are None where the value names none."""

    text: str
    kind: str
    display: int = None
    path: str = None
    options: dict = field(default_factory=dict)


def parse_screen(text):
    options, value = {}, str(text)
    while found := OPTION.fullmatch(value):
        value, name, word = [part for part in found.groups() if part is not None]
        options.setdefault(name, locate(text, word) if name == "password-file" else word)
    kind, separator, place = value.partition("=")
    screen = Screen(text, kind, options=options)
    if kind not in ("none", "text", "vnc", "window") or (kind != "vnc" and separator) or (kind in ("none", "text") and options):
        raise Failure(f"--screen {text}: none of none, window, vnc, vnc=:N, vnc=unix:PATH, text")
    if place.startswith("unix:") and len(place) > len("unix:"):
        screen.path = locate(text, place.removeprefix("unix:"))
    elif re.fullmatch(r":[0-9]{1,5}", place) and int(place[1:]) <= DISPLAY_MAX:
        screen.display = int(place[1:])
    elif separator:
        raise Failure(f"--screen {text}: {place or 'nothing'} is neither a display, as :1, nor unix:PATH")
    return screen


def has_screen(args):
    """One for viewers."""
    return parse_screen(args.screen).kind in ("vnc", "window")


def is_text(args):
    return args.guest and parse_screen(args.screen).kind == "text"


def check_screen(args):
    """What is wrong with the option, without starting anything. Returns the unix socket's path, if it names one."""
    screen = parse_screen(args.screen)
    if screen.kind != "none" and not args.guest:
        raise Failure(f"--screen {args.screen}: there is no guest to have a screen")
    if screen.kind == "text" and args.serial == "stdio":
        raise Failure("--screen text and --serial stdio both want the terminal; --serial takes a socket")
    if screen.kind == "text" and os.isatty(STDOUT) and os.environ.get("TERM") == "dumb":
        raise Failure("--screen text: the terminal shows only lines (TERM is dumb)")
    if screen.kind == "window":
        find_viewer(f"--screen {screen.text}")
    screen_files(args)
    return screen.path


def inner_screen(args):
    """Options of the inner emulator. Viewers do not drive each other out. With the tablet the guest's pointer is where the viewer's is."""
    if not has_screen(args):
        return ["-display", "none"]
    options = parse_screen(args.screen).options
    words, server = ["-usb", "-device", "usb-tablet"], f"unix:{INNER_SOCKET},share=ignore"
    if "password-file" in options:
        words += ["-object", f"secret,id=screen,file=/{PASSWORD_FILE}"]
        server += ",password-secret=screen"
    if "keyboard" in options:
        words += ["-k", options["keyboard"]]
    return ["-vnc", server, *words]


def _password(screen):
    path = screen.options["password-file"]
    check_file(path, f"--screen {screen.text}: password file", writable=False)
    try:
        with open(path, "rb") as f:
            password = f.readline(PASSWORD_MAX + 2).rstrip(b"\r\n")
    except OSError as e:
        raise Failure(f"--screen {screen.text}: {describe(e)}") from None
    if not 1 <= len(password) <= PASSWORD_MAX or not password.isascii() or not password.decode().isprintable():
        raise Failure(f"--screen {screen.text}: the first line of {path} is not a password of 1 to {PASSWORD_MAX} ASCII characters")
    return password


@functools.lru_cache(maxsize=None)
def _data_folders():
    """Where the outer emulator has its data files."""
    process = spawn([EMULATOR, "-L", "help"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        return process.communicate(timeout=PATIENCE)[0].splitlines()
    except subprocess.TimeoutExpired:
        return []
    finally:
        end(process)


def _keymap(screen):
    """The layout's file of the outer emulator, which has the same."""
    name = screen.options["keyboard"]
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise Failure(f"--screen {screen.text}: {name or 'nothing'} is not a keyboard layout's name, as de or fr-ca")
    folders = [os.path.join(folder, "keymaps") for folder in _data_folders()]
    known = {entry for folder in folders if os.path.isdir(folder) for entry in os.listdir(folder)}
    if name not in known:
        raise Failure(f"--screen {screen.text}: no keyboard layout {name}; there are {' '.join(sorted(known)) or 'none'}")
    path = next(path for folder in folders if os.path.exists(path := os.path.join(folder, name)))
    with open(path, "rb") as f:
        return f.read()


def screen_files(args):
    """{path in the image: contents} of what the options need there."""
    screen, files = parse_screen(args.screen), {}
    if "password-file" in screen.options:
        files[PASSWORD_FILE] = _password(screen)
    if screen.options.get("keyboard", KEYMAP) != KEYMAP:
        files[f"{KEYMAPS}/{screen.options['keyboard']}"] = _keymap(screen)
    return files


def _bind(display):
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.socket(socket.AF_INET))
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((HOST, FIRST_PORT + display))
        server.listen(BACKLOG)
        stack.pop_all()
        return server


def _listen(screen):
    """A socket at the display, or at the first free one."""
    for display in range(DISPLAYS) if screen.display is None else [screen.display]:
        try:
            return _bind(display)
        except OSError as e:
            if e.errno != errno.EADDRINUSE or screen.display is not None:
                raise Failure(f"--screen {screen.text}: {HOST}:{FIRST_PORT + display}: {e.strerror}") from None
    raise Failure(f"--screen {screen.text}: displays :0 to :{DISPLAYS - 1} are all in use")


@contextlib.contextmanager
def screen_listening(args):
    """A socket for viewers, None without a screen. How to connect is one line."""
    screen = parse_screen(args.screen)
    if not has_screen(args) or not args.guest:
        yield None
    elif screen.path:
        with listening(screen.path, "--screen unix:") as server:
            say(f"screen: VNC at the unix socket {screen.path}")
            yield server
    else:
        with _listen(screen) as server:
            server.setblocking(False)
            port = server.getsockname()[1]
            display = port - FIRST_PORT
            say(f"screen: VNC at {HOST}:{port}; for example: vncviewer {HOST}:{display}")
            with viewer(f"--screen {screen.text}", HOST, port, display) if screen.kind == "window" else contextlib.nullcontext():
                yield server


def refuse(connection):
    """A viewer more than there is room for gets the reason in its own protocol, in version 3.3, where it comes without a question."""
    reason = f"{CLIENTS} viewers are connected, which is all there is room for".encode()
    with connection, contextlib.suppress(OSError):
        connection.send(b"RFB 003.003\n" + struct.pack(">II", 0, len(reason)) + reason)
    say(f"screen: one more viewer than {CLIENTS}: closed")


class ScreenServer(TunnelServer):
    """Viewers of the screen, on the emulator's line @port."""

    def __init__(self, server, port):
        super().__init__(server, port, "screen", CLIENTS, refuse)
