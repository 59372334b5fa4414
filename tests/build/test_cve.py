# SPDX-License-Identifier: BSD-3-Clause
"""scripts/cve: its verdicts hold, and those that do not are refused."""
import os
import subprocess
import sys
import time

import pytest

from repo import TOP

sys.path.insert(0, os.path.join(TOP, "scripts"))

from sbomlib import advisories  # noqa: E402

PATCH = "Subject: x\n\nWhy.\n\nCVE: CVE-2026-10001\nUpstream: N/A\n---\n--- a/x.c\n+++ b/x.c\n"


def cve(*words):
    r = subprocess.run([TOP + "/scripts/cve", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return r.returncode, r.stdout


@pytest.mark.parametrize("pinned,fixed_in,fixed", [
    ("10.0.13", ["10.0.13"], True), ("10.0.13", ["10.0.7", "10.1.3"], True), ("10.0.13", ["11.1.2"], False), ("10.0.13", [], False),
    ("10.0.9", ["10.0.10", "11.0.0"], False),       # each branch has its own fix
    ("10.0.11", ["10.0.11", "10.0.12"], False),     # a fix in two steps
    ("10.2.2", ["10.0.13"], False),                 # not to be guessed: 10.2.2 came before 10.0.13
    ("10.2.2", ["10.0.13", "11.1.0"], False), ("11.1.2", ["10.0.13", "11.1.0"], True), ("12.0.0", ["11.1.0"], True),
])
def test_versions(pinned, fixed_in, fixed):
    assert advisories.is_fixed(pinned, fixed_in) == fixed


def tree(folder, *records):
    for name, text in (("Makefile.uk", "LIBQEMU_VERSION := 10.0.13\nLIBQEMU_SRCS-y += $(LIBQEMU_TREE)/hw/display/vga.c\n"),
                       ("patches/0001-x.patch", PATCH)):
        path = folder / "libs/qemu" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "security").mkdir()
    (folder / "security/qemu.yaml").write_text("\n".join(records))
    return folder


PATCHED = "- {id: CVE-2026-10001, files: [x.c], fixed_in: [11.1.2], status: patched, patch: 0001-x.patch}"
REASON = "reason: needs a device that no image can have"


@pytest.mark.parametrize("record,word", [
    ("- {id: CVE-2026-1, files: [a.c], fixed_in: [10.0.2], status: fixed}", "is no CVE id"),
    ("- {id: CVE-2026-10002, files: [a.c], fixed_in: [11.1.2], status: open}", "needs a reason"),
    ("- {id: CVE-2026-10002, files: [a.c], fixed_in: [11.1.2], status: fixed}", "is not fixed in qemu 10.0.13"),
    ("- {id: CVE-2026-10002, files: [a.c], fixed_in: [11.1.2], status: ignored}", "is none of"),
    ("- {id: CVE-2026-10002, files: [a.c], fixed_in: [11.1.2], status: patched, patch: 0001-x.patch}", "no patch 0001-x.patch"),
    ("- {id: CVE-2026-10002, files: [a.c], fixed_in: [11.1.2], status: patched, patch: 0009-y.patch}", "no patch 0009-y.patch"),
    ("- {id: CVE-2026-10002, files: [hw/display/*.c], fixed_in: [11.1.2], status: not-compiled, %s}" % REASON, "may be compiled"),
    ("- {id: CVE-2026-10002, files: [], fixed_in: [11.1.2], status: not-compiled, %s}" % REASON, "may be compiled"),
    ("- {id: CVE-2026-10002, fixed_in: [10.0.2], status: fixed, file: [a.c]}", "unknown field 'file'"),
    (PATCHED, "is there twice"),
])
def test_refuses(tmp_path, record, word):
    code, out = cve("--root", tree(tmp_path, PATCHED, record))
    assert code == 1 and "CVE-2026-1" in out and word in out


def test_a_patch_without_a_record(tmp_path):
    code, out = cve("--root", tree(tmp_path, "[]"))
    assert code == 1 and "0001-x.patch resolves it, and no record says so" in out


def test_broken_yaml_is_one_line(tmp_path):
    code, out = cve("--root", tree(tmp_path, "- {id: [}"))
    assert code == 1 and out.startswith("error: cve: security/qemu.yaml: ") and len(out.splitlines()) == 1


def test_counts(tmp_path, monkeypatch):
    monkeypatch.setenv("O", str(tmp_path / "of-another-tree"))
    records = (PATCHED, "- {id: CVE-2026-10002, files: [hw/display/vga.c], fixed_in: [10.0.2], status: fixed}",
               "- {id: CVE-2026-10003, files: [hw/net/none.c], fixed_in: [11.1.2], status: not-compiled, %s}" % REASON,
               "- {id: CVE-2026-10004, files: [hw/display/v*.c], fixed_in: [11.1.2], status: open, %s}" % REASON,
               "- {id: CVE-2026-10005, files: [], fixed_in: [11.1.3], status: open, %s}" % REASON)
    code, out = cve("--root", tree(tmp_path, *records))
    assert code == 0 and "qemu 10.0.13: 5 known, 3 touch a compiled file, 2 open" in out
    # By a build: only what it compiled.
    build = tmp_path / "build/app-kvm"
    obj = build / "libqemu/src/qemu/hw/net/none.o"
    obj.parent.mkdir(parents=True)
    (build / ".image").write_text(str(build / "libqemu.ld.o"))
    (build / ".kernel").write_text("")
    (build / ".built").write_text("")
    (build / "libqemu/.objs").write_text(str(obj))
    (obj.parent / "none.o.d").write_text("none.o:\n#: %s/build/src/qemu-10.0.13-0123456789ab/hw/net/none.c\n" % tmp_path)
    code, out = cve("--root", tmp_path)
    assert code == 0 and "5 known, 2 touch a compiled file, 2 open" in out and "those of app-kvm" in out


def test_a_changelog_with_a_hole_that_has_no_record(tmp_path):
    log = tmp_path / "changelog"
    log.write_text("qemu (1:11.1.4+ds-1) unstable\n\n  * Closes: CVE-2026-10001 CVE-2026-20000\n\n"
                   "qemu (1:10.1.0+ds-1) unstable\n\n  * Closes: CVE-2025-30000\n")
    root = tree(tmp_path, PATCHED)
    code, out = cve("--root", root, "--changelog", log, "--since", "10.1.3")
    assert code == 1 and "CVE-2026-20000, in the changelog of 11.1.4+ds-1, has no record" in out and "30000" not in out
    log.write_text("qemu (1:11.1.4+ds-1) unstable\n\n  * Closes: CVE-2026-10001\n")
    assert cve("--root", root, "--changelog", log)[0] == 0


def test_ours():
    started = time.process_time()
    code, out = cve("--quiet")
    assert (code, out) == (0, "") and time.process_time() - started < 5
    patched = [r for r in advisories.Judged(TOP, TOP + "/security/qemu.yaml").records if r["status"] == "patched"]
    assert {(r["id"], r["patch"][:4]) for r in patched} == {("CVE-2026-17588", "0011"), ("CVE-2026-77913", "0007"), ("CVE-2026-81627", "0012")}


FIXED = "- {id: CVE-2026-10002, files: [a.c], fixed_in: [10.0.2], status: fixed}"
LINE = '- {line: "10.2", reason: upstream no longer mends this one}'


def second_line(folder):
    path = folder / "libs/qemu/10.2.mk"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("LIBQEMU_VERSION := 10.2.2\n")
    return folder


def test_line_that_is_left_out_as_a_whole(tmp_path):
    code, out = cve("--root", tree(second_line(tmp_path), LINE, PATCHED, FIXED))
    assert code == 0 and "qemu 10.0.13: 2 known" in out and "qemu 10.2.2: 2 known, 1 not known to be fixed" in out, out


def test_every_line_is_judged(tmp_path):
    code, out = cve("--root", tree(second_line(tmp_path), PATCHED, FIXED))
    assert code and "is not fixed in qemu " in out and "10.2.2" in out, out


def test_line_that_is_not_there(tmp_path):
    code, out = cve("--root", tree(tmp_path, LINE, PATCHED))
    assert code and "line 10.2: is no line of libs/qemu" in out, out
