# SPDX-License-Identifier: BSD-3-Clause
"""Wrong input: one clear line, nothing kept, and the next correct run succeeds."""
import contextlib
import gzip
import hashlib
import http.server
import os
import shutil
import subprocess
import threading

import pytest

from repo import PORT, tarball


def one_line(result, *words):
    assert len(result.errors) == 1, result.out
    for w in words:
        assert w in result.errors[0], result.errors[0]


def downloads(repo):
    return [n for n in os.listdir(repo.path + "/build/dl") if not n.startswith(".")]


def test_wrong_hash(repo):
    good = repo.sha
    repo.pin("0" * 64)
    one_line(repo.bad(), "libfoo: fetch:", good, "0" * 64, "mismatch")
    assert downloads(repo) == [] and repo.trees() == []
    repo.pin(good)
    repo.ok()


def test_wrong_hash_in_the_download_folder(repo):
    repo.write("build/dl/foo-1.0.tar.gz", b"something else")
    r = repo.ok()
    assert "removed" in r.out and repo.sha in r.out


def test_truncated_archive(repo):
    whole = repo.read("mirror/foo-1.0.tar.gz", "rb")
    repo.write("mirror/foo-1.0.tar.gz", whole[:-40])
    one_line(repo.bad(), "libfoo: fetch:", "mismatch")
    assert downloads(repo) == []
    repo.write("mirror/foo-1.0.tar.gz", whole)
    repo.ok()


def test_damaged_archive_with_its_own_hash(repo):
    whole = repo.read("mirror/foo-1.0.tar.gz", "rb")
    good = repo.sha
    repo.write("mirror/foo-1.0.tar.gz", whole[:-40])
    repo.pin(hashlib.sha256(whole[:-40]).hexdigest())
    one_line(repo.bad(), "libfoo: extract and patch:", "foo-1.0.tar.gz")
    assert repo.trees() == []
    repo.write("mirror/foo-1.0.tar.gz", whole)
    repo.pin(good)
    repo.ok()


def test_dead_mirror(repo):
    one_line(repo.bad(UK_MIRROR="http://127.0.0.1:1/"), "libfoo: fetch:", "mirror:", "upstream:", "127.0.0.1")
    repo.ok()


def test_mirror_that_lacks_the_file(repo):
    one_line(repo.bad(UK_MIRROR=repo.path + "/nowhere"), "mirror: no such file")


@contextlib.contextmanager
def http_server(folder):
    """The address of a server of this folder's files."""
    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=folder)

        def log_message(self, *args):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield "http://127.0.0.1:%d" % server.server_port
    finally:
        server.shutdown()


