# SPDX-License-Identifier: BSD-3-Clause
"""docs/porting.md is followed to the letter: from the archive to a program in an image."""

import os

import document
import pytest
from machine import TOP

DOWNLOADS = os.path.join(os.environ.get("UNIDOM_BUILD", os.path.join(TOP, "build")), "dl")


@pytest.mark.nightly
def test_the_documents_commands(tmp_path):
    folder = document.copy(str(tmp_path / "unidom"))
    status, out = document.run(document.commands("docs/porting.md"), folder, os.environ.get("DL", DOWNLOADS))
    assert not status, out
    assert all(f"level {level}: 100000 bytes" in out for level in (1, 5, 9)), out
    assert out.count("packed, and back") == 3, out
