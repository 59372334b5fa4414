# SPDX-License-Identifier: BSD-3-Clause
"""The front door: what is shown, make -n, single files, paths, Python, and what 'graph-depends' prints."""
import json
import os
import re
import shutil

import pytest

CHARACTERS = "a b", "a:b", "a#b", "a%b", "a$b", "a'b", 'a"b', "a;b", "a(b", "a=b", "a,b", "a*b", "a\\b"


def files(repo):
    return sorted((d, f, os.stat(os.path.join(d, f)).st_mtime_ns) for d, _, fs in os.walk(repo.path) for f in fs)


def test_progress_and_the_last_line(repo):
    lines = repo.ok("-j1").out.splitlines()
    steps = [re.match(r"\[ *(\d+)/(\d+)\] [A-Z]+ ", line) for line in lines]
    counts = [tuple(map(int, m.groups())) for m in steps if m]
    assert [c[0] for c in counts] == list(range(1, len(counts) + 1)) and {c[1] for c in counts} == {len(counts)}
    assert len({line.index("]") for line, m in zip(lines, steps) if m}) == 1
    size = os.path.getsize(repo.image)
    assert re.fullmatch(r"  DONE    build/hello-kvm/hello_kvm-x86_64: %d bytes, \d+ compressed; %d steps in \d+ s" % (
        size, len(counts)), lines[-1])


def test_progress_of_a_small_change(repo):
    repo.ok()
    repo.edit("apps/hello/main.c", "return 1;", "return 11;")
    out = repo.ok().out
    assert "[1/%d] CC      app_hello: main.c" % out.count("] ") in out


def test_silent(repo):
    assert repo.ok("-s").out.strip() in ("", "CONFIG  hello-kvm")


def test_dry_run_of_a_fresh_tree_and_of_a_change(repo):
    before = files(repo)
    out = repo.ok("-n").out
    assert "CC      libfoo: src/one.c" in out and files(repo) == before
    assert "CC      libfoo: src/one.c" in repo.ok("-n", "apps/hello").out and files(repo) == before
    repo.ok()
    before = files(repo)
    assert not [s for s in repo.ok("-n").steps if s[0] == "CC"] and files(repo) == before
    repo.edit("build/hello-kvm/.config", "CONFIG_CORE_BASE_SIZE=8", "CONFIG_CORE_BASE_SIZE=9")
    repo.edit("libs/bar/Makefile.uk", "LIBBAR_SRCS-y +=", "LIBBAR_CFLAGS-y += -DX\nLIBBAR_SRCS-y +=")
    before = files(repo)
    assert repo.ok("-n").compiled() == ["core_base: base.c", "libbar: bar.c"] and files(repo) == before
    assert repo.ok().compiled() == ["core_base: base.c", "libbar: bar.c"]


def test_a_single_object(repo):
    name = "build/hello-kvm/core_base/own/base.o"
    assert repo.ok(name, APP="").compiled() == ["core_base: base.c"]
    assert os.path.exists(repo.path + "/" + name) and not os.path.exists(repo.image)
    repo.edit("core/base/base.c", "#include", "/* changed */\n#include")
    assert repo.ok(repo.path + "/" + name, APP="").compiled() == ["core_base: base.c"]
    assert "No rule to make target" in repo.bad("build/hello-kvm/core_base/own/nothing.o").out
    assert len(repo.bad("build/nothing-kvm/x.o").errors) == 1


@pytest.mark.parametrize("name", CHARACTERS)
def test_paths_that_make_cannot_take(repo, tmp_path, name):
    out = str(tmp_path / name)
    for words in (["O=" + out.replace("$", "$$")], ["DL=" + out.replace("$", "$$")], ["-C", out]):
        if words[0] == "-C":
            shutil.copytree(repo.path, out)
        r = repo.bad(*words)
        lines = [l for l in r.out.splitlines() if "directory" not in l]
        assert len(lines) == 1 and "next:" in lines[0] and ("path" in lines[0]), r.out
        assert words[0] == "-C" or not os.path.exists(out)


