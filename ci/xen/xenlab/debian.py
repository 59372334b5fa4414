# SPDX-License-Identifier: BSD-3-Clause
"""Debian packages, with all they depend on, unpacked into a folder. Nothing is installed, no privileges are needed."""

import fcntl
import os
import re
import subprocess
import time

from . import DOWNLOADS, LabError

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
LISTS_FRESH = 86400  # seconds


def _call(command, **options):
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, **options)
    except FileNotFoundError:
        raise LabError(f"{command[0]}: missing; next: scripts/bootstrap --test") from None


def archives():
    """(address of the archive, address of its security updates), as apt on this machine has them."""
    main = security = None
    for line in _call(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"]).stdout.splitlines():
        uri, _, release = line.partition(" ")
        if "security" in release:
            security = security or uri
        elif re.match(r"[a-z]+(-updates)?$", release):
            main = main or uri
    if not main:
        raise LabError("apt: no Debian archive is configured; next: add one to /etc/apt/sources.list")
    return main, security


class Suite:
    """One Debian release beside the machine's own: private lists, an empty list of installed packages, kept downloads."""

    def __init__(self, name):
        self.name = name
        self.offline = os.environ.get("OFFLINE", "0") not in ("", "0")
        self.root = os.path.join(DOWNLOADS, ".apt", f"lab-{name}")
        self.kept = os.path.join(DOWNLOADS, "deb", name)

    def _options(self):
        pairs = {
            "Dir::Etc::SourceList": f"{self.root}/sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State": f"{self.root}/state",
            "Dir::State::Lists": f"{self.root}/lists",
            "Dir::State::status": f"{self.root}/status",
            "Dir::Cache": f"{self.root}/cache",
            "Dir::Cache::archives": self.kept,
            "APT::Architecture": "amd64",
            "APT::Sandbox::User": "",
            "APT::Install-Recommends": "false",
            "Acquire::Languages": "none",
            "Acquire::http::Timeout": "20",
            "Acquire::Retries": "2",
        }
        return [x for k, v in pairs.items() for x in ("-o", f"{k}={v}")]

    def _apt(self, tool, *arguments, cwd=None):
        done = _call([tool, *self._options(), *arguments], cwd=cwd or self.root)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise LabError(f"{tool} {' '.join(arguments[:2])} ({self.name}): {last}")
        return done.stdout

    def _update(self):
        """Lists at most a day old."""
        stamp = os.path.join(self.root, "updated")
        if os.path.exists(stamp) and (self.offline or time.time() - os.path.getmtime(stamp) < LISTS_FRESH):
            return
        if self.offline:
            raise LabError(f"{self.name}: no package lists in {self.root}, and OFFLINE=1 forbids the network; next: run without it")
        for folder in ("state", "lists/partial", "cache"):
            os.makedirs(os.path.join(self.root, folder), exist_ok=True)
        main, security = archives()
        option = f"signed-by={KEYRING}" if os.path.exists(KEYRING) else "trusted=yes"
        with open(f"{self.root}/sources.list", "w", encoding="utf-8") as f:
            f.write(f"deb [{option}] {main} {self.name} main\n")
            if security:
                f.write(f"deb [{option}] {security} {self.name}-security main\n")
        with open(f"{self.root}/status", "w", encoding="utf-8"):
            pass
        self._apt("apt-get", "update", "-qq")
        with open(stamp, "w", encoding="utf-8"):
            pass

    def _needed(self, packages, alone):
        """File names of @packages and of what they depend on, and of those @alone without; downloaded."""
        simulated = self._apt("apt-get", "install", "-qq", "--simulate", *packages)
        names = re.findall(r"^Inst (\S+) ", simulated, re.M) + alone
        os.makedirs(os.path.join(self.kept, "partial"), exist_ok=True)
        files = []
        missing = []
        for line in self._apt("apt-get", "download", "-qq", "--print-uris", *names).splitlines():
            name = line.split()[1]
            files.append(name)
            if not os.path.exists(os.path.join(self.kept, name)):
                missing.append(re.match(r"[^_]+", name).group())
        if missing and self.offline:
            raise LabError(f"{missing[0]} ({self.name}): not in {self.kept}, and OFFLINE=1 forbids the network; next: run without it")
        if missing:
            print(f"  FETCH   {len(missing)} packages of Debian {self.name}", flush=True)
            self._apt("apt-get", "download", "-qq", *missing, cwd=self.kept)
        return files

    def newest(self, meta):
        """What the meta package @meta depends on: linux-image-amd64 -> linux-image-6.1.0-..."""
        found = re.search(r"Depends: (\S+)", self._apt("apt-cache", "depends", meta))
        if not found:
            raise LabError(f"{meta}: depends on nothing in Debian {self.name}")
        return found.group(1)

    def unpack(self, packages, metas, root):
        """Unpack @packages with all they depend on, and what @metas stand for without its dependencies, into @root."""
        for folder in (self.root, self.kept):
            os.makedirs(folder, exist_ok=True)
        with open(os.path.join(self.root, "lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._update()
            files = self._needed(packages, [self.newest(m) for m in metas])
        for folder in ("bin", "lib", "lib64", "sbin"):  # one /usr, also for packages that do not know of it
            os.makedirs(os.path.join(root, "usr", folder), exist_ok=True)
            os.symlink(f"usr/{folder}", os.path.join(root, folder))
        for name in files:
            self._extract(os.path.join(self.kept, name), root)

    @staticmethod
    def _extract(deb, root):
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as source:
            done = subprocess.run(
                ["tar", "-x", "--keep-directory-symlink", "--no-same-owner", "-C", root, "--exclude=./usr/share/doc",
                 "--exclude=./usr/share/man", "--exclude=./usr/share/locale"], stdin=source.stdout, check=False)  # fmt: skip
        if done.returncode or source.returncode:
            raise LabError(f"{deb}: cannot be unpacked; next: remove it and try again")
