# SPDX-License-Identifier: BSD-3-Clause
"""Which versions of a package Debian's archive has, by its signed indexes."""
import os
import re

from fetchlib.debian import KEYRING, SUITES, AptRoot, Fail, run


def upstream(version):
    """The upstream version in a Debian one: '1:1.3.dfsg+really1.3.2-3' is 1.3.2."""
    version = re.sub(r"^\d+:", "", version)
    version = re.sub(r"-[^-]*$", "", version).rpartition("+really")[2]
    return re.sub(r"(?:[+~.](?:ds|dfsg|repack)[.\d]*|\+\d+-g[0-9a-f]+)$", "", version)


class Release:
    """One version of one package in one suite."""

    def __init__(self, package, version, suite, file, sha256):
        self.package, self.version, self.suite, self.file, self.sha256 = package, version, suite, file, sha256

    def named(self, like):
        """The version as a port names it: a binary package's with the revision, if the port's own (@like) has one."""
        return re.sub(r"^\d+:", "", self.version) if self.file.endswith(".deb") and "-" in like else upstream(self.version)

    def is_repacked(self):
        return bool(re.search(r"[+~.](ds|dfsg|really)", self.file))


def paragraphs(text):
    for part in re.split(r"\n\n+", text.strip()):
        yield {m.group(1): m.group(2).strip() for m in re.finditer(r"^([\w-]+):(.*(?:\n .*)*)", part, re.M)}


def source_release(package, suite, fields):
    for line in fields.get("Checksums-Sha256", "").splitlines():
        words = line.split()
        if len(words) == 3 and re.search(r"\.orig\.tar\.\w+$", words[2]):
            return Release(package, fields["Version"], suite, words[2], words[0])
    return None


def binary_release(package, suite, fields):
    if "SHA256" not in fields:
        return None
    return Release(package, fields["Version"], suite, os.path.basename(fields["Filename"]), fields["SHA256"])


class Archive:
    """The indexes of all suites; kept in the download folder, updated once a day."""

    def __init__(self, dl):
        self.dl, self.roots, self.found = dl, {}, {}

    def root(self, suite, kind):
        if (suite, kind) not in self.roots:
            if os.environ.get("OFFLINE", "") not in ("", "0"):
                raise Fail("OFFLINE=1 forbids to ask the archive")
            root = AptRoot(self.dl, suite, kind, signed=os.path.exists(KEYRING))
            why = root.refresh()
            if why:
                raise Fail("Debian's archive cannot be asked: %s" % why)
            self.roots[suite, kind] = root
        return self.roots[suite, kind]

    def load(self, suite, is_binary, packages):
        """Asks about several packages at once: apt reads its whole index each time."""
        root = self.root(suite, "deb" if is_binary else "deb-src")
        command = ["show", "-a"] if is_binary else ["showsrc", "--only-source"]
        found = {package: [] for package in packages}
        res = run(["apt-cache", *root.options(), *command, *sorted(packages)])
        for fields in paragraphs(res.stdout) if res else ():
            # apt takes names of a source package's binaries as well.
            package = fields.get("Package")
            if package in found and "Version" in fields:
                release = (binary_release if is_binary else source_release)(package, suite, fields)
                found[package] += [release] if release else []
        self.found.update({(suite, is_binary, package): releases for package, releases in found.items()})

    def releases(self, package, is_binary, older=None):
        """What there is of a package: oldest suite first. @older: a suite beside those that are always asked."""
        for suite in dict.fromkeys([older or SUITES[0], *SUITES]):
            if (suite, is_binary, package) not in self.found:
                self.load(suite, is_binary, {package})
            yield from self.found[suite, is_binary, package]
