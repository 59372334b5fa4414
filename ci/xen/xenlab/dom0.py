# SPDX-License-Identifier: BSD-3-Clause
"""Boot Xen with the Debian dom0, run a script there, bring files back."""

import os

from . import session
from .build import HERE
from .machine import XEN_ARGUMENTS, boot

DOM0_ARGUMENTS = "console=hvc0 panic=-1 quiet 8250.nr_uarts=2"


def script(name):
    """One of our scripts for dom0."""
    with open(os.path.join(HERE, "dom0", name), encoding="utf-8") as f:
        return f.read()


def run(lab, text, files=(), fetch=(), limit=180, memory=1024, echo=False, xen_arguments="", guests=768, hardware=()):
    """Outcome of the script @text (sh, in /lab of dom0); its .status is the script's. @files: {path in dom0: path here, or bytes}. Paths of
    dom0 in @fetch (globs), and all of /var/log/xen, come back in .files. @memory of dom0 and for @guests in MiB.
    @hardware: more options of the outer emulator."""
    line = f"{XEN_ARGUMENTS} dom0_mem={memory}M,max:{memory}M {xen_arguments}".strip()

    def start(initrd, options):
        return boot(lab.xen, [(lab.vmlinuz, DOM0_ARGUMENTS), (initrd, "")], line, memory + guests + 512, limit, echo, [*options, *hardware])

    return session.run(lab.dom0, start, text, files, ["/var/log/xen", *fetch], limit)
