# SPDX-License-Identifier: BSD-3-Clause
"""The guest's kernel as a file of the host, with an initial ramdisk: --kernel. The outer emulator serves copies of them to the image, which
sees no other file of their folders, and the inner one loads them. A guest that writes its kernel anew while it runs changes nothing."""

import contextlib
import os
import shutil
import stat
import struct
import tempfile

from runlib.disks import quote_option
from runlib.files import check_file
from runlib.report import Failure, describe

TAG, SLOT = "unidom.kernel", 0x1C  # of the folder for the image, and on the outer machine's PCI bus
MIB = 1 << 20
# Linux' header (Documentation/arch/x86/boot.rst), and the multiboot header, which is somewhere in the first 8 KiB.
LINUX_MAGIC, LINUX_AT, ELF_MAGIC, MULTIBOOT_MAGIC, BEGINNING = b"HdrS", 0x202, b"\x7fELF", struct.pack("<I", 0x1BADB002), 8192


def kernel_files(args):
    """What the inner emulator loads: {its name in the folder: path}."""
    return {name: path for name, path in (("kernel", args.kernel), ("initrd", args.initrd)) if path is not None}


def kernel_memory(args):
    """What the inner emulator has of them in memory, in MiB."""
    paths = kernel_files(args).values() if args.guest else ()
    return sum(-(-os.path.getsize(path) // MIB) for path in paths if os.path.isfile(path))


def _check_kind(path):
    with open(path, "rb") as f:
        beginning = f.read(BEGINNING)
    if beginning[LINUX_AT : LINUX_AT + 4] != LINUX_MAGIC and not beginning.startswith(ELF_MAGIC) and MULTIBOOT_MAGIC not in beginning:
        raise Failure(f"--kernel {path}: none for a PC: neither a bzImage of Linux nor an ELF or multiboot file")


def check_kernel(args, memory):
    """What is wrong with the options, without starting anything. @memory: the guest's, in MiB."""
    for option, value in (("--initrd", args.initrd), ("--append", args.append)):
        if value is not None and args.kernel is None:
            raise Failure(f"{option}: there is no --kernel to have it")
    if args.kernel is None:
        return
    if not args.guest:
        raise Failure("--kernel: there is no guest to have it")
    for name, path in kernel_files(args).items():
        check_file(path, f"--{name}", writable=False)
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Failure(f"--{name} {path}: not a file")
    _check_kind(args.kernel)
    if kernel_memory(args) >= memory:
        option = f"--kernel {args.kernel}" + (f" and --initrd {args.initrd}" if args.initrd else "")
        raise Failure(f"{option}: {kernel_memory(args)} MiB do not fit into the guest's memory of {memory}; --memory gives it more")


@contextlib.contextmanager
def kernel_folder(args):
    """A folder with copies of the files, None without --kernel."""
    if args.kernel is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="unidom-kernel-") as folder:
        for name, path in kernel_files(args).items():
            try:
                shutil.copyfile(path, os.path.join(folder, name))
            except OSError as e:
                raise Failure(f"--{name} {path}: {describe(e)}") from None
        yield folder


def inner_kernel(args):
    """Options of the inner emulator."""
    words = [word for name in kernel_files(args) for word in (f"-{name}", f"/host/{TAG}/{name}")]
    return words + (["-append", args.append] if args.append is not None else [])


def add_outer_kernel(command, folder):
    """@folder: as kernel_folder() gives it."""
    if folder is not None:
        command.add("-fsdev", f"local,id=kernel,path={quote_option(folder)},security_model=none,readonly=on", "--kernel")
        command.add("-device", f"virtio-9p-pci,fsdev=kernel,mount_tag={TAG},addr=0x{SLOT:x}", "--kernel")
