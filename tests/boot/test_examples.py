# SPDX-License-Identifier: BSD-3-Clause
"""The machines that examples/ describes for other managers: all are the same one, which boots. Schemas are checked at night."""

import os
import re
import shlex
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

import pytest
import yaml

from images import HELLO
from machine import PATIENCE, TOP
from runlib.options import DEFAULT_IMAGE

EXAMPLES = os.path.join(TOP, "examples")
IN_PACKAGE = os.path.join("/usr/lib/unidom", os.path.relpath(DEFAULT_IMAGE, TOP))
MAC = "52:54:00:12:34:56"


@dataclass
class Described:
    """A machine."""

    kernel: str
    arguments: str
    memory: int  # MiB
    machine: str
    disk: tuple  # (format, bus)
    card: tuple  # (model, MAC address)


def libvirt():
    domain = ElementTree.parse(os.path.join(EXAMPLES, "libvirt.xml")).getroot()
    assert domain.find("memory").get("unit") == "MiB" and len(domain.findall("devices/disk")) == 1
    disk, card = domain.find("devices/disk"), domain.find("devices/interface")
    return Described(domain.findtext("os/kernel"), domain.findtext("os/cmdline"), int(domain.findtext("memory")),
                     domain.find("os/type").get("machine"), (disk.find("driver").get("type"), disk.find("target").get("bus")),
                     (card.find("model").get("type"), card.find("mac").get("address")))


def kubevirt():
    """The kernel by its path in the container; the claim's volume is raw."""
    with open(os.path.join(EXAMPLES, "kubevirt", "guest.yaml"), encoding="utf-8") as f:
        found = yaml.safe_load(f)
    assert (found["apiVersion"], found["kind"]) == ("kubevirt.io/v1", "VirtualMachineInstance")
    spec, domain = found["spec"], found["spec"]["domain"]
    (disk,), (card,), boot = domain["devices"]["disks"], domain["devices"]["interfaces"], domain["firmware"]["kernelBoot"]
    assert [volume["name"] for volume in spec["volumes"]] == [disk["name"]] and [n["name"] for n in spec["networks"]] == [card["name"]]
    return Described(boot["container"]["kernelPath"], boot["kernelArgs"], int(domain["memory"]["guest"].removesuffix("Mi")),
                     domain["machine"]["type"], ("raw", disk["disk"]["bus"]), (card["model"], card["macAddress"]))


def opennebula():
    with open(os.path.join(EXAMPLES, "opennebula.template"), encoding="utf-8") as f:
        text = "".join(line for line in f if not line.startswith("#"))
    value = dict(re.findall(r'([A-Z_]+) = "([^"]*)"', text))
    rest = re.sub(r'[A-Z_]+ = (?:"[^"]*"|\[)|[],]', "", text)
    assert not rest.strip(), rest
    bus = {"vd": "virtio"}[value["DEV_PREFIX"]]
    model, address = re.search(r'NIC = \[.*?MODEL = "(.*?)".*?MAC = "(.*?)"', text, re.S).groups()
    return Described(value["KERNEL"], value["KERNEL_CMD"], int(value["MEMORY"]), value["MACHINE"], (value["DRIVER"], bus), (model, address))


def test_one_machine():
    """Of the image at its place in the package, or in the container."""
    first, second, third = libvirt(), kubevirt(), opennebula()
    assert first == third and first.kernel == IN_PACKAGE
    assert first == Described(IN_PACKAGE, second.arguments, second.memory, second.machine, ("qcow2", second.disk[1]), second.card)
    with open(os.path.join(EXAMPLES, "kubevirt", "Containerfile"), encoding="utf-8") as f:
        words = f.read().splitlines()[-1].split()
    assert words[-2:] == [os.path.basename(IN_PACKAGE), second.kernel]


def test_boots(image, guest, tmp_path, debian_file):
    """On the ports of a q35 machine, as libvirt places its devices. The guest's end is the machine's."""
    found, disk = libvirt(), tmp_path / "guest.qcow2"
    assert found.disk == ("qcow2", "virtio") and found.card == ("virtio", MAC) and f"mac={MAC}" in found.arguments
    qemu_img = debian_file("qemu-utils", "/usr/bin/qemu-img")
    subprocess.run([qemu_img, "convert", "-q", "-f", "raw", "-O", "qcow2", guest("hello"), disk], check=True)
    command = ["qemu-system-x86_64", "-machine", found.machine, "-cpu", "max", "-m", str(found.memory), "-nodefaults", "-no-user-config"]
    command += ["-display", "none", "-no-reboot", "-serial", "stdio"]
    command += ["-device", "pcie-root-port,id=one,chassis=1,addr=0x2,multifunction=on"]
    command += ["-device", "pcie-root-port,id=two,chassis=2,addr=0x2.0x1"]
    command += ["-drive", f"if=none,id=disk,format=qcow2,file={disk}", "-device", "virtio-blk-pci,drive=disk,bus=two"]
    command += ["-netdev", "hubport,id=net,hubid=0", "-device", f"virtio-net-pci,netdev=net,mac={MAC},bus=one", "-device", "virtio-rng-pci"]
    command += ["-kernel", image("qemu-stubdom"), "-append", found.arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120 * PATIENCE)
    lines = done.stdout.replace("\r", "").splitlines()
    assert done.returncode == 0 and [line for line in lines if line.startswith("guest: ")] == HELLO, done
    assert "unidom: exit status 0" in lines and shlex.split(found.arguments)[0] == "--"


@pytest.mark.nightly
def test_schema(debian_file):
    """By libvirt's own."""
    schema = debian_file("libvirt0", "/usr/share/libvirt/schemas/domain.rng")
    xmllint = debian_file("libxml2-utils", "/usr/bin/xmllint")
    subprocess.run([xmllint, "--noout", "--relaxng", schema, os.path.join(EXAMPLES, "libvirt.xml")], check=True, capture_output=True)
