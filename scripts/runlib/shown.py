# SPDX-License-Identifier: BSD-3-Clause
"""What would be run, for --print and --json: with names in place of descriptors, so for reading only."""

import json
import shlex

from runlib.command import inner_arguments, outer_command
from runlib.options import EMULATOR, outer_memory
from runlib.screen import screen_files
from runlib.session import SOCKETS


def commands(args, accel):
    """The text of it."""
    names = ("console", *SOCKETS) + (("ramdisk",) if screen_files(args) else ())
    folders = {"kernel": args.kernel and "KERNEL", "save": args.save and "SAVE"}
    outer = outer_command(args, accel, {name: name.upper() for name in names}, folders).words
    inner = inner_arguments(args) if args.guest else args.extra
    if args.json:
        return json.dumps({"outer": outer, "inner": inner, "memory": outer_memory(args)}, indent=1)
    name = [EMULATOR] if args.guest else []
    return f"outer: {shlex.join(outer)}\ninner: {shlex.join(name + inner)}"
