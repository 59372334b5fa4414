# SPDX-License-Identifier: BSD-3-Clause
"""A port's files as text: what it pins, and the same with another version."""
import glob
import os
import re
import shutil

from fetchlib.debian import Fail

FIELDS = ("VERSION", "URL", "URL_SHA256", "SHA256", "DEBSRC")
# Files of ours in which the version stands in words.
WORDS = ("Makefile.uk", "Config.uk", "README.md")


def numbers(version):
    """What versions are compared by."""
    return [int(n) for n in re.findall(r"\d+", version)]


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def line_of(path):
    """The release line that a file LINE.mk is for, or None: 4.20 of xentools'."""
    m = re.match(r"(\d[\d.]*)\.mk$", os.path.basename(path))
    return m.group(1) if m else None


def line_files(folder, line):
    """Makefiles of a port with what they list, for one of its lines: those of others are left out."""
    paths = [p for p in glob.glob(folder + "/*.mk") if line_of(p) in (None, line)] + glob.glob(folder + "/lists/*.mk")
    return [folder + "/Makefile.uk", *sorted(paths + (glob.glob("%s/%s/lists/*.mk" % (folder, line)) if line else []))]


def line_patches(folder, line):
    """Patches of a port's line, its own and those of all lines, in the order in which they apply: by their numbers."""
    own = glob.glob("%s/%s/patches/*.patch" % (folder, line)) if line else []
    return sorted(own + glob.glob(folder + "/patches/*.patch"), key=os.path.basename)


def ports(root):
    """Names of the folders in libs/ that pin an upstream's version: what is ours alone has none."""
    files = [f for pattern in ("Makefile.uk", "*.mk") for f in glob.glob("%s/libs/*/%s" % (root, pattern))]
    return sorted({os.path.basename(os.path.dirname(f)) for f in files if re.search(r"^LIB\w+_VERSION := ", read(f), re.M)})


class Pin:
    """One file that sets LIBX_VERSION and the fields that go with it."""

    def __init__(self, path, prefix):
        self.path, self.prefix, self.text = path, prefix, read(path)
        self.line = line_of(path)
        found = {f: re.search(r"^%s_%s := (.*)$" % (prefix, f), self.text, re.M) for f in FIELDS}
        self.fields = {f: m.group(1).strip() for f, m in found.items() if m}

    @property
    def version(self):
        return self.fields["VERSION"]

    def is_copied(self):
        """Whether this line has begun as a copy of another one, and has no version of its own yet."""
        return bool(self.line) and numbers(self.version)[:2] != numbers(self.line)[:2]

    def url(self):
        return self.fields.get("URL", "").replace("$(%s_VERSION)" % self.prefix, self.version)

    def debian(self):
        """(source package or None, package, version, suite, file) of DEBSRC, or None."""
        m = re.fullmatch(r"(?:(\S+?)/)?(\S+?)=(\S+)\s+\((\S+?)\)\s+(\S+)", self.fields.get("DEBSRC", ""))
        return m.groups() if m else None

    def archive(self):
        """The file's name in the download folder."""
        debian = self.debian()
        return debian[4] if debian else os.path.basename(self.url())

    def set(self, field, value):
        """Another value of a field; None removes it, and a new one goes behind the URL."""
        line = re.compile(r"^%s_%s := .*\n" % (self.prefix, field), re.M)
        new = "" if value is None else "%s_%s := %s\n" % (self.prefix, field, value)
        if line.search(self.text):
            self.text = line.sub(lambda _: new, self.text, 1)
        else:
            self.text = re.sub(r"^(%s_URL := .*\n)" % self.prefix, lambda m: m.group(1) + new, self.text, 1, re.M)
        if value is not None:
            self.fields[field] = value

    def save(self):
        write(self.path, self.text)


