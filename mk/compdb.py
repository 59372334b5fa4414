#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes compile_commands.json from the flags and object stamps of all libraries."""
import argparse
import glob
import json
import os
import shlex


def source_of(obj, base, build, root, trees):
    rel = os.path.splitext(os.path.relpath(obj, build))[0]
    part, rest = rel.split("/", 1)
    if part == "gen" and rest.startswith("of/"):
        build, rest = os.path.dirname(build), rest[3:]
    if part == "src":
        port, rest = rest.split("/", 1)
        roots = trees.get(port, [])
    else:
        roots = {"own": [base], "gen": [build], "base": [root]}.get(part, [])
    for r in roots:
        for stem in (rest, os.path.splitext(rest)[0]):
            for suffix in (".c", ".S", ".s"):
                path = os.path.join(r, stem + suffix)
                if os.path.exists(path):
                    return path, part
    # Not made yet: generated sources are C.
    return (os.path.join(build, rest + ".c"), part) if part == "gen" else (None, part)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    for name in ("root", "src", "cc", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("libraries", help="a file of BASE=BUILD words")
    a = p.parse_args()
    entries = []
    with open(a.libraries, encoding="utf-8") as f:
        libraries = f.read().split()
    for lib in libraries:
        base, build = lib.split("=")
        with open(build + "/.flags", encoding="utf-8") as f:
            flags = dict((l.rstrip("\n").split(" ", 1) + [""])[:2] for l in f if l.strip())
        trees = {}
        for t in flags.get("tree", "").split():
            trees.setdefault(os.path.basename(t).rsplit("-", 2)[0], []).append(t)
        for t in glob.glob(a.src + "/*/.ready"):
            t = os.path.dirname(t)
            trees.setdefault(os.path.basename(t).rsplit("-", 2)[0], []).append(t)
        with open(build + "/.objs", encoding="utf-8") as f:
            objs = f.read().split()
        for obj in objs:
            src, part = source_of(obj, base, build, a.root, trees)
            if src is None:
                continue
            kind = "own" if part in ("own", "base") or "config.h" in flags["own"] and part == "gen" \
                else "upstream"
            text = " ".join((flags["c"] if src.endswith(".c") else flags["as"],
                             flags[kind] if src.endswith(".c") else "", flags["inc"]))
            entries.append({"directory": a.root, "file": src, "output": obj,
                            "arguments": [a.cc] + shlex.split(text) + ["-c", "-o", obj, src]})
    tmp = a.out + ".tmp"
    with open(tmp, "w", encoding="utf-8") as f:
        json.dump(entries, f, indent=1)
        f.write("\n")
    os.replace(tmp, a.out)


if __name__ == "__main__":
    main()
