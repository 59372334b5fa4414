# SPDX-License-Identifier: BSD-3-Clause
"""Hooks of pytest for conftest.py: what is marked nightly runs only when asked for with -m nightly."""


def pytest_configure(config):
    config.addinivalue_line("markers", "nightly: takes long; only when asked for with -m nightly")


def pytest_collection_modifyitems(config, items):
    if "nightly" not in config.option.markexpr:
        late = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=late)
        items[:] = [item for item in items if item not in late]
