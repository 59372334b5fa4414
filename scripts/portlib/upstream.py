# SPDX-License-Identifier: BSD-3-Clause
"""What an upstream archive has that a port needs to know: folders with sources, headers, licences, build files."""
import os
import re
import tarfile

from fetchlib.debian import Fail

# Folders whose sources are not the library's.
BESIDE = re.compile(r"(tests?|testing|examples?|samples?|demos?|docs?|contrib|programs?|tools?|utils?|fuzz\w*|bench\w*|build|cmake|win\w*|"
                    r"vs\w*|projects?|legacy|deprecated|dll|python|perl|java|ports?|zlibWrapper)", re.I)
NOT_LIBRARY = re.compile(r"(example|test|bench|demo)\w*\.c|\w*(test|example|_main)\.c|main\.c")
FOREIGN = re.compile(r"arm|aarch|neon|i386|i686|x86(?![_-]?64)|win32|masm|mips|ppc|power|riscv|s390|sparc|loong")
BUILD_FILES = ("meson.build", "CMakeLists.txt", "configure.ac", "configure.in", "Makefile.am", "Makefile.in", "Makefile", "GNUmakefile")
TEXTS = re.compile(r"(COPYING|COPYRIGHT|LICEN[CS]E)([.-].*)?")

# By phrases that only one licence has; the first that is found counts.
LICENCES = (
    ("Apache-2.0", r"Apache License,?\s+Version 2\.0"), ("MPL-2.0", r"Mozilla Public License,? (Version|v\.) ?2\.0"),
    ("LGPL-3.0", r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3"), ("LGPL-2.1", r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1"),
    ("GPL-3.0", r"GNU GENERAL PUBLIC LICENSE\s+Version 3"), ("GPL-2.0", r"GNU GENERAL PUBLIC LICENSE\s+Version 2"),
    ("BSD-3-Clause", r"(?s)Redistribution and use in source.*Neither (the|its) name"), ("BSD-2-Clause", r"Redistribution and use in source"),
    ("MIT", r"Permission is hereby granted, free of charge"), ("Zlib", r"must not\s+claim that you wrote the original software"),
    ("ISC", r"Permission to use, copy, modify, and(/or)? distribute this software"))


def licence_of(text):
    """An SPDX identifier, or None. Of the GNU licences the version only: 'or later' is in the heads of the sources."""
    return next((name for name, phrase in LICENCES if re.search(phrase, text)), None)


class Upstream:
    """An archive's files, named without its top folder."""

    def __init__(self, path):
        try:
            with tarfile.open(path) as tar:
                self.files = {m.name.partition("/")[2]: m for m in tar.getmembers() if m.isfile() and "/" in m.name}
                tops = {m.name.partition("/")[0] for m in tar.getmembers()}
                self.texts = {n: tar.extractfile(m).read().decode("utf-8", "replace") for n, m in self.files.items()
                              if n.endswith((".c", ".h", ".in")) or TEXTS.fullmatch(n)}
        except (tarfile.TarError, EOFError, OSError) as e:
            raise Fail("%s is not an archive that tar can read: %s" % (os.path.basename(path), str(e).splitlines()[0])) from e
        if len(tops) != 1:
            raise Fail("%s does not have one top folder" % os.path.basename(path))

    def licences(self):
        """{file: SPDX identifier or None}."""
        return {n: licence_of(self.texts[n]) for n in sorted(self.files) if TEXTS.fullmatch(n)}

    def folders(self):
        """{folder: how many C sources}; '.' is the top."""
        found = {}
        for name in self.files:
            if name.endswith(".c"):
                folder = os.path.dirname(name) or "."
                found[folder] = found.get(folder, 0) + 1
        return dict(sorted(found.items()))

    def library_folders(self, port):
        """Those that look like the library's: below lib, src or the port's name, or else the top."""
        plain = [f for f in self.folders() if not any(BESIDE.fullmatch(part) for part in f.split("/"))]
        for top in ("lib", "src", "lib" + port, port, "source"):
            found = [f for f in plain if f == top or f.startswith(top + "/")]
            if found:
                return found
        return ["."] if "." in plain else plain

    def include_folder(self, port, folders):
        """The folder of the public headers: that of NAME.h, else 'include', else the sources'."""
        bare = re.sub("^lib", "", port)
        for name in sorted(self.files, key=lambda n: (n.count("/"), n)):
            if os.path.basename(name) in (bare + ".h", "lib" + bare + ".h"):
                return os.path.dirname(name) or "."
        return "include" if any(n.startswith("include/") for n in self.files) else folders[0]

    def sources(self, folders):
        """(globs and names to compile, names in them that are no part of the library)."""
        taken, left = [], []
        for folder in folders:
            here = sorted(n for n in self.files if (os.path.dirname(n) or ".") == folder)
            prefix = "" if folder == "." else folder + "/"
            taken.append(prefix + "*.c")
            taken += [n for n in here if n.endswith(".S") and not FOREIGN.search(n)]
            left += [n for n in here if NOT_LIBRARY.fullmatch(os.path.basename(n)) or n.endswith(".c") and FOREIGN.search(os.path.basename(n))]
        return taken, left

    def build_files(self):
        """Where upstream lists its sources."""
        return sorted(n for n in self.files if os.path.basename(n) in BUILD_FILES and not any(
            re.fullmatch("tests?|examples?|contrib|fuzz", p) for p in n.split("/")))

    def generated(self, folders):
        """Headers that sources include in quotes and that the archive lacks: upstream's configuration makes them."""
        have = {os.path.basename(n) for n in self.files}
        found = set()
        for name, text in self.texts.items():
            if (os.path.dirname(name) or ".") in folders:
                found |= {h for h in re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.M) if os.path.basename(h) not in have}
        return sorted(found)
