# SPDX-License-Identifier: BSD-3-Clause
"""make bump with a source tree in the place of an archive, to a version of a line that there is and of a new one; make check-updates."""
import hashlib
import os

import pytest

from repo import PORT
from test_bump import NEWER, SOURCES, snapshot

LINE = "# foo 1.0.\n"
CHOICE = """\
# SPDX-License-Identifier: BSD-3-Clause
menuconfig LIBFOO
>bool "foo: a port"

if LIBFOO

choice
>prompt "Version"

config LIBFOO_1_0
>bool "foo 1.0"
>help
>  The old one.

endchoice

config LIBFOO_EXTRA
>bool "More flags"

if LIBFOO_1_0
source "libs/foo/1.0/Config.more.uk"
endif

endif
""".replace(">", "\t")
SHAPES = "# name app plat level test\nhello-kvm-1.0 hello kvm nightly tests/hello CONFIG_LIBFOO_1_0=y\n"


@pytest.fixture
def repo(repo):
    repo.copy_scripts("bump", "bumplib", "cilib", "check-updates")
    repo.write("ci/shapes", "# name app plat level test\nhello-kvm hello kvm required tests/hello\n")
    repo.write("libs/foo/sources.sh", SOURCES)
    repo.write("libs/foo/sources.mk", "")
    repo.write("tests/hello", "#!/bin/sh\ntest -s \"$1\"\n")
    os.chmod(repo.path + "/tests/hello", 0o755)
    repo.edit("libs/foo/Makefile.uk", "LIBFOO_CFLAGS-", "include $(LIBFOO_BASE)/sources.mk\nLIBFOO_CFLAGS-")
    return repo


@pytest.fixture
def lines(repo):
    """The same port with one release line, as libs/qemu has two."""
    makefile = repo.read("libs/foo/Makefile.uk")
    pin = [line for line in makefile.splitlines(keepends=True) if line.startswith(("LIBFOO_VERSION", "LIBFOO_URL", "LIBFOO_SHA256"))]
    repo.write("libs/foo/1.0.mk", LINE + "".join(pin))
    repo.write("libs/foo/Makefile.uk", makefile.replace("".join(pin), """\
include $(LIBFOO_BASE)/$(call uk_line,LIBFOO,1.0).mk
"""))
    repo.write("libs/foo/Config.uk", CHOICE)
    repo.write("libs/foo/1.0/Config.more.uk", "config LIBFOO_MORE\n\tbool \"More\"\n")
    repo.write("ci/shapes", SHAPES)
    return repo


def tree(repo, files, **more):
    """A folder of somebody's with these files and a checkout's rest."""
    folder = os.path.join(repo.path, "build", "his")
    for name, text in dict(files, **{".git/HEAD": "x"}, **more).items():
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    return "FOO_OVERRIDE_SRCDIR=" + folder


def bump(repo, version, *words):
    return repo.make("bump", "PORT=foo", "VERSION=" + version, *words)


