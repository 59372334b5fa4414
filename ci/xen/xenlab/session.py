# SPDX-License-Identifier: BSD-3-Clause
"""A script in a Linux under emulation: what goes in with the initrd, and what comes back through the second serial port."""

import io
import os
import tarfile
import tempfile

from . import LabError, state
from .cpio import Archive

BOOT_ALLOWANCE = 60  # seconds of the limit that the script does not get
SCRIPT_MIN = 10


def _extra(text, files, fetch, limit):
    """The second part of the initrd: what this run adds."""
    extra = Archive()
    extra.data("lab/script", text)
    extra.data("lab/limit", f"{limit:.0f}\n")
    extra.data("lab/fetch", "".join(f"{name}\n" for name in fetch))
    for name, source in files.items():
        if isinstance(source, bytes):
            extra.data(name, source)
        elif os.path.isfile(source):
            extra.file(name, source)
        else:
            raise LabError(f"{source}: there is no such file")
    return extra.bytes()


def _received(path):
    """What came through the second serial port: {name: contents}; a broken archive yields what is whole in it."""
    files = {}
    with open(path, "rb") as f:
        data = f.read()
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            for member in archive:
                if member.isfile():
                    files[member.name] = archive.extractfile(member).read()
    except (tarfile.TarError, EOFError, OSError):
        pass
    return files


def run(base, boot, text, files, fetch, limit):
    """Outcome of @boot(initrd, options of the emulator), with the script @text (sh, in /lab) added to the initrd @base; its .status is the
    script's. @files: {path there: path here, or bytes}. Paths there in @fetch (globs) come back in .files."""
    with tempfile.TemporaryDirectory(prefix="unidom-lab-") as folder:
        initrd = os.path.join(folder, "initrd")
        with open(initrd, "wb") as f:
            with open(base, "rb") as unchanging:
                f.write(unchanging.read())
            f.write(_extra(text, dict(files), fetch, max(limit - BOOT_ALLOWANCE, SCRIPT_MIN)))
        return _outcome(lambda options: boot(initrd, options), folder)


def resume(boot, text, files, fetch, limit):
    """The same of @boot(options), a machine that goes on from a state in which it waits for a disk with what this run adds."""
    with tempfile.TemporaryDirectory(prefix="unidom-lab-") as folder:
        path = os.path.join(folder, "disk")
        state.write_disk(path, _extra(text, dict(files), fetch, max(limit - BOOT_ALLOWANCE, SCRIPT_MIN)))
        return _outcome(lambda options: boot([*state.disk(path), *options]), folder)


def _outcome(boot, folder):
    """Outcome of @boot(options), with what comes through the second serial port."""
    port = os.path.join(folder, "port")
    open(port, "wb").close()
    outcome = boot(["-serial", f"file:{port}"])
    outcome.files = _received(port)
    status = outcome.files.pop("lab/status", b"").strip()
    if status:
        outcome.status = int(status)
    return outcome
