# SPDX-License-Identifier: BSD-3-Clause
"""make bump: another version of the fixture's port; whatever fails leaves the checkout as it was."""
import hashlib
import os
import signal
import subprocess
import sys
import time

import pytest

from repo import PORT, TOP, tarball

sys.path.insert(0, os.path.join(TOP, "scripts"))

from bumplib import archive, port  # noqa: E402  pylint: disable=wrong-import-position

SOURCES = """#!/bin/sh
echo '# Written by sources.sh.'
cd "$1/src" && for f in more/*.c; do echo 'LIBFOO_SRCS-y += $(LIBFOO_TREE)/src/'"$f"; done
"""
SHAPES = "# name app plat level test\nhello-kvm hello kvm required tests/hello\n"
NEWER = dict(PORT, **{"src/more/three.c": "int foo_three(void) { return 3; }\n"})


def snapshot(repo):
    found = {}
    for folder, dirs, names in os.walk(repo.path):
        dirs[:] = [d for d in dirs if d not in ("build", "mirror", "__pycache__")]
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                found[os.path.relpath(os.path.join(folder, name), repo.path)] = f.read()
    return found


@pytest.fixture
def repo(repo):
    """The fixture with a second version on the mirror, a list of sources that is made, and a test of its image."""
    repo.copy_scripts("bump", "bumplib", "cilib")
    repo.write("ci/shapes", SHAPES)
    repo.write("libs/foo/sources.sh", SOURCES)
    repo.write("libs/foo/sources.mk", "")
    repo.write("libs/foo/README.md", "foo 1.0, not 1.0.1 or 11.0.\n")
    repo.write("tests/hello", "#!/bin/sh\ntest -s \"$1\" || exit 1\n")
    os.chmod(repo.path + "/tests/hello", 0o755)
    repo.edit("libs/foo/Makefile.uk", "LIBFOO_CFLAGS-", "include $(LIBFOO_BASE)/sources.mk\nLIBFOO_CFLAGS-")
    offer(repo, NEWER)
    repo.before = snapshot(repo)
    return repo


def offer(repo, files, version="1.1"):
    data = tarball(files, "foo-" + version)
    repo.write("mirror/foo-%s.tar.gz" % version, data)
    return hashlib.sha256(data).hexdigest()


def bump(repo, *words, **env):
    return repo.make("bump", "PORT=foo", "VERSION=1.1", *words, **env)


def refused(repo, *parts, words=("BUILD=0",)):
    """The bump fails with one line that has these parts, and has changed nothing."""
    r = bump(repo, *words)
    assert r.code and len(r.errors) == 1 and "Traceback" not in r.out, r.out
    assert all(part in r.errors[0] for part in parts), r.out
    assert snapshot(repo) == repo.before


def test_bumped(repo):
    repo.write("tests/hello", "#!/bin/sh\necho 'error: the answer is wrong'; exit 1\n")
    repo.before = snapshot(repo)
    refused(repo, "its tests: the answer is wrong", words=())
    repo.write("tests/hello", "#!/bin/sh\ntest -s \"$1\" || exit 1\n")
    repo.before = snapshot(repo)
    r = bump(repo)
    assert r.code == 0, r.out
    text = repo.read("libs/foo/Makefile.uk")
    assert "LIBFOO_VERSION := 1.1\n" in text and offer(repo, NEWER) in text
    assert "more/three.c" in repo.read("libs/foo/sources.mk")
    assert repo.read("libs/foo/README.md") == "foo 1.1, not 1.0.1 or 11.0.\n"
    assert "libfoo: sources added, 1: src/more/three.c" in r.out and "patches: 1 apply" in r.out
    assert "hello-kvm: image " in r.out and "tests: hello-kvm" in r.out
    after = snapshot(repo)
    assert {n for n in after if after[n] != repo.before.get(n)} == {
        "libs/foo/Makefile.uk", "libs/foo/sources.mk", "libs/foo/README.md"}
    assert "is at 1.1 already" in bump(repo).errors[0]


def test_there_and_back(repo):
    offer(repo, dict(NEWER, **{"src/more/four.c": "int foo_four(void) { return 4; }\n"}), "1.2")
    was = {}
    for version in ("1.1", "1.2", "1.1", "1.2"):
        r = repo.make("bump", "PORT=foo", "VERSION=" + version, "BUILD=0")
        assert r.code == 0 and snapshot(repo) == was.setdefault(version, snapshot(repo)), r.out
    assert was["1.1"] != was["1.2"]


def test_what_a_person_decides(repo):
    repo.write("libs/foo/sources.sh", SOURCES + "echo 'HAVE_X, which src/one.c asks for, is not answered; next: answer it' >&2\n")
    r = bump(repo, "BUILD=0")
    assert r.code == 0 and "NOTE    HAVE_X, which src/one.c asks for, is not answered; next: answer it" in r.out, r.out


def test_upstream_has_the_patch(repo):
    offer(repo, dict(NEWER, **{"src/one.c": PORT["src/one.c"].replace("return 1;", "return 42;")}))
    r = bump(repo, "BUILD=0")
    assert r.code == 0 and "upstream has, taken out: 0001-answer.patch" in r.out, r.out
    assert not os.listdir(repo.path + "/libs/foo/patches")


