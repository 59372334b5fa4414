# SPDX-License-Identifier: BSD-3-Clause
"""A port with several release lines: what is fetched, which patches a line has, and the bump of one of them."""
import hashlib
import os

import pytest

from repo import PORT, tarball

FIELDS = """# SPDX-License-Identifier: BSD-3-Clause
LIBFOO_VERSION := %s
LIBFOO_URL := https://127.0.0.1:1/foo-$(LIBFOO_VERSION).tar.gz
LIBFOO_SHA256 := %s
"""
OWN = "Subject: x\n---\n--- a/src/two.c\n+++ b/src/two.c\n@@ -1,1 +1,1 @@\n-%s\n+%s /* own */\n"


def offer(repo, version, files=PORT):
    data = tarball(files, "foo-" + version)
    repo.write("mirror/foo-%s.tar.gz" % version, data)
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def repo(repo):
    """The fixture's port as two lines, 1.0 and 2.0: one patch is for both, another for 2.0."""
    repo.copy_scripts("bump", "bumplib", "cilib")
    text = repo.read("libs/foo/Makefile.uk")
    start, end = text.index("LIBFOO_VERSION"), text.index("LIBFOO_LICENSE")
    line = "LIBFOO_LINE := $(if $(filter y,$(CONFIG_LIBFOO_2_0)),2.0,1.0)\ninclude $(LIBFOO_BASE)/$(LIBFOO_LINE).mk\n"
    text = text[:start] + line + text[end:]
    repo.write("libs/foo/Makefile.uk", text.replace("(LIBFOO_BASE)/patches", "(LIBFOO_BASE)/$(LIBFOO_LINE)/patches $(LIBFOO_BASE)/patches"))
    for line in ("1.0", "2.0"):
        repo.write("libs/foo/%s.mk" % line, FIELDS % (line + ".1", offer(repo, line + ".1")))
    first = PORT["src/two.c"].splitlines()[0]
    repo.write("libs/foo/2.0/patches/0000-own.patch", OWN % (first, first))
    repo.write("ci/shapes", "# name app plat level test\nhello-kvm hello kvm required -\n")
    return repo


def patches(repo, *words):
    r = repo.make("-s", "foo-show-info", *words)
    return [os.path.basename(n) for n in r.out.split('"patches": [')[1].split("]")[0].replace('"', "").split(", ")]


def test_patches_of_a_line_and_of_all_by_number(repo):
    assert patches(repo) == ["0001-answer.patch"]
    assert patches(repo, "CONFIG_LIBFOO_2_0=y") == ["0000-own.patch", "0001-answer.patch"]


def test_source_has_every_line(repo):
    r = repo.make("source")
    assert r.code == 0, r.out
    names = os.listdir(repo.path + "/build/dl")
    assert "foo-1.0.1.tar.gz" in names and "foo-2.0.1.tar.gz" in names


def test_bump_of_one_line(repo):
    offer(repo, "2.0.2")
    r = repo.make("bump", "PORT=foo", "VERSION=2.0.2", "BUILD=0")
    assert r.code == 0 and "patches: 2 apply" in r.out, r.out
    assert "LIBFOO_VERSION := 2.0.2\n" in repo.read("libs/foo/2.0.mk") and "LIBFOO_VERSION := 1.0.1\n" in repo.read("libs/foo/1.0.mk")


def test_other_lines_keep_a_patch_that_one_has_upstream(repo):
    offer(repo, "2.0.2", dict(PORT, **{"src/one.c": PORT["src/one.c"].replace("return 1;", "return 42;")}))
    r = repo.make("bump", "PORT=foo", "VERSION=2.0.2", "BUILD=0")
    assert r.code == 0 and "taken out: 0001-answer.patch" in r.out, r.out
    assert patches(repo) == ["0001-answer.patch"] and patches(repo, "CONFIG_LIBFOO_2_0=y") == ["0000-own.patch"]
