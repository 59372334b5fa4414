# SPDX-License-Identifier: BSD-3-Clause
"""The table ci/shapes: what is built, and how it is tried."""
import os

COLUMNS = ("name", "app", "plat", "level", "test")
LEVELS = ("required", "nightly")


class Shape:
    """One line: an application on a platform, with lines of the configuration that differ from its default, and variables for make."""

    def __init__(self, words):
        self.name, self.app, self.plat, self.level, self.test = words[:5]
        self.options = [w for w in words[5:] if w.startswith("CONFIG_")]
        self.variables = [w for w in words[5:] if not w.startswith("CONFIG_")]

    def make(self):
        """The words that tell make which image is meant."""
        return ["APP=" + self.app, "PLAT=" + self.plat, *self.variables]

    def build(self, out):
        """Its build folder below an output folder."""
        return os.path.join(out, "%s-%s" % (self.app, self.plat))

    def image(self, out):
        return os.path.join(self.build(out), "%s_%s-x86_64" % (self.app, self.plat))


def read(root):
    """The table's lines, in its order; ValueError names one that is wrong."""
    shapes = []
    with open(os.path.join(root, "ci", "shapes"), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            if len(words) < len(COLUMNS) or words[3] not in LEVELS:
                raise ValueError("ci/shapes:%d: not '%s [CONFIG_OPTION=VALUE | VARIABLE=VALUE...]' with a level of %s"
                                 % (number, " ".join(COLUMNS), "|".join(LEVELS)))
            shapes.append(Shape(words))
    names = [s.name for s in shapes]
    double = sorted({n for n in names if names.count(n) > 1})
    if double:
        raise ValueError("ci/shapes: %s is there twice" % " ".join(double))
    return shapes
