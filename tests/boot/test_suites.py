# SPDX-License-Identifier: BSD-3-Clause
"""Upstream's test suites inside an image, apps/suites: one boot a line of apps/suites/*/runs. "pytest -m nightly" chooses those
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

FOLDER = os.path.join(TOP, "apps", "suites")
SUITES = sorted(os.path.basename(os.path.dirname(f)) for f in glob.glob(os.path.join(FOLDER, "*", "runs")))


def lines(suite, name):
    path = os.path.join(FOLDER, suite, name)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        return [line.strip() for line in f if line.strip() and not line.startswith("#")]


def limits(suite):
    """[(program, case or None)]; a limit without a reason is none."""
    found = [re.fullmatch(r"(\S+)(?: (/[^:]+))?: (\S.*)", line) for line in lines(suite, "limits")]
    assert all(found), f"{suite}/limits: a line without a reason"
    return [(m[1], m[2]) for m in found]


def runs():
    for suite in SUITES:
        for line in lines(suite, "runs"):
            late, line = line.startswith("nightly: "), line.removeprefix("nightly: ")
            yield pytest.param(suite, shlex.split(line), id=line, marks=pytest.mark.nightly if late else [])


def run(path, suite, words, timeout):
    files = f"{path}.{suite}.cpio"
    options = ["--outer-memory", 512]
    if os.path.exists(files):
        options.append(f"--outer=-initrd {files}")
    for program, case in limits(suite):
        if case and program == words[0]:
            words = words + ["-s", case]
    return outcome(path, options, words, timeout)


@pytest.fixture(scope="module")
def outcomes(request, image):
    """{id: future}: all that were chosen, two at a time for each processor, since many sleep."""
    path = image("suites")
    with concurrent.futures.ThreadPoolExecutor(2 * os.cpu_count()) as pool:
        yield {
            item.callspec.id: pool.submit(
                run, path, *item.callspec.params.values(), 3000 if item.get_closest_marker("nightly") else 300
            )
            for item in request.session.items
            if item.name.startswith("test_suite[")
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("suite, words", runs())
def test_suite(request, outcomes, suite, words):  # pylint: disable=unused-argument
    status, console, _ = outcomes[request.node.callspec.id].result()
    assert status == 0, console
