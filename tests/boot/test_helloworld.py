# SPDX-License-Identifier: BSD-3-Clause
"""The smallest program: from the loader to the status that the host sees."""

from machine import outcome


def test_boots(image, outer_machine):
    status, console, _ = outcome(image("helloworld"), ["--machine", outer_machine])
    assert "Hello, world\n" in console
    assert status == 0


def test_arguments(image):
    words = ["plain", "two words", 'a "quoted" one', "back\\slash", "", "it's", "--option=1,2"]
    _, console, _ = outcome(image("helloworld"), [], words)
    for i, word in enumerate(words, 1):
        assert f"argument {i}: {word}\n" in console


def test_small_memory(image):
    status, console, _ = outcome(image("helloworld"), ["--outer-memory", 8])
    assert status == 0, console
