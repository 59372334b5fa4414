# SPDX-License-Identifier: BSD-3-Clause
"""Options of the ports, switched in the menu: what is compiled changes, and the image still links and boots."""

import glob
import pathlib
import re
import subprocess

from images import BUILD
from machine import TOP, ktap, outcome
from terminal import Terminal


def make(folder, *words):
    command = ["make", "-C", TOP, "APP=lib-test", f"O={folder}", f"DL={BUILD}/dl", "BOOTSTRAP=0", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, f"{done.stdout[-3000:]}{done.stderr[-3000:]}"


def objects(folder, pattern):
    return glob.glob(f"{folder}/lib-test-kvm/{pattern}", recursive=True)


def test_options(tmp_path):
    folder = str(tmp_path / "build")
    env = {"APP": "lib-test", "O": folder, "DL": f"{BUILD}/dl", "BOOTSTRAP": "0"}
    make(folder, "defconfig")
    # Others take their time to compile, and have no options that are looked at here.
    config = pathlib.Path(folder) / "lib-test-kvm/.config"
    config.write_text(re.sub("CONFIG_LIB(PIXMAN|FDT|ZLIB)=y", r"# CONFIG_LIB\1 is not set", config.read_text()))
    term = Terminal(TOP, "make menuconfig", env, socket=str(tmp_path / "tmux"))
    try:
        term.wait("Unidom configuration")
        term.jump("LIBPCRE2_16", "[*] 16-bit")
        term.keys("n")
        term.wait("[ ] 16-bit")
        term.jump("LIBGLIB_GMODULE", "[*] GModule")
        term.keys("n")
        term.wait("[ ] GModule")
        term.save_and_leave()
    finally:
        term.close()
    make(folder)
    assert objects(folder, "libpcre2/**/*.8.o") and objects(folder, "libpcre2/**/*.32.o")
    assert not objects(folder, "libpcre2/**/*.16.o") and not objects(folder, "libgmodule/**/*.o")
    status, console, _ = outcome(f"{folder}/lib-test-kvm/lib-test_kvm-x86_64", ["--outer-memory", 64], timeout=300)
    results = ktap(console)
    assert not status and all(results.values()), console
    assert any("8-bit" in name for name in results)
    assert not any("16-bit" in name or "GModule" in name for name in results)
