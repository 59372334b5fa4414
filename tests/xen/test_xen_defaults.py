# SPDX-License-Identifier: BSD-3-Clause
"""As an administrator installs it: the compressed image and the ramdisk under libxl's own names, and no option that names them."""

import gzip

from xenlab.hvm import KERNEL, RAMDISK, Job
from xen_steps import PTY, passed

SCRIPT = f"""
mv /{KERNEL} /usr/lib/xen/boot/qemu-stubdom-linux-kernel
mv /{RAMDISK} /usr/lib/xen/boot/qemu-stubdom-linux-rootfs
sed -i '/^stubdomain_kernel/d; /^stubdomain_ramdisk/d' /lab/hvm.cfg
check create create
open_serial
check "xl console shows the serial port" echoes Q 60
close_serial
check destroy xl destroy guest
"""


def test_default_names(lab, xen_image, guest, tmp_path):
    image = tmp_path / "image.gz"
    with open(xen_image("qemu-stubdom"), "rb") as f:
        image.write_bytes(gzip.compress(f.read(), 1))
    passed(lab, Job("ours", guest("idle"), kernel=str(image), extra=PTY), SCRIPT)