def test_verified_archive_in_a_folder_that_cannot_be_written(repo):
    repo.ok()
    shutil.rmtree(repo.path + "/build/src")
    os.rename(repo.path + "/build/dl", repo.path + "/dl")
    for name in os.listdir(repo.path + "/dl"):
        if name.startswith("."):
            os.unlink(repo.path + "/dl/" + name)
    mount = ["unshare", "-rm", "sh", "-c", 'mount --bind dl dl && mount -o remount,bind,ro dl && ! touch dl/x 2>/dev/null && exec "$@"', "x"]
    if subprocess.run(mount + ["true"], cwd=repo.path, stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("no mount namespaces here")
    p = subprocess.run(mount + ["make", "DL=dl"], cwd=repo.path, env=repo.env(UK_MIRROR=""), stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True, check=False)
    assert p.returncode == 0, p.stdout


def test_mirror_over_http(repo):
    with http_server(repo.mirror) as url:
        repo.ok(UK_MIRROR=url)


@pytest.mark.parametrize("answer, name", [(b"<!DOCTYPE html><html>Sign in</html>", "(a web page)"), (b"", "(an empty file)"),
                                          (b"bytes", "mismatch")])
def test_a_wrong_answer_is_named_and_the_next_source_tried(repo, answer, name):
    good = repo.path + "/good"
    shutil.copytree(repo.mirror, good)
    repo.write("mirror/foo-1.0.tar.gz", answer)
    one_line(repo.bad(), "libfoo: fetch:", "mirror:", name, "upstream:")
    assert downloads(repo) == []
    with http_server(good) as url:
        repo.edit("libs/foo/Makefile.uk", "https://127.0.0.1:1", url)
        repo.ok()


def test_a_binary_package(repo):
    """A Debian package is an archive like others: its files, below the folder '.'."""
    inner = repo.path + "/data.tar.gz"
    with gzip.open(inner, "wb") as f:
        f.write(gzip.decompress(tarball(PORT, top=".")))
    subprocess.run(["ar", "rc", "mirror/foo.deb", "data.tar.gz"], cwd=repo.path, check=True)
    repo.edit("libs/foo/Makefile.uk", "foo-$(LIBFOO_VERSION).tar.gz", "foo.deb")
    repo.pin(hashlib.sha256(repo.read("mirror/foo.deb", "rb")).hexdigest())
    repo.ok()


def test_a_damaged_binary_package(repo):
    repo.write("mirror/foo.deb", b"not an ar archive")
    repo.edit("libs/foo/Makefile.uk", "foo-$(LIBFOO_VERSION).tar.gz", "foo.deb")
    repo.pin(hashlib.sha256(b"not an ar archive").hexdigest())
    one_line(repo.bad(), "libfoo: extract and patch:", "foo.deb")


@pytest.mark.parametrize("code", ["int foo_bad(void) { return undeclared(); }", "int *foo_bad(char *c) { return c; }",
                                  "int foo_bad(char *c) { return c; }", "foo_bad(void) { return 0; }"])
def test_upstream_code_that_newer_compilers_refuse(repo, code):
    repo.publish(dict(PORT, **{"src/sub/one.c": PORT["src/sub/one.c"] + code + "\n"}))
    one_line(repo.bad(), "libfoo: compile:", "src/sub/one.c")


def test_offline(repo):
    one_line(repo.bad(UK_MIRROR="", OFFLINE="1"), "libfoo: fetch:", "OFFLINE=1")
    repo.ok("source")
    repo.ok(UK_MIRROR="", OFFLINE="1")


@pytest.mark.parametrize("tool", ["patch", "tar", "gcc", "flock", "objcopy", "awk", "gzip"])
def test_missing_tool(repo, tool):
    bindir = repo.path + "/bin"
    os.mkdir(bindir)
    for d in ("/usr/bin", "/bin"):
        for name in os.listdir(d):
            if name != tool and not os.path.lexists(bindir + "/" + name):
                os.symlink(d + "/" + name, bindir + "/" + name)
    r = repo.bad(PATH=bindir)
    lines = [l for l in r.out.splitlines() if " is missing" in l or "does not run" in l]
    assert len(lines) == 1 and tool in lines[0] and "bootstrap" in lines[0], r.out
    repo.ok()


def test_a_patch_that_does_not_apply(repo):
    repo.write("libs/foo/patches/0002-bad.patch", "--- a/src/two.c\n+++ b/src/two.c\n@@ -1,3 +1,3 @@\n nothing\n-like\n+it\n here\n")
    one_line(repo.bad(), "libfoo: extract and patch:", "0002-bad.patch", "src/two.c")
    assert repo.trees() == []
    os.unlink(repo.path + "/libs/foo/patches/0002-bad.patch")
    repo.ok()


def test_a_patch_with_fuzz_does_not_apply(repo):
    repo.edit("libs/foo/patches/0001-answer.patch", " #include <foo.h>", " #include <fuzzy.h>")
    one_line(repo.bad(), "0001-answer.patch", "src/one.c")


def test_a_patch_for_a_file_that_is_not_there(repo):
    repo.write("libs/foo/patches/0002-bad.patch", "--- a/src/zero.c\n+++ b/src/zero.c\n@@ -1,1 +1,1 @@\n-like\n+it\n")
    one_line(repo.bad(), "0002-bad.patch", "src/zero.c")


def test_edited_added_and_removed_patches(repo):
    repo.ok()
    first = repo.trees()
    repo.edit("libs/foo/patches/0001-answer.patch", "return 42", "return 43")
    repo.ok()
    assert "$0x2b" in repo.disassembly("foo_one")
    repo.write("libs/foo/patches/0002-more.patch", "--- a/src/sub/one.c\n+++ b/src/sub/one.c\n@@ -1,1 +1,1 @@\n"
               "-int foo_sub_one(void) { int unused; return 3; }\n+int foo_sub_one(void) { return 33; }\n")
    repo.ok()
    assert "$0x21" in repo.disassembly("foo_sub_one")
    os.unlink(repo.path + "/libs/foo/patches/0002-more.patch")
    os.unlink(repo.path + "/libs/foo/patches/0001-answer.patch")
    repo.ok()
    assert "$0x1," in repo.disassembly("foo_one") and "$0x3," in repo.disassembly("foo_sub_one")
    assert len(repo.trees()) == 4 and first[0] in repo.trees()
    assert repo.ok().out == ""


def test_generated_files_follow_the_tree_back_and_forth(repo):
    repo.ok()
    patch = "--- a/templates/made.h.in\n+++ b/templates/made.h.in\n@@ -1,1 +1,1 @@\n-#define FOO_MADE 5\n+#define FOO_MADE 55\n"
    repo.write("libs/foo/patches/0002-made.patch", patch)
    repo.ok()
    assert "$0x37" in repo.disassembly("foo_made") and "$0x37" in repo.disassembly("foo_glue_one")
    os.unlink(repo.path + "/libs/foo/patches/0002-made.patch")
    repo.ok()
    assert "$0x5," in repo.disassembly("foo_made") and "$0x5," in repo.disassembly("foo_glue_one")


def test_a_new_version(repo):
    repo.ok()
    repo.publish(dict(PORT, **{"src/two.c": "int foo_two(void) { return 77; }\n"}))
    repo.ok()
    assert "$0x4d" in repo.disassembly("foo_two")


# -- configuration ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("line,words", [
    ("CONFIG_NO_SUCH_THING=y", ["undefined symbol", "NO_SUCH_THING"]),
    ("CONFIG_CORE_BASE_SIZE=many", ["CORE_BASE_SIZE", "many"]),
    ("CONFIG_CORE_BASE_LOUD=maybe", ["CORE_BASE_LOUD", "maybe"]),
    ("CONFIG_CORE_BASE_SIZE=999", ["CORE_BASE_SIZE", "999"]),
    ("this is not an assignment", ["this is not an assignment"]),
    ("CONFIG_ARCH_X86_64=n", ["ARCH_X86_64"]),
])
def test_defconfig(repo, line, words):
    good = repo.read("apps/hello/defconfig.kvm")
    repo.write("apps/hello/defconfig.kvm", "# SPDX-License-Identifier: BSD-3-Clause\n" + line + "\n")
    one_line(repo.bad(), "apps/hello/defconfig.kvm:2", *words)
    repo.write("apps/hello/defconfig.kvm", good)
    repo.ok()