def packed(repo, version):
    with open("%s/build/dl/foo-%s.tar.gz" % (repo.path, version), "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def test_the_line_that_there_is(repo):
    """Twice, the second time with other dates, owners' rights and a .git: the same hash."""
    where = tree(repo, NEWER)
    r = bump(repo, "1.1", where)
    assert r.code == 0 and "tests: hello-kvm" in r.out and "foo-1.1.tar.gz was packed of " in r.out, r.out
    first, text = packed(repo, "1.1"), repo.read("libs/foo/Makefile.uk")
    assert "LIBFOO_VERSION := 1.1\n" in text and "LIBFOO_SHA256 := %s\n" % first in text
    assert "more/three.c" in repo.read("libs/foo/sources.mk")
    repo.edit("libs/foo/Makefile.uk", "LIBFOO_VERSION := 1.1", "LIBFOO_VERSION := 1.0")
    for name in NEWER:
        os.utime("%s/build/his/%s" % (repo.path, name), (1, 1))
        os.chmod("%s/build/his/%s" % (repo.path, name), 0o660)
    r = bump(repo, "1.1", where, "BUILD=0")
    assert r.code == 0 and packed(repo, "1.1") == first, r.out


def test_another_version_than_the_trees(repo):
    before = snapshot(repo)
    r = bump(repo, "1.1", tree(repo, NEWER, VERSION="1.2\n"))
    assert r.code and r.errors == ["error: bump: %s/build/his is of version 1.2, not 1.1; next: VERSION=1.2" % repo.path], r.out
    r = bump(repo, "1.1", "FOO_OVERRIDE_SRCDIR=/nowhere")
    assert r.code and r.errors == ["error: bump: /nowhere is no folder"], r.out
    assert snapshot(repo) == before


def test_a_new_line(lines):
    """It is begun as the nearest one, in the menu and in the shapes too, and what begins it is built and tested."""
    was = snapshot(lines)
    r = bump(lines, "2.3.1", tree(lines, NEWER))
    assert r.code == 0 and "hello-kvm-2.3: image " in r.out and "2.3 is a new line, begun as a copy of 1.0; next: " in r.out, r.out
    assert "LIBFOO_VERSION := 2.3.1\n" in lines.read("libs/foo/2.3.mk") and lines.read("libs/foo/2.3.mk").startswith("# foo 2.3.\n")
    menu = lines.read("libs/foo/Config.uk")
    assert menu == CHOICE.replace("endchoice", "config LIBFOO_2_3\n\tbool \"foo 2.3\"\n\thelp\n\t  The old one.\n\nendchoice").replace(
        "endif\n\nendif", 'endif\n\nif LIBFOO_2_3\nsource "libs/foo/2.3/Config.more.uk"\nendif\n\nendif')
    assert lines.read("ci/shapes") == SHAPES + SHAPES.splitlines()[1].replace("1.0", "2.3").replace("1_0", "2_3") + "\n"
    now = snapshot(lines)
    assert {n for n in now if now[n] != was.get(n)} == {
        "libs/foo/2.3.mk", "libs/foo/2.3/Config.more.uk", "libs/foo/Config.uk", "libs/foo/sources.mk", "ci/shapes"}
    assert "is at 2.3.1 already" in bump(lines, "2.3.1").errors[0]


def test_a_new_line_that_somebody_has_begun(lines):
    """What is in its folder already stays."""
    own = "config LIBFOO_OWN\n\tbool \"Own\"\n"
    lines.write("libs/foo/2.3/Config.more.uk", own)
    r = bump(lines, "2.3.1", tree(lines, NEWER), "BEGIN=1")
    assert r.code == 0 and lines.read("libs/foo/2.3/Config.more.uk") == own and "LIBFOO_2_3" in lines.read("libs/foo/Config.uk"), r.out


def test_a_new_line_that_fails(lines):
    """It leaves nothing, but where that is asked for; then its patches are mended."""
    was = snapshot(lines)
    where = tree(lines, dict(NEWER, **{"src/one.c": PORT["src/one.c"].replace("return 1;", "return 7;")}))
    r = bump(lines, "2.3.1", where)
    assert r.code and "0001-answer.patch does not apply" in r.errors[0] and "; next: BEGIN=1, " in r.errors[0], r.out
    assert snapshot(lines) == was
    r = bump(lines, "2.3.1", where, "BEGIN=1")
    assert r.code == 0 and lines.read("libs/foo/2.3.mk").replace("2.3", "1.0") == lines.read("libs/foo/1.0.mk"), r.out
    lines.edit("libs/foo/patches/0001-answer.patch", "return 1;", "return 7;")
    r = bump(lines, "2.3.1", where)
    assert r.code == 0 and "LIBFOO_VERSION := 2.3.1\n" in lines.read("libs/foo/2.3.mk"), r.out
    assert "foo has the line of 2.3.2 already" in bump(lines, "2.3.2", where, "BEGIN=1").errors[0]


def test_updates(repo):
    """A library of ours alone is no port; one that Debian does not have is said not to be there."""
    repo.write("libs/own/Makefile.uk", "$(eval $(call addlib_s,libown,$(CONFIG_LIBOWN)))\n")
    r = repo.make("check-updates")
    assert r.code == 0 and "foo        1.0          not in the archive\nnothing is newer\n" in r.out, r.out
    r = repo.make("check-updates", "PORT=own")
    assert r.code and r.errors == ["error: check-updates: libs/own is ours alone: it has no version of somebody else's"], r.out
