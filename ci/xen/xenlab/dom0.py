# SPDX-License-Identifier: BSD-3-Clause
"""Boot Xen with the Debian dom0, run a script there, bring files back."""

import os

from . import session, state
from .build import HERE
from .machine import CPU, XEN_ARGUMENTS, boot

DOM0_ARGUMENTS = "console=hvc0 panic=-1 quiet 8250.nr_uarts=2"
MEMORY, GUESTS = 1024, 768  # MiB; the state of such a machine is kept


def script(name):
    """One of our scripts for dom0."""
    with open(os.path.join(HERE, "dom0", name), encoding="utf-8") as f:
        return f.read()


def run(lab, text, files=(), fetch=(), limit=180, memory=MEMORY, echo=False, xen_arguments="", guests=GUESTS, hardware=()):
    """Outcome of the script @text (sh, in /lab of dom0); its .status is the script's. @files: {path in dom0: path here, or bytes}. Paths of
    dom0 in @fetch (globs), and all of /var/log/xen, come back in .files. @memory of dom0 and for @guests in MiB.
    @hardware: more options of the outer emulator. A machine with the usual memory and hardware goes on from the state of one that was booted
    before, unless there is UNIDOM_BOOT in the environment."""
    line = f"{XEN_ARGUMENTS} dom0_mem={memory}M,max:{memory}M {xen_arguments}".strip()
    total = memory + guests + 512

    def start(initrd, options, **more):
        modules = [(lab.vmlinuz, DOM0_ARGUMENTS), (initrd, "")]
        return boot(lab.xen, modules, line, total, more.pop("limit", limit), echo, [*options, *hardware], **more)

    fetch = ["/var/log/xen", *fetch]
    if hardware or xen_arguments or (memory, guests) != (MEMORY, GUESTS) or os.environ.get("UNIDOM_BOOT"):
        return session.run(lab.dom0, start, text, files, fetch, limit)

    def make(options, then):
        start(lab.dom0, options, limit=state.LIMIT, endings=(("waits", state.WAITS),), then=then)

    saved = state.kept(lab.folder, [line, DOM0_ARGUMENTS, CPU, total], make)
    return session.resume(lambda options: start(lab.dom0, [*options, "-incoming", f"exec:cat '{saved}'"]), text, files, fetch, limit)
