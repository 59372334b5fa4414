# SPDX-License-Identifier: BSD-3-Clause
"""make dist, make deb and make rpm: the same input gives the same bytes; a tarball builds without a network; a package comes and goes
without a trace."""
import os
import shutil
import subprocess

import pytest

from repo import TOP

DEBS = ("unidom-stubdom", "unidom-run", "unidom-doc")
needs_rpm = pytest.mark.skipif(not shutil.which("rpmbuild"), reason="no rpmbuild here")
needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="no dpkg here")


def run(*command, **kw):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, **kw)


def images(folder):
    """What a build leaves, in short."""
    for plat, suffixes in (("kvm", ("",)), ("xen", (".gz", ".ramdisk"))):
        build = folder / f"qemu-stubdom-{plat}"
        (build / "legal-info/licences").mkdir(parents=True)
        (build / "legal-info/manifest.txt").write_text("what is in it\n")
        (build / f"qemu-stubdom_{plat}-x86_64.cdx.json").write_text("{}\n")
        for suffix in suffixes:
            (build / f"qemu-stubdom_{plat}-x86_64{suffix}").write_text(plat + suffix)
    return folder


def packages(build, out, kind="deb"):
    done = run(os.path.join(TOP, "scripts", kind), "--build", build, out, env=dict(os.environ, SOURCE_DATE_EPOCH="1000000000"))
    assert not done.returncode, done.stderr
    return {name: next(out.glob(f"{name}[_-]*.{kind}")) for name in DEBS}


def files(root):
    """All below @root, by their paths there."""
    return {os.path.relpath(os.path.join(d, f), root) for d, _, names in os.walk(root) for f in names}


@needs_dpkg
def test_packages_are_reproducible(tmp_path):
    first = packages(images(tmp_path / "a"), tmp_path / "out")
    os.umask(0o077)
    try:
        second = packages(images(tmp_path / "b"), tmp_path / "other")
    finally:
        os.umask(0o022)
    assert all(first[name].read_bytes() == second[name].read_bytes() for name in DEBS)
    # What lintian has to say, where it is installed; what is known is in overrides.
    if shutil.which("lintian"):
        done = run("lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags", "broken-gz", *first.values())
        assert not done.returncode, done.stdout


