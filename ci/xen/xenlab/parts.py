# SPDX-License-Identifier: BSD-3-Clause
"""What a lab is made of: a folder that is built once, and again when its sources changed."""

import fcntl
import hashlib
import os
import shutil
import tempfile


class Parts:
    """A folder of built things. The class of a lab says what it is made @of, files and folders, and makes it in _make()."""

    def __init__(self, folder, of, but=()):
        self.folder = folder
        self.of = of
        self.but = but  # names a change of which makes no other lab
        self.stamp = os.path.join(folder, "made-from")

    def _sources(self):
        for start in self.of:
            if os.path.isfile(start):
                yield start
            for folder, folders, names in os.walk(start):
                folders[:] = sorted(f for f in folders if f != "__pycache__")
                yield from (os.path.join(folder, name) for name in sorted(names) if name not in self.but)

    def key(self):
        """Of everything that decides what is built."""
        digest = hashlib.sha256()
        for path in self._sources():
            with open(path, "rb") as f:
                digest.update(os.path.basename(path).encode() + b"\0" + f.read())
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
        above, name = os.path.split(self.folder)
        os.makedirs(above, exist_ok=True)
        with open(os.path.join(above, f".lock-{name}"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.is_built():
                return self
            with tempfile.TemporaryDirectory(dir=above, prefix=".tmp-") as work:
                made = os.path.join(work, "made")
                os.mkdir(made)
                key = self.key()
                self._make(os.path.join(work, "root"), made)
                with open(os.path.join(made, "made-from"), "w", encoding="utf-8") as f:
                    f.write(key)
                shutil.rmtree(self.folder, ignore_errors=True)
                os.rename(made, self.folder)
        return self

    def _make(self, root, made):
        """Fill the folder @made; Debian's packages may be unpacked into @root, which goes away."""
        raise NotImplementedError
