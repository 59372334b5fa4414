# SPDX-License-Identifier: BSD-3-Clause
"""A guest in a file: --save and --load. The file has a page about the guest, which only the runner reads and writes, and behind it the
inner emulator's migration stream, which that writes into a folder of its own and reads from a disk."""

import contextlib
import hashlib
import json
import os
import stat
import tempfile

from runlib.disks import add_raw_disk, all_disks, quote_option
from runlib.files import check_file
from runlib.report import Failure, describe
from runlib.signals import held

MAGIC, FORM = b"unidom saved guest\n", 1
STREAM_AT, UNIT = 65536, 4096  # bytes before the stream, and what the file's length is a multiple of
TAG, STREAM = "unidom.save", "stream"
SAVE_SLOT, LOAD_SLOT = 0x1D, 0x11  # of the outer machine's PCI bus
CHUNK = 1 << 20


def save_uri():
    """Where the inner emulator writes."""
    return f"file:/host/{TAG}/{STREAM},offset={STREAM_AT}"


def load_uri(args):
    """Where it reads: the disk behind the guest's."""
    return f"file:/dev/vd{chr(ord('a') + len(all_disks(args)))},offset={STREAM_AT}"


def _disks(args):
    """What shows that a disk is as it was."""
    found = []
    for disk in all_disks(args):
        status = os.stat(disk.path)
        found.append([status.st_size, status.st_mtime_ns] if stat.S_ISREG(status.st_mode) else [])
    return found


def _digest(f):
    f.seek(STREAM_AT)
    digest = hashlib.sha256()
    while data := f.read(CHUNK):
        digest.update(data)
    return digest.hexdigest()


def finish_save(args, folder, running, machine):
    """The inner emulator has written the stream in @folder, and all have let the disks go: make it the file that was asked for. Returns its
    size. @running: the guest was, and is to go on when it is loaded. @machine: its arguments. Signals wait: the guest is nowhere else."""
    path = os.path.join(folder, STREAM)
    with held(), open(path, "r+b") as f:
        length = -(-f.seek(0, os.SEEK_END) // UNIT) * UNIT
        f.truncate(length)
        about = {"form": FORM, "length": length, "digest": _digest(f), "running": running, "machine": machine, "disks": _disks(args)}
        f.seek(0)
        f.write(MAGIC + json.dumps(about).encode() + b"\n")
        f.flush()
        os.fsync(f.fileno())
        os.replace(path, args.save)
    return length


def _read(path):
    with open(path, "rb") as f:
        head = f.read(STREAM_AT)
        if not head.startswith(MAGIC):
            raise Failure(f"--load {path}: not a guest that --save has written")
        try:
            about = json.loads(head[len(MAGIC) :].split(b"\n")[0])
            form, length, digest = about["form"], about["length"], about["digest"]
            if not all(isinstance(about[name], list) for name in ("machine", "disks")):
                raise ValueError
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Failure(f"--load {path}: damaged") from None
        if form != FORM:
            raise Failure(f"--load {path}: of the form {form}, which this runner does not know")
        size = os.fstat(f.fileno()).st_size
        if size != length:
            raise Failure(f"--load {path}: {size} bytes of {length}: not whole")
        if _digest(f) != digest:
            raise Failure(f"--load {path}: damaged")
    return about


def _difference(there, here):
    """The first words that differ."""
    at = next((i for i, (a, b) in enumerate(zip(there, here)) if a != b), min(len(there), len(here)))
    option = here[at - 1] + " " if 0 < at < len(here) and here[at - 1].startswith("-") and not here[at].startswith("-") else ""
    return " and ".join(f"{option}{words[at]} {where}" if at < len(words) else f"nothing more {where}"
                        for words, where in ((there, "there"), (here, "here")))


def load(args, machine):
    """Check the file of --load, for a guest with the arguments @machine. Returns whether it was running."""
    try:
        about = _read(args.load)
    except OSError as e:
        raise Failure(f"--load {describe(e)}") from None
    if about["machine"] != machine:
        raise Failure(f"--load {args.load}: saved from another machine: {_difference(about['machine'], machine)}")
    for disk, there, now in zip(all_disks(args), about["disks"], _disks(args)):
        if there != now:
            raise Failure(f"--load {args.load}: {disk.what} has been written since")
    return bool(about.get("running"))


def check_saved(args):
    """What is wrong with --save and --load, without starting anything or reading much."""
    for option, path in (("--save", args.save), ("--load", args.load)):
        if path is not None and not args.guest:
            raise Failure(f"{option}: there is no guest to have it")
    if args.load is not None:
        check_file(args.load, "--load", writable=False)
    if args.save is None:
        return
    if args.snapshot:
        raise Failure("--save: with --snapshot nothing is left of what the guest has on its disks")
    folder = os.path.dirname(args.save) or "."
    if not os.path.isdir(folder):
        raise Failure(f"--save {args.save}: no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Failure(f"--save {args.save}: the folder is not writable")
    if os.path.lexists(args.save):
        check_file(args.save, "--save", writable=False)
        with open(args.save, "rb") as f:
            if f.read(len(MAGIC)) != MAGIC:
                raise Failure(f"--save {args.save}: there is another file, which no guest was saved to")


@contextlib.contextmanager
def save_folder(args):
    """Where the inner emulator writes, beside the file that is asked for; None without --save."""
    if args.save is None:
        yield None
        return
    try:
        folder = tempfile.TemporaryDirectory(prefix=".unidom-save-", dir=os.path.dirname(args.save) or ".")
    except OSError as e:
        raise Failure(f"--save {args.save}: {describe(e)}") from None
    with folder as path:
        yield path


def add_outer_saved(command, args, folder):
    """@folder: as save_folder() gives it."""
    if folder is not None:
        command.add("-fsdev", f"local,id=save,path={quote_option(os.path.abspath(folder))},security_model=none", "--save")
        command.add("-device", f"virtio-9p-pci,fsdev=save,mount_tag={TAG},addr=0x{SAVE_SLOT:x}", "--save")
    if args.load is not None:
        add_raw_disk(command, "load", args.load, LOAD_SLOT, f"--load {args.load}")