class Port:
    """A folder in libs/; of a port with several release lines that of @version, if one is given."""

    def __init__(self, root, name, version=None):
        self.root, self.name, self.folder = root, name, os.path.join(root, "libs", name)
        if not os.path.exists(self.folder + "/Makefile.uk"):
            raise Fail("there is no libs/%s/Makefile.uk; next: ls libs" % name)
        self.lib = "lib" + re.sub("^lib", "", name.replace("-", "_"))
        self.prefix = self.lib.upper()
        paths = [self.folder + "/Makefile.uk", *sorted(glob.glob(self.folder + "/*.mk"))]
        self.pins = [Pin(p, self.prefix) for p in paths if re.search(r"^%s_VERSION := " % self.prefix, read(p), re.M)]
        if not self.pins:
            raise Fail("libs/%s is ours alone: it has no version of somebody else's" % name)
        self.line = self.pin_for(version).line if version else None

    def pin_for(self, version):
        """The pin that a new version replaces: the only one, or that of the same release line."""
        if len(self.pins) == 1 and not self.pins[0].line:
            return self.pins[0]
        same = [p for p in self.pins if numbers(p.line or p.version)[:2] == numbers(version)[:2]]
        if len(same) != 1:
            raise Fail("%s has %s, none of the line of %s" % (self.name, " and ".join(p.line or p.version for p in self.pins), version))
        return same[0]

    def patches(self):
        return line_patches(self.folder, self.line)

    def take_out(self, patch):
        """A patch that upstream has in this line: others keep it."""
        if os.path.dirname(patch) == self.folder + "/patches":
            for line in {p.line for p in self.pins} - {None, self.line}:
                os.makedirs("%s/%s/patches" % (self.folder, line), exist_ok=True)
                shutil.copy(patch, "%s/%s/patches" % (self.folder, line))
        os.unlink(patch)

    def chosen(self):
        """What chooses the line where nothing is configured, as words for make."""
        return ["%s=y" % self.symbol()] if self.line else []

    def symbol(self):
        """The option that an image has which has the port, and in this line."""
        return "CONFIG_%s%s" % (self.prefix, "_" + self.line.replace(".", "_") if self.line else "")

    def reword(self, old, new):
        """The version in help texts, documents and paths, where it stands as a word."""
        for name in WORDS:
            path = os.path.join(self.folder, name)
            if os.path.exists(path):
                text = read(path)
                write(path, replace_version(text, old, new))


def replace_version(text, old, new):
    """@text with @new for @old, unless that is part of a longer version; and the release line in a folder of an address."""
    text = re.sub(r"(?<![\w.])%s(?![\w]|\.\d)" % re.escape(old), new, text)
    text = re.sub(r"(?<=-)%s(?=[.-][a-z])" % re.escape(old), new, text)
    line = [".".join(v.split(".")[:2]) for v in (old, new)]
    return text.replace("/%s/" % line[0], "/%s/" % line[1]) if line[0] != line[1] else text


def sources(root, name, line=None):
    """{library: its upstream sources} as the port's makefiles list them, with the condition that each has."""
    found = {}
    for path in line_files(os.path.join(root, "libs", name), line):
        for line in read(path).replace("\\\n", " ").splitlines():
            m = re.match(r"(LIB\w+?)_SRCS-.* :?\+?= (.*)$", line)
            for source in re.findall(r"\$\(LIB\w+_(?:TREE|EXTRACTED)\)/([^\s|)]+)", m.group(2)) if m else []:
                if not re.search("[%$,]", source):  # what make puts together out of pieces is no name yet
                    found.setdefault(m.group(1).lower(), set()).add(source)
    return found


def options(root, name, line=None):
    """Names of the options that the port's menus have."""
    found = set()
    folder = os.path.join(root, "libs", name)
    for path in glob.glob(folder + "/Config*.uk") + (glob.glob("%s/%s/Config*.uk" % (folder, line)) if line else []):
        found |= set(re.findall(r"^\s*(?:menu)?config (\w+)", read(path), re.M))
    return found
