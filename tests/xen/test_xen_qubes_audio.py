# SPDX-License-Identifier: BSD-3-Clause
"""What the guest's sound card plays, by Qubes OS' audio protocol: samples on a vchan, which vchan-socket-proxy reads in dom0."""

import statistics
import struct

from xenlab_fixtures import INSIDE, run_guest

SOUND = "device_model_args_hvm = ['-qubes-audio:audiovm_xid=0']\nsoundhw = 'ac97'\n"
RATE, TONE = 44100, 440
SECONDS = 2
FILES = "/lab/first", "/lab/second"
# A daemon has both channels open. The second one comes when the first was killed.
LISTEN = f"""\
stub=$(xl domid guest-dm)
mkfifo quiet
exec 9<>quiet
connect() {{ timeout {60 * INSIDE} vchan-socket-proxy $stub /local/domain/$stub/data/vchan/0/$1 - <&9; }}
listen() {{
    until xenstore-read /local/domain/$stub/data/vchan/0/4713/ring-ref; do sleep 0.2; done
    connect 4714 >/dev/null &
    connect 4713 | head -c {RATE * 4 * SECONDS} >$1
    kill -9 $(pidof vchan-socket-proxy)
}}
listen {FILES[0]}
listen {FILES[1]}
"""


def frequency(samples):
    """The frequency of what rises through zero, in frames of two equal channels; what the emulation was too slow for is left out."""
    frames = list(struct.iter_unpack("<hh", samples[: len(samples) // 4 * 4]))
    assert all(left == right for left, right in frames) and max(left for left, right in frames) > 2000
    rises = [i for i in range(1, len(frames)) if frames[i - 1][0] < 0 <= frames[i][0]]
    periods = [b - a for a, b in zip(rises, rises[1:])]
    usual = statistics.median(periods)
    whole = [p for p in periods if abs(p - usual) <= usual / 20]
    assert len(whole) > len(frames) / usual / 2, f"{len(whole)} periods of {usual} in {len(frames)} frames"
    return RATE / statistics.mean(whole)


def test_tone(lab, xen_image, devices_guest):
    result = run_guest(lab, "ours", devices_guest("tone seconds=120 stay"), until="guest: tone", extra=SOUND, after=LISTEN, fetch=list(FILES),
                       kernel=xen_image("qemu-stubdom"))  # fmt: skip
    assert result.ended == "guest", result.serial
    for name in FILES:
        heard = frequency(result.outcome.files[name.lstrip("/")])
        assert abs(heard - TONE) < TONE / 100, f"{name}: {heard} Hz"