def test_defconfig_is_followed_until_config_is_edited(repo):
    repo.ok()
    repo.write("apps/hello/defconfig.kvm", "CONFIG_CORE_BASE_SIZE=16\n")
    repo.ok()
    assert "CONFIG_CORE_BASE_SIZE=16\n" in repo.read("build/hello-kvm/.config")
    repo.edit("build/hello-kvm/.config", "SIZE=16", "SIZE=17")
    repo.ok()
    repo.write("apps/hello/defconfig.kvm", "CONFIG_CORE_BASE_SIZE=18\n")
    assert "keeping your" in repo.ok().out
    assert "CONFIG_CORE_BASE_SIZE=17\n" in repo.read("build/hello-kvm/.config")
    repo.ok("defconfig")
    assert "CONFIG_CORE_BASE_SIZE=18\n" in repo.read("build/hello-kvm/.config")


def test_savedefconfig(repo):
    repo.ok()
    repo.ok("savedefconfig", "TO=" + repo.path + "/saved")
    assert "CONFIG_CORE_BASE_SIZE=8\n" in repo.read("saved")
    repo.write("apps/hello/defconfig.kvm", repo.read("saved"))
    repo.ok("defconfig")


def test_unknown_application_and_platform(repo):
    one_line(repo.bad("APP=nope"), "there is no apps/nope")
    one_line(repo.bad("apps/nope"), "there is no apps/nope")
    one_line(repo.bad("PLAT=nope"), "there is no plat/nope")


def test_dependency_loop(repo):
    repo.edit("libs/bar/Config.uk", "no dependency\"", "no dependency\"\n\tdepends on LIBFOO")
    repo.edit("libs/foo/Config.uk", "a port\"", "a port\"\n\tdepends on LIBBAR")
    one_line(repo.bad(), "dependency loop", "LIBFOO (libs/foo/Config.uk:2)", "LIBBAR")


def test_what_is_dropped_from_a_configuration_is_said(repo):
    repo.ok()
    config = "build/hello-kvm/.config"
    mine = repo.read(config) + "CONFIG_NO_SUCH_THING=y\n"
    repo.write(config, mine)
    r = repo.ok()
    assert "CONFIG_NO_SUCH_THING=y: there is no such option" in r.out and ".config.old" in r.out
    assert repo.read(config + ".old") == mine and "NO_SUCH_THING" not in repo.read(config)
    assert repo.ok().out == ""
    repo.edit("core/base/Config.uk", 'bool "Loud"', 'bool "Loud"\n\tdepends on CORE_BASE_SIZE = 4')
    repo.edit(config, "# CONFIG_CORE_BASE_LOUD is not set", "CONFIG_CORE_BASE_LOUD=y")
    assert "CONFIG_CORE_BASE_LOUD=y: it needs CORE_BASE_SIZE = 4" in repo.ok().out


