# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the build tests."""
import pytest

from repo import Repo


@pytest.fixture
def repo(tmp_path):
    return Repo(tmp_path / "repo")
