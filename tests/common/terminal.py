# SPDX-License-Identifier: BSD-3-Clause
"""A program in an 80x24 terminal, driven through tmux."""
import os
import shlex
import subprocess
import time


class Terminal:
    def __init__(self, folder, command, env, socket=None):
        self.socket = socket or os.path.join(folder, "tmux")
        exports = " ".join("%s=%s" % (k, shlex.quote(v)) for k, v in env.items())
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

    def jump(self, symbol, shows):
        """Menuconfig's search: go to the entry of @symbol, and wait until the screen shows @shows."""
        self.keys("/")
        self.wait("narrow the search")
        self.keys(symbol, "Enter")
        self.wait("Jump to symbol")
        self.wait(shows)

    def save_and_leave(self):
        self.keys("q")
        self.wait("(Y)es  (N)o")
        self.keys("y")
        self.wait("ended-0")

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False)
