# SPDX-License-Identifier: BSD-3-Clause
"""Checkers that this layer brings refuse what they must refuse."""
import os
import subprocess

import pytest

from repo import TOP


def run(name, root):
    return subprocess.run([os.path.join(TOP, "scripts/check", name), str(root)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)


@pytest.mark.parametrize("text,word", [
    ("import os\n", "imported and not used"),
    ("def f(:\n", "invalid syntax"),
    ("try:\n    pass\nexcept:\n    pass\n", "bare except"),
    ("x = 1 \n", "trailing space"),
    ("x = '" + "y" * 150 + "'\n", "columns"),
])
def test_python(tmp_path, text, word):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/x.py").write_text(text)
    r = run("python", tmp_path)
    assert r.returncode == 1 and word in r.stdout


def test_python_test_files_have_names_of_their_own(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / "tests" / folder).mkdir(parents=True)
        (tmp_path / "tests" / folder / f"test_{folder}.py").write_text("")
    assert run("python", tmp_path).returncode == 0
    (tmp_path / "tests/b/test_a.py").write_text("")
    r = run("python", tmp_path)
    assert r.returncode == 1 and "tests/b/test_a.py" in r.stdout


def test_shell(tmp_path):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/x").write_text("#!/bin/sh\ncd $1\nls $undefined_[\n")
    assert run("shell", tmp_path).returncode != 0
    (tmp_path / "scripts/x").write_text("#!/bin/sh\necho fine\n")
    assert run("shell", tmp_path).returncode == 0


@pytest.mark.parametrize("instruction,word", [
    ("cli", "cli"), ("rep outsb", "outs"), ("in $4, %al", "in"), ("out %al, %dx", "out"), ("rdmsr", "rdmsr"), ("iretq", "iretq"),
    ("hlt", "hlt"), ("invlpg (%rax)", "invlpg"), ("swapgs", "swapgs"), ("xsetbv", "xsetbv"),
    ("mov %cr3, %rax", "%cr3"), ("mov %rax, %cr0", "%cr0"), ("mov %rax, %dr7", "%db7"), ("lidt (%rax)", "lidt"), ("wbinvd", "wbinvd"),
    ("syscall", "syscall"), ("sysenter", "sysenter"), ("int $0x80", "0x80"),
    ("nop", None), ("int3", None), ("mov %rax, %rbx", None), ("inc %eax", None), ("movaps %xmm0, %xmm1", None),
])
def test_privileged(tmp_path, instruction, word):
    (tmp_path / "x.s").write_text(".globl f\nf: %s\n ret\n" % instruction)
    subprocess.run(["as", "-o", tmp_path / "x.o", tmp_path / "x.s"], check=True)
    r = run("privileged", tmp_path / "x.o")
    assert (r.returncode == 1 and "x.o: f: " in r.stdout and word in r.stdout) if word else (r.returncode, r.stdout) == (0, "")
    # Where they belong, only a system call is wrong.
    (tmp_path / "x.o").rename(tmp_path / "plat_x.o")
    assert run("privileged", tmp_path / "plat_x.o").returncode == int(word in ("syscall", "sysenter", "0x80"))


def bootstrap(*words, **env):
    return subprocess.run([TOP + "/scripts/bootstrap", *words], env=dict(os.environ, **env), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)


def test_bootstrap_asks_for_what_is_needed():
    build, run, test, bench = (set(bootstrap(*w, "--list").stdout.split()) for w in ([], ["--run"], ["--test"], ["--bench"]))
    assert {"gcc", "make", "python3-kconfiglib", "patch"} <= build < run < test < bench
    assert not {"qemu-system-x86", "python3-pytest", "tmux", "clang-format", "shellcheck", "git", "perl", "bison"} & build
    assert "qemu-system-x86" in run and not {"python3-pytest", "tmux", "clang-format"} & run
    assert {"python3-pytest", "tmux", "clang-format", "shellcheck"} <= test
    assert bootstrap("--nothing").returncode == 2


def test_bootstrap_elsewhere_names_what_is_missing(tmp_path):
    for name in ("sh", "cat", "tr", "make", "tar"):
        os.symlink("/usr/bin/" + name, tmp_path / name)
    r = bootstrap("--test", PATH=str(tmp_path), UK_PYTHON="/nonexistent/python3")
    assert r.returncode == 1 and len(r.stdout.splitlines()) == 1
    assert {"/nonexistent/python3", "flock", "patch", "qemu-system-x86_64", "python3:kconfiglib", "tmux"} <= set(r.stdout.split())
    assert not {"make", "tar"} & set(r.stdout.split(":")[-1].split())


def test_bootstrap_is_silent_when_all_is_there():
    packages = bootstrap("--test", "--list").stdout
    assert "python3-kconfiglib" in packages.split()
    r = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}\\n"] + packages.split(), stdout=subprocess.PIPE,
                       stderr=subprocess.DEVNULL, text=True, check=False)
    if r.returncode or set(r.stdout.split()) != {"installed"}:
        pytest.skip("not everything is installed")
    r = bootstrap("--test")
    assert (r.returncode, r.stdout) == (0, "")


