# SPDX-License-Identifier: BSD-3-Clause
"""A compiler cache (ccache): what it may share, and that it changes nothing."""
import os
import re
import subprocess

from repo import Repo


def hits(folder):
    p = subprocess.run(["ccache", "--print-stats"], env=dict(os.environ, CCACHE_DIR=folder), stdout=subprocess.PIPE, text=True, check=True)
    numbers = dict(re.findall(r"^(\w+)\t(\d+)$", p.stdout, re.M))
    return sum(int(numbers[n]) for n in ("direct_cache_hit", "preprocessed_cache_hit")), int(numbers["cache_miss"])


def outputs(folder):
    files = {}
    for suffix in ("", ".dbg", ".gz"):
        with open(os.path.join(folder, "hello-kvm/hello_kvm-x86_64" + suffix), "rb") as f:
            files[suffix] = f.read()
    return files


def test_another_output_folder_compiles_nothing_again(repo, tmp_path):
    cache = str(tmp_path / "cache")
    plain, first, second = (str(tmp_path / n) for n in ("plain", "first", "deeper/second"))
    repo.ok("O=" + plain, "CCACHE=")
    repo.ok("O=" + first, CCACHE_DIR=cache)
    had, compiled = hits(cache)
    assert (had, compiled > 0) == (0, True)
    repo.ok("O=" + second, CCACHE_DIR=cache)
    assert hits(cache) == (compiled, compiled)
    assert outputs(plain) == outputs(first) == outputs(second)


def test_another_configuration_compiles_what_reads_the_option(repo, tmp_path):
    cache = str(tmp_path / "cache")
    repo.ok("O=" + str(tmp_path / "first"), CCACHE_DIR=cache)
    had, compiled = hits(cache)
    repo.ok("O=" + str(tmp_path / "second"), "defconfig", CCACHE_DIR=cache)
    repo.edit(str(tmp_path / "second/hello-kvm/.config"), "CONFIG_CORE_BASE_SIZE=8", "CONFIG_CORE_BASE_SIZE=9")
    repo.ok("O=" + str(tmp_path / "second"), CCACHE_DIR=cache)
    assert hits(cache) == (had + compiled - 1, compiled + 1)


def test_what_is_rebuilt_does_not_depend_on_the_cache(repo, tmp_path):
    cache = str(tmp_path / "cache")
    for folder in ("first", "second"):
        o = "O=" + str(tmp_path / folder)
        repo.ok(o, CCACHE_DIR=cache)
        assert repo.ok(o, CCACHE_DIR=cache).out == ""
    repo.edit("libs/bar/include/bar.h", "int bar_get(void);", "int bar_get(void); /* changed */")
    for folder in ("first", "second"):
        assert repo.ok("O=" + str(tmp_path / folder), CCACHE_DIR=cache).compiled() == \
            ["app_hello: main.c", "libbar: bar.c", "libbar_more: more.c"]


def test_a_cache_without_a_place_is_not_used(repo, tmp_path):
    """As for a user without a home, which package builders are."""
    (tmp_path / "file").write_text("in the way")
    repo.ok(CCACHE_DIR=str(tmp_path / "file" / "cache"))
    other = Repo(tmp_path / "other")
    other.ok(HOME=str(tmp_path / "file"), XDG_CACHE_HOME="")
    assert not os.path.exists(other.path + "/build/.cache")
