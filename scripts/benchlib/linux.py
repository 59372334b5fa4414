# SPDX-License-Identifier: BSD-3-Clause
"""A small Linux for the outer emulator: Debian's kernel, busybox, and the native QEMU with the libraries it needs."""
import glob
import hashlib
import os
import re
import shutil
import subprocess
import tempfile

from xenlab.cpio import Archive
from xenlab.debian import Suite
from xenlab.rootfs import Rootfs

from . import BUILD, BenchError, say

FOLDER = os.path.join(BUILD, 'bench-linux')
SUITE = 'bookworm'
MODULES = ('virtio_pci', 'virtio_blk')
FIRMWARE = ('/usr/share/seabios/bios-256k.bin', '/usr/share/seabios/vgabios-stdvga.bin', '/usr/share/qemu/kvmvapic.bin')
# The rival at its best: no page-table isolation and the like, which our image does not have either, and the cycle counter as its clock.
APPEND = 'console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable'
INIT = '''#!/bin/sh
mount -t devtmpfs none /dev
mount -t proc none /proc
while read -r name parameters; do insmod "/lib/modules/$name.ko" $parameters; done </lib/modules/order
{command}
poweroff -f
'''


def single(program):
    """An initrd with nothing but a program."""
    archive = Archive()
    archive.file('init', program)
    return archive.bytes()


class Linux:
    """The kernel, and the initrd's unchanging part; both are made once for a native QEMU."""

    def __init__(self, program):
        self.program = program
        self.kernel = os.path.join(FOLDER, 'vmlinuz')
        self.base = os.path.join(FOLDER, 'base.cpio')

    def ready(self):
        """Built, if it was not, or from another program."""
        with open(self.program, 'rb') as f:
            key = hashlib.sha256(f.read()).hexdigest()
        stamp = os.path.join(FOLDER, 'made-from')
        if os.path.exists(stamp):
            with open(stamp, encoding='ascii') as f:
                if f.read() == key:
                    return self
        say("Debian's Linux with the native QEMU, once")
        os.makedirs(FOLDER, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as work:
            self._make(os.path.join(work, 'root'))
        with open(stamp, 'w', encoding='ascii') as f:
            f.write(key)
        return self

    def _make(self, root):
        Suite(SUITE).unpack(['busybox-static'], ['linux-image-amd64'], root)
        fs = Rootfs(root)
        fs.busybox()
        fs.modules(dict.fromkeys(MODULES, ''))
        self._program(fs.archive)
        for path in FIRMWARE:
            fs.archive.file(f'fw/{os.path.basename(path)}', path)
        shutil.copy(glob.glob(os.path.join(root, 'boot', 'vmlinuz-*'))[0], self.kernel)
        with open(self.base, 'wb') as f:
            f.write(fs.archive.bytes())

    def _program(self, archive):
        """The native QEMU was linked on this machine: its libraries are this machine's."""
        with tempfile.NamedTemporaryFile() as stripped:
            subprocess.run(['strip', '-o', stripped.name, self.program], check=True)
            os.chmod(stripped.name, 0o755)
            archive.file('qemu', stripped.name)
        listed = subprocess.run(['ldd', self.program], capture_output=True, text=True, check=True).stdout
        if 'not found' in listed:
            raise BenchError(f'{self.program}: a library is missing; next: remove its folder, and again')
        for path in re.findall(r'(/\S+) \(0x', listed):
            archive.file(path, os.path.realpath(path))

    def initrd(self, command, path):
        """One that runs @command, written to @path."""
        with open(self.base, 'rb') as f:
            base = f.read()
        more = Archive()
        more.data('init', INIT.replace('{command}', command), executable=True)
        with open(path, 'wb') as f:
            f.write(base + more.bytes())
