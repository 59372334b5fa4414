# SPDX-License-Identifier: BSD-3-Clause
"""scripts/new-port: the files of a port from an archive, which build as they are; whatever is not plain is asked for."""
import hashlib
import os
import subprocess

import pytest

from repo import tarball

MIT = "Permission is hereby granted, free of charge, to any person\n"
GNU = "                    GNU GENERAL PUBLIC LICENSE\n                       Version 2, June 1991\n"
LIBRARY = {
    "COPYING": MIT, "CMakeLists.txt": "add_library(baz lib/baz.c)\n", "lib/baz.h": "int baz(void);\n",
    "lib/inner/more.h": "int more(void);\n", "lib/inner/more.c": "#include \"more.h\"\nint more(void) { return 2; }\n",
    "lib/baz.c": "#include <baz.h>\n#include <more.h>\nint baz(void) { return 40 + more(); }\n",
    "lib/example.c": "#error no part of it\n", "lib/baz-arm64.S": "no such instruction\n", "lib/baz-amd64.S": ".globl fast\nfast:\tret\n",
    "tests/test.c": "#error no part of it\n", "programs/main.c": "#error no part of it\n",
}
URL = "https://127.0.0.1:1/v1.25/baz-1.25.tar.gz"


@pytest.fixture
def repo(repo):
    repo.copy_scripts("new-port", "portlib", "bumplib")
    return repo


def offer(repo, **changed):
    files = {name: text for name, text in dict(LIBRARY, **changed).items() if text is not None}
    publish(repo, tarball(files, "baz-1.25"))


def publish(repo, data):
    """On the mirror, and not in the download folder."""
    repo.write("mirror/baz-1.25.tar.gz", data)
    subprocess.run(["rm", "-rf", repo.path + "/build/dl"], check=True)


def new_port(repo, *words, name="baz", url=URL):
    """(status, output)."""
    p = subprocess.run(["scripts/new-port", name, url, *words], cwd=repo.path, env=repo.env(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       stdin=subprocess.DEVNULL, text=True, check=False)
    assert "Traceback" not in p.stdout, p.stdout
    return p.returncode, p.stdout


def refused(repo, *parts, words=(), **names):
    """One line that has these parts, and nothing left behind."""
    code, out = new_port(repo, *words, **names)
    assert code == 1 and out.startswith("error: new-port: ") and out.count("\n") == 1 and all(p in out for p in parts), out
    assert sorted(os.listdir(repo.path + "/libs")) == ["bar", "foo"]


def test_port_builds_and_links(repo):
    offer(repo)
    code, out = new_port(repo, "--what", "an answer")
    assert not code and "libs/baz: 3 sources, headers in lib, licence MIT" in out and "left out: lib/example.c" in out, out
    assert "CMakeLists.txt" in out and "the hash is that of this download" in out
    text = repo.read("libs/baz/Makefile.uk")
    assert hashlib.sha256(repo.read("mirror/baz-1.25.tar.gz", "rb")).hexdigest() in text
    assert "LIBBAZ_URL := https://127.0.0.1:1/v$(LIBBAZ_VERSION)/baz-$(LIBBAZ_VERSION).tar.gz\n" in text
    repo.edit("libs/baz/Config.uk", "\tselect LIBMUSL\n", "")  # which this small repository does not have
    repo.edit("apps/hello/Config.uk", "select LIBBAR", "select LIBBAR\n\tselect LIBBAZ")
    repo.edit("apps/hello/main.c", "int main(void)\n{", "#include <baz.h>\n\nint main(void)\n{\n\tif (baz() != 42)\n\t\treturn 1;")
    assert {"libbaz: lib/baz.c", "libbaz: lib/inner/more.c", "libbaz: lib/baz-amd64.S"} <= set(repo.ok().compiled())
    tree = repo.path + "/build/src/" + next(t for t in repo.trees() if t.startswith("baz-1.25"))
    listed = subprocess.run(["sh", "libs/baz/sources.sh", tree], cwd=repo.path, capture_output=True, text=True, check=True).stdout
    assert listed == repo.read("libs/baz/sources.mk")


def test_look_writes_nothing(repo):
    offer(repo)
    code, out = new_port(repo, "--look")
    assert not code and "lib/inner" in out and "<- the library?" in out and "public headers: lib" in out and "COPYING (MIT)" in out
    assert sorted(os.listdir(repo.path + "/libs")) == ["bar", "foo"]


def test_header_that_configuration_makes_is_named(repo):
    offer(repo, **{"lib/baz.c": '#include "config.h"\nint baz(void);\n'})
    assert "included, and not in the archive: config.h; libs/baz/glue" in new_port(repo)[1]


def test_sources_at_the_top(repo):
    files = {n.rpartition("/")[2]: t for n, t in LIBRARY.items() if n.startswith("lib/") or n == "COPYING"}
    publish(repo, tarball(files, "baz-1.25"))
    code, out = new_port(repo)
    assert not code and "headers in ., " in out and "COPYING *.c *.h\n" in repo.read("libs/baz/Makefile.uk"), out


def test_what_is_not_plain_is_asked_for(repo):
    offer(repo, LICENSE=GNU)
    refused(repo, "the licence is not plain", "COPYING: MIT", "LICENSE: GPL-2.0", "--licence")
    offer(repo, COPYING=GNU)
    refused(repo, "COPYING: GPL-2.0")
    offer(repo, COPYING=None)
    refused(repo, "no text")
    offer(repo, COPYING="Do what you like.\n")
    refused(repo, "COPYING: unknown")
    offer(repo)
    refused(repo, "no C files in source/none", words=("--sources", "source/none"))


def test_wrong_words(repo):
    offer(repo)
    refused(repo, "is no name for a port", name="Baz/..")
    refused(repo, "libs/foo is there already", name="foo")
    refused(repo, "is not an address with a version", url="baz.tar.gz")
    refused(repo, "is not an address with a version", url="https://127.0.0.1:1/baz.tar.gz")
    refused(repo, "sha256 mismatch", words=("--sha256", "0" * 64))
    publish(repo, b"no archive")
    refused(repo, "is not an archive that tar can read")
    repo.write("mirror/baz-1.25.tar.gz", b"<!DOCTYPE html>")
    refused(repo, "a web page")
    os.unlink(repo.path + "/mirror/baz-1.25.tar.gz")
    refused(repo, "no source has it")
