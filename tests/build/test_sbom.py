# SPDX-License-Identifier: BSD-3-Clause
"""The bill of materials: it lists what was compiled, by what the compiler said, and it is a valid document."""
import hashlib
import json
import os
import subprocess
import sys

import pytest

from repo import TOP, Repo

sys.path.insert(0, os.path.join(TOP, "scripts"))

from sbomlib import check, document  # noqa: E402

BOM = "build/hello-kvm/hello_kvm-x86_64.cdx.json"
OF_FOO = {"src/one.c", "src/two.c", "src/sub/one.c", "src/many.c", "generated/libfoo/made.c"}


def bom(repo, *words):
    repo.ok("sbom", *words)
    return json.loads(repo.read(BOM))


def files(document):
    """{component: {file: hash}}"""
    return {c["name"]: {f["name"]: f["hashes"][0]["content"] for f in c["components"]} for c in document["components"]}


def test_lists_what_was_compiled(repo):
    document = bom(repo)
    listed = files(document)
    assert set(listed["foo"]) == OF_FOO
    assert {"apps/hello/main.c", "libs/foo/glue/one.c", "arch/x86_64/halt.S", "libs/bar/bar.c"} <= set(listed["unidom"])
    assert "plat/kvm/link.lds.S" not in listed["unidom"]
    for component in document["components"]:
        for f in component["components"]:
            assert f["bom-ref"].endswith("/" + f["name"])
    with open(os.path.join(repo.path, "apps/hello/main.c"), "rb") as f:
        assert listed["unidom"]["apps/hello/main.c"] == hashlib.sha256(f.read()).hexdigest()
    # The compiler's own record: the names of the units in the linked image's debug information.
    units = subprocess.run(["readelf", "--debug-dump=info", "--dwarf-depth=1", repo.image + ".dbg"], stdout=subprocess.PIPE, text=True,
                           check=True).stdout
    names = {line.split(": ")[-1].strip().rsplit("/", 1)[-1] for line in units.splitlines() if "DW_AT_name" in line and ".debug" not in line}
    assert {"main.c", "many.c", "bar.c"} <= names
    assert names - {"ksyms.S"} <= {n.rsplit("/", 1)[-1] for c in listed.values() for n in c}


def test_follows_the_objects_and_not_the_lists(repo):
    before = bom(repo)
    repo.edit("libs/foo/Makefile.uk", "LIBFOO_SRCS-y += $(LIBFOO_TREE)/src/sub/one.c\n", "")
    repo.edit("apps/hello/main.c", "int main", "#include \"more.inc\"\nint main")
    repo.write("apps/hello/more.inc", "/* SPDX-License-Identifier: BSD-3-Clause */\n")
    repo.edit("apps/hello/main.c", "foo_sub_one()", "3")
    repo.ok("sbom")
    after = files(json.loads(repo.read(BOM)))
    assert set(files(before)["foo"]) - set(after["foo"]) == {"src/sub/one.c"}
    assert "apps/hello/more.inc" in after["unidom"]


def test_a_port_with_its_pin_and_patches(repo):
    patch = repo.read("libs/foo/patches/0001-answer.patch")
    repo.write("libs/foo/patches/0001-answer.patch", "Upstream: N/A\nCVE: CVE-2026-77777\n" + patch)
    foo = [c for c in bom(repo)["components"] if c["name"] == "foo"][0]
    assert (foo["version"], foo["licenses"], foo["type"]) == ("1.0", [{"expression": "BSD-3-Clause"}], "library")
    assert foo["hashes"] == [{"alg": "SHA-256", "content": repo.sha}]
    assert foo["pedigree"]["patches"] == [{"type": "unofficial", "diff": {"url": "libs/foo/patches/0001-answer.patch"},
                                           "resolves": [{"type": "security", "id": "CVE-2026-77777"}]}]


