# SPDX-License-Identifier: BSD-3-Clause
"""The stubdomain's image as a PV domain that no libxl prepared: nodes missing or wrong. It says what is wrong, once, and ends."""

import pytest

from xenlab import dom0, session
from xenlab_fixtures import PATIENCE, PV_CONFIG

# Created paused, then @prepare with $id, and it runs until it is gone.
SCRIPT = """
xl create -q -p /lab/image.cfg || exit 2
id=$(xl domid image)
home=/local/domain/$id
{prepare}
xl unpause image
i=0
while xl domid image >/dev/null 2>&1; do
    i=$((i + 1))
    [ $i -lt {seconds}0 ] || exit 3
    sleep 0.1
done
"""
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


@pytest.mark.parametrize("case", CASES)
def test_alone(lab, xen_image, case):
    prepare, arguments, expected = CASES[case]
    config = PV_CONFIG.format(memory=64, arguments=arguments) + (DISK if case == "no back end" else "")
    files = {"lab/image": xen_image("qemu-stubdom"), "lab/image.cfg": config.encode(), "lab/disk.img": bytes(1 << 20)}
    outcome = dom0.run(lab, SCRIPT.format(prepare=prepare, seconds=60), files, limit=session.BOOT_ALLOWANCE + 120 * PATIENCE)
    log = outcome.files.get("var/log/xen/console/guest-image.log", b"").decode("utf-8", "replace").replace("\r", "")
    assert outcome.status == 0, f"{outcome.how}, status {outcome.status}\n{log}\n{outcome.console[-3000:]}"
    assert [line for line in log.splitlines() if expected in line], log
    assert log.count(expected) == 1 or case == "no disk", log
    assert "unidom: exit status 1" in log.splitlines(), log