def test_a_selected_option_without_its_dependency(repo):
    repo.ok()
    repo.edit("libs/bar/Config.uk", "config LIBBAR", "config LIBBAR_PART\n\tbool\n\tdepends on CORE_BASE_LOUD\n\nconfig LIBBAR")
    repo.edit("libs/bar/Config.uk", "no dependency\"", "no dependency\"\n\tselect LIBBAR_PART")
    one_line(repo.bad(), "libs/bar/Config.uk", "CONFIG_LIBBAR_PART needs CORE_BASE_LOUD", "CONFIG_LIBBAR selects it")
    repo.edit("build/hello-kvm/.config", "# CONFIG_CORE_BASE_LOUD is not set", "CONFIG_CORE_BASE_LOUD=y")
    repo.ok()


def test_another_platform_in_the_configuration(repo):
    repo.write("plat/xen/Choice.uk", 'config PLAT_XEN\n\tbool "Xen"\n')
    repo.write("plat/xen/Makefile.uk", "")
    repo.write("plat/xen/Config.uk", "")
    repo.ok()
    repo.edit("build/hello-kvm/.config", "# CONFIG_PLAT_XEN is not set", "CONFIG_PLAT_XEN=y")
    repo.edit("build/hello-kvm/.config", "CONFIG_PLAT_KVM=y", "# CONFIG_PLAT_KVM is not set")
    assert "CONFIG_PLAT_XEN=y: of its choice, CONFIG_PLAT_KVM is set" in repo.ok().out


# -- makefiles -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("field", ["LIBFOO_SHA256", "LIBFOO_VERSION"])
def test_a_missing_field_stops_at_parse_time(repo, field):
    text = repo.read("libs/foo/Makefile.uk")
    repo.write("libs/foo/Makefile.uk", "\n".join(l for l in text.splitlines() if not l.startswith(field)) + "\n")
    r = repo.bad()
    assert "libs/foo/Makefile.uk: %s is not set" % field in r.out
    assert not r.compiled()


def test_a_malformed_hash_stops_at_parse_time(repo):
    repo.pin("abc")
    assert "libs/foo/Makefile.uk: LIBFOO_SHA256 is not 64 hexadecimal digits" in repo.bad().out


def test_a_library_registered_twice(repo):
    repo.edit("libs/bar/Makefile.uk", "libbar_more,", "libbar,")
    assert "libs/bar/Makefile.uk: library libbar is registered twice" in repo.bad().out


def test_no_makefile(repo):
    os.unlink(repo.path + "/libs/bar/Makefile.uk")
    assert "libs/bar: has no Makefile.uk" in repo.bad().out


def test_clean_and_distclean(repo):
    repo.ok()
    repo.edit("build/hello-kvm/.config", "CONFIG_CORE_BASE_SIZE=8", "CONFIG_CORE_BASE_SIZE=9")
    repo.ok("clean")
    assert sorted(n for n in os.listdir(repo.path + "/build") if not n.startswith(".")) == ["dl", "hello-kvm", "src"]
    assert "CONFIG_CORE_BASE_SIZE=9\n" in repo.read("build/hello-kvm/.config"), "the user's own work"
    assert not [n for n in os.listdir(repo.path + "/build/hello-kvm") if not n.startswith(".")]
    repo.ok("clean")
    assert len(repo.ok().compiled()) > 10
    assert "#define CONFIG_CORE_BASE_SIZE 9\n" in repo.read("build/hello-kvm/include/uk/config.h")
    repo.ok("distclean")
    assert not os.path.exists(repo.path + "/build")
    shutil.rmtree(repo.mirror)
    repo.bad(UK_MIRROR=repo.mirror)


def test_a_failing_link_names_stage_and_library(repo):
    repo.edit("apps/hello/main.c", "return foo_one()", "int nowhere(void);\n\treturn nowhere() + foo_one()")
    r = repo.bad()
    assert "undefined reference to `nowhere'" in r.out
    one_line(r, "error: hello: link: hello_kvm-x86_64.dbg failed")


def test_no_linker_script(repo):
    repo.edit("plat/kvm/Makefile.uk", "UK_LDSCRIPT :=", "NOTHING :=")
    assert "plat/kvm/Makefile.uk: UK_LDSCRIPT is not set" in repo.bad().out