def test_a_path_with_other_signs(repo, tmp_path):
    repo.ok("O=" + str(tmp_path / "a+b@c~d_é.1"))


def test_another_python(repo):
    repo.write("bin/mypython", '#!/bin/sh\necho used >>%s/used\nexec /usr/bin/python3 "$@"\n' % repo.path)
    os.chmod(repo.path + "/bin/mypython", 0o755)
    repo.ok("-j1", UK_PYTHON=repo.path + "/bin/mypython")
    assert repo.read("used").count("used") >= 6
    repo.ok("distclean")
    r = repo.bad(UK_PYTHON="/nonexistent/python")
    assert len(r.errors) == 1 and "/nonexistent/python is missing" in r.errors[0]


def test_the_graph_alone_is_printed(repo):
    os.unlink(repo.path + "/apps/hello/defconfig.kvm")
    p = repo.run("graph-depends")
    assert p.stdout.startswith("digraph unidom {") and p.stdout.endswith("}\n") and p.returncode == 0
    assert "has no defconfig.kvm" in p.stderr


def test_graph_with_sizes(repo):
    assert "build/hello-kvm/graph.dot" in repo.ok("graph-build").out
    text = repo.read("build/hello-kvm/graph.dot")
    assert text.startswith("digraph ") and text.endswith("}\n") and '"app_hello" -> "libbar";' in text
    assert re.search(r'"libfoo" \[label="libfoo\\n[0-9.]+ kB"', text) and "libfoo" in repo.ok("graph-size").out


def test_words_for_one_port(repo):
    info = json.loads(repo.run("foo-show-info").stdout)
    assert info["name"] == "foo" and info["version"] == "1.0" and info["sha256"] == repo.sha and info["licence"] == "BSD-3-Clause"
    assert info["patches"] == ["libs/foo/patches/0001-answer.patch"]
    repo.ok("foo-source")
    assert os.path.exists(repo.path + "/build/dl/foo-1.0.tar.gz") and not repo.trees()
    repo.ok("foo-extract")
    assert len(repo.trees()) == 1 and not os.path.exists(repo.path + "/build/hello-kvm/libfoo/include/made.h")
    repo.ok("foo-prepare")
    assert os.path.exists(repo.path + "/build/hello-kvm/libfoo/include/made.h")
    built = repo.ok("foo-build").compiled()
    assert {w.split(":")[0] for w in built} == {"libfoo"} and os.path.exists(repo.path + "/build/hello-kvm/libfoo.ld.o")
    assert not os.path.exists(repo.image)
    repo.ok()
    assert repo.ok("foo-rebuild").compiled() == built
    repo.ok("foo-dirclean")
    assert not repo.trees() and not os.path.exists(repo.path + "/build/hello-kvm/libfoo")
    assert set(built) <= set(repo.ok().compiled())
    assert repo.run("foo-show-depends").stdout.split() == []
    assert repo.run("foo-show-rdepends").stdout.split() == ["app_hello"]


def test_words_for_a_port_that_is_off(repo):
    repo.write("libs/off/Config.uk", 'config LIBOFF\n\tbool "off"\n')
    repo.write("libs/off/Makefile.uk", "$(eval $(call addlib_s,liboff,$(CONFIG_LIBOFF)))\n")
    r = repo.bad("off-build")
    assert len(r.errors) == 1 and "hello-kvm does not have the library liboff" in r.errors[0] and "next:" in r.errors[0]


def test_trees_that_nobody_uses_are_pruned(repo):
    repo.ok()
    old = repo.trees()
    repo.edit("libs/foo/patches/0001-answer.patch", "return 42;", "return 43;")
    repo.ok()
    assert len(repo.trees()) == 2
    r = repo.ok("prune")
    assert "PRUNE   " + old[0] in r.out and len(repo.trees()) == 1 and repo.trees() != old
    assert repo.ok().out == ""
    assert [port["name"] for port in json.loads(repo.ok("show-info").out)] == ["foo"]
