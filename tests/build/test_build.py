# SPDX-License-Identifier: BSD-3-Clause
"""What is built, what is rebuilt, and what is not."""
import fcntl
import json
import os
import random
import signal
import struct
import subprocess
import time

import pytest
from repo import Repo


def image(repo):
    return repo.read("build/hello-kvm/hello_kvm-x86_64", "rb")


def test_builds_and_then_has_nothing_to_do(repo):
    first = repo.ok()
    assert "libfoo: src/one.c" in first.compiled() and "libfoo: src/sub/one.c" in first.compiled()
    assert "libfoo: glue/one.c" in first.compiled()
    for suffix in ("", ".dbg", ".gz"):
        assert os.path.getsize(repo.image + suffix)
    assert repo.ok().out == ""


def test_default_config_comes_from_the_defconfig(repo):
    repo.ok()
    assert "CONFIG_CORE_BASE_SIZE=8\n" in repo.read("build/hello-kvm/.config")
    assert "#define CONFIG_CORE_BASE_SIZE 8\n" in repo.read("build/hello-kvm/include/uk/config.h")


def test_two_folders_are_bit_identical(repo, tmp_path):
    """Another place, output folder, number of jobs, umask, language, time zone, and no compiler cache."""
    other = Repo(tmp_path / "another" / "place")
    repo.ok("-j2", "sbom")
    mask = os.umask(0o077)
    try:
        other.ok("-j1", "O=" + str(tmp_path / "out"), "CCACHE=", "sbom",
                 TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8", USER="somebody", HOME=str(tmp_path))
    finally:
        os.umask(mask)
    for kind in (".dbg", ".gz", "", ".cdx.json"):
        with open(str(tmp_path / "out/hello-kvm/hello_kvm-x86_64") + kind, "rb") as f:
            assert f.read() == repo.read("build/hello-kvm/hello_kvm-x86_64" + kind, "rb"), kind
    assert not os.path.exists(other.path + "/build")


def test_the_source_tree_is_not_written_to(repo):
    def files():
        return sorted((d, f, os.path.getmtime(os.path.join(d, f))) for d, _, fs in os.walk(repo.path) for f in fs
                      if not d.startswith(repo.path + "/build"))
    before = files()
    repo.ok()
    assert files() == before


def test_private_names_do_not_meet(repo):
    repo.ok()
    names = repo.symbols()
    assert names.count("strlength") == 2 and names.count("private_helper") == 2
    kernel = subprocess.run(["nm", repo.path + "/build/hello-kvm/kernel.o"], stdout=subprocess.PIPE, text=True,
                            check=True).stdout
    assert " T core_public\n" in kernel and " t strlength\n" in kernel and " U main\n" in kernel


def test_unused_functions_are_dropped(repo):
    repo.ok()
    assert "core_loud" not in repo.symbols()


def test_the_patch_and_variants_are_in_the_image(repo):
    repo.ok()
    assert "$0x2a" in repo.disassembly("foo_one")
    assert {"many_first", "many_second"} <= set(repo.symbols())


def test_symbol_table_of_the_image(repo):
    repo.ok()
    subprocess.run(["objcopy", "-O", "binary", "-j", ".ksyms", repo.image, repo.path + "/table"], check=True)
    data = repo.read("table", "rb")
    count, = struct.unpack_from("<I", data)
    names = data[4 + (8 + 2) * count:]  # behind places and sizes
    table = {}
    addresses = []
    for i in range(count):
        addr, off = struct.unpack_from("<II", data, 4 + 8 * i)
        table[names[off:names.index(b"\0", off)].decode()] = addr
        addresses.append(addr)
    assert addresses == sorted(addresses)
    nm = subprocess.run(["nm", repo.image + ".dbg"], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert table["core_public"] == int(next(l for l in nm.splitlines() if l.endswith(" core_public")).split()[0], 16)
    assert "foo_one" not in table
    repo.edit("build/hello-kvm/.config", "CONFIG_IMAGE_KSYMS_KERNEL=y", "CONFIG_IMAGE_KSYMS_ALL=y")
    assert repo.ok().compiled() == []
    assert b"foo_one\0" in image(repo)
    repo.edit("build/hello-kvm/.config", "CONFIG_IMAGE_KSYMS_ALL=y", "CONFIG_IMAGE_KSYMS_NONE=y")
    repo.ok()
    assert b"core_public\0" not in image(repo)


# -- rebuilds ------------------------------------------------------------------------------------------

def test_a_source(repo):
    repo.ok()
    repo.edit("apps/hello/main.c", "return 1;", "return 11;")
    assert repo.ok().compiled() == ["app_hello: main.c"]


def test_a_header(repo):
    repo.ok()
    repo.edit("libs/bar/include/bar.h", "int bar_get(void);", "int bar_get(void); /* changed */")
    assert repo.ok().compiled() == ["app_hello: main.c", "libbar: bar.c", "libbar_more: more.c"]


def test_a_deleted_header(repo):
    repo.edit("apps/hello/main.c", "#include <bar.h>", '#include <bar.h>\n#include "own.h"')
    repo.write("apps/hello/own.h", "#define OWN 1\n")
    repo.ok()
    repo.edit("apps/hello/main.c", '#include "own.h"\n', "")
    os.unlink(repo.path + "/apps/hello/own.h")
    assert repo.ok().compiled() == ["app_hello: main.c"]


def test_flags_of_one_library(repo):
    repo.ok()
    repo.edit("libs/bar/Makefile.uk", "LIBBAR_SRCS-y +=", "LIBBAR_CFLAGS-y += -DX\nLIBBAR_SRCS-y +=")
    assert repo.ok().compiled() == ["libbar: bar.c"]


def test_flags_of_one_file(repo):
    repo.ok()
    repo.edit("libs/foo/Makefile.uk", "-DNAME=many_first", "-DNAME=many_first -DX")
    assert repo.ok().compiled() == ["libfoo: src/many.c|first"]
    repo.edit("libs/foo/Makefile.uk", "LIBFOO_PREPARE :=", "LIBFOO_TWO_FLAGS-y += -DX\nLIBFOO_PREPARE :=")
    assert repo.ok().compiled() == ["libfoo: src/two.c"]
    repo.edit("libs/foo/Makefile.uk", "LIBFOO_TWO_FLAGS-y += -DX\n", "")
    assert repo.ok().compiled() == ["libfoo: src/two.c"]
    assert repo.ok().out == ""


def test_the_compiler(repo):
    repo.ok()
    repo.write("bin/gcc", '#!/bin/sh\ncase "$1" in --version) echo "another compiler"; exit;; esac\nexec /usr/bin/gcc "$@"\n')
    os.chmod(repo.path + "/bin/gcc", 0o755)
    r = repo.ok(PATH=repo.path + "/bin:" + os.environ["PATH"])
    assert len(r.compiled()) == len(repo.ok().compiled()) > 10


def test_an_option_that_a_source_reads(repo):
    repo.ok()
    repo.edit("build/hello-kvm/.config", "CONFIG_CORE_BASE_SIZE=8", "CONFIG_CORE_BASE_SIZE=9")
    assert repo.ok().compiled() == ["core_base: base.c"]
    repo.edit("build/hello-kvm/.config", "# CONFIG_CORE_BASE_LOUD is not set", "CONFIG_CORE_BASE_LOUD=y")
    assert repo.ok().compiled() == ["core_base: loud.c"]


def test_an_option_with_a_compiler_cache_that_shortens_names(repo):
    """As ccache does with base_dir: config.h must not become a prerequisite under another name."""
    repo.write("bin/gcc", """#!/bin/sh
/usr/bin/gcc "$@" || exit
while [ $# -gt 0 ]; do [ "$1" != -MF ] || sed -i "s,$PWD/,,g" "$2"; shift; done
""")
    os.chmod(repo.path + "/bin/gcc", 0o755)
    path = repo.path + "/bin:" + os.environ["PATH"]
    repo.ok(PATH=path)
    assert repo.ok(PATH=path).out == ""
    repo.edit("build/hello-kvm/.config", "CONFIG_CORE_BASE_SIZE=8", "CONFIG_CORE_BASE_SIZE=9")
    assert repo.ok(PATH=path).compiled() == ["core_base: base.c"]
    repo.edit("libs/bar/include/bar.h", "int bar_get(void);", "int bar_get(void); /* changed */")
    assert repo.ok(PATH=path).compiled() == ["app_hello: main.c", "libbar: bar.c", "libbar_more: more.c"]


def test_an_option_that_adds_flags(repo):
    repo.ok()
    repo.edit("build/hello-kvm/.config", "# CONFIG_LIBFOO_EXTRA is not set", "CONFIG_LIBFOO_EXTRA=y")
    assert {w.split(":")[0] for w in repo.ok().compiled()} == {"libfoo"}
    assert "$0x16" in repo.disassembly("foo_two")


def test_an_option_that_comes_later(repo):
    repo.edit("apps/hello/main.c", "int main(void)\n{", "int main(void)\n{\n#ifdef CONFIG_LATE\n\treturn 99;\n#endif")
    repo.ok()
    assert repo.ok().out == ""
    repo.edit("libs/bar/Config.uk", "config LIBBAR", "config LATE\n\tdef_bool y\n\nconfig LIBBAR")
    assert repo.ok().compiled() == ["app_hello: main.c"]


def test_sources_added_and_removed(repo):
    repo.ok()
    repo.write("libs/bar/late.c", "int bar_late(void);\nint bar_late(void) { return 1; }\n")
    repo.edit("libs/bar/Makefile.uk", "LIBBAR_SRCS-y +=", "LIBBAR_SRCS-y += $(LIBBAR_BASE)/late.c\nLIBBAR_SRCS-y +=")
    assert repo.ok().compiled() == ["libbar: late.c"]
    assert "bar_late" in repo.symbols(repo.path + "/build/hello-kvm/libbar.ld.o")
    repo.edit("libs/bar/Makefile.uk", "LIBBAR_SRCS-y += $(LIBBAR_BASE)/late.c\n", "")
    assert repo.ok().compiled() == []
    assert "bar_late" not in repo.symbols(repo.path + "/build/hello-kvm/libbar.ld.o")


def test_exports(repo):
    repo.ok()
    os.unlink(repo.path + "/libs/bar/exportsyms.uk")
    r = repo.bad()
    assert "multiple definition of `private_helper'" in r.out and "error: hello: link:" in r.out
    repo.write("libs/bar/exportsyms.uk", "bar_get\nbar_more\n")
    repo.ok()


def test_a_folder_dropped_in_and_deleted(repo):
    repo.write("libs/new/Config.uk", "config LIBNEW\n\tdef_bool y\n")
    repo.write("libs/new/Makefile.uk", "$(eval $(call addlib_s,libnew,$(CONFIG_LIBNEW)))\nLIBNEW_SRCS-y += new.c\n")
    repo.write("libs/new/new.c", "int fresh(void);\nint fresh(void) { return 1; }\n")
    repo.ok()
    assert "UK_FOLDERS := " in repo.read("build/hello-kvm/auto.mk") and "libnew" in repo.read("build/hello-kvm/auto.mk")
    for name in ("Config.uk", "Makefile.uk", "new.c"):
        os.unlink(repo.path + "/libs/new/" + name)
    os.rmdir(repo.path + "/libs/new")
    assert repo.ok().compiled() == []
    assert "libnew" not in repo.read("build/hello-kvm/auto.mk")


def test_only_declared_dependencies_are_seen(repo):
    repo.edit("libs/bar/bar.c", "#include <bar.h>", "#include <bar.h>\n#include <foo.h>")
    r = repo.bad()
    assert "foo.h: No such file" in r.out
    assert "error: libbar: compile: bar.c failed; next: make APP=hello PLAT=kvm V=1 shows the command" in r.errors
    repo.edit("libs/bar/Config.uk", "no dependency\"", "no dependency\"\n\tdepends on LIBFOO")
    repo.ok()


def test_our_code_has_warnings_and_upstream_has_not(repo):
    repo.edit("libs/bar/bar.c", "return 7;", "int unused;\n\treturn 7;")
    assert "unused variable" in repo.bad().out


def test_external_library(repo, tmp_path):
    lib = tmp_path / "lib-ext"
    lib.mkdir()
    (lib / "Config.uk").write_text("config LIBEXT\n\tbool \"ext\"\n\tdefault y\n")
    (lib / "Makefile.uk").write_text("$(eval $(call addlib_s,libext,$(CONFIG_LIBEXT)))\nLIBEXT_SRCS-y += $(LIBEXT_BASE)/ext.c\n")
    (lib / "ext.c").write_text("int ext(void) { int unused; return 1; }\n")
    assert "libext: ext.c" in repo.ok("L=" + str(lib)).compiled()
    # The build folder remembers it, over another configuration and 'make clean' too.
    assert repo.ok().out == ""
    repo.ok("olddefconfig")
    assert "CONFIG_LIBEXT=y\n" in repo.read("build/hello-kvm/.config")
    repo.ok("clean")
    assert "libext: ext.c" in repo.ok().compiled()
    r = repo.ok("L=")
    assert "CONFIG_LIBEXT=y: there is no such option" in r.out and r.compiled() == []
    assert repo.ok().out == ""
    repo.ok("UK_EXTERNAL=" + str(lib))
    assert "CONFIG_LIBEXT=y\n" in repo.read("build/hello-kvm/.config") and repo.ok().out == ""
    repo.ok("UK_EXTERNAL=")
    assert "LIBEXT" not in repo.read("build/hello-kvm/.config")
    repo.ok("L=" + os.path.relpath(str(lib), repo.path))
    (lib / "Config.uk").unlink()
    assert len(repo.bad().errors) == 1


def test_compile_commands(repo):
    repo.ok()
    entries = json.loads(repo.read("build/hello-kvm/compile_commands.json"))
    objects = {e["output"].split("/hello-kvm/")[1]: e for e in entries}
    assert len(objects) == 14
    for name, e in objects.items():
        assert os.path.exists(e["file"]), name
        if name.startswith("libfoo/src/foo/src/sub"):
            assert e["file"].endswith("/src/sub/one.c") and "-Werror=implicit-function-declaration" in e["arguments"]
        if name.startswith("libfoo/own"):
            assert e["file"].endswith("/libs/foo/glue/one.c") and "-Werror" in e["arguments"]
        # The command is complete: it works.
        if "many" not in name:
            subprocess.run(e["arguments"][:-2] + [repo.path + "/x.o", e["file"]], cwd=e["directory"], check=True)


# -- interrupted, parallel, large ------------------------------------------------------------------------

def test_a_killed_build_continues(repo, tmp_path):
    reference = Repo(tmp_path / "reference")
    reference.ok()
    rng = random.Random(1)
    for sig in [signal.SIGKILL] * 12 + [signal.SIGTERM] * 4:
        with subprocess.Popen(["make", "-j4"], cwd=repo.path, env=repo.env(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, start_new_session=True) as p:
            time.sleep(rng.uniform(0.05, 0.6))
            if p.poll() is None:
                os.killpg(p.pid, sig)
            p.wait()
        if rng.random() < 0.3:
            repo.ok("clean")
    repo.ok()
    assert image(repo) == image(reference)
    assert repo.ok().out == ""
    assert not [n for n in os.listdir(repo.path + "/build/src") if n.endswith(".tmp")]


def test_two_builds_at_once(repo):
    cmd = ["make"]
    ps = [subprocess.Popen(cmd, cwd=repo.path, env=repo.env(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(3)]
    outs = [p.communicate()[0] for p in ps]
    assert [p.returncode for p in ps] == [0, 0, 0], outs
    assert sum(o.count("] CC      app_hello: main.c") for o in outs) == 1


def test_configurations_at_once(repo):
    """One that is being written is waited for: half of its files may be in their places."""
    repo.ok()
    folder = os.path.join(repo.path, "build/hello-kvm")
    with open(os.path.join(folder, ".config.lock"), encoding="ascii") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        with subprocess.Popen(["make", "olddefconfig"], cwd=repo.path, env=repo.env(), stdout=subprocess.DEVNULL) as process:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(2)
            fcntl.flock(f, fcntl.LOCK_UN)
            assert process.wait(60) == 0


def test_long_paths(tmp_path):
    """Commands of the shell's have 128 KiB at most: none lists all libraries or all objects."""
    repo = Repo(tmp_path / "/".join(["a-folder-with-a-rather-long-name"] * 24) / "repo")
    listing = []
    for i in range(90):
        repo.write("libs/bar/many/f%d.c" % i, "extern int f%d;\nint f%d;\n" % (i, i))
        listing.append("$(eval $(call addlib_s,libbar_%d,$(CONFIG_LIBBAR)))\nLIBBAR_%d_SRCS-y += $(LIBBAR_BASE)/many/f%d.c\n" % (i, i, i))
    repo.write("libs/bar/Makefile.uk", repo.read("libs/bar/Makefile.uk") + "".join(listing))
    repo.ok("-j2")
    assert len(repo.ok("bar-rebuild").compiled()) == 92
    repo.ok("graph-size")


def test_no_op_time_with_3000_sources(repo):
    listing = []
    for i in range(3000):
        repo.write("libs/bar/big/d%d/f%d.c" % (i % 60, i), "int f%d;\n" % i)
        listing.append("LIBBAR_SRCS-y += $(LIBBAR_BASE)/big/d%d/f%d.c" % (i % 60, i))
    repo.edit("libs/bar/Makefile.uk", "LIBBAR_SRCS-y +=", "\n".join(listing) + "\nLIBBAR_SRCS-y +=")
    # A stand-in for the compiler, for speed: copies one object, and claims 40 headers as QEMU's sources have.
    headers = ["libs/bar/include/h%d.h" % i for i in range(40)]
    for h in headers:
        repo.write(h, "")
    subprocess.run(["gcc", "-c", "-x", "c", "/dev/null", "-o", repo.path + "/empty.o"], check=True)
    repo.write("cc", """#!/bin/sh
case " $* " in *"/big/"*) ;; *) exec /usr/bin/gcc "$@";; esac
while [ $# -gt 0 ]; do case $1 in -o) o=$2;; -MF) d=$2;; esac; shift; done
cp %s/empty.o $o; echo "x: %s" >$d
""" % (repo.path, " ".join(repo.path + "/" + h for h in headers)))
    os.chmod(repo.path + "/cc", 0o755)
    repo.ok("-j2", "CC=" + repo.path + "/cc")
    best = 9e9
    for _ in range(3):
        start = time.time()
        r = repo.ok("CC=" + repo.path + "/cc")
        best = min(best, time.time() - start)
        assert r.out == ""
    print("no-op with 3000 sources: %.2f s" % best)
    assert best < 2
