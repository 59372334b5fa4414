# SPDX-License-Identifier: BSD-3-Clause
"""Boot Xen with the Debian dom0, run a script there, bring files back."""

import io
import os
import tarfile
import tempfile

from . import LabError
from .build import HERE
from .cpio import Archive
from .machine import XEN_ARGUMENTS, boot

DOM0_ARGUMENTS = "console=hvc0 panic=-1 quiet 8250.nr_uarts=2"
BOOT_ALLOWANCE = 60  # seconds of the limit that the script does not get
SCRIPT_MIN = 10


def script(name):
    """One of our scripts for dom0."""
    with open(os.path.join(HERE, "dom0", name), encoding="utf-8") as f:
        return f.read()


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


def run(lab, text, files=(), fetch=(), limit=180, memory=1024, echo=False, xen_arguments="", guests=768):
    """Outcome of the script @text (sh, in /lab of dom0); its .status is the script's. @files: {path in dom0: path here, or bytes}. Paths of
    dom0 in @fetch (globs), and all of /var/log/xen, come back in .files. @memory of dom0 and for @guests in MiB."""
    with tempfile.TemporaryDirectory(prefix="unidom-lab-") as folder:
        initrd, port = os.path.join(folder, "initrd"), os.path.join(folder, "port")
        with open(initrd, "wb") as f:
            with open(lab.dom0, "rb") as base:
                f.write(base.read())
            f.write(_extra(text, dict(files), fetch, max(limit - BOOT_ALLOWANCE, SCRIPT_MIN)))
        open(port, "wb").close()
        line = f"{XEN_ARGUMENTS} dom0_mem={memory}M,max:{memory}M {xen_arguments}".strip()
        modules = [(lab.vmlinuz, DOM0_ARGUMENTS), (initrd, "")]
        outcome = boot(lab.xen, modules, line, memory + guests + 512, limit, echo, ["-serial", f"file:{port}"])
        outcome.files = _received(port)
    status = outcome.files.pop("lab/status", b"").strip()
    if status:
        outcome.status = int(status)
    return outcome
