# SPDX-License-Identifier: BSD-3-Clause
"""Upstream's test suites inside an image, apps/suites*: one boot a line of apps/suites*/*/runs. "pytest -m nightly" chooses those
marked "nightly:", which take long.

What does not hold here is in a file "limits" beside it.
"""

import concurrent.futures
import glob
import os
import shlex

import pytest

import listed
from machine import TOP, outcome

FOLDERS = [os.path.dirname(f) for f in sorted(glob.glob(os.path.join(TOP, "apps", "suites*", "*", "runs")))]


def runs():
    for folder in FOLDERS:
        for line in listed.lines(os.path.join(folder, "runs")):
            late, line = line.startswith("nightly: "), line.removeprefix("nightly: ")
            yield pytest.param(folder, shlex.split(line), id=line, marks=pytest.mark.nightly if late else [])


def app_of(folder):
    return os.path.basename(os.path.dirname(folder))


def run(path, folder, words, timeout):
    files = f"{path}.{os.path.basename(folder)}.cpio"
    options = ["--outer-memory", 512]
    if os.path.exists(files):
        options.append(f"--outer=-initrd {files}")
    return outcome(path, options, words + listed.skipped(os.path.join(folder, "limits"), words[0]), timeout)


@pytest.fixture(scope="module")
def outcomes(request, image):
    """{id: future}: all that were chosen, two at a time for each processor, since many sleep."""
    chosen = [item for item in request.session.items if item.name.startswith("test_suite[")]
    paths = {app: image(app) for app in sorted({app_of(item.callspec.params["folder"]) for item in chosen})}
    with concurrent.futures.ThreadPoolExecutor(2 * os.cpu_count()) as pool:
        yield {
            item.callspec.id: pool.submit(
                run,
                paths[app_of(item.callspec.params["folder"])],
                *item.callspec.params.values(),
                3000 if item.get_closest_marker("nightly") else 300,
            )
            for item in chosen
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("folder, words", runs())
def test_suite(request, outcomes, folder, words):  # pylint: disable=unused-argument
    status, console, _ = outcomes[request.node.callspec.id].result()
    assert status == 0, console