LOCK = 'static struct spinlock table_lock = SPINLOCK_INIT("a: table");\n'


@pytest.mark.parametrize("code,row,word", [
    ("void f(void)\n{\n\tpreempt_disable();\n}\n", "", "core/a/x.c:3: preemption is switched off without a lock's name"),
    ("static struct spinlock table_lock;\n", "`table_lock`", "wants SPINLOCK_INIT"),
    ("static struct spinlock table_lock = SPINLOCK_INIT();\n", "`table_lock`", "wants SPINLOCK_INIT"),
    (LOCK.replace("table_lock", "lock"), "`lock`", 'a lock called "lock"'),
    (LOCK, "", "table_lock does not stand in docs/locking.md"),
    ("struct a {\n\tint x;\n\tstruct mutex lock;\n};\n", "`lock`", "a.lock does not stand in docs/locking.md"),
    ("", "`table_lock`", "docs/locking.md:1: core/a has no lock table_lock"),
    (LOCK, "`table_lock`", None),
    ("struct a {\n\tint x;\n\tstruct spinlock lock;\n};\n", "`a.lock`", None),
])
def test_locks(tmp_path, code, row, word):
    (tmp_path / "core/a").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "core/a/x.c").write_text(code)
    (tmp_path / "docs/locking.md").write_text(f"| `core/a` | {row} | covers |\n" if row else "")
    r = run("locks", tmp_path)
    assert (r.returncode, word in r.stdout if word else r.stdout) == ((1, True) if word else (0, "")), r.stdout


def library(root, folder, config, files):
    for name, text in {"Config.uk": config, **files}.items():
        path = root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize("config,word", [
    ("config CORE_A\n\tbool\n", "does not name CORE_B"),
    ("config CORE_A\n\tbool\n\tselect CORE_C\n", "does not name CORE_B"),
    ("config CORE_A\n\tbool\n\tselect CORE_B\n", None),
    ("config CORE_A\n\tbool\n\tdepends on CORE_B && CORE_C\n", None),
])
def test_depends(tmp_path, config, word):
    library(tmp_path, "core/a", config, {"a.c": "#include <core/b.h>\n"})
    library(tmp_path, "core/b", "config CORE_B\n\tbool\n", {"include/core/b.h": ""})
    library(tmp_path, "core/c", "config CORE_C\n\tbool\n\tselect CORE_B\n", {"include/core/c.h": ""})
    r = run("depends", tmp_path)
    assert r.returncode == (1 if word else 0) and (not word or word in r.stdout), r.stdout
    assert subprocess.run([os.path.join(TOP, "scripts/check/depends"), "--fix", str(tmp_path)], check=False).returncode == 0


