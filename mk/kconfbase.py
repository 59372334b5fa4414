# SPDX-License-Identifier: BSD-3-Clause
"""What the configuration's stages share: folders, their names, files that keep their date when their text stays."""
import hashlib
import os
import re

KERNEL_KINDS = ("abi", "arch", "plat", "core", "posix", "drivers")
USER_KINDS = ("libs", "apps")


class Fail(Exception):
    """One clear line for the user."""


def read(path):
    """The file's text, None if there is none."""
    try:
        with open(path, encoding="utf-8") as f:
            return f.read()
    except OSError:
        return None


def write_if_changed(path, text):
    if read(path) == text:
        return False
    os.makedirs(os.path.dirname(path), exist_ok=True)
    tmp = "%s.tmp.%d" % (path, os.getpid())
    with open(tmp, "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(tmp, path)
    return True


def sha(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def ident(folder):
    """libs/foo-bar -> libfoo_bar, drivers/virtio-blk -> drivers_virtio_blk, apps/x -> app_x."""
    kind, name = folder.rstrip("/").split("/")[-2:]
    name = re.sub(r"[^a-z0-9]", "_", name.lower())
    if kind == "libs":
        return name if name.startswith("lib") and name != "lib" else "lib" + name
    return ("app" if kind == "apps" else kind) + "_" + name


class Folder:
    def __init__(self, root, path, external=False):
        self.path = path if external else os.path.join(root, path)
        self.label = path
        self.config = os.path.join(self.path, "Config.uk")
        self.kind = "libs" if external else path.split("/")[0]
        name = os.path.basename(path)
        if external and name.startswith("lib-"):
            name = name[4:]
        self.name = ident(self.kind + "/" + name)
        self.symbol = self.name.upper()
        self.kernel = self.kind in KERNEL_KINDS
        self.external = external
