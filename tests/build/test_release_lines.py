# SPDX-License-Identifier: BSD-3-Clause
"""Our ports with several release lines: to each line's archive its patches apply, and the files that its lists name are there. Nothing is
compiled."""
import os
import re
import subprocess
import sys

import pytest

from repo import TOP

sys.path.insert(0, os.path.join(TOP, "scripts"))

from bumplib.patches import tree_tool  # noqa: E402
from bumplib.port import Port, line_patches, sources  # noqa: E402
from portlib import reference  # noqa: E402

DOWNLOADS = os.environ.get("DL") or os.path.join(os.environ.get("UNIDOM_BUILD") or os.path.join(TOP, "build"), "dl")


def lines(name):
    return [(name, pin.line) for pin in Port(TOP, name).pins if pin.line]


def archive(port, pin):
    path = os.path.join(DOWNLOADS, pin.archive())
    command = [os.path.join(TOP, "scripts/fetch"), "--name", port.lib, "--dl", DOWNLOADS, "--file", pin.archive(),
               "--sha256", pin.fields["SHA256"], "--debsrc", pin.fields["DEBSRC"]]
    got = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not got.returncode, got.stdout + got.stderr
    return path


def patched(patches):
    """(files that the patches change, files that they make), in their order."""
    changed, made = set(), set()
    for path in patches:
        with open(path, encoding="utf-8") as f:
            for old, new in re.findall(r"^--- (\S+).*\n\+\+\+ [^/\s]+/(\S+)", f.read(), re.M):
                if old == "/dev/null":
                    made.add(new)
                elif new not in made:
                    changed.add(new)
    return changed, made


@pytest.mark.parametrize("name,line", lines("qemu"))
def test_patches_apply_and_listed_files_are_there(name, line, tmp_path):
    port = Port(TOP, name)
    pin, patches = next(p for p in port.pins if p.line == line), line_patches(port.folder, line)
    listed = {s for names in sources(TOP, name, line).values() for s in names}
    assert len(listed) > 900 and patches
    changed, made = patched(patches)
    top = "qemu-" + pin.version
    names = "".join("%s/%s\n" % (top, n) for n in sorted((listed | changed) - made))
    # Asks for these files alone; tar names those that are not in the archive.
    got = subprocess.run(["tar", "-xf", archive(port, pin), "-C", str(tmp_path), "-T", "-"], input=names, capture_output=True, text=True,
                         check=False)
    assert not got.returncode, got.stderr
    tool = tree_tool(TOP)
    for patch in patches:
        tool.apply_patch(patch, str(tmp_path / top))


@pytest.mark.parametrize("name,line", lines("qemu") + lines("xentools"))
def test_the_menu_offers_the_line(name, line):
    port = Port(TOP, name, line)
    with open(port.folder + "/Config.uk", encoding="utf-8") as f:
        text = f.read()
    symbol = port.symbol().removeprefix("CONFIG_")
    assert "\nconfig %s\n" % symbol in text
    if os.path.exists("%s/%s/Config.devices.uk" % (port.folder, line)):
        assert 'if %s\nsource "libs/%s/%s/Config.devices.uk"\nendif\n' % (symbol, name, line) in text


@pytest.mark.parametrize("name,line", lines("qemu"))
def test_native_build_is_of_the_image_s_line(name, line, tmp_path):
    """With the archives of all lines at hand, too."""
    config = tmp_path / ".config"
    config.write_text("# CONFIG_LIBQEMU_9_9 is not set\nCONFIG_LIBQEMU_%s=y\n" % line.replace(".", "_"), encoding="ascii")
    port = Port(TOP, name)
    for pin in port.pins:
        archive(port, pin)
    want = next(p for p in port.pins if p.line == line)
    assert reference.tarball_of(config, DOWNLOADS) == os.path.join(DOWNLOADS, want.archive())
