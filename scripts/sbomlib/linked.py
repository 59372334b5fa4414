# SPDX-License-Identifier: BSD-3-Clause
"""What is linked into an image: its libraries, their objects, and the sources that each object was made of. Read from what the build left:
the stamps of the link (.image, .kernel), of each library (.objs), and the dependency file of each object."""
import glob
import os
import re

# An unpacked tree below build/src: NAME-VERSION-KEY, where the key is over its content, or under the name that a makefile of Unikraft's wants.
TREE = re.compile(r"([^/]+-[0-9a-f]{12})(?:\.origin/[^/]+)?/(.+)$")


class Fail(Exception):
    """One clear line for the user."""


def words(path):
    try:
        with open(path, encoding="utf-8") as f:
            return f.read().split()
    except OSError:
        return []


def remarked(path):
    """The files that the remark of a dependency file names, or None if there is none."""
    try:
        with open(path, encoding="utf-8") as f:
            for line in f:
                if line.startswith("#:"):
                    return line[2:].split()
    except OSError:
        pass
    return None


class Build:
    """One build folder, build/APP-PLAT."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.name = os.path.basename(self.folder)

    def libraries(self):
        """The libraries that were linked: the kernel's, then the others."""
        inputs = words(self.folder + "/.kernel") + words(self.folder + "/.image")
        return sorted({os.path.basename(w)[:-5] for w in inputs if w.endswith(".ld.o")})

    def objects(self):
        """(library, object) of every linked object, and of the data files that a library embeds."""
        for library in self.libraries():
            own = os.path.join(self.folder, library)
            for obj in words(own + "/.objs"):
                yield library, obj
            for data in sorted(glob.glob(own + "/*.bin.d")):
                yield library, data[:-2]

    def sources(self):
        """{source: libraries that it is compiled into}, with absolute paths."""
        found = {}
        for library, obj in self.objects():
            names = remarked(obj + ".d")
            if names is None:
                raise Fail("%s: %s.d does not name its sources: it is older than this checkout, or the build is not complete; "
                           "next: make clean, and build again" % (self.name, os.path.relpath(obj, self.folder)))
            for name in names:
                found.setdefault(os.path.normpath(name), set()).add(library)
        return found


def place(path, folder, root):
    """(kind, owner, name) of a source: ("tree", name of the tree, path in it), ("made", library, path below the library's build folder),
    ("own", "", path in the checkout) or ("outside", "", last parts of its path)."""
    trees = os.path.dirname(folder) + "/src/"
    found = TREE.match(path[len(trees):]) if path.startswith(trees) else None
    if found:
        return "tree", found.group(1), found.group(2)
    if path.startswith(folder + "/"):
        library, _, rest = path[len(folder) + 1:].partition("/")
        return "made", library, rest
    if path.startswith(root + "/"):
        return "own", "", path[len(root) + 1:]
    return "outside", "", "/".join(path.split("/")[-3:])


def compiled(build):
    """{port: sources of its upstream tree, as paths in that tree} of one build."""
    ports = {}
    for path in build.sources():
        kind, tree, name = place(path, build.folder, "/nowhere")
        if kind == "tree":
            ports.setdefault(re.sub(r"-[^-]*\d.*$", "", tree), set()).add(name)
    return ports
