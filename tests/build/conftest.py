# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the build tests."""
import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "common"))

from repo import Repo  # noqa: E402


@pytest.fixture
def repo(tmp_path):
    return Repo(tmp_path / "repo")
