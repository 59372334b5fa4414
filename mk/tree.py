#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes a port's source tree: extract, patch, rename when whole."""
import argparse
import fcntl
import os
import re
import shutil
import subprocess
import sys


class Fail(Exception):
    """One clear line for the user."""


def run(cmd, **kw):
    try:
        return subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", check=False, **kw)
    except FileNotFoundError as e:
        raise Fail("%s is missing; next: scripts/bootstrap" % cmd[0]) from e


def tar_extract(archive, into, strip, extract, exclude):
    cmd = ["tar", "--no-same-owner", "--no-same-permissions", "-C", into, "--anchored",
           "--no-wildcards-match-slash", "--wildcards", "--strip-components=%d" % strip]
    prefix = "*/" * strip
    cmd += ["--exclude=" + prefix + e for e in exclude]
    cmd += ["-xf", archive] + [prefix + e for e in extract]
    res = run(cmd)
    if res.returncode:
        lines = [l for l in res.stdout.splitlines() if "Exiting with failure" not in l]
        why = lines[0] if lines else "tar failed"
        if "Cannot exec" in res.stdout:
            why += "; next: scripts/bootstrap"
        raise Fail("%s: %s" % (os.path.basename(archive), why))


def deb_extract(archive, into):
    """A Debian package is an ar archive, of which data.tar.* holds the files."""
    res = run(["ar", "x", "--output", into, archive])
    if res.returncode:
        raise Fail("%s: %s" % (os.path.basename(archive), res.stdout.strip().splitlines()[-1]))
    for name in os.listdir(into):
        if not name.startswith("data.tar"):
            os.unlink(os.path.join(into, name))


def extract_all(a, tmp):
    if not a.inner and not a.archive.endswith(".deb"):
        tar_extract(a.archive, tmp, a.strip, a.extract, a.exclude)
        return
    outer = tmp + ".outer"
    shutil.rmtree(outer, ignore_errors=True)
    os.makedirs(outer)
    try:
        if a.inner:
            tar_extract(a.archive, outer, 1, [a.inner], [])
        else:
            deb_extract(a.archive, outer)
        found = [os.path.join(d, f) for d, _, fs in os.walk(outer) for f in fs]
        if len(found) != 1:
            raise Fail("%s: %d files match %s" % (os.path.basename(a.archive), len(found), a.inner or "data.tar.*"))
        tar_extract(found[0], tmp, a.strip, a.extract, a.exclude)
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def apply_patch(patch, tmp, dry=False):
    """Apply a patch without fuzz, or with @dry only see whether that would do."""
    with open(patch, "rb") as f:
        res = run(["patch", "-p1", "-F0", "-f", "-s", "--no-backup-if-mismatch", "-r", "-", "-d", tmp]
                  + ["--dry-run"] * dry, stdin=f)
    if res.returncode == 0:
        return
    name = os.path.basename(patch)
    m = re.search(r"can't find file to patch at input line \d+(?:.*\n)*?\|\+\+\+ (\S+)", res.stdout)
    if m:
        raise Fail("%s does not apply: there is no %s" % (name, m.group(1).split("/", 1)[-1]))
    m = re.search(r"saving rejects to file (\S+)|FAILED at \d+", res.stdout)
    with open(patch, encoding="utf-8", errors="replace") as f:
        files = re.findall(r"^\+\+\+ [^/\s]+/(\S+)", f.read(), re.M)
    bad = failed_file(patch, tmp, files) or "?"
    line = next((l for l in res.stdout.splitlines() if "FAILED" in l or "malformed" in l), "")
    raise Fail("%s does not apply to %s%s" % (name, bad, ": " + line if line else ""))


def failed_file(patch, tmp, files):
    """Which file: ask patch again without -s and without writing."""
    with open(patch, "rb") as f:
        res = run(["patch", "-p1", "-F0", "-f", "--dry-run", "-r", "-", "-d", tmp], stdin=f)
    current = None
    for line in res.stdout.splitlines():
        m = re.match(r"(?:checking|patching) file '?([^']+?)'?(?: \(|$)", line)
        if m:
            current = m.group(1)
        if "FAILED" in line or "malformed" in line or "hunk" in line and "ignored" in line:
            return current or (files[0] if files else None)
    return files[0] if len(files) == 1 else current


def links(a):
    """ORIGIN/<name> as Unikraft's makefiles expect it."""
    origin = a.tree + ".origin"
    os.makedirs(origin, exist_ok=True)
    for name in a.link:
        path = os.path.join(origin, name)
        if not os.path.lexists(path):
            os.symlink(os.path.join("..", os.path.basename(a.tree)), path)


def make(a):
    tmp = a.tree + ".tmp"
    shutil.rmtree(tmp, ignore_errors=True)
    os.makedirs(tmp)
    try:
        extract_all(a, tmp)
        for p in a.patch:
            apply_patch(p, tmp)
        links(a)
        with open(os.path.join(tmp, ".ready"), "w", encoding="utf-8"):
            pass
        shutil.rmtree(a.tree, ignore_errors=True)
        os.rename(tmp, a.tree)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    for name in ("name", "archive", "tree"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--strip", type=int, default=1, help="leading folders to remove from paths")
    p.add_argument("--inner", help="the archive is inside the archive, under this name")
    for name in ("extract", "exclude", "patch", "link"):
        p.add_argument("--" + name, action="append", default=[])
    a = p.parse_args()
    os.makedirs(os.path.dirname(a.tree), exist_ok=True)
    with open(os.path.join(os.path.dirname(a.tree), ".lock-" + a.name), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(a.tree + "/.ready"):
            return
        try:
            make(a)
        except (Fail, OSError) as e:
            sys.exit("error: %s: extract and patch: %s" % (a.name, e))


if __name__ == "__main__":
    main()
