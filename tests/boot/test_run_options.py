# SPDX-License-Identifier: BSD-3-Clause
"""Each option of scripts/run, on the command line and in a file: what it makes of the inner and the outer emulator's command. What the
machines then do is in the other tests of the runner."""

import json
import os
import re
import subprocess

import pytest

from machine import RUN

ELF = b"\x7fELF\2" + bytes(59)
TITLES = ("guest", "disks", "network", "screen", "folders of the host", "outer emulator", "diagnosis")


@pytest.fixture
def files(tmp_path):
    for name in ("qemu-stubdom", "other"):
        (tmp_path / name).write_bytes(ELF)
    (tmp_path / "ovmf").mkdir()
    for name in ("disk", "second", "cd", "fd", "ovmf/OVMF_CODE_4M.fd", "ovmf/OVMF_VARS_4M.fd"):
        (tmp_path / name).write_bytes(bytes(4096))
    (tmp_path / "half").mkdir()
    (tmp_path / "half/OVMF_CODE_4M.fd").write_bytes(bytes(100))
    (tmp_path / "other.uefi").write_bytes(bytes(8192))
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "work").mkdir()
    return tmp_path


def call(files, *words, folder=None):
    command = [RUN, "--image", files / "qemu-stubdom", "--accel", "tcg", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=folder or files)


