# SPDX-License-Identifier: BSD-3-Clause
"""libs/qemu/prepare: QEMU's table of what QMP knows, read back from the C that its generator makes."""

import os
import runpy

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PREPARE = runpy.run_path(os.path.join(TOP, "libs/qemu/prepare"))

TABLE = """QLIT_QLIST(((QLitObject[]) {
    /* "0" = thing */
    QLIT_QDICT(((QLitDictEntry[]) {
        { "name", QLIT_QSTR("it's }))"), },
        { "members", QLIT_QLIST(((QLitObject[]) {
            QLIT_QDICT(((QLitDictEntry[]) {
                { "default", QLIT_QNULL, },
                {}
            })),
            QLIT_QBOOL(true),
            {}
        })), },
        {}
    })),
    QLIT_QLIST(((QLitObject[]) {
        {}
    })),
    {}
}));"""


def test_values():
    assert PREPARE["qlit_value"](iter(PREPARE["QLIT"].findall(TABLE))) == [{"name": "it's }))", "members": [{"default": None}, True]}, []]


@pytest.mark.parametrize("condition, taken", (
    ("defined(ON)", True), ("defined(OFF)", False), ("!defined(OFF)", True), ("defined(OFF) || defined(ON)", True),
    ("defined(ON) && defined(OFF)", False), ("defined(ON) && !(defined(OFF) || defined(ON))", False)))
def test_conditions(condition, taken):
    lines = ["a", f"#if {condition}", "b", "#if defined(ON)", "c", "#endif", "#endif /* of all */", "d"]
    assert list(PREPARE["without_conditions"](lines, {"ON"})) == (list("abcd") if taken else list("ad"))


@pytest.mark.parametrize("line", ("#else", "#if ON > 3", "#if defined(ON) && __import__('os')", "#ifdef ON"))
def test_not_understood(line):
    with pytest.raises(PREPARE["Fail"]):
        list(PREPARE["without_conditions"]([line, "a", "#endif"], {"ON"}))
