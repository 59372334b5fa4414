# SPDX-License-Identifier: BSD-3-Clause
"""What can be wrong around a build beside its input: one clear line, nothing half-done, and the next correct run succeeds."""
import os
import shutil
import subprocess
import time

import pytest

from repo import PORT


def one_line(result, *words):
    assert result.code and len(result.errors) == 1 and "Traceback" not in result.out, result.out
    assert all(w in result.errors[0] for w in words), result.errors[0]


def mounted(repo, mounts, *command, **env):
    """Runs a command in the repository with other mounts: (status, output)."""
    shell = ["unshare", "-rm", "sh", "-c", mounts + ' && exec "$@"', "x"]
    if subprocess.run([*shell[:-1], "x", "true"], cwd=repo.path, stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("no mount namespaces here")
    p = subprocess.run([*shell, *command], cwd=repo.path, env=repo.env(**env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                       stdin=subprocess.DEVNULL, check=False)
    return p.returncode, p.stdout


def test_file_that_the_archive_lacks(repo):
    repo.edit("libs/foo/Makefile.uk", "LIBFOO_EXTRACT_EXCLUDE", "LIBFOO_EXTRACT := include src templates\nLIBFOO_EXTRACT_EXCLUDE")
    repo.publish({n: t for n, t in PORT.items() if not n.startswith("templates/")})
    one_line(repo.make(), "libfoo: extract and patch:", "foo-1.0.tar.gz", "templates")
    assert repo.trees() == []
    repo.publish({n: t for n, t in PORT.items() if n != "src/two.c"})
    one_line(repo.make(), "libfoo: compile: src/two.c")
    repo.publish(PORT)
    repo.ok()


def test_patch_that_upstream_has(repo):
    repo.publish(dict(PORT, **{"src/one.c": PORT["src/one.c"].replace("return 1;", "return 42;")}))
    one_line(repo.make(), "libfoo: extract and patch:", "0001-answer.patch", "src/one.c")
    assert repo.trees() == []
    os.unlink(repo.path + "/libs/foo/patches/0001-answer.patch")
    repo.ok()


@pytest.mark.parametrize("size", ["8k", "120k", "300k"])
def test_full_disk(repo, size):
    """Full while fetching, unpacking, compiling or linking: the build folder is as good as it was."""
    os.mkdir(repo.path + "/build")
    done, out = mounted(repo, "mount -t tmpfs -o size=%s tmpfs build" % size, "sh", "-c",
                        "make -j1; s=$?; mount -o remount,size=50m build && make -j1 >&2 && exit $s; exit 77")
    assert done not in (0, 77) and "No space left" in out and "Traceback" not in out, out


def test_read_only_source(repo, tmp_path):
    out = str(tmp_path / "out")
    os.mkdir(out)
    read_only = "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\" && ! touch x 2>/dev/null"
    done, text = mounted(repo, read_only, "make", "O=" + out)
    assert not done, text
    assert os.path.getsize(out + "/hello-kvm/hello_kvm-x86_64")
    shutil.rmtree(out)
    done, text = mounted(repo, read_only, "make")
    assert done and "Read-only file system" in text and "Traceback" not in text, text


def test_clock_that_was_set_back(repo):
    """What was built tomorrow would hide what is changed today."""
    repo.ok()
    later = time.time() + 86400
    for folder, _, names in os.walk(repo.path + "/build/hello-kvm"):
        for name in names:
            os.utime(os.path.join(folder, name), (later, later))
    one_line(repo.make(), "build/hello-kvm", "clock", "make clean")
    repo.ok("clean")
    repo.ok()
    assert repo.ok().out == ""


def test_source_of_tomorrow(repo):
    """It was written while the clock was wrong: it is compiled, and make names it."""
    repo.ok()
    repo.edit("apps/hello/main.c", "return 1;", "return 11;")
    later = time.time() + 86400
    os.utime(repo.path + "/apps/hello/main.c", (later, later))
    r = repo.ok()
    assert "app_hello: main.c" in r.compiled() and "in the future" in r.out