def shown(files, *words, folder=None):
    done = call(files, "--json", *words, folder=folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return " ".join(found["inner"]), " ".join(found["outer"])


def refused(files, *words, folder=None):
    """The only line."""
    done = call(files, *words, folder=folder)
    lines = [line for line in done.stderr.splitlines() if line != "run: tcg as asked for"]
    assert done.returncode == 2 and len(lines) == 1 and not done.stdout, done.stderr + done.stdout
    return lines[0]


# Option: (its value, None for a flag; what is then in the inner command; what in the outer one). A word that begins with "!" is not there.
DISK = ["--disk", "disk"]
OPTIONS = {
    "--memory": ("2G", "-m 2048 ", "-m 2176 "),
    "--serial": ("socket", "path=/dev/vport0p1", "id=serial,fd=SERIAL"),
    "--qmp": ("socket", "path=/tmp/qmp", "name=org.unidom.qmp"),
    "--no-guest": (None, "!-machine", "!org.unidom.serial"),
    "--disk": ("second", "file=/dev/vdb,format=raw,aio=native", "file=./second"),
    "--cpus": ("2", "-accel tcg,thread=single -smp 2", ""),
    "--machine": ("q35", "-machine q35", "-machine q35"),
    "--boot": ("c,menu", "-boot menu=on", ""),
    "--uefi": ("ovmf", "readonly=on,if=pflash,unit=0", "format=raw,file=./disk.uefi"),
    "--floppy": ("fd,ro", "-device floppy,unit=0,drive=disk1", "readonly=on,rerror=report,file=./fd"),
    "--usb-disk": ("second", "usb-storage,bus=xhci.0", "file=./second"),
    "--snapshot": (None, "!snapshot", "snapshot=on"),
    "--cdrom": ("cd", "ide-cd,bus=ide.1,unit=0", "readonly=on,rerror=report,file=./cd"),
    "--format": ("qcow2", "format=raw", "format=qcow2,file=./disk"),
    "--net": ("none", "!netdev", "!netdev"),
    "--nic": ("pcnet", "pcnet,netdev=", "virtio-net-pci,netdev="),
    "--forward": ("tcp:2222:22", "tap,", "hostfwd=tcp:127.0.0.1:2222-:22"),
    "--screen": ("vnc", "-vnc unix:/tmp/screen", "name=org.unidom.screen"),
    "--share": ("work:tag,ro", "mount_tag=tag", "readonly=on"),
    "--image": ("qemu-stubdom", "-machine pc", "-kernel qemu-stubdom "),
    "--accel": ("tcg", "-accel tcg", "-accel tcg"),
    "--outer-machine": ("pc", "-machine pc", "-machine pc"),
    "--outer-memory": ("300M", "-m 64 ", "-m 300 "),
    "--kernel-args": ("loglevel=3", "!loglevel", "-append loglevel=3 -- "),
    "--outer": ("-name 'a b'", "!-name", " -name a b"),
    "--console": ("console", "", "id=console,path=/dev/fd/CONSOLE"),
    "--gdb": (None, "", " -s -S "),
}
# These are tried below, each by a test of its own.
APART = {"--help", "--print", "--json", "--config"}
ELSEWHERE = {"--kernel", "--initrd", "--append", "--save", "--load", "--quiet"}  # test_run_{kernel,saved,terminal}.py


def is_there(word, text):
    return word[1:] not in text if word.startswith("!") else word in text + " "


@pytest.mark.parametrize("option", OPTIONS)
def test_option(files, option):
    """As two words, and from a file."""
    value, inner, outer = OPTIONS[option]
    net = "" if option in ("--nic", "--forward") else "net = none"  # which is quicker
    lines = ["# a machine", net, "disk = disk", option[2:] if value is None else f"{option[2:]} = {value}"]
    (files / "machine.conf").write_text("\n".join(lines))
    words = DISK + (["--net", "none"] if net else []) + ([option] if value is None else [option, value])
    for words in (words, ["--config", "machine.conf"]):
        found = shown(files, *words)
        # Paths of a file are absolute.
        found = [text.replace(f"{files}/", "" if word.startswith("-kernel") else "./") for text, word in zip(found, (inner, outer))]
        assert is_there(inner, found[0]) and is_there(outer, found[1]), found


def help_text():
    return subprocess.run([RUN, "--help"], capture_output=True, text=True, check=True).stdout


def test_each_option_is_tried():
    options = set(re.findall(r"^  (?:-h, )?(--[a-z][a-z-]*)", help_text(), re.M))
    assert options == {*OPTIONS, *APART, *ELSEWHERE} and not (APART | ELSEWHERE) & set(OPTIONS)


def test_help():
    """In groups, with examples."""
    text = help_text()
    places = [text.index(f"\n{title}:\n") for title in TITLES]
    assert places == sorted(places) < [text.index("\nexamples:\n")]
    assert all(len(line) <= 144 for line in text.splitlines())


def test_print(files):
    """Both commands, and nothing is run: the image is none."""
    done = call(files, "--print", *DISK, "--", "-cpu", "a b")
    assert done.returncode == 0
    outer, inner = done.stdout.splitlines()
    assert outer.startswith("outer: qemu-system-x86_64 -machine q35 ")
    assert inner.startswith("inner: qemu-system-x86_64 -machine pc ") and inner.endswith(" -cpu 'a b'")
    assert call(files, "--print", "--no-guest", "--", "a b", "c").stdout.splitlines()[1] == "inner: 'a b' c"


def test_json(files):
    found = json.loads(call(files, "--json", *DISK, "--memory", "100").stdout)
    assert set(found) == {"outer", "inner", "memory"}
    assert found["memory"] == 228


def test_config_is_the_same_machine(files):
    """A whole file against the same words; the command line counts after it; paths are the file's neighbours."""
    (files / "m.conf").write_text(
        "\N{BOM}# all of it\r\ndisk = disk\r\n  disk=second,format=raw\n\nmemory = 1G\nshare = work:w,ro\nserial = stdio\n"
        "screen = vnc=unix:s\nqmp = ' q '\narguments = -cpu 'a b'\nkernel-args = loglevel=3\n")
    there = shown(files, "--config", "m.conf", "--memory", "128", "--disk", "cd", "--", "-S")
    words = ["--disk", files / "disk", "--disk", f"{files}/second,format=raw", "--disk", "cd", "--memory", "128",
             "--share", f"{files}/work:w,ro", "--screen", f"vnc=unix:{files}/s", "--qmp", f"{files}/ q ", "--kernel-args", "loglevel=3",
             "--", "-cpu", "a b", "-S"]
    assert there == shown(files, *words)
    elsewhere = shown(files, "--config", files / "m.conf", folder="/")
    assert f"file={files}/disk" in elsewhere[1] and f"path={files}/work," in elsewhere[1]


COMBINATIONS = {
    "a bus": ("--disk disk,bus=frob", "--disk disk,bus=frob: bus frob: none of ide, sata, virtio, scsi, nvme, usb"),
    "a CD-ROM's bus": ("--cdrom cd,bus=ide", "--cdrom cd,bus=ide: only disks have a choice of bus"),
    "IDE on q35": ("--machine q35 --disk disk,bus=ide", "disk disk: the machine q35 has no IDE; it has sata"),
    "IDE for reading": ("--disk disk,ro", "disk disk: no ide disk is read-only; bus=virtio, scsi, nvme and usb can be"),
    "IDE is full": ("--disk disk " * 3 + "--cdrom cd --cdrom cd", "5 disks and CD-ROMs on ide; there is room for 4; "),
    "SATA is full": ("--machine q35 " + "--disk disk " * 7, "7 disks and CD-ROMs on sata; there is room for 6; "),
    "all is full": ("--disk disk,bus=virtio " * 13, "13 disks of all kinds; the image has room for 12"),
    "floppies": ("--floppy fd " * 3, "--floppy: 3 of them; there is room for 2"),
    "a bus without a guest": ("--no-guest --disk disk,bus=scsi", "disk disk: there is no guest to have it on a bus"),
    "no processor": ("--cpus 0", "--cpus 0: not a number from 1 to 255"),
    "processors": ("--cpus 256", "--cpus 256: not a number from 1 to 255"),
    "boot": ("--boot x", "--boot x: x is neither menu nor an order of a (floppy), c (disks), d (CD-ROM), n (network)"),
    "boot twice": ("--boot cc", "--boot cc: cc is neither menu nor an order"),
    "boot nothing": ("--disk disk --boot d", "--boot d: d is for --cdrom, which is not given"),
    "boot without a card": ("--disk disk --boot n --net none", "--boot n: the guest has no network card (--net none)"),
    "boot without a guest": ("--no-guest --boot c", "--boot c: there is no guest to boot"),
    "no firmware": ("--disk disk --uefi work", "--uefi: firmware work/OVMF_CODE_4M.fd: no such file (Debian package ovmf)"),
    "no disk for variables": ("--uefi ovmf", "--uefi needs a disk, beside which its variables are kept"),
    "text and serial": ("--screen text --serial stdio", "--screen text and --serial stdio both want the terminal; --serial takes a socket"),
    "text and keyboard": ("--screen text,keyboard=de", "--screen text,keyboard=de: none of none, window, vnc"),
    "two orders": ("--disk disk --cdrom cd --boot d,c", "--boot d,c: more than an order, as dc, and menu"),
    "a number": ("--cpus 1_0", "argument --cpus: 1_0 is not a number"),
    "a stick's bus": ("--usb-disk disk,bus=ide", "--usb-disk disk,bus=ide: not on bus ide; --disk has a choice"),
    "processors without a guest": ("--no-guest --cpus 2", "--cpus: there is no guest to have it"),
    "a monitor without a guest": ("--no-guest --qmp q", "--qmp: there is no guest to have it"),
    "half a firmware": ("--disk disk --uefi half", "--uefi: firmware half/OVMF_CODE_4M.fd: 100 bytes, which no firmware is"),
    "other variables": ("--disk other --uefi ovmf", "UEFI variables other.uefi: not of the size of ovmf/OVMF_VARS_4M.fd: "),
    "a pipe as key": ("--disk disk,key-file=fifo", "disk disk: key file fifo: neither a file nor a block device"),
    "a pipe as password": ("--screen vnc,password-file=fifo", "--screen vnc,password-file=fifo: password file fifo: neither a file"),
    "no way": ("--disk disk/x", "disk disk/x: Not a directory"),
    "key": ("--disk disk,key-file=missing", "disk disk: key file missing: no such file"),
}


@pytest.mark.parametrize("case", COMBINATIONS)
def test_wrong_combination(files, case):
    """One line, at once."""
    text, message = COMBINATIONS[case]
    assert refused(files, *text.split()).startswith(f"run: {message}")


def test_variables_beside_the_disk(files):
    """Made by a run, and not by one that only prints; kept by the next."""
    words = ["--net", "none", "--uefi", "ovmf", "--disk", "disk"]
    assert call(files, "--print", *words).returncode == 0 and not (files / "disk.uefi").exists()
    call(files, *words)  # the image is none
    assert (files / "disk.uefi").read_bytes() == (files / "ovmf/OVMF_VARS_4M.fd").read_bytes()
    (files / "disk.uefi").write_bytes(b"x" * 4096)
    call(files, *words)
    assert (files / "disk.uefi").read_bytes() == b"x" * 4096


def test_variables_of_a_snapshot(files):
    """They are thrown away too, so nothing is made beside the disk, whose folder need not be writable."""
    words = ["--net", "none", "--uefi", "ovmf", "--disk", "disk", "--snapshot"]
    assert "snapshot=on,format=raw,file=./ovmf/OVMF_VARS_4M.fd" in shown(files, *words)[1]
    call(files, *words)  # the image is none
    assert not (files / "disk.uefi").exists()
    (files / "disk.uefi").write_bytes(bytes(4096))
    assert "snapshot=on,format=raw,file=./disk.uefi" in shown(files, *words)[1]


@pytest.mark.parametrize("header", [b"LUKS\xba\xbe\0\1", b"QFI\xfb\0\0\0\3" + bytes(24) + b"\0\0\0\2"])
def test_encrypted_without_key(files, header):
    (files / "disk").write_bytes(header + bytes(4096))
    assert refused(files, "--disk", "disk").startswith("run: disk disk: it is encrypted; key-file=FILE names the file with its passphrase")
    shown(files, "--disk", "disk,format=raw", "--net", "none")
    shown(files, "--disk", "disk,key-file=cd", "--net", "none")


def test_memory_for_processors(files):
    assert "-m 204 " in shown(files, "--disk", "disk", "--net", "none", "--cpus", 4)[1]


def test_memory_for_uefi(files):
    """The default is enough for it."""
    assert "-m 256 " in shown(files, "--disk", "disk", "--uefi", "ovmf")[0]


def test_any_name(files):
    """What is printed has the names' bytes; what is reported is one line."""
    os.rename(os.fsencode(files) + b"/disk", os.fsencode(files) + b"/a\xff\n\x1b")
    command = [RUN, "--image", files / "qemu-stubdom", "--accel", "tcg", "--net", "none", "--disk"]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    there, missing = b"a\xff\n\x1b", b"b\xff\n\x1b"
    for words, status, out, err in (([there, "--print"], 0, b"./" + there, b""), ([missing], 2, b"", b"disk b\xff\\x0a\\x1b: no such file\n")):
        done = subprocess.run([*command, *words], capture_output=True, check=False, cwd=files, env=environment)
        assert done.returncode == status and out in done.stdout and err in done.stderr, done


def test_memory_that_is_not_there(files):
    with open("/proc/sys/vm/overcommit_memory", encoding="ascii") as f:
        if f.read().strip() == "1":
            pytest.skip("this machine hands out any memory")
    assert refused(files, "--net", "none", "--disk", "disk", "--memory", 1 << 20).startswith(f"run: {(1 << 20) + 128} MiB of memory: ")


def test_print_builds_nothing(files):
    assert "file=./TEST-GUEST" in shown(files)[1]


WRONG = {
    "a name": ("disk = disk\nfrob = 1\n", ":2: no option frob"),
    "a name of several": ("me = 1\n", ":1: no option me"),
    "a form": ("\n\n--disk disk\n", ":3: neither NAME = VALUE nor NAME: --disk disk"),
    "a value": ("# x\nmemory = 5X\n", ":2: argument --memory: 5X is not a size"),
    "an empty size": ("memory =\n", ":1: argument --memory: nothing is not a size"),
    "no value": ("memory\n", ":1: argument --memory: expected one argument"),
    "a flag's value": ("gdb = yes\n", ":1: gdb has no value: it is there or not"),
    "a choice": ("nic = frob\n", ":1: argument --nic: invalid choice: 'frob'"),
    "a quote": ("disk = 'disk\n", ":1: no closing quotation"),
    "a quote in arguments": ("arguments = 'disk\n", ":1: no closing quotation"),
    "another file": ("config = m.conf\n", ":1: config belongs on the command line"),
    "what a check finds": ("memory = 64\ndisk = missing\nnic = pcnet\n", ":2: disk FOLDER/missing: no such file"),
    "a check of two": ("net = none\n\nforward = tcp:1:1\n", ":3: --forward needs --net user, not none"),
    "bytes": ("memory = 64\nx\0", ":2: a zero byte"),
    "no flag": ("snapshot =\n", ":1: snapshot has no value: it is there or not"),
    "an empty value": ("disk = disk\nqmp =\n", ":2: --qmp: its value is empty"),
    "a CD-ROM's key": ("cdrom = cd,key-file=key\n", ":1: CD-ROM FOLDER/cd: key file FOLDER/key: no such file"),
    "what drives a terminal": ("\x1b[31mred\n", ":1: neither NAME = VALUE nor NAME: \\x1b[31mred"),
    "options": ("memory = 1\n" * 300, ":257: more than 256 options: not a machine's description"),
    "the last of many": ("disk = disk\nscreen = vnc,keyboard=de\n" + "memory = 64\n" * 253 + "forward = x\n", ":256: --forward x: not "),
    "length": ("#" * (1 << 20) + "\n", ": longer than 1048576 bytes"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_config(files, case):
    text, message = WRONG[case]
    (files / "m.conf").write_text(text)
    assert refused(files, "--config", "m.conf").startswith(f"run: m.conf{message}".replace("FOLDER", str(files)))


def test_wrong_beside_config(files):
    """What is wrong with the command line is not the file's fault; a file that is none."""
    (files / "m.conf").write_text("memory = 64\n")
    assert refused(files, "--config", "m.conf", "--disk", "missing") == "run: disk missing: no such file"
    assert refused(files, "--config", "missing.conf") == "run: --config missing.conf: No such file or directory"
    assert refused(files, "--config", "work") == "run: --config work: Is a directory"
    assert os.listdir(files / "work") == []
