# SPDX-License-Identifier: BSD-3-Clause
"""Xen's own source, from the archives that libs/xentools is built from."""

import os
import pathlib
import re
import subprocess
import tarfile

import pytest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
VERSIONS = ("4.17", "4.20")


def files(version, below):
    """{path: contents} of the files of Xen @version whose path begins with @below, or with one of these. Without the archive the test is
    skipped."""
    text = (TOP / f"libs/xentools/{version}.mk").read_text()
    debsrc, digest = (re.search(rf"^LIBXENTOOLS_{name} := (.*)$", text, re.M).group(1) for name in ("DEBSRC", "SHA256"))
    dl = pathlib.Path(os.environ.get("DL") or TOP / "build/dl")
    name = debsrc.split()[-1]
    command = [TOP / "scripts/fetch", "--name", "xentools", "--dl", dl, "--file", name, "--sha256", digest, "--debsrc", debsrc]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.skip(f"the archive cannot be had: {result.stderr.strip()}")
    found = {}
    with tarfile.open(dl / name) as archive:
        for member in archive:
            path = member.name.partition("/")[2]
            if path.startswith(below) and member.isfile():
                found[path] = archive.extractfile(member).read()
    return found
