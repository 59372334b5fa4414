# SPDX-License-Identifier: BSD-3-Clause
"""PORT_OVERRIDE_SRCDIR: a port built from a folder of the user's, which is not written to."""
import os
import subprocess
import sys

import pytest

from repo import PORT, TOP

sys.path.insert(0, os.path.join(TOP, "scripts"))

from bumplib.line import nearest  # noqa: E402  pylint: disable=wrong-import-position


@pytest.fixture
def mine(tmp_path):
    """A tree of the user's: upstream's, with another value in one file."""
    folder = tmp_path / "mine"
    for name, text in PORT.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("return 2;", "return 2222;"))
    return folder


def listing(folder):
    return sorted((d, f, os.path.getmtime(os.path.join(d, f))) for d, _, fs in os.walk(folder) for f in fs)


def word(mine):
    return "FOO_OVERRIDE_SRCDIR=%s" % mine


def test_his_tree_is_built_and_patched_and_left_alone(repo, mine):
    before = listing(mine)
    repo.ok(word(mine))
    assert "0x8ae" in repo.disassembly("foo_two") and "0x2a" in repo.disassembly("foo_one")
    assert listing(mine) == before and not repo.trees() and os.path.exists(repo.path + "/build/override/foo/.ready")
    assert repo.ok(word(mine)).out == ""


def test_a_changed_file_is_compiled_alone(repo, mine):
    repo.ok(word(mine))
    (mine / "src/two.c").write_text(PORT["src/two.c"].replace("return 2;", "return 3333;"))
    assert repo.ok(word(mine)).compiled() == ["libfoo: src/two.c"]
    assert "0xd05" in repo.disassembly("foo_two")
    (mine / "src/many.c").write_text(PORT["src/many.c"].replace("return 4;", "return 5;"))
    assert repo.ok(word(mine)).compiled() == ["libfoo: src/many.c|first", "libfoo: src/many.c|second"]


def test_without_it_the_archive_again(repo, mine):
    repo.ok(word(mine))
    repo.ok()
    assert "0x8ae" not in repo.disassembly("foo_two") and len(repo.trees()) == 1


def test_no_bill_of_materials(repo, mine):
    r = repo.bad("sbom", word(mine))
    assert "*** libfoo is built from %s, of which no version or hash is known" % mine in r.out, r.out


def test_a_patch_that_he_has_already(repo, mine):
    (mine / "src/one.c").write_text(PORT["src/one.c"].replace("return 1;", "return 42;"))
    repo.ok(word(mine))
    assert "0x2a" in repo.disassembly("foo_one")


def test_a_patch_that_does_not_apply(repo, mine):
    (mine / "src/one.c").write_text(PORT["src/one.c"].replace("return 1;", "return 17;"))
    r = repo.bad(word(mine))
    assert "*** libfoo: FOO_OVERRIDE_SRCDIR: 0001-answer.patch does not apply to src/one.c" in r.out, r.out
    assert "next: make it anew for" in r.out, r.out


def test_no_folder(repo, tmp_path):
    r = repo.bad(word(tmp_path / "none"))
    assert "*** libfoo: FOO_OVERRIDE_SRCDIR: %s is no folder" % (tmp_path / "none") in r.out, r.out


def fits(tree, line):
    return subprocess.run([TOP + "/libs/qemu/fits", str(tree), line], capture_output=True, text=True, check=False)


def test_the_nearest_line():
    lines = ["10.0", "10.2"]
    assert [nearest(v, lines) for v in ("9.2.0", "10.0.50", "10.1.3", "10.2.2", "11.1.3")] == ["10.0", "10.0", "10.0", "10.2", "10.2"]


def test_another_line_is_chosen(tmp_path):
    (tmp_path / "VERSION").write_text("10.0.50\n")
    r = fits(tmp_path, "9.9")
    assert r.returncode and r.stdout.count("\n") == 1, r.stdout
    assert "is QEMU 10.0.50, for which 10.0 is the nearest line, and 9.9 is chosen; next: CONFIG_LIBQEMU_10_0 in make menuconfig" in r.stdout


def test_files_that_the_lists_name_must_be_there(tmp_path):
    assert "has no file VERSION" in fits(tmp_path, "10.0").stdout
    (tmp_path / "VERSION").write_text("10.0.50\n")
    r = fits(tmp_path, "10.0")
    assert r.returncode and "of the files that libs/qemu/10.0/lists name" in r.stdout, r.stdout
    assert "next: make bump PORT=qemu VERSION=10.0.50 QEMU_OVERRIDE_SRCDIR=%s, for lists of its own" % tmp_path in r.stdout
