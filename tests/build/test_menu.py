# SPDX-License-Identifier: BSD-3-Clause
"""The curses menu in an 80x24 terminal."""
from terminal import Terminal


def test_menuconfig(repo):
    repo.ok()
    env = repo.env()
    term = Terminal(repo.path, "make menuconfig", {k: env[k] for k in ("UK_MIRROR", "BOOTSTRAP", "APP")})
    try:
        screen = term.wait("Unidom configuration")
        assert max(len(l) for l in screen.splitlines()) <= 80
        for entry in ("Architecture", "Platform", "Core", "Libraries", "Application", "Image"):
            assert entry in screen
        term.jump("CORE_BASE_LOUD", "[ ] Loud")
        term.keys("y")
        term.wait("[*] Loud")
        term.save_and_leave()
    finally:
        term.close()
    assert "CONFIG_CORE_BASE_LOUD=y\n" in repo.read("build/hello-kvm/.config")
    assert repo.ok().compiled() == ["core_base: loud.c"]


def test_another_platform_or_application_is_followed(repo):
    repo.write("plat/xen/Choice.uk", 'config PLAT_XEN\n\tbool "Xen"\n')
    for name in ("Makefile.uk", "Config.uk"):
        repo.write("plat/xen/" + name, repo.read("plat/kvm/" + name).replace("plat_kvm", "plat_xen").replace("PLAT_KVM", "PLAT_XEN"))
    for name in ("start.c", "link.lds.S", "exportsyms.uk"):
        repo.write("plat/xen/" + name, repo.read("plat/kvm/" + name))
    repo.ok()
    before = repo.read("build/hello-kvm/.config")
    env = repo.env()
    term = Terminal(repo.path, "make menuconfig", {k: env[k] for k in ("UK_MIRROR", "BOOTSTRAP", "APP")})
    try:
        term.wait("Unidom configuration")
        term.jump("PLAT_XEN", "( ) Xen")
        term.keys("y")
        term.save_and_leave()
        screen = term.wait("PLAT=xen")
        assert "savedasbuild/hello-xen/.config" in "".join(screen.split())
    finally:
        term.close()
    assert repo.read("build/hello-kvm/.config") == before and repo.ok().out == ""
    assert "CONFIG_PLAT_XEN=y\n" in repo.read("build/hello-xen/.config")
    repo.ok("apps/hello", "PLAT=xen")
    assert "CONFIG_PLAT_XEN=y\n" in repo.read("build/hello-xen/.config")
