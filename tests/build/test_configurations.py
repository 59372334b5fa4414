# SPDX-License-Identifier: BSD-3-Clause
"""Configurations of this repository drawn at random: what is selected has what it depends on. UNIDOM_CONFIGS=N draws more."""
import glob
import os
import random
import re
import subprocess
import sys

import pytest
from repo import TOP

sys.path.insert(0, os.path.join(TOP, "scripts"))

kconfiglib = pytest.importorskip("kconfiglib")
closure = pytest.importorskip("portlib.closure")
from cilib import configs  # noqa: E402


def test_no_unmet_dependencies():
    menus = closure.Menus(TOP)
    kconf = menus.kconf
    kconf.warn, kconf.warn_to_stderr = True, False
    for seed in range(int(os.environ.get("UNIDOM_CONFIGS", "200"))):
        on = configs.draw(kconf, seed)
        unmet = [w for w in kconf.warnings if "direct dependencies" in w]
        kconf.warnings.clear()
        assert not unmet, "seed %d: %s" % (seed, unmet[0])
        # What the checkers of links and calls take for granted: what a closure has is on.
        some = random.Random(seed).sample(sorted(on), 5)
        for name in some:
            assert menus.closure({name}) - {"y"} <= on, (seed, name, menus.closure({name}) - on)


@pytest.mark.parametrize("plat,executable", [("xen", False), ("kvm", True)])
def test_memory_of_the_product_is_not_executable(tmp_path, plat, executable):
    """On Xen, by its own configuration: nothing in it compiles at run time, nor loads other programs. On KVM there is TCG."""
    command = [sys.executable, "mk/kconfig.py", "--root", TOP, "--out", tmp_path, "--app", "qemu-stubdom", "--plat", plat]
    subprocess.run([*command, "defconfig"], cwd=TOP, check=True)
    on = set(re.findall(r"^CONFIG_(\w+)=y$", (tmp_path / ".config").read_text(), re.M))
    assert {"LIBQEMU", f"PLAT_{plat.upper()}"} <= on
    assert ("MMAP_EXEC" in on) is executable
    assert ("LIBQEMU_TCG" in on) is executable
    assert not {"CORE_USER", "LIBPCRE2_JIT"} & on


@pytest.fixture
def port(tmp_path):
    """The smallest port with a list, and a build of it with everything on."""
    (tmp_path / "Kconfig").write_text(
        "config LIBQEMU\n\tdef_bool y\nconfig LIBQEMU_SYSTEM\n\tdef_bool y\n" + "".join(
            'config LIBQEMU_%s\n\tbool "x"\n' % n for n in ("I440FX", "Q35", "MICROVM", "NIC", "CARD")) + "config LIBQEMU_CORE\n\tbool\n")
    return tmp_path


@pytest.mark.parametrize("text,on,holds", [
    ("y", [], True), ("$(CONFIG_A)", ["A"], True), ("$(CONFIG_A)", [], False), ("$(if $(CONFIG_A),,y)", [], True),
    ("$(and $(CONFIG_A),$(if $(CONFIG_B),,y))", ["A", "B"], False), ("$(and $(CONFIG_A),$(if $(CONFIG_B),,y))", ["A"], True),
    ("$(or $(CONFIG_A),$(CONFIG_B))", ["B"], True),
])
def test_conditions(text, on, holds):
    cond = closure.parse(text)
    assert closure.holds(cond, set(on)) is holds
    assert any(yes <= set(on) and not no & set(on) for yes, no in closure.ways(cond)) is holds


@pytest.mark.parametrize("more,found", [
    ("", {("LIBQEMU_NIC",)}),
    ("config LIBQEMU_NIC\n\tselect LIBQEMU_CORE\n", set()),
    ("config LIBQEMU_MORE\n\tbool\n\tselect LIBQEMU_CORE\nconfig LIBQEMU_NIC\n\tselect LIBQEMU_MORE\n", set()),
    ("config LIBQEMU_NIC\n\tselect LIBQEMU_CORE if LIBQEMU_CARD\n", {("LIBQEMU_NIC",)}),
    ("config LIBQEMU_NIC\n\timply LIBQEMU_CORE\n", {("LIBQEMU_NIC",)}),
])
def test_a_missing_select_is_found(port, more, found):
    with open(port / "Kconfig", "a", encoding="utf-8") as f:
        f.write(more)
    objects = closure.Objects.__new__(closure.Objects)
    objects.tree, objects.asked = str(port), {}
    objects.conds = {("libqemu_common", "nic"): "LIBQEMU_NIC", ("libqemu_common", "core"): "LIBQEMU_CORE",
                     ("libqemu_common", "main"): True, ("libqemu_common", "stub"): ("not", "LIBQEMU_CORE")}
    objects.wants = {("libqemu_common", "nic"): {"core_send", "card_reset", "memcpy"}, ("libqemu_common", "main"): {"card_reset"}}
    objects.has = {"core_send": {("libqemu_common", "core")}, "card_reset": {("libqemu_common", "core"), ("libqemu_common", "stub")},
                   "memcpy": {"libmusl/memcpy.o"}}
    assert {tuple(on) for on, *_ in closure.missing(objects, closure.Menus(str(port)))} == found


def drawn(repo, *words):
    repo.copy_scripts("test-configs", "cilib", "portlib", "bumplib")
    p = subprocess.run(["scripts/test-configs", "--apps", "hello", "--plats", "kvm", "--no-boot", *words], cwd=repo.path, env=repo.env(),
                       capture_output=True, text=True, check=False)
    return p.returncode, p.stdout


def test_drawn_configuration_is_built(repo):
    repo.write("libs/foo/Config.uk", repo.read("libs/foo/Config.uk") +
               '\nconfig LIBFOO_LONELY\n\tbool "Calls what is not there"\n\tdepends on LIBFOO\n')
    repo.write("libs/foo/glue/lonely.c", "int foo_absent(void);\nint foo_lonely(void);\nint foo_lonely(void) { return foo_absent(); }\n")
    repo.edit("libs/foo/glue/one.c", "{", "{\n#ifdef CONFIG_LIBFOO_LONELY\n\tint foo_lonely(void);\n\n\tfoo_lonely();\n#endif")
    repo.edit("libs/foo/Makefile.uk", "LIBFOO_CFLAGS-", "LIBFOO_SRCS-$(CONFIG_LIBFOO_LONELY) += $(LIBFOO_BASE)/glue/lonely.c\nLIBFOO_CFLAGS-")
    code, out = drawn(repo, "--seed", "4", "--number", "2")
    assert out.startswith("ok 4 "), out
    assert code == 1 and "undefined reference to `foo_absent'; next: scripts/test-configs --seed" in out, out
    assert glob.glob(repo.path + "/build/configs/*.config"), out
