# SPDX-License-Identifier: BSD-3-Clause
"""Our ports with several release lines: to each line's archive its patches apply, and the files that its lists name are there. Nothing is
compiled."""
import glob
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


def rows(line):
    """(condition, source) of a line's lists."""
    for path in sorted(glob.glob("%s/libs/qemu/%s/lists/*.mk" % (TOP, line))):
        with open(path, encoding="utf-8") as f:
            yield from re.findall(r"^\w+_SRCS-(\S.*) \+= \$\(\w+\)/(\S+)$", f.read(), re.M)


@pytest.mark.parametrize("_,line", lines("qemu"))
def test_what_the_makefile_says_of_a_source_holds_in_each_line(_, line):
    """Upstream moves sources from one of its libraries to another: a flag for one that is not there is silently for nobody."""
    with open(TOP + "/libs/qemu/Makefile.uk", encoding="utf-8") as f:
        text = f.read()
    named = re.findall(r"\$\(call libqemu_(?:flags,\S+?|without),([\w/.-]+\.c)", text)
    named += [s for many in re.findall(r"\$\(foreach s,([^,]*),\$\(call libqemu_flags", text) for s in many.split()]
    assert len(named) >= 13 and set(named) <= {s for _, s in rows(line)}, set(named) - {s for _, s in rows(line)}
    # The other way to say it is for sources that this file itself adds.
    added = {os.path.basename(s)[:-2].upper().replace("-", "_") for s in re.findall(r"[\w/.-]+\.c\b", text) if s not in named}
    parts = {os.path.basename(p)[:-3].upper() for p in glob.glob(TOP + "/libs/qemu/*/lists/*.mk")}
    flags = re.findall(r"^LIBQEMU_(%s)_(\w+)_FLAGS-" % "|".join(parts), text, re.M)
    assert {source for _, source in flags} <= added, flags


@pytest.mark.parametrize("_,line", lines("qemu"))
def test_the_translator_s_folders_need_the_translator(_, line):
    """Upstream's build does not look into them without it, and says so nowhere else."""
    without = [s for condition, s in rows(line) if s.startswith(("tcg/", "accel/tcg/")) and "$(CONFIG_LIBQEMU_TCG)" not in condition]
    assert not without, without
