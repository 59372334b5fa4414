# SPDX-License-Identifier: BSD-3-Clause
"""A package's files in a folder of their own, the same each time: what packages of all kinds have in common."""
import glob
import gzip
import os
import shutil

from .common import Fail


def copy(source, target, mode=None):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(source, target)
    os.chmod(target, mode or (0o755 if os.access(source, os.X_OK) and not source.endswith(".py") else 0o644))


def write(target, text):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(target, 0o644)


def pack(target, data, stamp):
    """A compressed file that is the same each time."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=stamp) as f:
        f.write(data)
    os.chmod(target, 0o644)


def documents(package, root, doc, build, stamp):
    """Manuals, and in the folder @doc what is in the image and under which licences."""
    for manual in package.manuals:
        with open(manual, "rb") as f:
            pack(os.path.join(root, "usr/share/man/man" + manual[-1], os.path.basename(manual) + ".gz"), f.read(), stamp)
    if not package.image:
        return
    folder = os.path.join(build, package.image)
    for name in glob.glob(folder + "/legal-info/**/*", recursive=True):
        if os.path.isfile(name):
            copy(name, os.path.join(root, doc, os.path.relpath(name, folder)), 0o644)
    for name in glob.glob(folder + "/*.cdx.json"):
        copy(name, os.path.join(root, doc, os.path.basename(name)))


def stage(package, root, top, build, stamp):
    """Everything that is installed, but what one kind of package has by itself. Returns the folder of documents, without the root."""
    doc = os.path.join("usr/share/doc", package.name)
    for source, target in package.files(top, build):
        if not os.path.exists(source):
            raise Fail("%s: there is no %s; next: make deb or make rpm, which build it" % (package.name, source))
        copy(source, os.path.join(root, target))
    documents(package, root, doc, build, stamp)
    return doc


def settle(root, stamp):
    """One date for all, and folders that all may read."""
    for folder, _, names in os.walk(root):
        for path in [folder, *(os.path.join(folder, n) for n in names)]:
            os.utime(path, (stamp, stamp))
        os.chmod(folder, 0o755)