@needs_dpkg
def test_installed_and_removed(tmp_path):
    made = packages(images(tmp_path / "build"), tmp_path / "out")
    root = tmp_path / "root"
    for name in ("updates", "info"):
        (root / "var/lib/dpkg" / name).mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()
    (root / "var/lib/dpkg/available").touch()
    dpkg = ["dpkg", f"--root={root}", "--force-not-root", "--force-depends", "--force-script-chrootless", "--log=/dev/null"]
    done = run(*dpkg, "-i", *made.values())
    assert not done.returncode, done.stderr
    assert (root / "usr/lib/unidom/qemu-stubdom_xen-x86_64.gz").read_text() == "xen.gz"
    assert (root / "usr/share/doc/unidom-doc/docs/xen.md").exists()
    assert (root / "usr/share/doc/unidom-stubdom/legal-info/manifest.txt").exists()
    # The runner finds its image from where it is installed.
    shown = run(root / "usr/lib/unidom/scripts/run", "--json", "--no-guest", env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
    assert str(root / "usr/lib/unidom/build/qemu-stubdom-kvm/qemu-stubdom_kvm-x86_64") in shown.stdout + shown.stderr
    # The script before the removal calls the package's own tool.
    done = run(*dpkg, "--purge", *DEBS, env=dict(os.environ, PATH=f"{root}/usr/sbin:{os.environ['PATH']}"))
    assert not done.returncode, done.stderr
    assert not [os.path.join(d, f) for d, _, fs in os.walk(root / "usr") for f in fs]


@needs_rpm
def test_rpm_packages(tmp_path):
    """The same bytes each time; the same files as Debian's, but for what each kind has by itself; installed and removed without a trace."""
    made = packages(images(tmp_path / "a"), tmp_path / "out", "rpm")
    other = packages(images(tmp_path / "b"), tmp_path / "other", "rpm")
    assert all(made[name].read_bytes() == other[name].read_bytes() for name in DEBS)
    root = tmp_path / "root"
    rpm = ["rpm", "--root", root, "--nodeps"]
    done = run(*rpm, "-i", *made.values())
    assert not done.returncode, done.stderr
    assert (root / "usr/lib/unidom/qemu-stubdom_xen-x86_64.gz").read_text() == "xen.gz"
    shown = run(root / "usr/lib/unidom/scripts/run", "--json", "--no-guest", env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
    assert str(root / "usr/lib/unidom/build/qemu-stubdom-kvm/qemu-stubdom_kvm-x86_64") in shown.stdout + shown.stderr
    if shutil.which("dpkg-deb"):
        for name, deb in packages(images(tmp_path / "c"), tmp_path / "debs").items():
            run("dpkg-deb", "-x", deb, tmp_path / "x" / name)
        wanted = set().union(*(files(tmp_path / "x" / name) for name in DEBS))
        assert {f for f in wanted if not f.endswith(("/copyright", "/changelog.gz")) and "lintian" not in f} <= files(root)
    done = run(*rpm, "-e", "--noscripts", *DEBS)
    assert not done.returncode, done.stderr
    assert not [d for d in ("usr/lib/unidom", "usr/share/doc/unidom-doc", "usr/bin/unidom-run") if (root / d).exists()]


@needs_dpkg
def test_default_names(tmp_path):
    """unidom-stubdom-default makes alternatives under libxl's names, and takes them away."""
    made = packages(images(tmp_path / "build"), tmp_path / "out")
    run("dpkg-deb", "-x", made["unidom-stubdom"], tmp_path / "x")
    tool = tmp_path / "x/usr/sbin/unidom-stubdom-default"
    (tmp_path / "boot").mkdir()
    # A stand-in for update-alternatives, which knows one root only.
    stand_in = tmp_path / "bin/update-alternatives"
    stand_in.parent.mkdir()
    stand_in.write_text("#!/bin/sh\necho \"$@\"\n")
    stand_in.chmod(0o755)
    env = dict(os.environ, PATH=f"{stand_in.parent}:{os.environ['PATH']}")
    text = run(tool, "install", tmp_path / "boot", env=env).stdout
    assert f"--install {tmp_path}/boot/qemu-stubdom-linux-kernel" in text and "qemu-stubdom_xen-x86_64.ramdisk" in text
    assert run(tool, "remove", tmp_path / "boot", env=env).stdout.startswith("--quiet --remove qemu-stubdom-")
    assert run(tool, "sing").returncode == 2


def test_tarball_builds_without_a_network(repo, tmp_path):
    repo.copy_scripts("dist", "packlib", "legalinfo")
    repo.ok("dist")
    data = repo.read("build/packages/unidom-%s.tar.gz" % repo.read("VERSION").strip(), "rb")
    os.utime(repo.path + "/Makefile")
    repo.ok("dist")
    assert data == repo.read("build/packages/unidom-%s.tar.gz" % repo.read("VERSION").strip(), "rb")
    (tmp_path / "t.tar.gz").write_bytes(data)
    run("tar", "-xf", tmp_path / "t.tar.gz", "-C", tmp_path)
    other, = tmp_path.glob("unidom-*")
    assert (other / "build/dl/foo-1.0.tar.gz").exists()
    repo.path = str(other)
    repo.ok("OFFLINE=1", UK_MIRROR="")
    os.unlink(str(other) + "/build/dl/foo-1.0.tar.gz")
    r = repo.bad("dist", "OFFLINE=1", UK_MIRROR="")
    assert "OFFLINE=1 forbids the network" in r.out
