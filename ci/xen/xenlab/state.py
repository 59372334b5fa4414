# SPDX-License-Identifier: BSD-3-Clause
"""A booted dom0, kept: its machine's state in a file, from which each run goes on instead of booting anew. What a run adds comes on a disk."""

import contextlib
import fcntl
import hashlib
import json
import os
import socket
import subprocess
import tempfile
import time

from . import LabError
from .machine import EMULATOR

HEADER, HEADER_SIZE = b"LAB!", 64 << 10  # session.sh looks for it
DISK_SIZE = 512 << 20  # the driver saw it when the state was saved
WAITS = r"^lab: waits$"
LIMIT = 900  # seconds for a boot


def disk(path):
    """Options of the disk @path."""
    return ["-drive", f"file={path},if=virtio,format=raw"]


def write_disk(path, archive):
    """The file @path as a disk that brings @archive."""
    if HEADER_SIZE + len(archive) > DISK_SIZE:
        raise LabError(f"{len(archive) >> 20} MiB of files for dom0: more than the disk that brings them")
    with open(path, "wb") as f:
        f.write(HEADER.ljust(HEADER_SIZE, b"\0") + archive)
        f.truncate(DISK_SIZE)


def _monitor(path, requests):
    """Answers of the monitor at @path to @requests, one after the other."""
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as s:
        s.connect(path)
        with s.makefile("rw", encoding="utf-8") as f:
            f.readline()
            for request in ({"execute": "qmp_capabilities"}, *requests):
                f.write(json.dumps(request) + "\n")
                f.flush()
                answer = json.loads(f.readline())
                while "event" in answer:
                    answer = json.loads(f.readline())
                yield answer.get("return")


def save(monitor, path):
    """Have the machine behind @monitor write its state to the file @path."""
    start = [{"execute": "migrate-set-parameters", "arguments": {"max-bandwidth": 1 << 33}},
             {"execute": "migrate", "arguments": {"uri": f"exec:cat >'{path}'"}}]  # fmt: skip
    list(_monitor(monitor, start))
    deadline = time.monotonic() + LIMIT
    status = "active"
    while status in ("setup", "active", "device"):
        time.sleep(0.2)
        status = list(_monitor(monitor, [{"execute": "query-migrate"}]))[-1].get("status", "setup")
        if time.monotonic() > deadline:
            break
    if status != "completed":
        raise LabError(f"the state of dom0's machine: {status}; next: UNIDOM_BOOT=1 boots it each time")


def _key(*words):
    """Of what makes the machine another one: its options, and the emulator."""
    said = subprocess.run([EMULATOR, "--version"], capture_output=True, text=True, check=False).stdout
    return hashlib.sha256("\0".join([said, *map(str, words)]).encode()).hexdigest()[:16]


def kept(folder, words, make):
    """The file in @folder with the state of the machine that @words describe; @make(more options, what to do when it waits) boots one."""
    path = os.path.join(folder, f"state-{_key(*words)}")
    with open(f"{path}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(path):
            with tempfile.TemporaryDirectory(prefix="unidom-state-") as work:
                with open(os.path.join(work, "disk"), "wb") as f:  # nothing on it yet
                    f.truncate(DISK_SIZE)
                monitor = os.path.join(work, "monitor")
                options = [*disk(os.path.join(work, "disk")), "-qmp", f"unix:{monitor},server=on,wait=off", "-serial", "null"]
                make(options, lambda: save(monitor, f"{path}.part"))
            os.rename(f"{path}.part", path)
    return path
