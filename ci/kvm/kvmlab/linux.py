# SPDX-License-Identifier: BSD-3-Clause
"""Linux with KVM: its parts, made of Debian's packages, and what runs in it."""

import glob
import lzma
import os
import shlex
from dataclasses import dataclass, field

from xenlab import BUILD, TOP, LabError, session
from xenlab.build import KERNEL, NOT_BUILT_IN, ROMS, SESSION
from xenlab.debian import Suite
from xenlab.machine import CPU, emulate
from xenlab.parts import Parts
from xenlab.rootfs import Rootfs

SUITE = "bookworm"
PACKAGES = ["qemu-system-x86", "qemu-system-data", "seabios", "busybox-static", "python3-minimal", "libpython3-stdlib"]
QEMU = "usr/bin/qemu-system-x86_64"
PYTHON = "usr/lib/python3.11"
MODULES = {"kvm": "", "kvm-amd": ""}
HERE = os.path.join(TOP, "ci", "kvm")
SHARED = os.path.join(TOP, "ci", "xen", "xenlab")
# QEMU 7.2's SVM does not intercept XSETBV: KVM would go on with the guest's reset value of XCR0, so that XSAVE leaves SSE out. QEMU 10's does.
CPU_WITHOUT_XSAVE = f"{CPU},-xsave"
APPEND = "console=ttyS0 quiet panic=-1 mitigations=off 8250.nr_uarts=2"
ENDINGS = (("panic", r"Kernel panic - "), ("poweroff", r"reboot: Power down"))
MEMORY = 1536
XZ = b"\xfd7zXZ\0"
RUN = "/unidom/scripts/run"
OUT = "lab/out"


class Lab(Parts):
    """The built parts. build() makes them once."""

    def __init__(self):
        super().__init__(os.path.join(BUILD, "kvm-lab", SUITE), [HERE, SHARED], NOT_BUILT_IN)
        self.kernel = os.path.join(self.folder, "vmlinux")
        self.initrd = os.path.join(self.folder, "initrd.cpio")

    def _make(self, root, made):
        print("  LAB     Linux with KVM", flush=True)
        Suite(SUITE).unpack(PACKAGES, [KERNEL], root)
        boot = os.path.join(root, "boot")
        kernel = next(n for n in os.listdir(boot) if n.startswith("vmlinuz-"))
        with open(os.path.join(boot, kernel), "rb") as f:
            data = unpacked(f.read())
        with open(os.path.join(made, "vmlinux"), "wb") as f:
            f.write(data)
        with open(os.path.join(made, "initrd.cpio"), "wb") as f:
            f.write(initrd(root))


def unpacked(vmlinuz):
    """The kernel proper, which has a PVH entry: it would take the emulated CPU 8 s to unpack it."""
    at = vmlinuz.find(XZ)
    if at < 0:
        raise LabError(f"{KERNEL}: not packed by xz; next: look how it is packed now, for ci/kvm/kvmlab/linux.py")
    return lzma.LZMADecompressor().decompress(vmlinuz[at:])


def initrd(root):
    """The initrd, without what a run adds."""
    fs = Rootfs(root)
    fs.busybox()
    fs.program(QEMU)
    fs.program("usr/bin/python3")
    fs.folder(PYTHON)
    fs.folder("usr/share/seabios")
    for name in (*ROMS, "pvh"):
        fs.program(f"usr/share/qemu/{name}.bin")
    fs.modules(MODULES)
    fs.archive.file("init", os.path.join(HERE, "init"))
    fs.archive.file("session.sh", SESSION)
    return fs.archive.bytes()


def runner():
    """scripts/run and its parts: {path there: path here}."""
    here = os.path.join(TOP, *RUN.split("/")[2:])
    return {RUN.lstrip("/") + path[len(here) :]: path for path in [here, *glob.glob(f"{here}lib/*.py")]}


def run(lab, text, files=(), fetch=(), limit=180, memory=MEMORY, echo=False, cpu=CPU_WITHOUT_XSAVE):
    """Outcome of the script @text (sh, in /lab), whose status is in .status. @files: {path there: path here, or bytes}, besides scripts/run.
    Paths there in @fetch (globs) come back in .files."""
    files = {**runner(), **dict(files)}

    def start(path, options):
        command = ["-kernel", lab.kernel, "-initrd", path, "-append", APPEND, *options]
        return emulate(command, memory, limit, echo, ENDINGS, cpu)

    return session.run(lab.initrd, start, text, files, fetch, limit)


@dataclass
class Job:
    """One run of an image there: @options of scripts/run, in which files are named as they are there; @words after "--"."""

    image: str  # a file here
    options: list = field(default_factory=list)
    words: list = field(default_factory=list)
    wait: int = 60  # seconds

    def place(self):
        """Where the image is there; its name tells scripts/run whether it is the product."""
        return f"lab/images/{os.path.basename(self.image)}"

    def command(self):
        words = ["timeout", str(self.wait), "python3", RUN, "--accel", "kvm", "--image", f"/{self.place()}", *self.options, "--", *self.words]
        return shlex.join(map(str, words))


@dataclass
class Result:
    """What one run brought: texts, and a status that is None if it was not reached."""

    status: int
    console: str
    serial: str


def run_images(lab, jobs, files=(), limit=180, echo=False, **options):
    """Run @jobs, {name: Job}, one after the other in one Linux: (Outcome, {name: Result})."""
    files = dict(files)
    lines = [f"mkdir -p /{OUT}"]
    for name, job in jobs.items():
        files[job.place()] = job.image
        out = shlex.quote(f"/{OUT}/{name}")
        lines.append(f"{job.command()} </dev/null >{out}.serial 2>{out}.console")
        lines.append(f"echo $? >{out}.status")
    outcome = run(lab, "\n".join(lines) + "\n", files, [f"/{OUT}/*"], limit, echo=echo, **options)

    def text(name, kind):
        return outcome.files.get(f"{OUT}/{name}.{kind}", b"").decode("utf-8", "replace").replace("\r", "")

    results = {}
    for name in jobs:
        status = text(name, "status").strip()
        results[name] = Result(int(status) if status else None, text(name, "console"), text(name, "serial"))
    return outcome, results
