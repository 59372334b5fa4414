# SPDX-License-Identifier: BSD-3-Clause
"""What another configuration of the product compiles again. Counted, not built: files that the generators would write
otherwise, and the objects that have been compiled with them."""

import filecmp
import glob
import os
import re
import subprocess

import pytest

from machine import TOP

MOST = 130


def generated(build, text, out):
    """What QEMU's generators make of a configuration."""
    with open(f"{build}/libqemu/.tree", encoding="utf-8") as f:
        tree = f.read().split()[0]
    line = re.search(r"^CONFIG_LIBQEMU_(\d+_\d+) := y", text, re.M).group(1).replace("_", ".")
    (out / "auto.mk").write_text(text)
    subprocess.run(["/usr/bin/python3", f"{TOP}/libs/qemu/prepare", "--tree", tree, "--base", f"{TOP}/libs/qemu",
                    "--lists", f"{TOP}/libs/qemu/{line}/lists", "--out", out / "made", "--config", out / "auto.mk"], check=True)
    return out / "made"


@pytest.mark.parametrize("device", ["LIBQEMU_E1000_PCI", "LIBQEMU_VGA_PCI", "LIBQEMU_USB_XHCI_NEC"])
def test_one_device_switched_off(image, tmp_path, device):
    build = os.path.dirname(image("qemu-stubdom"))
    if not os.path.exists(f"{build}/auto.mk"):
        pytest.skip("the image was not built here")
    with open(f"{build}/auto.mk", encoding="utf-8") as f:
        text = f.read()
    assert f"\nCONFIG_{device} := y\n" in text
    made = generated(build, text.replace(f"\nCONFIG_{device} := y\n", "\n"), tmp_path)
    names = [os.path.relpath(p, made) for p in glob.glob(f"{made}/**", recursive=True) if os.path.isfile(p)]
    changed = {f"{build}/libqemu/{n}" for n in names if not filecmp.cmp(made / n, f"{build}/libqemu/{n}", shallow=False)}
    assert changed == {f"{build}/libqemu/x86_64-softmmu-config-devices.h"}
    changed.add(f"{build}/config/{device}")
    again = 0
    for path in glob.glob(f"{build}/*/**/*.o.d", recursive=True):
        with open(path, encoding="utf-8") as f:
            again += bool(changed & set(f.read().split()))
    assert 0 < again <= MOST
