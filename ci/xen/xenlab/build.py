# SPDX-License-Identifier: BSD-3-Clause
"""The parts of the lab, made of Debian's packages: Xen, dom0's kernel and initrd, the Linux stubdomain."""

import gzip
import os
import shutil

from . import BUILD, DEFAULT, SUITES, TOP, LabError
from .debian import Suite
from .parts import Parts
from .rootfs import Rootfs

HERE = os.path.join(TOP, "ci", "xen")
KERNEL = "linux-image-amd64"
# What a change of does not make another lab.
NOT_BUILT_IN = ("lab", "lines.py", "machine.py", "session.py", "hvm.py", "dom0.py", "hvm", "create-all")
SESSION = os.path.join(os.path.dirname(__file__), "session.sh")
QEMU = "usr/libexec/xen-qemu-system-i386"
XEN_MODULES = dict.fromkeys(("xen-evtchn", "xen-gntdev", "xen-gntalloc", "xenfs", "bridge", "tun"), "")
DOM0_MODULES = {**XEN_MODULES, "xen-privcmd": "", "xen-blkback": "", "xen-netback": "", "xen-pciback": "", "loop": "max_loop=8",
                "virtio_pci": "", "virtio_blk": ""}  # the last two: what a machine that goes on from its saved state is given
# Debian's kernel keeps a domain that is not dom0 from making hypercalls on another one, unless told.
STUB_MODULES = {**XEN_MODULES, "xen-privcmd": "unrestricted=1", "xen-blkfront": "", "xen-netfront": "", "xen-pcifront": ""}
# Of Xen's programs, those that xl needs or that help to look around.
XEN_PROGRAMS = ("xl", "xenstored", "xenconsoled", "xenconsole", "xen-init-dom0", "libxl-save-helper", "xenctx", "xen-hvmctx", "lsevtchn")
XENSTORE_PROGRAMS = ("chmod", "exists", "list", "ls", "read", "rm", "watch", "write")
NICS = ("e1000", "rtl8139", "virtio")
NIC_ROMS = {"4.17": "usr/lib/ipxe/qemu", "4.20": "usr/share/qemu"}  # where the release's ipxe-qemu has them
ROMS = ("kvmvapic", "linuxboot", "linuxboot_dma", "multiboot", "multiboot_dma")


def packages(version):
    return [f"xen-hypervisor-{version}-amd64", f"xen-utils-{version}", "xenstore-utils", "qemu-system-xen", "busybox-static", "seabios"]


class Lab(Parts):
    """The built parts, by name. build() makes them once."""

    def __init__(self, version=DEFAULT):
        if version not in SUITES:
            raise LabError(f"Xen {version}: not known; next: one of {' '.join(SUITES)}")
        super().__init__(os.path.join(BUILD, "xen-lab", version), [HERE], NOT_BUILT_IN)
        self.version = version
        self.xen = os.path.join(self.folder, "xen")
        self.vmlinuz = os.path.join(self.folder, "vmlinuz")
        self.dom0 = os.path.join(self.folder, "dom0.cpio")
        self.stubdomain = os.path.join(self.folder, "stub.cpio.gz")

    def _make(self, root, made):
        print(f"  LAB     Xen {self.version}", flush=True)
        Suite(SUITES[self.version]).unpack(packages(self.version), [KERNEL], root)
        boot = os.path.join(root, "boot")
        with gzip.open(os.path.join(boot, f"xen-{self.version}-amd64.gz")) as source:
            with open(os.path.join(made, "xen"), "wb") as f:
                shutil.copyfileobj(source, f)
        kernel = next(n for n in os.listdir(boot) if n.startswith("vmlinuz-"))
        shutil.copy(os.path.join(boot, kernel), os.path.join(made, "vmlinuz"))
        with open(os.path.join(made, "dom0.cpio"), "wb") as f:  # not compressed: the emulated unpacking would take longer
            f.write(dom0(root, self.version))
        with open(os.path.join(made, "stub.cpio.gz"), "wb") as f:
            f.write(gzip.compress(stubdomain(root, self.version), 6, mtime=0))


def firmware(fs, version):
    fs.folder("usr/share/seabios")
    fs.folder("usr/share/qemu/keymaps")
    for name in ROMS:
        fs.program(f"usr/share/qemu/{name}.bin")
    for name in NICS:
        fs.program(f"{NIC_ROMS[version]}/efi-{name}.rom")


def dom0(root, version):
    """The initrd of dom0, without what a run adds."""
    fs = Rootfs(root)
    private = f"usr/lib/xen-{version}"
    fs.archive.link("usr/lib/xen", f"xen-{version}")
    fs.busybox()
    for name in XEN_PROGRAMS:
        fs.program(f"{private}/bin/{name}")
    fs.program(f"{private}/bin/vchan-socket-proxy", "usr/bin/vchan-socket-proxy")  # where libxl looks for it
    fs.folder(f"{private}/boot")
    for name in XENSTORE_PROGRAMS:
        fs.program(f"usr/bin/xenstore-{name}")
    fs.program(QEMU)
    fs.library("libgcc_s.so.1")  # for pthread_cancel
    firmware(fs, version)
    fs.modules(DOM0_MODULES)
    fs.archive.data("etc/xen/xl.conf", "")
    for name in ("block", "vif-bridge"):
        fs.archive.file(f"etc/xen/scripts/{name}", os.path.join(HERE, "dom0", name))
    fs.archive.file("init", os.path.join(HERE, "dom0", "init"))
    fs.archive.file("session.sh", SESSION)
    return fs.archive.bytes()


def stubdomain(root, version):
    """The root file system of the Linux stubdomain."""
    fs = Rootfs(root)
    fs.busybox()
    fs.program(QEMU, "usr/bin/qemu")
    fs.program(f"usr/lib/xen-{version}/bin/vchan-socket-proxy", "usr/bin/vchan-socket-proxy")
    for name in ("list", "read"):
        fs.program(f"usr/bin/xenstore-{name}")
    fs.library("libgcc_s.so.1")
    firmware(fs, version)
    fs.modules(STUB_MODULES)
    fs.archive.file("init", os.path.join(HERE, "stub", "init"))
    return fs.archive.bytes()
