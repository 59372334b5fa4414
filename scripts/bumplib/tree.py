# SPDX-License-Identifier: BSD-3-Clause
"""A copy of the checkout in which a bump is tried: only what is green comes back, so a failure or a kill leaves the checkout as it was."""
import hashlib
import os
import shutil

from fetchlib.debian import Fail

LEFT_OUT = {".git", "build", "__pycache__", ".pytest_cache"}


def digest(path):
    if os.path.islink(path):
        return "link " + os.readlink(path)
    with open(path, "rb") as f:
        return "%o %s" % (os.stat(path).st_mode & 0o777, hashlib.sha256(f.read()).hexdigest())


def files(root):
    """{path below root: what it holds}."""
    found = {}
    for folder, dirs, names in os.walk(root):
        dirs[:] = [d for d in dirs if d not in LEFT_OUT]
        for name in names:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, root)] = digest(path)
    return found


class Copy:
    """The checkout at @source, copied to @path; @out is its output folder, which the next attempt finds again."""

    def __init__(self, source, path):
        self.source, self.path, self.out = source, path, os.path.join(path, "build")
        os.makedirs(path, exist_ok=True)
        have, want = files(path), files(source)
        for name in sorted(set(have) | set(want)):
            if have.get(name) != want.get(name):
                self.put(os.path.join(source, name), os.path.join(path, name), new=True)
        self.before = files(path)
        self.changed = {}

    def settle(self):
        """What has been changed by now is the bump; what tests leave behind later is not."""
        after = files(self.path)
        self.changed = {n: after.get(n) for n in sorted(set(after) | set(self.before)) if after.get(n) != self.before.get(n)}

    def revert(self):
        """Takes the change back in the copy, until apply(): the image before is built in the same folder as the one after."""
        kept = os.path.join(self.out, "kept")
        shutil.rmtree(kept, ignore_errors=True)
        for name in self.changed:
            self.put(os.path.join(self.path, name), os.path.join(kept, name))
            self.put(os.path.join(self.source, name), os.path.join(self.path, name), new=True)

    def apply(self):
        for name in self.changed:
            self.put(os.path.join(self.out, "kept", name), os.path.join(self.path, name), new=True)

    def deliver(self):
        """Puts the change into the checkout; all of it, or nothing."""
        for name in self.changed:
            target = os.path.join(self.source, name)
            have = digest(target) if os.path.lexists(target) else None
            if have != self.before.get(name):
                raise Fail("%s was changed meanwhile; next: run it again" % name)
        undo = os.path.join(self.out, "undo")
        shutil.rmtree(undo, ignore_errors=True)
        for name in self.changed:
            self.put(os.path.join(self.source, name), os.path.join(undo, name))
        done = []
        try:
            for name in self.changed:
                done.append(name)
                self.put(os.path.join(self.path, name), os.path.join(self.source, name))
        except (OSError, KeyboardInterrupt):
            for name in done:
                self.put(os.path.join(undo, name), os.path.join(self.source, name))
            raise

    @staticmethod
    def put(source, target, new=False):
        """Makes @target what @source is, also if that is not there; with the time of now if make is to see it as @new."""
        if not os.path.lexists(source):
            if os.path.lexists(target):
                os.unlink(target)
            return
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(source, target + ".bump", follow_symlinks=False)
        if new and not os.path.islink(target + ".bump"):
            os.utime(target + ".bump")
        os.replace(target + ".bump", target)
