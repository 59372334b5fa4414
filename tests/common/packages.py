# SPDX-License-Identifier: BSD-3-Clause
"""Files of Debian packages, which need not be installed."""

import contextlib
import functools
import os
import subprocess
import tempfile


def unpacked(package, build):
    """The folder below @build with the files of @package."""
    folder = os.path.join(build, "dl", "guests")
    tree = os.path.join(folder, package)
    if os.path.isdir(tree):
        return tree
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="new-", dir=folder) as new:
        subprocess.run(["apt-get", "download", "-q", package], cwd=new, check=True, stdout=subprocess.DEVNULL)
        (deb,) = [f for f in os.listdir(new) if f.endswith(".deb")]
        subprocess.run(["dpkg", "-x", os.path.join(new, deb), os.path.join(new, "tree")], check=True)
        with contextlib.suppress(OSError):  # another run of the tests was first
            os.rename(os.path.join(new, "tree"), tree)
    return tree


@functools.lru_cache(maxsize=None)
def debian_file(package, path, build):
    """File @path of @package, as it is installed or unpacked below the folder @build."""
    if os.path.exists(path):
        return path
    return unpacked(package, build) + path


def merged(folder, packages, build):
    """@folder as a root with the files of all @packages, where /bin, /sbin and /lib are /usr's, as in Debian since 12."""
    for name in ("bin", "sbin", "lib", "lib64"):
        os.makedirs(os.path.join(folder, "usr", name))
        os.symlink("usr/" + name, os.path.join(folder, name))
    for name in ("etc", "tmp", "dev"):
        os.makedirs(os.path.join(folder, name))
    for package in packages:
        tree = unpacked(package, build)
        for name in os.listdir(tree):
            subprocess.run(["cp", "-a", os.path.join(tree, name) + "/.", os.path.join(folder, name) + "/"], check=True)
    return folder


class Program:
    """A program of Debian's, unmodified and not installed: @packages, the first one's file @path and the libraries that the others have."""

    def __init__(self, path, packages, build):
        self.trees = [unpacked(package, build) for package in packages]
        self.path = path
        self.file = self.trees[0] + path
        folders = [os.path.join(tree, kind, "x86_64-linux-gnu") for tree in self.trees for kind in ("lib", "usr/lib")]
        self.environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(f for f in folders if os.path.isdir(f))}

    def files(self, *more):
        """{path inside: path here} of the program, its interpreter and libraries, and of the files in its packages' folders @more."""
        lines = subprocess.run(["ldd", self.file], capture_output=True, text=True, check=True, env=self.environment).stdout
        assert "not found" not in lines, lines
        found = {self.path: os.path.realpath(self.file)}
        for word in lines.split():
            if word.startswith("/"):
                tree = next((tree for tree in self.trees if word.startswith(tree + "/")), "")
                found[word[len(tree) :]] = word
        for tree in self.trees:
            for top in more:
                for folder, _, names in os.walk(tree + top):
                    for path in (os.path.join(folder, name) for name in names):
                        if os.path.exists(path):  # a link's file may be another package's
                            found[path[len(tree) :]] = path
        return found
