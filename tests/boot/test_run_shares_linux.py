# SPDX-License-Identifier: BSD-3-Clause
"""Debian's kernel as the guest, with a folder of the host: --share. It takes minutes, as one emulator runs in another here."""

import hashlib
import os
import sys

import pytest

from machine import TOP, outcome

sys.path.append(os.path.join(TOP, "ci", "xen"))

from xenlab import BUILD  # noqa: E402
from xenlab.debian import Suite  # noqa: E402
from xenlab.parts import Parts  # noqa: E402
from xenlab.rootfs import Rootfs  # noqa: E402

SUITE = "bookworm"
SIZE = 4 << 20
INIT = b"""#!/bin/sh
export PATH=/usr/bin
mount -t proc proc /proc; mount -t devtmpfs dev /dev; mount -t sysfs sys /sys
while read -r module rest; do insmod "/lib/modules/$module.ko" $rest; done < /lib/modules/order
mkdir /mnt /ro
mount -t 9p -o trans=virtio,version=9p2000.L,msize=131072 work /mnt && echo "guest: mounted"
mount -t 9p -o trans=virtio,version=9p2000.L,ro boot /ro && ls /ro
cat /mnt/hello
echo "from the guest" > /mnt/guest
mkdir /mnt/dir && ln -s ../guest /mnt/dir/link && cat /mnt/dir/link && ln /mnt/guest /mnt/hard
cp /mnt/big /mnt/copy && sync && cmp /mnt/big /mnt/copy && echo "guest: copied"
mv /mnt/guest /mnt/dir/moved; chmod 600 /mnt/hello; touch -d "2001-02-03 04:05:06" /mnt/copy; rm /mnt/dir/link
for n in 1 2 3 4 5; do echo $n > "/mnt/dir/file $n"; done; ls /mnt/dir | wc -l
mount -o remount,rw /ro; touch /ro/new 2>&1 | grep -o "Read-only file system"
echo "guest: done"
poweroff -f
"""


class Linux(Parts):
    """Debian's kernel, and an initrd with busybox and what 9P takes."""

    def __init__(self):
        super().__init__(os.path.join(BUILD, "share-guest", SUITE), [__file__])

    def _make(self, root, made):
        Suite(SUITE).unpack(["busybox-static"], ["linux-image-amd64"], root)
        boot = os.path.join(root, "boot")
        os.rename(os.path.join(boot, next(n for n in os.listdir(boot) if n.startswith("vmlinuz-"))), os.path.join(made, "vmlinuz"))
        fs = Rootfs(root)
        fs.busybox()
        fs.modules({"virtio-pci": "", "9pnet-virtio": "", "9p": ""})
        fs.archive.data("init", INIT, executable=True)
        with open(os.path.join(made, "initrd"), "wb") as f:
            f.write(fs.archive.bytes())


@pytest.mark.nightly
def test_linux(image, guest, tmp_path):
    linux, data = Linux().build(), os.urandom(SIZE)
    (tmp_path / "hello").write_text("from the host\n")
    (tmp_path / "big").write_bytes(data)
    options = ["--disk", guest("hello"), "--memory", 256, "--share", f"{tmp_path}:work", "--share", f"{linux.folder}:boot,ro"]
    options += ["--kernel", os.path.join(linux.folder, "vmlinuz"), "--initrd", os.path.join(linux.folder, "initrd")]
    options += ["--append", "console=ttyS0 quiet panic=-1"]
    status, console, serial = outcome(image("qemu-stubdom"), options, ["-no-reboot"], timeout=900)
    assert status == 0, console + serial
    lines = [line.strip() for line in serial.splitlines()]
    for line in ("guest: mounted", "initrd", "from the host", "from the guest", "guest: copied", "6", "Read-only file system", "guest: done"):
        assert line in lines, console + serial
    assert hashlib.sha256((tmp_path / "copy").read_bytes()).digest() == hashlib.sha256(data).digest()
    assert (tmp_path / "dir" / "moved").read_text() == "from the guest\n" and (tmp_path / "hard").stat().st_nlink == 2
    assert (tmp_path / "hello").stat().st_mode & 0o777 == 0o600 and (tmp_path / "copy").stat().st_mtime == 981173106
    assert sorted(os.listdir(tmp_path / "dir")) == [f"file {n}" for n in range(1, 6)] + ["moved"]
    assert sorted(os.listdir(linux.folder)) == ["initrd", "made-from", "vmlinuz"]
