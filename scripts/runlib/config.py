# SPDX-License-Identifier: BSD-3-Clause
"""A machine described in a file, for --config: one option a line, as on the command line but without its dashes.

    # comment
    disk = debian.qcow2,bus=virtio
    memory = 1G
    arguments = -cpu Nehalem

A value is the rest of its line; quotes keep blanks at its ends. Paths that are not absolute start from the file's folder. "arguments" stands
for what follows "--". The command line's own options come after those of the file."""

import os
import re
import shlex
from dataclasses import dataclass, field

from runlib.options import make_parser, parse_words, split_arguments
from runlib.report import Failure, describe

SIZE_MAX, LINES_MAX = 1 << 20, 256  # bytes of a file, and options in it: no machine has a longer description
ARGUMENTS = "arguments"
LINE = re.compile(r"([a-z][a-z-]*)\s*(?:=\s*(.*))?", re.S)
# Where in an option's value a path begins, if it is none that starts from the root.
PATHS = {
    **dict.fromkeys(("console", "image", "qmp", "share", "uefi"), r"^"),
    **dict.fromkeys(("cdrom", "disk", "floppy", "usb-disk"), r"^|(?<=,key-file=)"),
    "serial": r"^(?!(stdio|none)$)",
    "screen": r"(?<=^vnc=unix:)|(?<=,password-file=)",
}
NOT_IN_FILES = ("config", "print", "json", "help")


@dataclass
class Line:
    place: str  # FILE:NUMBER
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
    name, value = found.groups()
    if name in NOT_IN_FILES:
        raise Failure(f"{place}: {name} belongs on the command line")
    if name == ARGUMENTS:
        try:
            return Line(place, extra=shlex.split(value or ""))
        except ValueError as e:
            raise Failure(f"{place}: {str(e).lower()}") from None
    if value is None:
        return Line(place, [f"--{name}"])
    value = _unquote(value, place)
    if name in PATHS:
        value = re.sub(rf"(?:{PATHS[name]})(?=[^/])", lambda _: os.path.join(folder, ""), value)
    return Line(place, [f"--{name}={value}"])


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


def read_lines(path, parser):
    """What --config @path stands for. Each line is an option that there is, with a value of its form."""
    lines = []
    folder = os.path.dirname(os.path.abspath(path))
    for number, text in enumerate(_read(path).split("\n"), 1):
        text = text.strip()
        if text and not text.startswith("#"):
            lines.append(_line(text, f"{path}:{number}", folder))
            if len(lines) > LINES_MAX:
                raise Failure(f"{path}:{number}: more than {LINES_MAX} options: not a machine's description")
    known = {option: action for action in parser._actions for option in action.option_strings}  # pylint: disable=protected-access
    for line in lines:
        for word in line.words:
            option, separator, _ = word.partition("=")
            if option not in known:
                raise Failure(f"{line.place}: no option {option[2:]} (--help lists them)")
            if separator and known[option].nargs == 0:
                raise Failure(f"{line.place}: {option[2:]} has no value: it is there or not")
        try:
            parser.parse_args(line.words)
        except Failure as e:
            raise Failure(f"{line.place}: {e}") from None
    return lines


def _join(parser, lines, own, extra):
    return parse_words(parser, [word for line in lines for word in line.words] + own, [w for line in lines for w in line.extra] + extra)


def _blame(parser, lines, own, extra, check, failure):
    """The line with which it begins to fail in this way: with less of the file it fails in another or not at all."""
    for count in range(len(lines) + 1):
        try:
            check(_join(parser, lines[:count], own, extra))
        except Failure as e:
            if str(e) == str(failure):
                return lines[count - 1].place if count else None
    return None


def read_arguments(argv, description, check):
    """The options of the command line and of the file it names, after @check(options), which raises Failure and starts nothing."""
    parser = make_parser(description)
    own, extra = split_arguments(argv)
    path = parse_words(parser, own, extra).config
    lines = read_lines(path, parser) if path is not None else []
    args = _join(parser, lines, own, extra)
    try:
        check(args)
    except Failure as e:
        place = _blame(parser, lines, own, extra, check, e)
        if place:
            raise Failure(f"{place}: {e}", e.status) from None
        raise
    return args
