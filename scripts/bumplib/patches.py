# SPDX-License-Identifier: BSD-3-Clause
"""A port's patches on another tree: which apply as they are, which upstream has taken, which must be made anew."""
import importlib.util
import os
import shutil

from fetchlib.debian import run


def tree_tool(root):
    """mk/tree.py, which applies patches for the build."""
    spec = importlib.util.spec_from_file_location("tree", os.path.join(root, "mk", "tree.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reversible(patch, tree):
    """Whether all of a patch is in the tree already."""
    return run(["patch", "-p1", "-F0", "-f", "-s", "-r", "-", "-R", "--dry-run", "-d", tree, "-i", os.path.abspath(patch)]).returncode == 0


def judge(root, paths, pristine, work):
    """Of patches at @paths ([those that apply], [those that upstream has], [(patch, why not)]) on a copy, at @work, of the unpatched tree
    @pristine."""
    tool = tree_tool(root)
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(pristine, work, symlinks=True)
    good, taken, bad = [], [], []
    try:
        for patch in paths:
            if reversible(patch, work):
                taken.append(patch)
                continue
            try:
                tool.apply_patch(patch, work, dry=True)
            except tool.Fail as e:
                bad.append((patch, str(e)))
                continue
            tool.apply_patch(patch, work)
            good.append(patch)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return good, taken, bad
