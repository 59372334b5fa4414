# SPDX-License-Identifier: BSD-3-Clause
"""The QMP commands that libxl 4.17 to 4.22 send to a device model, read in its sources: each is answered as libxl expects it, in both ways
of writing JSON that it has had (yajl's until 4.20, json-c's since)."""

import json

from xenlab.hvm import Job
from xen_steps import PTY, passed

DONE, NONE = {}, "CommandNotFound"
# Numbers as strings: before 4.19.5 and 4.20.3. Each connection asks for a controller of its own: it goes only when the guest lets it.
USB = {"driver": "nec-usb-xhci", "id": "xenusb-@", "p2": "4", "p3": "4"}
# (command, arguments or None, what is in the answer: a member of "return", DONE, or a word of "error"), in an order that they can be sent in.
# What only COLO uses is not here: replication of disks is not in the image.
COMMANDS = [
    ("query-version", None, "qemu"),
    ("query-command-line-options", None, "parameters"),  # 4.20
    ("query-status", None, "running"),
    ("query-chardev", None, "filename"),
    ("query-vnc", None, NONE),  # the screen of a stubdomain is its PV framebuffer's
    ("change-vnc-password", {"password": "secret"}, NONE),
    ("query-cpus-fast", None, "qom-path"),
    ("query-cpus", None, NONE),  # this and the next two are for old ones
    ("cpu-add", {"id": 1}, NONE),
    ("change", {"device": "ide-5632", "target": "/dev/fdset/1", "arg": "raw"}, NONE),
    ("query-hotpluggable-cpus", None, "vcpus-count"),
    ("query-pci", None, "devices"),
    ("query-fdsets", None, DONE),
    ("remove-fd", {"fdset-id": 7}, "not found"),
    ("eject", {"device": "ide-5632", "force": True}, "DeviceNotFound"),
    ("eject", {"id": "ide-5632", "force": True}, "DeviceNotFound"),
    ("blockdev-change-medium", {"id": "ide-5632", "filename": "/dev/fdset/1", "format": "raw", "force": True}, "error"),
    ("device_add", USB, DONE),
    ("device_del", {"id": "xenusb-@"}, DONE),
    ("device_add", {"driver": "usb-host", "id": "usbdev", "hostbus": "1", "hostaddr": "2"}, "error"),
    ("device_del", {"id": "pci-pt-00_03.0"}, "DeviceNotFound"),
    ("xen-set-global-dirty-log", {"enable": True}, DONE),
    ("xen-set-global-dirty-log", {"enable": False}, DONE),
    ("stop", None, DONE),
    ("query-status", None, "paused"),
    ("cont", None, DONE),
    ("human-monitor-command", {"command-line": "info status"}, "running"),
    ("system_wakeup", None, "error"),
]


def as_json_c(value):
    """Spaces inside braces, and a backslash before each slash."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{as_json_c(k)}: {as_json_c(v)}" for k, v in value.items()) + " }"
    return json.dumps(value).replace("/", "\\/")


def written(dump, first_id):
    requests = [{"execute": "qmp_capabilities", "id": first_id}]
    for number, (command, arguments, _) in enumerate(COMMANDS, first_id + 1):
        requests.append({"execute": command, "id": number, **({"arguments": arguments} if arguments else {})})
    return "".join(dump(r).replace("@", str(first_id)) + "\r\n" for r in requests)


SCRIPT = """
check create create
open_serial
check up echoes Q 60
stub=$(xl domid guest-dm) guest=$(xl domid guest)
kill -9 $(pidof vchan-socket-proxy)
ask() {
    (cat "$1"; sleep $((5 * PATIENCE))) | timeout $((20 * PATIENCE)) vchan-socket-proxy $stub \
        /local/domain/$stub/device-model/$guest/qmp-vchan - >"$2"
}
ask /lab/yajl /lab/out/yajl
ask /lab/json-c /lab/out/json-c
check on echoes R
close_serial
check destroy xl destroy guest
"""


def is_expected(answer, expected):
    if expected == DONE:
        return "return" in answer
    if expected == NONE:
        return answer.get("error", {}).get("class") == NONE
    if expected == "error":
        return "error" in answer
    return expected in json.dumps(answer)


def test_commands(lab, xen_image, guest):
    spelled = {"yajl": (lambda r: json.dumps(r, separators=(",", ":")), 1), "json-c": (as_json_c, 1000)}
    files = {f"lab/{name}": written(*how).encode() for name, how in spelled.items()}
    steps = passed(lab, Job("ours", guest("idle"), kernel=xen_image("qemu-stubdom"), extra=PTY, files=files), SCRIPT)
    for name, (_, first_id) in spelled.items():
        answers = {a.get("id"): a for a in map(json.loads, steps.text(f"lab/out/{name}").splitlines())}
        wrong = [(command, answers.get(number)) for number, (command, _, expected) in enumerate(COMMANDS, first_id + 1)
                 if not is_expected(answers.get(number, {}), expected)]  # fmt: skip
        assert not wrong, f"{name}: {wrong}"
