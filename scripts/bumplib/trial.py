# SPDX-License-Identifier: BSD-3-Clause
"""Builds and tests a copy of the checkout by its own makefiles."""
import json
import os
import re
import subprocess

from cilib import shapes
from fetchlib.debian import Fail

# What the caller's make exports is not for the makes of the copy.
INHERITED = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "APP", "PLAT", "ARCH", "O", "L", "V", "PORT", "VERSION", "BUILD",
             "TESTS", "SHAPES", "UNIDOM_IMAGES", "UNIDOM_BUILD")


class Trial:
    """One copy; what is run goes to the log."""

    def __init__(self, copy, port, dl):
        self.copy, self.port = copy, port
        self.env = {k: v for k, v in os.environ.items() if k not in INHERITED and not k.endswith("_OVERRIDE_SRCDIR")}
        self.env.update(DL=dl, BOOTSTRAP="0")
        self.log = os.path.join(copy.out, "bump.log")
        os.makedirs(copy.out, exist_ok=True)
        with open(self.log, "w", encoding="utf-8"):
            pass

    def run(self, command, what):
        """Runs a command in the copy, or fails with its last error line and the log's place."""
        with open(self.log, "a", encoding="utf-8") as log:
            log.write("$ %s\n" % " ".join(command))
            log.flush()
            code = subprocess.run(command, cwd=self.copy.path, env=self.env, stdout=log, stderr=subprocess.STDOUT,
                                  stdin=subprocess.DEVNULL, check=False).returncode
        if code:
            raise Fail("%s: %s; next: see %s" % (what, self.last_error() or "ended with %d" % code, self.log))

    def last_error(self):
        """The first line of the last command's that names an error: the others follow from it."""
        with open(self.log, encoding="utf-8", errors="replace") as f:
            part = f.read().rpartition("\n$ ")[2].splitlines()
        # The linker's, the compiler's with file and line, a makefile's, a test's.
        for pattern in (r"(undefined reference to .*)", r"([^\s/]+:\d+:\d+: (?:fatal )?error: .*)", r"error: (.*?)(?:; next: .*)?$",
                        r"((?:not ok|FAILED|E  ) .*)"):
            found = [m.group(1).strip() for m in map(re.compile(pattern).search, part) if m]
            if found:
                return found[0]
        return None

    def make(self, *words, what="make"):
        self.run(["make", "-s", *words], what)

    def info(self):
        """The port as the build knows it: make PORT-show-info."""
        command = ["make", "-s", self.port.name + "-show-info", *self.port.chosen()]
        out = subprocess.run(command, cwd=self.copy.path, env=self.env, capture_output=True, text=True,
                             stdin=subprocess.DEVNULL, check=False)
        try:
            return json.loads(out.stdout)
        except ValueError as e:
            raise Fail("%s: %s" % (self.port.name, (out.stderr.strip().splitlines() or ["no information"])[0])) from e

    def tree(self):
        """The port's extracted and patched tree."""
        path = os.path.join(self.copy.out, self.info()["tree"])
        self.make("-f", "mk/source-all.mk", path + "/.ready", *self.port.chosen(), what="extract and patch")
        return path

    def shapes(self, wanted):
        """The lines of ci/shapes that have the port: those wanted, or the required ones if there are any."""
        table = shapes.read(self.copy.path)
        unknown = [n for n in wanted if n not in [s.name for s in table]]
        if unknown:
            raise Fail("ci/shapes has no %s; next: ci/matrix --list" % " ".join(unknown))
        chosen = [s for s in table if s.name in wanted] if wanted else [s for s in table if s.level == "required"]
        found = [s for s in chosen if self.configured(s)]
        # A line that is not the default's is in the nightly shapes alone.
        return found or ([] if wanted or not self.port.line else [s for s in table if s not in chosen and self.configured(s)])

    def configured(self, shape):
        """Configures a shape; whether it has the port."""
        words = shape.make()
        self.make("defconfig", *words, what=shape.name)
        config = os.path.join(shape.build(self.copy.out), ".config")
        if shape.options:
            with open(config, "a", encoding="utf-8") as f:
                f.write("\n".join(shape.options) + "\n")
            self.make("olddefconfig", *words, what=shape.name)
        with open(config, encoding="utf-8") as f:
            return self.port.symbol() + "=y\n" in f.read()

    def build(self, shape):
        """Builds a shape; the size of its image."""
        self.configured(shape)
        self.make(*shape.make(), what=shape.name)
        return os.path.getsize(shape.image(self.copy.out))

    def test(self, shape):
        """Runs a shape's tests; whether it has any."""
        if shape.test == "-":
            return False
        file, _, expression = shape.test.partition(":")
        if file.endswith(".py"):
            command = ["/usr/bin/python3", "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", file]
            command += ["-k", expression] if expression else []
        else:
            command = [os.path.join(self.copy.path, file), shape.image(self.copy.out)]
        self.run(command, "%s: its tests" % shape.name)
        return True
