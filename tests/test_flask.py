# SPDX-License-Identifier: BSD-3-Clause
"""docs/unidom.te, the policy for Xen's FLASK, compiled with the policy of the supported versions' own archives."""
import functools
import shutil
import subprocess
import sys

import pytest

from test_xen_abi import TOP

sys.path.append(str(TOP / "tests/common"))

import xen_archive  # noqa: E402

POLICY = "tools/flask/policy"
# What no stubdomain may have on the domains of others, on dom0 and on Xen itself, whatever the policy's macros give it.
NEVER = """
neverallow unidom_t { domU_t nomigrate_t }:{ mmu hvm grant shadow domain domain2 } *;
neverallow unidom_t dom0_t:{ mmu hvm shadow domain domain2 } *;
neverallow unidom_t xen_t:xen { settime setscheduler heap kexec microcode firmware mtrr_add mtrr_del writeapic };
neverallow unidom_guest_t unidom_t:{ mmu hvm grant shadow domain domain2 } *;
"""

MISSING = [tool for tool in ("checkpolicy", "m4") if not shutil.which(tool)]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"{MISSING} missing; next: scripts/bootstrap --test")


@functools.lru_cache
def policy_of(version):
    return xen_archive.files(version, (POLICY, "xen/xsm/flask/policy"))


def compiled(version, folder, policy):
    """What checkpolicy says of Xen @version's policy with @policy as a module more."""
    for path, content in policy_of(version).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / POLICY / "modules/unidom.te").write_text(policy)
    with open(folder / POLICY / "modules/modules.conf", "a", encoding="utf-8") as f:
        f.write("unidom = on\n")
    command = ["make", "-f", "Makefile.common", f"FLASK_BUILD_DIR={folder}", f"XEN_FULLVERSION={version}"]
    return subprocess.run(command, cwd=folder / POLICY, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", xen_archive.VERSIONS)
def test_compiles(tmp_path, version):
    done = compiled(version, tmp_path, (TOP / "docs/unidom.te").read_text() + NEVER)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / f"xenpolicy-{version}").stat().st_size > 10000


TOO_MUCH = ["manage_domain(unidom_t, domU_t)", "allow unidom_t dom0_t:mmu map_read;", "allow unidom_t xen_t:xen kexec;", "no_macro(unidom_t)"]


@pytest.mark.parametrize("more", TOO_MUCH)
def test_refused(tmp_path, more):
    """The rules above would find a policy that gives too much, and the compiler one that means nothing."""
    done = compiled(xen_archive.VERSIONS[0], tmp_path, f"{(TOP / 'docs/unidom.te').read_text()}\n{more}\n{NEVER}")
    assert done.returncode != 0, done.stdout
