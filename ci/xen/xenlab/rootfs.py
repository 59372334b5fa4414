# SPDX-License-Identifier: BSD-3-Clause
"""Initial file systems out of unpacked packages: programs with the libraries they need, kernel modules in loading order."""

import lzma
import os
import re
import subprocess

from . import LabError
from .cpio import Archive

LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib")
LOADER = "usr/lib64/ld-linux-x86-64.so.2"
MODULE_ORDER = "lib/modules/order"


class Rootfs:
    """An archive in the making; @source is the folder of the unpacked packages."""

    def __init__(self, source):
        self.source = source
        self.archive = Archive()
        self.programs = set()
        for name in ("bin", "sbin", "lib", "lib64"):
            self.archive.folder(f"usr/{name}")
            self.archive.link(name, f"usr/{name}")
        self.archive.link("var/run", "../run")
        for name in ("dev", "etc", "proc", "run", "sys", "tmp"):
            self.archive.folder(name)

    def _resolve(self, name):
        """The path of @name in the source, through links that are absolute inside it."""
        for _ in range(8):
            path = os.path.join(self.source, name.lstrip("/"))
            if not os.path.islink(path):
                return path
            name = os.path.normpath(os.path.join("/", os.path.dirname(name), os.readlink(path)))
        raise LabError(f"{name}: too many links")

    def program(self, name, as_name=None):
        """Program or library @name and every library it needs."""
        if name in self.programs:
            return
        self.programs.add(name)
        path = self._resolve(name)
        if not os.path.isfile(path):
            raise LabError(f"{name}: not in the packages; next: look for what has it, and add that to ci/xen/xenlab/build.py")
        self.archive.file(as_name or name, path)
        with open(path, "rb") as f:
            if f.read(4) != b"\x7fELF":
                return
        headers = subprocess.run(["readelf", "-dlW", path], capture_output=True, text=True, check=True).stdout
        if "program interpreter" in headers:
            self.program(LOADER)
        for library in re.findall(r"\(NEEDED\).*\[(.+)\]", headers):
            self.library(library)

    def library(self, name):
        for folder in LIBRARIES:
            if os.path.isfile(self._resolve(f"{folder}/{name}")):
                return self.program(f"{folder}/{name}")
        if name not in os.path.basename(LOADER):
            raise LabError(f"{name}: this library is not in the packages")
        return None

    def folder(self, name):
        """All below @name, with the libraries that programs there need; dangling links are left out."""
        top = os.path.join(self.source, name)
        for above, _, files in os.walk(top):
            for file in sorted(files):
                path = os.path.relpath(os.path.join(above, file), self.source)
                if os.path.isfile(self._resolve(path)):
                    self.program(path)

    def busybox(self):
        self.program("usr/bin/busybox")
        applets = subprocess.run([os.path.join(self.source, "usr/bin/busybox"), "--list"], capture_output=True, text=True, check=True)
        for name in applets.stdout.split():
            if name != "busybox":
                self.archive.link(f"usr/bin/{name}", "busybox")

    def modules(self, names):
        """The kernel modules @names, {name: parameters}, and what they need; lib/modules/order tells how to load them."""
        versions = os.path.join(self.source, "usr/lib/modules")
        top = os.path.join(versions, os.listdir(versions)[0])
        files = {}
        for above, _, found in os.walk(top):
            for file in found:
                if ".ko" in file:
                    files[file.split(".ko")[0].replace("-", "_")] = os.path.join(above, file)
        with open(os.path.join(top, "modules.builtin"), encoding="utf-8") as f:
            builtin = {os.path.basename(line).split(".ko")[0].replace("-", "_") for line in f}
        order = []

        def add(name):
            name = name.replace("-", "_")
            if name in builtin or name in order:
                return
            if name not in files:
                raise LabError(f"{name}: no such module in Debian's kernel")
            data = _contents(files[name])
            depends = re.search(rb"\0depends=([^\0]*)\0", data)
            for needed in depends.group(1).decode().split(",") if depends and depends.group(1) else ():
                add(needed)
            order.append(name)
            self.archive.data(f"lib/modules/{name}.ko", data)

        for name in names:
            add(name)
        given = {name.replace("-", "_"): text for name, text in names.items()}
        self.archive.data(MODULE_ORDER, "".join(f"{name} {given.get(name, '')}\n" for name in order))


def _contents(path):
    with open(path, "rb") as f:
        data = f.read()
    return lzma.decompress(data) if path.endswith(".xz") else data