@pytest.mark.parametrize("header,use,word", [
    ("int f(void);\n", "f();", "f() has no comment"),
    ("/* What. */\nint f(void);\n\nint g(void);\n", "f(); g();", "g() has no comment"),
    ("/* What. */\nint f(void);\n", "", "nothing calls f()"),
    ("/* What. */\nint f(void);\n", "f();", "does not state what it returns"),
    ("/* What. Returns 0 or -ENOMEM. */\nint f(void);\nstruct s *g(void);\n", "f(); g();", None),
])
def test_interface(tmp_path, header, use, word):
    body = "int f(void)\n{\n}\nstruct s *g(void)\n{\n}\n"
    library(tmp_path, "core/a", "", {"include/core/a.h": header, "a.c": body, "b.c": "void h(void)\n{\n%s\n}\n" % use})
    r = run("interface", tmp_path)
    assert r.returncode == (1 if word else 0) and (not word or word in r.stdout), r.stdout


@pytest.mark.parametrize("lines,word", [(49, None), (60, "f() has 61 lines"), (420, "file.c: 424 lines")])
def test_size(tmp_path, lines, word):
    library(tmp_path, "core/a", "", {"file.c": "void f(void)\n{\n" + "\tg();\n" * lines + "}\n\n"})
    r = run("size", tmp_path)
    assert r.returncode == (1 if word else 0) and (not word or word in r.stdout), r.stdout


