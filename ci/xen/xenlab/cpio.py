# SPDX-License-Identifier: BSD-3-Clause
"""cpio archives (newc) as the Linux kernel unpacks them. Owner root, whoever makes them."""

import os
import stat

MAGIC = "070701"
TRAILER = "TRAILER!!!"


def _entry(number, name, mode, data):
    path = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
    head = (MAGIC + "".join(f"{f:08x}" for f in fields)).encode() + path
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


class Archive:
    """Entries in the order in which they are added; folders above a file come by themselves."""

    def __init__(self):
        self.parts = []
        self.folders = {""}

    def _add(self, name, mode, data):
        name = name.strip("/")
        self.folder(os.path.dirname(name))
        self.parts.append(_entry(len(self.parts) + 1, name, mode, data))

    def folder(self, name):
        name = name.strip("/")
        if name in self.folders:
            return
        self.folders.add(name)
        self._add(name, stat.S_IFDIR | 0o755, b"")

    def data(self, name, data, executable=False):
        self._add(name, stat.S_IFREG | (0o755 if executable else 0o644), data if isinstance(data, bytes) else data.encode())

    def link(self, name, target):
        self._add(name, stat.S_IFLNK | 0o777, target.encode())

    def file(self, name, path):
        with open(path, "rb") as f:
            self.data(name, f.read(), os.access(path, os.X_OK))

    def bytes(self):
        """The archive, padded so that another can follow."""
        whole = b"".join(self.parts) + _entry(0, TRAILER, 0, b"")
        return whole + bytes(-len(whole) % 512)
