# SPDX-License-Identifier: BSD-3-Clause
"""The curses menu in an 80x24 terminal, driven through tmux."""
import os
import shlex
import shutil
import subprocess
import time

import pytest


class Terminal:
    def __init__(self, folder, command, env):
        self.socket = os.path.join(folder, "tmux")
        exports = " ".join("%s=%s" % (k, shlex.quote(env[k])) for k in ("UK_MIRROR", "BOOTSTRAP", "APP"))
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "-c", folder,
                  # What an outer make exports is not for this one.
                  "env -i PATH=$PATH HOME=$HOME TERM=screen %s %s; echo ended-$?; sleep 60" % (exports, command))

    def tmux(self, *args):
        return subprocess.run(["tmux", "-S", self.socket] + list(args), stdout=subprocess.PIPE, text=True,
                              check=True).stdout

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def wait(self, text, seconds=30):
        end = time.time() + seconds
        while time.time() < end:
            if text in self.screen():
                return self.screen()
            time.sleep(0.1)
        raise AssertionError("no %r on the screen:\n%s" % (text, self.screen()))

    def keys(self, *keys):
        for k in keys:
            self.tmux("send-keys", k)
            time.sleep(0.15)

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False)


@pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is missing")
def test_menuconfig(repo):
    repo.ok()
    term = Terminal(repo.path, "make menuconfig", repo.env())
    try:
        screen = term.wait("Unidom configuration")
        assert max(len(l) for l in screen.splitlines()) <= 80
        for entry in ("Architecture", "Platform", "Core", "Libraries", "Application", "Image"):
            assert entry in screen
        # The search: '/', a name, to the symbol, switch it on, save, leave. Each key waits for its screen.
        term.keys("/")
        term.wait("narrow the search")
        term.keys("CORE_BASE_LOUD", "Enter")
        term.wait("Jump to symbol")
        term.wait("[ ] Loud")
        term.keys("y")
        term.wait("[*] Loud")
        term.keys("q")
        term.wait("(Y)es  (N)o")
        term.keys("y")
        term.wait("ended-0")
    finally:
        term.close()
    assert "CONFIG_CORE_BASE_LOUD=y\n" in repo.read("build/hello-kvm/.config")
    assert repo.ok().compiled() == ["core_base: loud.c"]
