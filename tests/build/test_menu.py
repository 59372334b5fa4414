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
