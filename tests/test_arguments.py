# SPDX-License-Identifier: BSD-3-Clause
"""What libxl 4.17 to 4.22 and Qubes OS' give to a device model (tests/common/libxl-argv.txt), on the host: what QEMU gets of it, what is
said, and that each thing which xl can be asked for has a test in Xen or a limit. tests/boot/test_stubdom_arguments.py gives it to
QEMU."""

import pathlib
import re
import subprocess
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(TOP / "tests/common"))

import libxl_argv  # noqa: E402
import xen_archive  # noqa: E402

TABLE = libxl_argv.table()
WHOLE = libxl_argv.starts([g for g in TABLE if not g.end and g.versions != "Qubes"])


@pytest.fixture(name="translate", scope="module")
def _translate(tmp_path_factory):
    """translate(words): (words, lines that were said)."""
    program = tmp_path_factory.mktemp("translate") / "translate"
    sources = ["tests/host/apps/qemu-stubdom/xen/translate-words.c", *(f"apps/qemu-stubdom/xen/{n}.c" for n in ("translate", "vector"))]
    flags = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]
    subprocess.run(["cc", *flags, "-o", program, *sources], cwd=TOP, check=True)

    def run(words):
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines(), done.stderr.splitlines()

    return run


def check(translate, given):
    words, said = translate([word for g in given for word in g.words])
    assert words == [word for g in given for word in g.qemus]
    expected = [line for g in given for line in g.lines]
    assert len(said) == len(expected), said
    for line, about in zip(said, expected):
        assert re.fullmatch(re.escape(f"arguments: {about}: ") + r"\S.*", line)


@pytest.mark.parametrize("given", TABLE, ids=lambda g: g.name)
def test_alone(translate, given):
    """Nothing is dropped without a line that names it."""

    check(translate, [given])


@pytest.mark.parametrize("number", range(len(WHOLE)))
def test_whole(translate, number):
    check(translate, WHOLE[number])


def test_held():
    """Each row has its test in Xen, or its limit. What ends the image ends QEMU in dom0 too, or is a limit."""
    rows = set(re.findall(r'^    "(.*?)": \(', (TOP / "tests/xen/test_xen_configurations.py").read_text(), re.M))
    limits = " ".join((TOP / "docs/limits.md").read_text().split())
    for given in TABLE:
        file, _, test = given.held.partition(": ")
        if file == "limits":
            assert test in limits, f"docs/limits.md does not say: {test}"
        elif file.endswith(".py"):
            assert f"def {test}(" in (TOP / "tests/xen" / file).read_text(), given.held
        elif given.held == "dom0":
            assert given.end, given
        else:
            assert given.held in rows, f"tests/xen/test_xen_configurations.py has no row {given.held}"


# Of the functions that make the arguments: what goes to QEMU in dom0 only, or to the guests of other types; then what is no argument.
FOR_DOM0 = r"""-mon -S socket,id=libxl-cmd,.* chardev=libxl-cmd,.* socket,id=libxenstat-cmd,.* chardev=libxenstat-cmd,.* -xen-attach -vnc
127.0.0.1:.* .*,password=on .*,to=99 sdl DISPLAY XAUTHORITY -spice virtio-serial spicevmc,id=vdagent,name=vdagent
virtserialport,chardev=vdagent,.* -run-with chroot=.* user=.* -runas fd:.* xenpv""".split()
NO_ARGUMENTS = "sd XEN_DOMAIN_ID on off colo_ sock_ /qemu-root-".split()
FUNCTIONS = (
    r"^static char \*qemu_disk_(?:scsi|ide)_drive_string\(.*?^}"
    r"|^static int libxl__build_device_model_args_new\(.*?(?=^static int libxl__build_device_model_args\()"
)


def texts(source):
    """The strings of @source, those of messages apart, as regular expressions."""
    source = re.sub(r"/\*.*?\*/|\bLOG\w*\(.*?\);", "", source, flags=re.S)
    source = re.sub(r'%"\s*PRI\w+\s*"', "%d", source)
    source = re.sub(r'%"\s*PRI\w+', '%d"', source)
    source = re.sub(r'"\s*"', "", source)
    for text in re.findall(r'"((?:[^"\\]|\\.)+)"', source):
        yield ".*".join(map(re.escape, re.split(r"%#?[a-z]", text)))


@pytest.mark.parametrize("version", xen_archive.VERSIONS)
def test_nothing_forgotten(version):
    """Each string of libxl's functions is of a word in the table, or part of one, or is not for a stubdomain."""
    path = "tools/libs/light/libxl_dm.c"
    source = xen_archive.files(version, path)[path].decode()
    found = re.findall(FUNCTIONS, source, re.M | re.S)
    assert len(found) == 3
    words = {word for given in TABLE for word in given.words}
    for text in texts("".join(found)):
        plain, match = text.replace("\\", ""), re.fullmatch if text.startswith("\\-") else re.search
        known = any(match(text, word) for word in words) or plain in NO_ARGUMENTS
        assert known or any(re.fullmatch(other, plain) for other in FOR_DOM0), text


# Commands that are not in the list of tests/xen/test_xen_libxl.py: COLO's, those that QEMU in dom0 alone is sent, and the one of xl save.
NOT_LISTED = """xen-set-replication query-xen-replication-status xen-colo-do-checkpoint xen-load-devices-state x-blockdev-change
nbd-server-start nbd-server-stop nbd-server-add add-fd quit xen-save-devices-state""".split()


@pytest.mark.parametrize("version", xen_archive.VERSIONS)
def test_no_command_forgotten(version):
    listed = re.findall(r'^    \("([\w-]+)", ', (TOP / "tests/xen/test_xen_libxl.py").read_text(), re.M)
    sent = set()
    for path, text in xen_archive.files(version, "tools/libs/light/libxl_").items():
        source = re.sub(r"/\*.*?\*/", "", text.decode(), flags=re.S) if path.endswith(".c") else ""
        sent |= set(re.findall(r'\b(?:libxl__ev_qmp_send|qmp_\w*command\w*)\([^;"]*"([a-z][\w-]+)"', source))
    assert len(sent) > 20 and sent <= {*listed, *NOT_LISTED}
