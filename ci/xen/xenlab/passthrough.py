# SPDX-License-Identifier: BSD-3-Clause
"""Devices of the outer emulator, behind an emulated IOMMU, that dom0 gives to guests. Xen takes Intel's IOMMU on an AMD processor too."""

IOMMU = ["-M", "q35,kernel-irqchip=split", "-device", "intel-iommu,intremap=on,caching-mode=on"]
MAC = "52:54:00:00:00:77"
NETWORK = "user,net=10.9.0.0/24,host=10.9.0.1,restrict=on"


def card(model, slot, name="nic"):
    """Options of a network card on a network where 10.9.0.1 answers."""
    return ["-netdev", f"{NETWORK},id={name}", "-device", f"{model},netdev={name},mac={MAC},addr={slot:#x}"]


def assign(*slots):
    """Shell lines for dom0 that take these devices of bus 0 for pciback."""
    lines = []
    for slot in slots:
        address = f"00:{slot:02x}.0"
        lines.append(f"echo 0000:{address} >/sys/bus/pci/devices/0000:{address}/driver/unbind 2>/dev/null")
        lines.append(f"xl pci-assignable-add {address}")
    return "\n".join(lines)
