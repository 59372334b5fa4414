# SPDX-License-Identifier: BSD-3-Clause
"""The stubdomain's image as a PV domain that no libxl prepared: nodes missing or wrong. It says what is wrong, once, and ends."""

import pytest

from xen_steps import after_paused, chosen, functions, paused
from xenlab import dom0, session
from xenlab_fixtures import PATIENCE, PV_CONFIG

DISK = """disk = ['format=raw,vdev=xvda,access=rw,backendtype=phy,target=/lab/disk.img']\n"""

CASES = {
    "no target": ("", "", "xenstore: target is missing: not a stubdomain, and no arguments on the command line"),
    "target without a number": ("xenstore-write $home/target banana", "", 'xenstore: target: "banana" is not a domain number'),
    "target too large": ("xenstore-write $home/target 32752", "", 'xenstore: target: "32752" is not a domain number'),
    "target that is nobody": ("xenstore-write $home/target 77", "", "xenstore: /local/domain/77/vm cannot be read"),
    "no arguments": ("xenstore-write $home/target $id", "", "/image/dm-argv: no arguments for the device model"),
    "no disk": ("", "-- -machine none -drive file=/dev/xvda,format=raw,if=none", "'/dev/xvda'"),
    "no back end": ("xenstore-rm /local/domain/0/backend/vbd/$id", "-- -machine none -drive file=/dev/xvda,format=raw,if=none",
                    "xvda: the back end of device/vbd/51712 does not answer: 30 s are over"),
}  # fmt: skip


@pytest.fixture(name="ended", scope="module")
def _ended(request, lab, xen_image):
    """(the cases that run this time, Outcome of them all)."""
    cases = chosen(request, "test_alone", "case")
    files, script = {"lab/image": xen_image("qemu-stubdom"), "lab/disk.img": bytes(1 << 20)}, functions()
    for number, case in enumerate(cases):
        prepare, arguments, _ = CASES[case]
        config = PV_CONFIG.format(memory=64, arguments=arguments) + (DISK if case == "no back end" else "")
        files[f"lab/image{number}.cfg"] = config.encode()
        script += paused(number, f"image{number}", prepare)
    limit = session.BOOT_ALLOWANCE + (60 + 30 * len(cases)) * PATIENCE
    return cases, dom0.run(lab, script, files, ["/lab/out/*"], limit=limit)


@pytest.mark.parametrize("case", CASES)
def test_alone(ended, case):
    cases, outcome = ended
    number, expected = cases.index(case), CASES[case][2]
    status, log = after_paused(outcome, number)
    assert status == b"0", outcome.how
    assert [line for line in log.splitlines() if expected in line], log
    assert log.count(expected) == 1 or case == "no disk", log
    assert "unidom: exit status 1" in log.splitlines(), log
