# SPDX-License-Identifier: BSD-3-Clause
"""Debian's archive, through the machine's apt configuration or, for other suites, a private apt beside it."""
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import time
from urllib.parse import quote

SUITES = ("trixie", "forky", "sid")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Fail(Exception):
    """One clear line for the user."""


def run(cmd, **kw):
    try:
        return subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", check=False, stdin=subprocess.DEVNULL, **kw)
    except FileNotFoundError:
        return None


def archives():
    """(address of the archive, address of its security updates) as apt on this machine has them."""
    res = run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"])
    if res is None:
        return None, None
    main = security = None
    for line in res.stdout.splitlines():
        uri, _, suite = line.partition(" ")
        if "security" in suite:
            security = security or uri
        elif suite:
            main = main or uri
    return main, security


def pool_paths(pkg, artefact):
    prefix = pkg[:4] if pkg.startswith("lib") else pkg[:1]
    path = "/".join(("pool", "main", prefix, pkg, quote(artefact, safe="+~")))
    for base in archives():
        if base:
            yield base.rstrip("/") + "/" + path


def apt_get_file(url, out):
    helper = "/usr/lib/apt/apt-helper"
    res = run([helper, "-o", "Acquire::http::Timeout=20", "-o", "APT::Sandbox::User=", "download-file",
               url, out])
    if res is None:
        return "apt is missing"
    return None if res.returncode == 0 and os.path.exists(out) else "not in the archive"


class AptRoot:
    """A private apt beside the system's: own sources, lists and cache, no privileges."""

    def __init__(self, dl, suite, kind, signed=False):
        self.suite, self.kind, self.signed = suite, kind, signed
        self.root = os.path.join(dl, ".apt", suite + kind[3:] + ("-signed" if signed else ""))
        self.stamp = os.path.join(self.root, "updated")

    def options(self):
        pairs = {"Dir::Etc::SourceList": self.root + "/sources.list", "Dir::Etc::SourceParts": "/dev/null",
                 "Dir::State": self.root + "/state", "Dir::State::Lists": self.root + "/lists",
                 "Dir::State::status": self.root + "/status", "Dir::Cache": self.root + "/cache",
                 "APT::Sandbox::User": "", "Acquire::Languages": "none", "Acquire::Check-Valid-Until": "false",
                 "Acquire::http::Timeout": "20", "Acquire::Retries": "2"}
        return [x for k, v in pairs.items() for x in ("-o", "%s=%s" % (k, v))]

    def update(self):
        main, security = archives()
        if not main:
            return "apt on this machine has no archive configured"
        for d in ("state", "lists/partial", "cache/archives/partial"):
            os.makedirs(os.path.join(self.root, d), exist_ok=True)
        trust = "signed-by=" + KEYRING if self.signed else "trusted=yes"
        lines = ["%s [%s] %s %s main" % (self.kind, trust, main, self.suite)]
        if self.suite not in ("sid", "unstable") and security:
            lines.append("%s [%s] %s %s-security main" % (self.kind, trust, security, self.suite))
        with open(self.root + "/sources.list", "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        with open(self.root + "/status", "w", encoding="utf-8"):
            pass
        res = run(["apt-get"] + self.options() + ["update", "-qq"])
        if res is None:
            return "apt is missing"
        if res.returncode:
            return "apt's lists of %s cannot be fetched" % self.suite
        with open(self.stamp, "w", encoding="utf-8"):
            pass
        return None

    def refresh(self):
        """Updates the lists, at most once a day. Returns None, or why they cannot be had."""
        os.makedirs(self.root, exist_ok=True)
        with open(self.root + "/lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            fresh = os.path.exists(self.stamp) and time.time() - os.path.getmtime(self.stamp) < 86400
            return None if fresh else self.update()

    def get(self, pkg, version, artefact, out):
        """Fetches one file of a package."""
        why = self.refresh()
        if why:
            return why
        with tempfile.TemporaryDirectory(dir=self.root) as tmp:
            what = ["download", "-qq"] if self.kind == "deb" else ["source", "-qq", "--download-only", "--tar-only"]
            run(["apt-get"] + self.options() + what + ["%s=%s" % (pkg, version)], cwd=tmp)
            # apt keeps a version's epoch in the name of a binary package, the archive does not.
            got = [n for n in os.listdir(tmp) if n == artefact or self.kind == "deb" and n.endswith(".deb")]
            if not got:
                return "%s=%s is not in %s" % (pkg, version, self.suite)
            shutil.move(os.path.join(tmp, got[0]), out)
        return None


def from_debian(debsrc, artefact, out, dl):
    m = re.fullmatch(r"\s*(?:(\S+?)/)?(\S+?)=(\S+)\s+\((\S+?)\)\s+(\S+)\s*", debsrc)
    if not m:
        raise Fail("DEBSRC '%s' is not '[source/]package=version (suite) file'" % debsrc)
    source, pkg, version, suite, name = m.groups()
    if name != artefact:
        raise Fail("DEBSRC names %s, not %s" % (name, artefact))
    for url in pool_paths(source or pkg, artefact):
        if apt_get_file(url, out) is None:
            return None
    return AptRoot(dl, suite, "deb" if name.endswith(".deb") else "deb-src").get(pkg, version, artefact, out)