def test_is_the_same_anywhere(repo, tmp_path):
    other = Repo(tmp_path / "another" / "place")
    bom(repo, "-j2")
    other.ok("sbom", "-j1", "O=" + str(tmp_path / "out"))
    with open(tmp_path / "out/hello-kvm/hello_kvm-x86_64.cdx.json", encoding="utf-8") as f:
        text = f.read()
    assert text == repo.read(BOM) and str(tmp_path) not in text


def test_an_object_without_its_sources_is_named(repo):
    bom(repo)
    repo.write("build/hello-kvm/app_hello/own/main.o.d", "main.o: main.c\n")
    result = subprocess.run([TOP + "/scripts/sbom", repo.path + "/build/hello-kvm"], stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 1 and result.stderr.startswith("error: sbom: hello-kvm: app_hello/own/main.o.d")


def break_licence(d):
    d["components"][0]["licenses"] = [{"expression": "BSD-3-Clause AND Freeware"}]


def break_reference(d):
    d["dependencies"][0]["dependsOn"].append("port:nothing@1")


def break_twice(d):
    d["components"].append(d["components"][0])


@pytest.mark.parametrize("damage,word", [
    (lambda d: d.pop("bomFormat"), "no 'bomFormat'"),
    (lambda d: d.update(specVersion="1.9"), "1.9"),
    (lambda d: d.update(serialNumber="urn:uuid:1"), "has not the form"),
    (lambda d: d.update(author="me"), "no key of a document"),
    (lambda d: d["components"][0].update(type="kernel"), "is none of"),
    (lambda d: d["components"][0].update(name=""), "is no text"),
    (lambda d: d["components"][0]["hashes"][0].update(content="12"), "has not the form"),
    (break_licence, "'Freeware' is not a known"),
    (break_reference, "leads nowhere"),
    (break_twice, "is there twice"),
])
def test_the_check_refuses(damage, word):
    document = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "dependencies": [{"ref": "a", "dependsOn": []}],
                "components": [{"type": "library", "name": "foo", "bom-ref": "a", "licenses": [{"expression": "MIT"}],
                                "hashes": [{"alg": "SHA-256", "content": "0" * 64}]}]}
    assert not check.problems(document)
    damage(document)
    assert any(word in p for p in check.problems(document)), check.problems(document)


def test_sizes_by_library(repo):
    lines = repo.ok("graph-size").out.splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines if line[:1].isalpha()}
    assert int(rows["libfoo"][0]) > 0 and rows["libfoo"][-1].endswith("%") and {"app_hello", "libbar", "core_base"} <= set(rows)
    assert int(rows["all"][-1]) == sum(int(line.split()[-2]) for line in lines if line.endswith("%"))
    assert int(rows["all"][-1]) <= os.path.getsize(repo.image)


def test_licences(repo):
    repo.ok("legal-info")
    out = repo.path + "/build/hello-kvm/legal-info/"
    with open(out + "manifest.txt", encoding="utf-8") as f:
        text = f.read()
    assert "under all of these licences: BSD-3-Clause\n" in text and repo.sha + "  foo-1.0.tar.gz" in text and "GPL" not in text
    for name in ("licences/foo/COPYING", "patches/foo/0001-answer.patch", "licences/unidom/LICENSE"):
        with open(out + name, "rb") as f:
            assert hashlib.sha256(f.read()).hexdigest() + "  " + name in text
    # A port that brings no text is refused.
    repo.edit("libs/foo/Makefile.uk", "EXTRACT_EXCLUDE := tests", "EXTRACT_EXCLUDE := tests COPYING")
    assert repo.make("legal-info").errors[0].startswith("error: legal-info: foo has no licence text")


def test_licences_together():
    assert document.combined(["MIT", "LGPL-2.1-only AND MIT", "MIT OR Zlib"]) == "LGPL-2.1-only AND MIT AND (MIT OR Zlib)"
    assert not check.licence_problem(document.combined(["GPL-2.0-or-later OR BSD-2-Clause", "MIT"]))
