# SPDX-License-Identifier: BSD-3-Clause
"""Guests that nobody here wrote reach a recognisable point."""

from machine import Machine, Qmp
from screen import read_ppm, wait_text

IMAGE = "qemu-stubdom"


def boot(image, tmp_path, options, pattern, timeout, memory=128):
    """Boot until @pattern is on the text screen; a screendump must show more than one colour."""
    dump = tmp_path / "dump.ppm"
    outer = f"-chardev file,id=dump,path={dump} -device virtserialport,nr=3,chardev=dump"
    inner = ["-chardev", "serial,id=dump,path=/dev/vport0p3"]  # opened for its side effect: a raw terminal
    options = [*options, "--qmp", tmp_path / "qmp", "--memory", memory, "--outer", outer]
    with Machine(image(IMAGE), options, inner) as m:
        qmp = Qmp(str(tmp_path / "qmp"))
        screen = wait_text(qmp, pattern, timeout)
        qmp.execute("screendump", filename="/dev/vport0p3")
        width, height, colours = read_ppm(dump)
        assert (width, height) >= (640, 400) and colours > 1
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()
    return screen


def test_grub(image, tmp_path, debian_file):
    iso = debian_file("grub-rescue-pc", "/usr/lib/grub-rescue/grub-rescue-cdrom.iso")
    boot(image, tmp_path, ["--cdrom", iso], "GNU GRUB|grub>", 240)


def test_grub_floppy_as_disk(image, tmp_path, debian_file):
    floppy = debian_file("grub-rescue-pc", "/usr/lib/grub-rescue/grub-rescue-floppy.img")
    disk = tmp_path / "disk.img"
    with open(floppy, "rb") as f:
        disk.write_bytes(f.read())
    boot(image, tmp_path, ["--disk", disk], "GNU GRUB|grub>", 240)


def test_ipxe(image, tmp_path, debian_file):
    iso = debian_file("ipxe", "/usr/lib/ipxe/ipxe.iso")
    boot(image, tmp_path, ["--cdrom", iso], "iPXE.*Open Source Network Boot Firmware", 240)


def test_memtest(image, tmp_path, debian_file):
    """It runs its first test on 32 bits of memory: real arithmetic, paging and timer interrupts in the guest."""
    iso = debian_file("memtest86+", "/usr/lib/memtest86+/memtest86+x64.iso")
    boot(image, tmp_path, ["--cdrom", iso], r"Memtest86\+ v6(.|\n)*Test #\d", 300, memory=32)