def test_patch_does_not_apply(repo):
    offer(repo, dict(NEWER, **{"src/one.c": PORT["src/one.c"].replace("return 1;", "return 7;")}))
    refused(repo, "0001-answer.patch does not apply to src/one.c", "next: make libs/foo/patches/0001-answer.patch anew")


def test_patch_applies_elsewhere_with_fuzz_only(repo):
    offer(repo, dict(NEWER, **{"src/one.c": PORT["src/one.c"].replace("foo_one(void)\n", "foo_one( void )\n")}))
    refused(repo, "0001-answer.patch does not apply")


def test_no_such_version(repo):
    os.unlink(repo.mirror + "/foo-1.1.tar.gz")
    refused(repo, "foo-1.1.tar.gz", "next: another version")


def test_web_page_instead_of_an_archive(repo):
    repo.write("mirror/foo-1.1.tar.gz", "<!DOCTYPE html><title>Sorry</title>")
    refused(repo, "a web page")


def test_archive_is_cut_off(repo):
    repo.write("mirror/foo-1.1.tar.gz", tarball(NEWER, "foo-1.1")[:200])
    refused(repo, "foo-1.1.tar.gz")


def test_list_cannot_be_made(repo):
    offer(repo, PORT)
    refused(repo, "libs/foo: there is no src/more/*.c in the new tree", "next: mend")


def test_sources_that_make_puts_together(repo):
    """They are no names that could be looked for in a tree."""
    repo.edit("libs/foo/Makefile.uk", "LIBFOO_SRCS-y += $(LIBFOO_BUILD)/made.c",
              "LIBFOO_SRCS-$(CONFIG_NEVER) += $(addprefix $(LIBFOO_TREE)/src/,two.c sub/one.c)\nLIBFOO_SRCS-y += $(LIBFOO_BUILD)/made.c")
    assert bump(repo, "BUILD=0").code == 0


def test_no_such_port(repo):
    r = repo.make("bump", "PORT=fool", "VERSION=1.1")
    assert r.code and "there is no libs/fool/Makefile.uk" in r.errors[0]
    assert "PORT= is not set" in repo.make("bump").out and "VERSION= is not set" in repo.make("bump", "PORT=foo").out


def test_does_not_compile(repo):
    offer(repo, dict(NEWER, **{"src/more/three.c": "int foo_three(void) { return three; }\n"}))
    refused(repo, "hello-kvm: ", "three.c", "next: see", words=())


def test_changed_meanwhile(repo):
    repo.write("libs/foo/sources.sh", SOURCES + "echo >>%s/libs/foo/README.md\n" % repo.path)
    r = bump(repo, "BUILD=0")
    assert r.code and "libs/foo/README.md was changed meanwhile" in r.errors[0], r.out
    assert repo.read("libs/foo/Makefile.uk") == repo.before["libs/foo/Makefile.uk"].decode()


def test_killed(repo):
    repo.write("libs/foo/sources.sh", SOURCES + "touch %s/build/listed; exec sleep 60\n" % repo.path)
    repo.before = snapshot(repo)
    with subprocess.Popen(["make", "bump", "PORT=foo", "VERSION=1.1"], cwd=repo.path, env=repo.env(), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, start_new_session=True) as p:
        while not os.path.exists(repo.path + "/build/listed"):
            assert p.poll() is None
            time.sleep(0.05)
        os.killpg(p.pid, signal.SIGKILL)
    assert snapshot(repo) == repo.before


@pytest.mark.parametrize("debian, version", [
    ("1:1.3.dfsg+really1.3.2-3", "1.3.2"), ("10.48-3.1", "10.48"), ("1:10.2.2+ds-1", "10.2.2"), ("1.2.5-3.1~deb13u1", "1.2.5"),
    ("4.20.4+63-g7abfd2bce2-0+deb13u1", "4.20.4"), ("2.88.0-1", "2.88.0")])
def test_upstream_version(debian, version):
    assert archive.upstream(debian) == version


def test_version_as_a_word():
    for old, new, before, after in (
            ("2.84.4", "2.88.0", "x/glib/2.84/glib-2.84.4.tar.xz", "x/glib/2.88/glib-2.88.0.tar.xz"),
            ("1.2.5", "1.2.6", "musl 1.2.5. 1.2.5.1 11.2.5 musl-1.2.5.tar.gz", "musl 1.2.6. 1.2.5.1 11.2.5 musl-1.2.6.tar.gz"),
            ("10.46", "10.48", "version 10.46. At 10.461", "version 10.48. At 10.461")):
        assert port.replace_version(before, old, new) == after


def test_index():
    index = ("Package: a\nVersion: 1.0-1\nChecksums-Sha256:\n 11 2 a_1.0-1.dsc\n 22 3 a_1.0.orig.tar.xz\nHomepage: x\n\n"
             "Package: a\nVersion: 1.1-1\nFiles:\n 1 2 x\n")
    found = [archive.source_release("a", "sid", f) for f in archive.paragraphs(index)]
    assert (found[0].file, found[0].sha256, found[0].named("0.9"), found[1]) == ("a_1.0.orig.tar.xz", "22", "1.0", None)
