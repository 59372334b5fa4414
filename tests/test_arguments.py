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
