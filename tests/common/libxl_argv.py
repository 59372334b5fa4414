# SPDX-License-Identifier: BSD-3-Clause
"""The table of what libxl gives to device models, libxl-argv.txt beside this, for the tests that replay it."""

import os
import re
import shlex
from dataclasses import dataclass

TABLE = os.path.splitext(os.path.abspath(__file__))[0].replace("_", "-") + ".txt"
# Devices that QEMU shows by another name than libxl's or an administrator's.
ALIASES = {"ac97": "AC97", "es1370": "ES1370", "virtio-net": "virtio-net-pci", "virtio-sound": "virtio-sound-pci", "ahci": "ich9-ahci"}
BRACE = re.compile(r"{([^{}]*)}")


@dataclass(frozen=True)
class Given:
    """A row's words for one of its alternatives, and what becomes of them."""

    versions: str  # of libxl; "Qubes" is what Qubes OS' adds
    group: str
    asked: str  # what in xl's configuration makes libxl pass them
    words: tuple
    qemus: tuple  # what QEMU gets
    lines: tuple  # what one line each is said about
    end: str  # what is in the line with which the image ends; "": it does not end
    xen: bool  # nothing but Xen can show what QEMU makes of it
    held: str

    @property
    def name(self):
        return f"{self.asked}: {' '.join(self.words)}"[:100]


def _alternatives(*columns):
    """The columns with their braces replaced, for each alternative."""
    count = max((len(brace.split(";")) for column in columns for brace in BRACE.findall(column)), default=1)
    for n in range(count):
        yield [BRACE.sub(lambda m, n=n: m.group(1).split(";")[n], column) for column in columns]


def _given(group, line):
    versions, asked, words, qemus, said, held = (column.strip() for column in line.split(" | "))
    xen, said = said.startswith("Xen"), re.sub(r"^Xen ?", "", said) or "-"
    for one, other, text in _alternatives(words, qemus, said):
        mine = tuple(shlex.split(one))
        gets = mine if other == "=" else () if other == "-" else tuple(shlex.split(other))
        kind, _, rest = text.partition(": ")
        assert kind in ("-", "line", "ends"), f"{TABLE}: {line}"
        lines = tuple(" ".join(shlex.split(part)) for part in rest.split("; ")) if kind == "line" else ()
        yield Given(versions, group, asked, mine, gets, lines, rest if kind == "ends" else "", xen, held)


def table():
    """All of it, a Given for each alternative of each row, in libxl's order."""
    group, found = None, []
    with open(TABLE, encoding="utf-8") as f:
        for line in f:
            if line.startswith("["):
                group = line.strip("[]\n")
            elif line.strip() and not line.startswith("#"):
                found += _given(group, line)
    return found


def starts(given):
    """The arguments of whole starts, as lists of Given with one of each group: as many as it takes for each of @given to be in one."""
    groups = {}
    for each in given:
        groups.setdefault(each.group, []).append(each)
    return [[group[n % len(group)] for group in groups.values()] for n in range(max(map(len, groups.values())))]
