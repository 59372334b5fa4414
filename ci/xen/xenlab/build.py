# SPDX-License-Identifier: BSD-3-Clause
"""The parts of the lab, made of Debian's packages: Xen, dom0's kernel and initrd, the Linux stubdomain."""

import fcntl
import gzip
import hashlib
import os
import shutil
import tempfile

from . import BUILD, DEFAULT, SUITES, TOP, LabError
from .debian import Suite

HERE = os.path.join(TOP, "ci", "xen")
KERNEL = "linux-image-amd64"


def packages(version):
    return [f"xen-hypervisor-{version}-amd64", f"xen-utils-{version}", "xenstore-utils", "qemu-system-xen", "busybox-static", "seabios"]


class Lab:
    """The built parts, by name. build() makes them once."""

    def __init__(self, version=DEFAULT):
        if version not in SUITES:
            raise LabError(f"Xen {version}: not known; next: one of {' '.join(SUITES)}")
        self.version = version
        self.folder = os.path.join(BUILD, "xen-lab", version)
        self.xen = os.path.join(self.folder, "xen")
        self.vmlinuz = os.path.join(self.folder, "vmlinuz")
        self.stamp = os.path.join(self.folder, "made-from")

    def key(self):
        """Of everything that decides what is built."""
        digest = hashlib.sha256()
        for folder, folders, names in os.walk(HERE):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            for name in sorted(names):
                if folder != HERE and name not in ("machine.py", "hvm.py"):
                    with open(os.path.join(folder, name), "rb") as f:
                        digest.update(name.encode() + b"\0" + f.read())
        return digest.hexdigest()

    def is_built(self):
        try:
            with open(self.stamp, encoding="utf-8") as f:
                return f.read() == self.key()
        except FileNotFoundError:
            return False

    def build(self):
        """Build what is missing or made from other sources. Atomic: the folder is there as a whole or not at all."""
        if self.is_built():
            return self
        above = os.path.dirname(self.folder)
        os.makedirs(above, exist_ok=True)
        with open(os.path.join(above, f".lock-{self.version}"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.is_built():
                return self
            with tempfile.TemporaryDirectory(dir=above, prefix=".tmp-") as work:
                made = os.path.join(work, "made")
                os.mkdir(made)
                self._make(os.path.join(work, "root"), made)
                shutil.rmtree(self.folder, ignore_errors=True)
                os.rename(made, self.folder)
        return self

    def _make(self, root, made):
        print(f"  LAB     Xen {self.version}", flush=True)
        key = self.key()
        Suite(SUITES[self.version]).unpack(packages(self.version), [KERNEL], root)
        boot = os.path.join(root, "boot")
        with gzip.open(os.path.join(boot, f"xen-{self.version}-amd64.gz")) as source:
            with open(os.path.join(made, "xen"), "wb") as f:
                shutil.copyfileobj(source, f)
        kernel = next(n for n in os.listdir(boot) if n.startswith("vmlinuz-"))
        shutil.copy(os.path.join(boot, kernel), os.path.join(made, "vmlinuz"))
        with open(os.path.join(made, "made-from"), "w", encoding="utf-8") as f:
            f.write(key)
