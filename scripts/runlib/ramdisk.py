# SPDX-License-Identifier: BSD-3-Clause
"""Small files for the image that are neither disks nor words of a command line, where anybody could read them: a ramdisk in memory, as a
cpio archive of the format "newc"."""

import os

MAGIC = "070701"
REGULAR, FOLDER = 0o100600, 0o040755
NAME_END = "TRAILER!!!"


def _entry(number, name, mode, data=b""):
    encoded = name.encode() + b"\0"
    # inode, mode, uid, gid, links, time, size, device twice, the file's own device twice, length of the name, checksum
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
    head = MAGIC.encode() + b"".join(b"%08x" % value for value in fields) + encoded
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def archive(files):
    """@files: {path without the first slash: contents}."""
    folders = sorted({path[:i] for path in files for i, c in enumerate(path) if c == "/"})
    entries = [(folder, FOLDER, b"") for folder in folders] + [(path, REGULAR, data) for path, data in files.items()]
    return b"".join(_entry(number, *entry) for number, entry in enumerate(entries + [(NAME_END, 0, b"")], 1))


def ramdisk(files):
    """A descriptor of a file with the archive that is on no disk, None without @files."""
    if not files:
        return None
    fd = os.memfd_create("unidom-ramdisk")
    with open(fd, "wb", closefd=False) as f:
        f.write(archive(files))
    return fd
