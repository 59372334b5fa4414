#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""PORT_OVERRIDE_SRCDIR: a port's tree out of a folder of the user's, which stays as it is. What changed there since the last time is copied, so
only that is compiled again; our patches are applied, without fuzz, but for those that the folder has already."""
import argparse
import fcntl
import fnmatch
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tree import Fail, apply_patch, links, run

# What it knows of the last time: dates and sizes of the folder's files, and the patches with what they were applied to.
STATE = ".override"


def left_out(path, exclude):
    return any(fnmatch.fnmatchcase(path, e) for e in exclude)


def files(top, exclude):
    """{path: [date, size]} of a folder's files, and [where to] of its symbolic links."""
    found = {}
    for folder, folders, names in os.walk(top):
        below = os.path.relpath(folder, top)
        below = "" if below == "." else below + "/"
        folders[:] = [d for d in folders if d != ".git" and not left_out(below + d, exclude)]
        names = [n for n in names if not left_out(below + n, exclude)]
        for name in names + [d for d in folders if os.path.islink(os.path.join(folder, d))]:
            path = os.path.join(folder, name)
            info = os.lstat(path)
            found[below + name] = [os.readlink(path)] if os.path.islink(path) else [info.st_mtime_ns, info.st_size]
    return found


def put(source, target):
    """A file or link at its place, whole or not at all."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copy(source, target + ".tmp", follow_symlinks=False)
    os.replace(target + ".tmp", target)


def touched(patches):
    """Paths that patches change or make."""
    found = set()
    for path in patches:
        with open(path, encoding="utf-8", errors="replace") as f:
            found |= set(re.findall(r"^\+\+\+ [^/\s]+/(\S+)", f.read(), re.M))
    return found


def has_it(patch, tree):
    res = run(["patch", "-p1", "-F0", "-f", "-s", "-r", "-", "-R", "--dry-run", "-d", tree, "-i", patch])
    return res.returncode == 0


def repatch(a, names):
    """Files that patches touch, patched, in a folder of their own; then what differs into the tree."""
    with tempfile.TemporaryDirectory(dir=os.path.dirname(a.tree)) as work:
        for name in names:
            if os.path.exists(os.path.join(a.source, name)):
                put(os.path.join(a.source, name), os.path.join(work, name))
        for patch in a.patch:
            if has_it(patch, work):
                continue
            try:
                apply_patch(patch, work)
            except Fail as e:
                raise Fail("%s; next: make it anew for %s, in %s" % (e, a.source, os.path.dirname(patch))) from e
        for name in names:
            new, old = os.path.join(work, name), os.path.join(a.tree, name)
            if not os.path.exists(new):
                continue
            if not os.path.exists(old) or open(new, "rb").read() != open(old, "rb").read():
                put(new, old)


def digest(paths):
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as f:
            total.update(os.path.basename(path).encode() + b"\0" + f.read())
    return total.hexdigest()


def synchronise(a):
    state, before = os.path.join(a.tree, STATE), {"files": {}}
    if os.path.exists(state):
        with open(state, encoding="utf-8") as f:
            before = json.load(f)
    if before.get("source") != a.source:
        shutil.rmtree(a.tree, ignore_errors=True)
        before = {"files": {}}
    os.makedirs(a.tree, exist_ok=True)
    now, names = files(a.source, a.exclude), sorted(touched(a.patch) | set(before.get("patched", [])))
    key = [digest(a.patch), [now.get(n) for n in names]]
    for name in sorted(set(before["files"]) - set(now)):
        if os.path.lexists(os.path.join(a.tree, name)):
            os.unlink(os.path.join(a.tree, name))
    for name, what in now.items():
        if name not in names and before["files"].get(name) != what:
            put(os.path.join(a.source, name), os.path.join(a.tree, name))
    if before.get("key") != key:
        repatch(a, names)
    links(a)
    if [before["files"], before.get("key")] != [now, key]:
        with open(state, "w", encoding="utf-8") as f:
            json.dump({"source": a.source, "files": now, "patched": names, "key": key}, f)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    for name in ("name", "source", "tree"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--fits", nargs=2, metavar=("PROGRAM", "LINE"), help="the port's own look at the tree")
    for name in ("exclude", "patch", "link"):
        p.add_argument("--" + name, action="append", default=[])
    a = p.parse_args()
    a.source = os.path.abspath(a.source)
    try:
        if not os.path.isdir(a.source):
            raise Fail("%s is no folder" % a.source)
        os.makedirs(os.path.dirname(a.tree), exist_ok=True)
        with open(os.path.join(os.path.dirname(a.tree), ".lock-" + a.name), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if a.fits and subprocess.run([a.fits[0], a.source, a.fits[1]], check=False).returncode:
                sys.exit(1)
            synchronise(a)
            if not os.path.exists(a.tree + "/.ready"):
                open(a.tree + "/.ready", "wb").close()
    except (Fail, OSError, ValueError) as e:
        print("%s: %s_OVERRIDE_SRCDIR: %s" % (a.name, a.name[3:].upper(), e))  # make ends with it
        sys.exit(1)


if __name__ == "__main__":
    main()