@pytest.mark.parametrize("header,word", [("plat/plat.h", ""), ("plat/hyper.h", "plat/api only")])
def test_core_and_plat(tmp_path, header, word):
    for path, text in (("docs/layers.md", "| core | plat core |\n| plat | plat core |\n"), ("plat/api/include/plat/plat.h", ""),
                       ("plat/hyper/include/plat/hyper.h", ""), ("core/a/a.c", "#include <%s>\n" % header)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    r = run("layers", tmp_path)
    assert r.returncode == (1 if word else 0) and word in r.stdout, r.stdout


def test_circles(tmp_path):
    for n in range(2):
        text = "void f%d(void);\nvoid f%d(void) { f%d(); }\nvoid f%d(void);\n" % (1 - n, n, 1 - n, n)
        source = tmp_path / "x.c"
        source.write_text(text)
        subprocess.run(["cc", "-c", "-w", "-o", str(tmp_path / ("core_x%d.ld.o" % n)), str(source)], check=True)
    r = run("circles", tmp_path)
    assert r.returncode == 1 and "a circle of 2 libraries" in r.stdout, r.stdout
    (tmp_path / "core_x1.ld.o").unlink()
    assert run("circles", tmp_path).returncode == 0


@pytest.mark.parametrize("count,status", [(29, 0), (30, 1)])
def test_casts(tmp_path, count, status):
    text = "/* (char *)not_this */\nint n = sizeof(struct s *);\n" + "p = (struct s *)q;\n" * count
    library(tmp_path, "posix/a", "", {"a.c": text})
    assert run("casts", tmp_path).returncode == status


def menu(folder, text):
    (folder / "Kconfig").write_text('config GOOD\n\tbool "A good option"\n\thelp\n\t  What it does.\n' + text)
    return run("help", folder)


@pytest.mark.parametrize("text,word", [
    ('config BAD\n\tbool "An option without help"\n', "BAD: has no help"),
    ("config BAD\n\tbool\n", "BAD: has no help"),
    ('choice\n\tprompt "Which"\nconfig BAD\n\tbool "The one"\n\thelp\n\t  One.\nendchoice\n', "choice: has no help"),
    ('config E1000_PCI\n\tbool "e1000-pci"\n\thelp\n\t  A card.\n', "is a name and no words"),
    ('config BAD\n\tbool "%s"\n\thelp\n\t  Long.\n' % ("long " * 20), "characters, more than"),
    ('config BAD\n\tbool "An option."\n\thelp\n\t  What.\n', "full stop"),
])
def test_help(tmp_path, text, word):
    r = menu(tmp_path, text)
    assert r.returncode == 1 and word in r.stdout
    assert menu(tmp_path, "").returncode == 0


@pytest.mark.parametrize("old,new,word", [
    ("runs-on: ubuntu-latest", "run-on: ubuntu-latest", "unknown key 'run-on'"),
    ("runs-on: ubuntu-latest", "name: x", "has no 'runs-on'"),
    ("matrix.shape }}", "matrix.shapes }}", "matrix.shapes is no axis"),
    ("matrix.shape }}", "matrix.shape }", "an expression has no end"),
    ("ci/matrix $", "ci/matrices $", "there is no program ci/matrices"),
    ("checkout@v4", "checkout", "names no version"),
    ("helloworld-kvm,", "helloworld-xen,", "no list of different values"),
    ("timeout-minutes: 60", "timeout-minutes: 0", "timeout-minutes is 0"),
    ("permissions:\n  contents: read\n", "", "has no 'permissions'"),
    ("jobs:", "jobs: [", "is no YAML"),
    ("name: ci\n", "name: ci2\n", "is not what ci/shapes gives"),
])
def test_workflows(tmp_path, old, new, word):
    for name in ("ci", "scripts", ".ci"):
        os.symlink(os.path.join(TOP, name), tmp_path / name)
    subprocess.run([os.path.join(TOP, "scripts/workflows"), "--root", tmp_path], check=True)
    assert run("workflows", tmp_path).returncode == 0
    path = tmp_path / ".github/workflows/ci.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    r = run("workflows", tmp_path)
    assert r.returncode == 1 and word in r.stdout, r.stdout


def test_shapes_table(tmp_path):
    (tmp_path / "ci").mkdir()
    for text, word in (("a b kvm sometimes -\n", "ci/shapes:1"), ("a b kvm required\n", "ci/shapes:1"),
                       ("a b kvm required -\na c kvm nightly -\n", "a is there twice")):
        (tmp_path / "ci/shapes").write_text(text)
        r = run("workflows", tmp_path)
        assert r.returncode == 1 and word in r.stdout and "Traceback" not in r.stdout


@pytest.mark.parametrize("text,word", [
    ("    make imagine      # a comment\n", "no target 'imagine'"),
    ("Say `make foo-rebuild`.\n", "no target 'foo-rebuild'"),
    ("    make apps/absent PLAT=xen\n", "no target 'apps/absent'"),
    ("    scripts/absent --help\n", "there is no scripts/absent"),
    ("    A=1 scripts/tool --loud && make\n", "scripts/tool has no option --loud"),
    ("Held by `tests/x.py::test_b`.\n", "tests/x.py has no test_b"),
    ("    make image V=1 APP=x && scripts/tool --quiet -- --loud | less\n", None),
    ("    mkdir apps/new && make apps/new && make apps/newer\n", "no target 'apps/newer'"),
    ("    scripts/tool\n    mkdir apps/new\n    make apps/new\n", None),
    ("    make bar-show-info | less\n\n`tests/x.py::test_a`, `make apps/NAME`\n", None),
])
def test_commands(tmp_path, text, word):
    for name in ("scripts", "tests", "libs/bar", "mk"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "Makefile").write_text(".PHONY: image \\\n\tclean\n")
    (tmp_path / "tests/x.py").write_text("def test_a():\n    pass\n")
    (tmp_path / "scripts/tool").write_text("#!/bin/sh\necho 'usage: tool [--quiet]'\n")
    (tmp_path / "scripts/tool").chmod(0o755)
    (tmp_path / "README.md").write_text(text)
    r = run("commands", tmp_path)
    assert r.returncode == bool(word) and (word or "") in r.stdout and "Traceback" not in r.stdout, r.stdout
