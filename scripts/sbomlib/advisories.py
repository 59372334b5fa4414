# SPDX-License-Identifier: BSD-3-Clause
"""Judges the holes of security/PORT.yaml: does the pinned version have the fix, is a patch carried, is the file compiled at all?"""
import fnmatch
import glob
import os
import re

import yaml

from bumplib.port import line_of
from sbomlib.document import cves
from sbomlib.linked import Fail

STATES = ("fixed", "patched", "not-compiled", "not-affected", "open")
KEYS = {"id", "files", "fix", "fixed_in", "status", "patch", "reason"}
LINE_KEYS = {"line", "reason"}


def numbers(version):
    return [int(n) for n in re.findall(r"\d+", version)]


def is_fixed(pinned, fixed_in):
    """Whether a version has a fix that these versions have. A branch (10.0, 11.1) that is not listed has it if its first release came later
    than a listed first release; whether it was brought to an older branch is not to be guessed."""
    have, fixes = numbers(pinned), [numbers(v) for v in fixed_in]
    same = [f for f in fixes if f[:2] == have[:2]]
    if same:
        return have >= max(same)
    return any(have >= f for f in fixes if not any(f[2:]))


class Port:
    """What the tree has of one port: its version, its patches, and the sources that any configuration may compile."""

    def __init__(self, root, name):
        self.name, self.folder = name, os.path.join(root, "libs", name)
        text, self.lines = "", {}
        for path in sorted(p for part in ("/*.mk", "/lists/*.mk", "/*/lists/*.mk", "/Makefile.uk") for p in glob.glob(self.folder + part)):
            with open(path, encoding="utf-8") as f:
                part = f.read()
            text += part
            self.lines.update({line_of(path): v for v in re.findall(r"^LIB\w+_VERSION := (\S+)", part, re.M)})
        if not self.lines:
            raise Fail("security/%s.yaml: libs/%s names no version" % (name, name))
        self.left = {}
        self.listed = set(re.findall(r"\$\(LIB\w+_TREE\)/([^\s|)]+)", text))
        self.patches = {os.path.basename(p): cves(p) for part in ("", "/*")
                        for p in glob.glob(self.folder + part + "/patches/*.patch")}

    def leave(self, line):
        """Verdicts are not about this release line."""
        self.left[line] = self.lines.pop(line)

    def fixed(self, fixed_in):
        return all(is_fixed(v, fixed_in) for v in self.lines.values())


def touches(files, compiled):
    """Whether one of these files is compiled. Headers are taken to be, and what is not known too."""
    if not files or any(f.endswith(".h") for f in files):
        return True
    return any(fnmatch.fnmatchcase(c, f) for f in files for c in compiled)


def complaints(record, port):
    """(whether it is open, what is wrong with the verdict) of one record."""
    for key in set(record) - KEYS:
        yield "has an unknown field '%s'" % key
    if not re.fullmatch(r"CVE-\d{4}-\d{4,}", str(record.get("id"))):
        yield "is no CVE id"
    status, reason = record.get("status"), str(record.get("reason") or "").strip()
    if status not in STATES:
        yield "status '%s' is none of %s" % (status, ", ".join(STATES))
    elif port.fixed(record.get("fixed_in") or []):
        return
    elif status == "fixed":
        yield "is not fixed in %s %s; next: judge it anew" % (port.name, "/".join(port.lines.values()))
    elif status == "patched":
        if record.get("id") not in port.patches.get(record.get("patch"), []):
            yield "no patch %s in libs/%s/patches has the line 'CVE: %s'" % (record.get("patch"), port.name, record.get("id"))
    elif len(reason) < 20:
        yield "status '%s' needs a reason" % status
    elif status == "not-compiled" and touches(record.get("files"), port.listed):
        yield "status 'not-compiled', but %s may be compiled" % (" ".join(record.get("files") or []) or "its file, which is not known,")


class Judged:
    """All records of one port."""

    def __init__(self, root, path):
        name = os.path.basename(path)[:-5]
        try:
            with open(path, encoding="utf-8") as f:
                self.records = yaml.load(f, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or []
        except (OSError, yaml.YAMLError) as e:
            raise Fail("security/%s.yaml: %s" % (name, " ".join(str(e).split()))) from e
        self.port = Port(root, name)
        if not isinstance(self.records, list) or not all(isinstance(r, dict) for r in self.records):
            raise Fail("security/%s.yaml: is not a list of records" % name)
        # A release line that upstream no longer mends has one verdict for all: a record with line and reason.
        self.left = [r for r in self.records if "line" in r]
        self.records = [r for r in self.records if "line" not in r]
        for record in self.left:
            if record["line"] in self.port.lines:
                self.port.leave(record["line"])

    def problems(self):
        """Lines about verdicts that do not hold."""
        seen = set()
        for record in self.left:
            known = record["line"] in self.port.left and self.port.lines
            if not known or set(record) != LINE_KEYS or len(str(record["reason"]).strip()) < 20:
                yield "line %s: is no line of libs/%s besides others, or needs a reason" % (record["line"], self.port.name)
        for record in self.records:
            for text in complaints(record, self.port):
                yield "%s: %s" % (record.get("id"), text)
            if record.get("id") in seen:
                yield "%s: is there twice" % record.get("id")
            seen.add(record.get("id"))
        for patch, ids in sorted(self.port.patches.items()):
            for cve in ids:
                if cve not in seen:
                    yield "%s: libs/%s/patches/%s resolves it, and no record says so" % (cve, self.port.name, patch)

    def open(self):
        return [r for r in self.records if r.get("status") == "open" and not self.port.fixed(r.get("fixed_in") or [])]

    def open_in(self, line):
        """Records that a line which is not mended has neither the fix nor a patch of ours for, if it has the fault: that is not looked into."""
        return [r for r in self.records if r.get("status") in ("fixed", "open") and not is_fixed(self.port.left[line], r.get("fixed_in") or [])]

    def touching(self, compiled):
        return [r for r in self.records if touches(r.get("files"), compiled)]

    def unknown(self, changelog, since):
        """(version, CVE) of a Debian changelog's entries of the last year, or since a version, that have no record."""
        known, version, found = {r.get("id") for r in self.records}, None, []
        with open(changelog, encoding="utf-8", errors="replace") as f:
            for line in f:
                start = re.match(r"\S+ \((?:\d+:)?([^)]+)\)", line)
                if start:
                    version = start.group(1)
                    if numbers(version.split("+")[0]) < numbers(since):
                        break
                found += [(version, c) for c in re.findall(r"CVE-\d{4}-\d{4,}", line) if c not in known]
        return sorted(set(found))
