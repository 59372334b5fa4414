# SPDX-License-Identifier: BSD-3-Clause
"""The first version of a release line: it begins as a copy of the nearest one."""
import os
import re
import shutil
import subprocess

from bumplib.port import Port, numbers, read, write
from fetchlib.debian import Fail


def nearest(version, lines):
    """The line of a version; for want of it the newest before, else the oldest."""
    before = [n for n in lines if numbers(n) <= numbers(version)[:2]]
    return max(before, key=numbers) if before else min(lines, key=numbers)


def option(port, line):
    return "%s_%s" % (port.prefix, line.replace(".", "_"))


def renamed(port, text, old, new):
    """@text about the line @old, as @new has it: option, folder, and the number as a word."""
    text = text.replace(option(port, old), option(port, new))
    return re.sub(r"(?<![\w.])%s(?![\w]|\.\d)" % re.escape(old), new, text)


def in_the_menu(port, old, new):
    """Each part of Config.uk that is the old line's alone, a second time for the new one."""
    path, begin = port.folder + "/Config.uk", r"(?:config|if) %s\n" % option(port, old)
    parts = re.split(r"(?m)^(?=(?:config|if|endif|endchoice|choice|menu|endmenu|source)\b)", read(path))
    out = []
    for i, part in enumerate(parts):
        own = re.match(begin, part)
        conditional = i >= 2 and re.match(begin, parts[i - 2]) and parts[i - 2].startswith("if ") and part.startswith("endif")
        out.append(part)
        if own and part.startswith("config "):
            out.append(renamed(port, part, old, new))
        elif conditional:
            out.append(renamed(port, "".join(parts[i - 2 : i + 1]), old, new))
    write(path, "".join(out))


def in_the_shapes(port, old, new):
    """What builds the old line builds the new one at night, too."""
    path = os.path.join(port.root, "ci/shapes")
    if not os.path.exists(path):
        return
    lines = []
    for line in read(path).splitlines(keepends=True):
        lines.append(line)
        if "CONFIG_%s=y" % option(port, old) in line.split():
            lines.append(renamed(port, line.replace("-%s " % old, "-%s " % new, 1), old, new))
    write(path, "".join(lines))
    made = os.path.join(port.root, "scripts/workflows")
    if os.path.exists(made):
        subprocess.run([made], cwd=port.root, check=True, stdout=subprocess.DEVNULL)


def copy_if_new(source, target):
    """What somebody has begun with stays."""
    if not os.path.exists(target):
        shutil.copy2(source, target)


def begin(root, name, version):
    """Begins the line of @version in the checkout at @root, if the port has lines and not this one: a note for the reader, or None."""
    port, new = Port(root, name), ".".join(version.split(".")[:2])
    lines = [pin.line for pin in port.pins if pin.line]
    if not lines or new in lines:
        return None
    if not re.fullmatch(r"\d+\.\d+", new):
        raise Fail("%s is no version of a release line" % version)
    old = nearest(version, lines)
    text = read("%s/%s.mk" % (port.folder, old))  # the pin itself stays for fields.change()
    write("%s/%s.mk" % (port.folder, new), re.sub("(?m)^#.*", lambda m: renamed(port, m.group(), old, new), text))
    if os.path.isdir("%s/%s" % (port.folder, old)):
        shutil.copytree("%s/%s" % (port.folder, old), "%s/%s" % (port.folder, new), copy_function=copy_if_new, dirs_exist_ok=True)
    in_the_menu(port, old, new)
    in_the_shapes(port, old, new)
    return "%s is a new line, begun as a copy of %s; next: its words in Config.uk, README.md and security/%s.yaml" % (new, old, name)
