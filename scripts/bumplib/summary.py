# SPDX-License-Identifier: BSD-3-Clause
"""What a person reviews of a bump."""
import os
import re
import subprocess

from bumplib import port as ports

NAMED_MAX = 12


def named(names):
    """'3: a b c', shortened."""
    names = sorted(names)
    return "%d: %s" % (len(names), " ".join(names[:NAMED_MAX]) + (" ..." if len(names) > NAMED_MAX else ""))


class Report:
    """Collects, then prints."""

    def __init__(self, copy, port, pin, new):
        self.copy, self.port, self.old, self.new = copy, port, pin.version, new
        self.is_first = pin.is_copied()  # of its line
        self.notes, self.sizes, self.tested, self.untested = [], {}, [], []
        self.applied, self.taken, self.lines = [], [], []

    def compare(self):
        """Sources and options, against the checkout."""
        name, line, before = self.port.name, self.port.line, self.copy.source
        was = ".".join(self.old.split(".")[:2]) if self.is_first else line  # of a new line: the one that it is a copy of
        had, has = ports.sources(before, name, was), ports.sources(self.port.root, name, line)
        for lib in sorted(set(had) | set(has)):
            for word, these in (("added", has.get(lib, set()) - had.get(lib, set())), ("gone", had.get(lib, set()) - has.get(lib, set()))):
                if these:
                    self.lines.append("%s: sources %s, %s" % (lib, word, named(these)))
        had, has = ports.options(before, name, was), ports.options(self.port.root, name, line)
        self.lines += ["options %s, %s" % (word, named(these)) for word, these in (("added", has - had), ("gone", had - has)) if these]
        self.lines.append("patches: %d apply%s" % (
            len(self.applied), "; upstream has, taken out: " + " ".join(map(os.path.basename, self.taken)) if self.taken else ""))

    def security(self):
        """Verdicts about holes that no longer hold with the new version, and those that it mends."""
        tool = os.path.join(self.copy.path, "scripts/cve")
        if not os.path.exists(tool):
            return
        out = subprocess.run([tool, "--quiet"], cwd=self.copy.path, capture_output=True, text=True, check=False)
        self.notes += ["%s; next: security/%s.yaml" % (line, self.port.name) for line in out.stdout.splitlines() if self.port.name in line]

    def mentions(self):
        """Where the old version is still named outside of the port's folder."""
        pattern = re.compile(r"(?<![\w.])%s(?!\w|\.\d)" % re.escape(self.old))
        for name in sorted(self.copy.before):
            if name.endswith(".md") and not name.startswith(("libs/", "CHANGELOG")):
                with open(os.path.join(self.copy.path, name), encoding="utf-8") as f:
                    for number, line in enumerate(f, 1):
                        if pattern.search(line) and self.port.name in line.lower():
                            self.notes.append("%s:%d still names %s" % (name, number, self.old))

    def show(self):
        self.security()
        if not self.is_first:
            self.mentions()
        print("%s %s -> %s" % (self.port.name, self.old, self.new))
        for line in self.lines:
            print("  " + line)
        for name, (before, after) in self.sizes.items():
            print("  %s: image %s" % (name, "%d bytes" % after if before is None else "%d -> %d bytes (%+d)" % (before, after, after - before)))
        if self.tested:
            print("  tests: %s" % " ".join(self.tested))
        if self.untested:
            print("  built, no tests of their own here: %s" % " ".join(self.untested))
        for note in self.notes:
            print("  NOTE    " + note)
        print("  changed: %s" % " ".join(self.copy.changed))
        print("  next: git diff, then one commit")
