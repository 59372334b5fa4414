# SPDX-License-Identifier: BSD-3-Clause
"""Upstream's test suites inside an image, apps/suites*: one boot a line of apps/suites*/*/runs. "pytest -m nightly" chooses those
marked "nightly:", which take long.

A file "limits" beside it says what does not hold here, and why: "<program>: reason" for a program that is not run,
"<program> <case>: reason" for a case that the program is told to leave out.
"""

import concurrent.futures
import glob
import os
import re
import shlex

import pytest

from machine import TOP, outcome

FOLDERS = [os.path.dirname(f) for f in sorted(glob.glob(os.path.join(TOP, "apps", "suites*", "*", "runs")))]


def lines(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        return [line.strip() for line in f if line.strip() and not line.startswith("#")]


def limits(folder):
    """[(program, case or None)]; a limit without a reason is none."""
    found = [re.fullmatch(r"(\S+)(?: (/[^:]+))?: (\S.*)", line) for line in lines(folder, "limits")]
    assert all(found), f"{folder}/limits: a line without a reason"
    return [(m[1], m[2]) for m in found]


def runs():
    for folder in FOLDERS:
        for line in lines(folder, "runs"):
            late, line = line.startswith("nightly: "), line.removeprefix("nightly: ")
            yield pytest.param(folder, shlex.split(line), id=line, marks=pytest.mark.nightly if late else [])


def app_of(folder):
    return os.path.basename(os.path.dirname(folder))


def run(path, folder, words, timeout):
    files = f"{path}.{os.path.basename(folder)}.cpio"
    options = ["--outer-memory", 512]
    if os.path.exists(files):
        options.append(f"--outer=-initrd {files}")
    for program, case in limits(folder):
        if case and program == words[0]:
            words = words + ["-s", case]
    return outcome(path, options, words, timeout)


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
