# SPDX-License-Identifier: BSD-3-Clause
"""A machine described in a file, for --config: one option a line, as on the command line but without its dashes.

    # comment
    disk = debian.qcow2,bus=virtio
    memory = 1G
    arguments = -cpu Nehalem

A value is the rest of its line; quotes keep blanks at its ends. Paths that are not absolute start from the file's folder, of standard
input from the current one; ~/ is the user's. "arguments" stands
for what follows "--". The command line's own options come after those of the file."""

import os
import re
import shlex
from argparse import Namespace
from copy import copy
from dataclasses import dataclass, field

from runlib.files import FromFile, locate
from runlib.options import make_parser, parse_words, split_arguments
from runlib.report import Failure, describe

SIZE_MAX, LINES_MAX = 1 << 20, 256  # bytes of a file, and options in it: no machine has a longer description
ARGUMENTS = "arguments"
LINE = re.compile(r"([A-Za-z][A-Za-z-]*)\s*(?:=\s*(.*))?", re.S)
# Options whose value is a path, and those in whose value there are some.
PATHS = ("console", "image", "initrd", "kernel", "load", "qmp", "save", "serial", "uefi")
WITH_PATHS = ("cdrom", "disk", "floppy", "screen", "share", "usb_disk")
NO_PATHS = {"serial": ("stdio", "none")}
NOT_IN_FILES = ("config", "print", "json", "help")


@dataclass
class Line:
    place: str  # FILE:NUMBER
    folder: str  # of the file
    words: list = field(default_factory=list)  # of the command line
    extra: list = field(default_factory=list)  # behind "--"


def _unquote(value, place):
    if value[:1] not in ('"', "'"):
        return value
    try:
        words = shlex.split(value)
    except ValueError as e:
        raise Failure(f"{place}: {str(e).lower()}") from None
    return words[0] if len(words) == 1 else value


def _line(text, place, folder):
    found = LINE.fullmatch(text)
    if not found:
        raise Failure(f"{place}: neither NAME = VALUE nor NAME: {text}")
    name, value = found[1].lower(), found[2]
    if name in NOT_IN_FILES:
        raise Failure(f"{place}: {name} belongs on the command line")
    if name == ARGUMENTS:
        try:
            return Line(place, folder, extra=shlex.split(value or ""))
        except ValueError as e:
            raise Failure(f"{place}: {str(e).lower()}") from None
    if value is None:
        return Line(place, folder, [f"--{name}"])
    return Line(place, folder, [f"--{name}={_unquote(value, place)}"])


def _read(path):
    try:
        with open(path, "rb") as f:
            data = f.read(SIZE_MAX + 1)
    except OSError as e:
        raise Failure(f"--config {describe(e)}") from None
    if len(data) > SIZE_MAX:
        raise Failure(f"{path}: longer than {SIZE_MAX} bytes: not a machine's description")
    if b"\0" in data:
        raise Failure(f"{path}:{data[:data.index(0)].count(10) + 1}: a zero byte: not a machine's description")
    return os.fsdecode(data).removeprefix("\N{BOM}")


def _located(name, value, folder):
    value = FromFile(value, folder)
    return locate(value, value) if name in PATHS and value not in NO_PATHS.get(name, ()) else value


def _add_line(parser, before, line):
    """The options @before, and that of @line behind them."""
    after = parser.parse_args(line.words, copy(before))
    for name, value in vars(after).items():
        if value is getattr(before, name, None) or name not in (*PATHS, *WITH_PATHS):
            continue
        if isinstance(value, list):
            setattr(after, name, value[:-1] + [_located(name, word, line.folder) for word in value[-1:]])
        elif value is not parser.get_default(name):
            setattr(after, name, _located(name, value, line.folder))
    return after


def _check_line(parser, line):
    known = {option: action for action in parser._actions for option in action.option_strings}  # pylint: disable=protected-access
    for word in line.words:
        option, separator, _ = word.partition("=")
        if option not in known:
            raise Failure(f"{line.place}: no option {option[2:]} (--help lists them)")
        if separator and known[option].nargs == 0:
            raise Failure(f"{line.place}: {option[2:]} has no value: it is there or not")


def read_lines(path):
    """What --config @path stands for."""
    lines = []
    folder = os.getcwd() if os.path.abspath(path).startswith("/dev/") else os.path.dirname(os.path.abspath(path))
    for number, text in enumerate(_read(path).split("\n"), 1):
        text = text.strip()
        if text and not text.startswith("#"):
            lines.append(_line(text, f"{path}:{number}", folder))
            if len(lines) > LINES_MAX:
                raise Failure(f"{path}:{number}: more than {LINES_MAX} options: not a machine's description")
    return lines


def _add_lines(parser, lines):
    """The options of no line, of the first, of the first two and so on. Each is one that there is, with a value of its form."""
    options = [Namespace()]
    for line in lines:
        _check_line(parser, line)
        try:
            options.append(_add_line(parser, options[-1], line))
        except Failure as e:
            raise Failure(f"{line.place}: {e}") from None
    return options


def _blame(lines, join, check, failure):
    """The line with which it begins to fail in this way: with less of the file it fails in another or not at all."""
    for count in range(len(lines) + 1):
        try:
            check(join(count))
        except Failure as e:
            if str(e) == str(failure):
                return lines[count - 1].place if count else None
    return None


def read_arguments(argv, description, check):
    """The options of the command line and of the files it names, after @check(options), which raises Failure and starts nothing."""
    parser = make_parser(description)
    own, extra = split_arguments(argv)
    lines = [line for path in parse_words(parser, own, extra).config for line in read_lines(path)]
    options = _add_lines(parser, lines)

    def join(count):
        """The first @count lines, and the command line behind them."""
        return parse_words(parser, own, [word for line in lines[:count] for word in line.extra] + extra, copy(options[count]))

    args = join(len(lines))
    try:
        check(args)
    except Failure as e:
        place = _blame(lines, join, check, e)
        if place:
            raise Failure(f"{place}: {e}", e.status) from None
        raise
    return args
