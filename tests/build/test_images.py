# SPDX-License-Identifier: BSD-3-Clause
"""The tests' images are those that everybody gets, whatever somebody has chosen in a menu, or a configuration is older than."""
import os
import sys

import pytest

from repo import TOP

sys.path.insert(0, os.path.join(TOP, "tests", "common"))

import images  # noqa: E402  pylint: disable=wrong-import-position


@pytest.fixture(name="folder")
def _folder(monkeypatch, tmp_path):
    """folder(): where helloworld is built, BUILD being a folder of the test's."""
    monkeypatch.setattr(images, "BUILD", str(tmp_path))

    def found():
        images.default_folder.cache_clear()
        return images.default_folder("helloworld", "kvm")

    yield found
    images.default_folder.cache_clear()


def test_default_configuration(folder, tmp_path):
    assert folder() == str(tmp_path)
    images.run_make("APP=helloworld", "PLAT=kvm", f"O={tmp_path}", "defconfig")
    assert folder() == str(tmp_path)


def test_somebodys_configuration(folder, tmp_path):
    images.run_make("APP=helloworld", "PLAT=kvm", f"O={tmp_path}", "defconfig")
    mine, other = tmp_path / "helloworld-kvm/.config", tmp_path / "default/helloworld-kvm/.config"
    default = mine.read_text()
    mine.write_text(default.replace("# CONFIG_OPTIMIZE_SIZE is not set", "CONFIG_OPTIMIZE_SIZE=y"))
    chosen = mine.read_text()
    for _ in range(2):
        assert chosen != default and folder() == str(tmp_path / "default")
        assert mine.read_text() == chosen and other.read_text() == default
        other.write_text("")
