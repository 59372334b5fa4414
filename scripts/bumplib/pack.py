# SPDX-License-Identifier: BSD-3-Clause
"""An archive of a source tree: the same tree gives the same bytes, and so the same hash."""
import bz2
import gzip
import hashlib
import lzma
import os
import tarfile

from fetchlib.debian import Fail

# By the name's end, since the port's address has one. The quickest compression, and no date in it.
KINDS = {
    ".tar.xz": lambda f: lzma.LZMAFile(f, "w", preset=0),
    ".tar.gz": lambda f: gzip.GzipFile("", "wb", 1, f, mtime=0),
    ".tar.bz2": lambda f: bz2.BZ2File(f, "w", 1),
}


def _plain(info):
    """An entry without what differs between two copies of a tree; None for what belongs to a checkout alone."""
    if os.path.basename(info.name) == ".git":
        return None
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = ""
    info.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
    return info


def pack(tree, path, version):
    """Writes the archive @path of the folder @tree, whole or not at all: its sha256."""
    end = next((e for e in KINDS if path.endswith(e)), None)
    if not end:
        raise Fail("%s: no archive of this kind can be made of a folder" % os.path.basename(path))
    if not os.path.isdir(tree):
        raise Fail("%s is no folder" % tree)
    said = os.path.join(tree, "VERSION")
    if os.path.exists(said):
        with open(said, encoding="utf-8", errors="replace") as f:
            has = f.read().strip()
        if has != version:
            raise Fail("%s is of version %s, not %s; next: VERSION=%s" % (tree, has, version, has))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".part", "wb") as f, KINDS[end](f) as packed, tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        tar.add(tree, os.path.basename(path).removesuffix(end), filter=_plain)
    os.replace(path + ".part", path)
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
