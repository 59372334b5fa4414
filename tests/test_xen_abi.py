# SPDX-License-Identifier: BSD-3-Clause
"""Xen's interface as the kernel's headers have it, against the public headers of the supported versions: each number, size and offset.
The kernel is built without those headers: docs/architecture.md says why."""
import pathlib
import re
import subprocess
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(TOP / "tests/common"))

import xen_archive  # noqa: E402

# Header of ours; headers of Xen's; structures, "ours=theirs: member member=theirs ..."; numbers, "OURS=theirs".
# Without "=theirs": the same. "-": the sizes differ.
ABI = [
    (
        "plat/xen/abi.h",
        ["xen.h", "memory.h", "grant_table.h", "event_channel.h", "sched.h", "hvm/hvm_op.h", "hvm/params.h", "io/console.h"],
        """
        start_info: magic nr_pages shared_info flags store_mfn store_evtchn console.domu.mfn=console.domU.mfn
            console.domu.evtchn=console.domU.evtchn console.dom0.info_off console.dom0.info_size pt_base nr_pt_frames
            mfn_list mod_start mod_len cmd_line first_p2m_pfn nr_p2m_frames
        hvm_param=xen_hvm_param: domid index value
        add_to_physmap=xen_add_to_physmap: domid size space idx gpfn
        add_to_physmap_batch=xen_add_to_physmap_batch: domid space size foreign_domid=u.foreign_domid idxs gpfns errs
        remove_from_physmap=xen_remove_from_physmap: domid gpfn
        memory_map=xen_memory_map: nr_entries buffer
        setup_grant_table=gnttab_setup_table: dom nr_frames status frame_list
        pvclock=vcpu_time_info: version tsc_timestamp system_time tsc_to_system_mul tsc_shift flags
        vcpu_info: evtchn_upcall_pending evtchn_upcall_mask evtchn_pending_sel cr2=arch.cr2 time
        -shared_info: vcpu_info evtchn_pending evtchn_mask wc_version wc_sec wc_nsec wc_sec_hi max_pfn=arch.max_pfn
            p2m_list_list=arch.pfn_to_mfn_frame_list_list
        trap_info_entry=trap_info: vector flags cs address
        mmu_update: ptr val
        mmuext_op: cmd arg1 arg2
        sched_poll: ports nr_ports timeout
        -xencons_interface: in out in_cons in_prod out_cons out_prod
        """,
        """
        HYPERCALL_SET_TRAP_TABLE=__HYPERVISOR_set_trap_table HYPERCALL_MMU_UPDATE=__HYPERVISOR_mmu_update
        HYPERCALL_STACK_SWITCH=__HYPERVISOR_stack_switch HYPERCALL_SET_CALLBACKS=__HYPERVISOR_set_callbacks
        HYPERCALL_MEMORY_OP=__HYPERVISOR_memory_op HYPERCALL_UPDATE_VA_MAPPING=__HYPERVISOR_update_va_mapping
        HYPERCALL_SET_TIMER_OP=__HYPERVISOR_set_timer_op HYPERCALL_XEN_VERSION=__HYPERVISOR_xen_version
        HYPERCALL_CONSOLE_IO=__HYPERVISOR_console_io HYPERCALL_GRANT_TABLE_OP=__HYPERVISOR_grant_table_op
        HYPERCALL_IRET=__HYPERVISOR_iret HYPERCALL_SET_SEGMENT_BASE=__HYPERVISOR_set_segment_base
        HYPERCALL_MMUEXT_OP=__HYPERVISOR_mmuext_op HYPERCALL_SCHED_OP=__HYPERVISOR_sched_op
        HYPERCALL_EVENT_CHANNEL_OP=__HYPERVISOR_event_channel_op HYPERCALL_HVM_OP=__HYPERVISOR_hvm_op
        KERNEL_CS=FLAT_KERNEL_CS KERNEL_SS=FLAT_KERNEL_SS USER_CS=FLAT_USER_CS USER_SS=FLAT_USER_SS SIF_INITDOMAIN
        HVMOP_SET_PARAM=HVMOP_set_param HVMOP_GET_PARAM=HVMOP_get_param HVM_PARAM_CALLBACK_IRQ HVM_PARAM_STORE_PFN HVM_PARAM_STORE_EVTCHN
        HVM_PARAM_CONSOLE_PFN HVM_PARAM_CONSOLE_EVTCHN
        XENMEM_ADD_TO_PHYSMAP=XENMEM_add_to_physmap XENMEM_MEMORY_MAP=XENMEM_memory_map
        XENMEM_REMOVE_FROM_PHYSMAP=XENMEM_remove_from_physmap XENMEM_ADD_TO_PHYSMAP_BATCH=XENMEM_add_to_physmap_batch
        XENMAPSPACE_SHARED_INFO=XENMAPSPACE_shared_info
        XENMAPSPACE_GRANT_TABLE=XENMAPSPACE_grant_table XENMAPSPACE_GMFN_FOREIGN=XENMAPSPACE_gmfn_foreign
        GNTTABOP_SETUP_TABLE=GNTTABOP_setup_table
        MMU_NORMAL_PT_UPDATE MMU_PT_UPDATE_NO_TRANSLATE MMUEXT_TLB_FLUSH_LOCAL MMUEXT_INVLPG_LOCAL MMUEXT_NEW_USER_BASEPTR
        UVMF_NONE UVMF_INVLPG
        SCHEDOP_YIELD=SCHEDOP_yield SCHEDOP_BLOCK=SCHEDOP_block SCHEDOP_SHUTDOWN=SCHEDOP_shutdown SCHEDOP_POLL=SCHEDOP_poll
        SHUTDOWN_POWEROFF=SHUTDOWN_poweroff SHUTDOWN_REBOOT=SHUTDOWN_reboot SHUTDOWN_SUSPEND=SHUTDOWN_suspend SHUTDOWN_CRASH=SHUTDOWN_crash
        EVTCHNOP_BIND_INTERDOMAIN=EVTCHNOP_bind_interdomain EVTCHNOP_BIND_VIRQ=EVTCHNOP_bind_virq EVTCHNOP_CLOSE=EVTCHNOP_close
        EVTCHNOP_SEND=EVTCHNOP_send EVTCHNOP_ALLOC_UNBOUND=EVTCHNOP_alloc_unbound EVTCHNOP_UNMASK=EVTCHNOP_unmask VIRQ_TIMER
        SEGBASE_FS CONSOLEIO_WRITE=CONSOLEIO_write CONSOLEIO_READ=CONSOLEIO_read (uintptr_t)MACHINE_TO_PHYS=__MACH2PHYS_VIRT_START
        HVM_CALLBACK_VECTOR=(uint64_t)HVM_PARAM_CALLBACK_TYPE_VECTOR<<56
        """,
    ),
    (
        "drivers/xen-blk/abi.h",
        ["xen.h", "io/blkif.h"],
        """
        segment=blkif_request_segment: ref=gref first=first_sect last=last_sect
        request=blkif_request: operation segments=nr_segments handle id sector=sector_number segment=seg
        request_indirect=blkif_request_indirect: operation real_operation=indirect_op segments=nr_segments id sector=sector_number handle
            pages=indirect_grefs
        request_discard=blkif_request_discard: operation flag handle id sector=sector_number sectors=nr_sectors
        response=blkif_response: id operation status
        -xen_ring_page=blkif_sring: req_prod req_event rsp_prod rsp_event entries=ring
        """,
        """
        BLKIF_OP_READ BLKIF_OP_WRITE BLKIF_OP_FLUSH=BLKIF_OP_FLUSH_DISKCACHE BLKIF_OP_DISCARD BLKIF_OP_INDIRECT BLKIF_OKAY=BLKIF_RSP_OKAY
        BLKIF_EOPNOTSUPP=BLKIF_RSP_EOPNOTSUPP SEGMENTS_DIRECT=BLKIF_MAX_SEGMENTS_PER_REQUEST
        INDIRECT_PAGES=BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST ENTRIES=__CONST_RING_SIZE(blkif,4096) INFO_CDROM=VDISK_CDROM
        INFO_READONLY=VDISK_READONLY
        """,
    ),
    (
        "drivers/xen-net/abi.h",
        ["xen.h", "io/netif.h"],
        """
        tx_request=netif_tx_request: gref offset flags id size
        tx_response=netif_tx_response: id status
        rx_request=netif_rx_request: id gref
        rx_response=netif_rx_response: id offset flags status
        """,
        """
        TXF_MORE_DATA=NETTXF_more_data RSP_OKAY=NETIF_RSP_OKAY RXF_CSUM_BLANK=NETRXF_csum_blank RXF_MORE_DATA=NETRXF_more_data
        RXF_EXTRA_INFO=NETRXF_extra_info RING_ENTRIES=__CONST_RING_SIZE(netif_tx,4096) RING_ENTRIES=__CONST_RING_SIZE(netif_rx,4096)
        """,
    ),
    (
        "drivers/xen-grant/abi.h",
        ["xen.h", "grant_table.h"],
        """
        grant_entry=grant_entry_v1: flags domid frame
        map_grant=gnttab_map_grant_ref: host_addr flags ref dom status handle dev_bus_addr
        unmap_grant=gnttab_unmap_grant_ref: host_addr dev_bus_addr handle status
        query_size=gnttab_query_size: dom nr_frames max_nr_frames status
        """,
        """
        HYPERCALL_GRANT_TABLE_OP=__HYPERVISOR_grant_table_op GTF_PERMIT_ACCESS=GTF_permit_access GTF_READONLY=GTF_readonly
        GTF_READING=GTF_reading
        GTF_WRITING=GTF_writing GNTTABOP_MAP_GRANT_REF=GNTTABOP_map_grant_ref GNTTABOP_UNMAP_GRANT_REF=GNTTABOP_unmap_grant_ref
        GNTTABOP_QUERY_SIZE=GNTTABOP_query_size GNTMAP_HOST_MAP=GNTMAP_host_map GNTMAP_READONLY=GNTMAP_readonly
        """,
    ),
    (
        "drivers/xen-fb/abi.h",
        ["xen.h", "io/fbif.h"],
        """
        -fb_page=xenfb_page: in_cons in_prod out_cons out_prod width height line_length mem_length depth directory=pd
        -fb_out=xenfb_update: args=x args[1]=y args[2]=width args[3]=height
        -fb_out=xenfb_resize: args=width args[1]=height args[2]=stride args[3]=depth args[4]=offset
        -fb_in=xenfb_refresh_period: period
        """,
        """
        FB_UPDATE=XENFB_TYPE_UPDATE FB_RESIZE=XENFB_TYPE_RESIZE FB_REFRESH_PERIOD=XENFB_TYPE_REFRESH_PERIOD
        sizeof(struct\xa0fb_out)=XENFB_OUT_EVENT_SIZE sizeof(struct\xa0fb_in)=XENFB_IN_EVENT_SIZE FB_IN_ENTRIES=XENFB_IN_RING_LEN
        FB_OUT_ENTRIES=XENFB_OUT_RING_LEN offsetof(struct\xa0fb_page,in)=XENFB_IN_RING_OFFS
        offsetof(struct\xa0fb_page,out)=XENFB_OUT_RING_OFFS
        """,
    ),
    (
        "drivers/xen-kbd/abi.h",
        ["xen.h", "io/kbdif.h"],
        """
        -kbd_page=xenkbd_page: in_cons in_prod out_cons out_prod
        -kbd_in=xenkbd_motion: type args=rel_x args[1]=rel_y args[2]=rel_z
        -kbd_in=xenkbd_position: type args=abs_x args[1]=abs_y args[2]=rel_z
        -kbd_in=xenkbd_key: type pressed args=keycode
        """,
        """
        KBD_MOTION=XENKBD_TYPE_MOTION KBD_KEY=XENKBD_TYPE_KEY KBD_POSITION=XENKBD_TYPE_POS KBD_IN_ENTRIES=XENKBD_IN_RING_LEN
        sizeof(struct\xa0kbd_in)=XENKBD_IN_EVENT_SIZE offsetof(struct\xa0kbd_page,in)=XENKBD_IN_RING_OFFS
        """,
    ),
    (
        "drivers/xen-pci/abi.h",
        ["xen.h", "io/pciif.h"],
        """
        -pci_request=xen_pci_op: command=cmd error=err domain bus devfn offset size value
        pci_page=xen_pci_sharedinfo: flags request=op info=op.info vectors=op.msix_entries report=aer_op report.command=aer_op.cmd
            report.result=aer_op.err report.domain=aer_op.domain report.bus=aer_op.bus report.devfn=aer_op.devfn
        """,
        """
        PCI_MAGIC[0]=XEN_PCI_MAGIC[0] PCI_ACTIVE=XEN_PCIF_active PCI_REPORT=XEN_PCIB_active PCI_READ=XEN_PCI_OP_conf_read
        PCI_WRITE=XEN_PCI_OP_conf_write PCI_OK=XEN_PCI_ERR_success PCI_NOT_FOUND=XEN_PCI_ERR_dev_not_found
        PCI_BAD_OFFSET=XEN_PCI_ERR_invalid_offset PCI_DENIED=XEN_PCI_ERR_access_denied PCI_UNKNOWN=XEN_PCI_ERR_not_implemented
        """,
    ),
    (
        "drivers/xen-bus/protocol.h",
        ["xen.h", "io/xs_wire.h"],
        """
        xs_header=xsd_sockmsg: type req_id tx_id len
        -xs_ring=xenstore_domain_interface: req rsp req_cons req_prod rsp_cons rsp_prod
        """,
        """
        XS_DIRECTORY XS_READ XS_WATCH XS_UNWATCH XS_WRITE XS_WATCH_EVENT XS_ERROR XENSTORE_PAYLOAD_MAX
        XENSTORE_RING_SIZE
        """,
    ),
    (
        "drivers/xen-bus/include/drivers/xenbus.h",
        ["xen.h", "io/xenbus.h"],
        "",
        """
        XENBUS_UNKNOWN=XenbusStateUnknown XENBUS_INITIALISING=XenbusStateInitialising XENBUS_INIT_WAIT=XenbusStateInitWait
        XENBUS_INITIALISED=XenbusStateInitialised XENBUS_CONNECTED=XenbusStateConnected XENBUS_CLOSING=XenbusStateClosing
        XENBUS_CLOSED=XenbusStateClosed XENBUS_RECONFIGURING=XenbusStateReconfiguring XENBUS_RECONFIGURED=XenbusStateReconfigured
        DOMID_SELF
        """,
    ),
]

MAIN = """int main(void)
{
  for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++)
    printf("%s=%lld\\n", names[i], values[i]);
  return 0;
}
"""


def pair(word):
    ours, _, theirs = word.partition("=")
    return ours, theirs or ours


def expressions(structures, numbers):
    """(what, our expression, Xen's) of each line of the table."""
    for line in re.split(r"\n\s*(?=-?\w+(?:=\w+)?:)", structures.strip()):
        if not line:
            continue
        head, _, members = line.partition(":")
        ours, theirs = pair(head.lstrip("-"))
        if not head.startswith("-"):  # ours may be shorter, or hold others besides
            yield f"sizeof {ours}", f"sizeof(struct {ours})", f"sizeof(struct {theirs})"
        for member in members.split():
            a, b = pair(member)
            yield f"{ours}.{a}", f"offsetof(struct {ours}, {a})", f"offsetof(struct {theirs}, {b})"
    for number in re.split(r"[ \n\t]+", numbers.strip()):  # a blank within an expression is one that does not break
        if number:
            ours, theirs = (side.replace("\xa0", " ") for side in pair(number))
            yield ours, ours, theirs


def values(folder, name, head, flags, rows):
    """Compile and run a program that prints the value of each row."""
    text = head + "static const char *const names[] = {\n" + "".join(f'\t"{what}",\n' for what, _ in rows) + "};\n"
    text += "static const long long values[] = {\n" + "".join(f"\t(long long)({value}),\n" for _, value in rows) + "};\n" + MAIN
    (folder / f"{name}.c").write_text(text)
    subprocess.run(["cc", "-std=gnu11", "-w", "-o", folder / name, *flags, folder / f"{name}.c"], check=True)
    out = subprocess.run([folder / name], check=True, capture_output=True, text=True).stdout
    return dict(line.rsplit("=", 1) for line in out.splitlines())


@pytest.fixture(scope="module", params=xen_archive.VERSIONS)
def headers(request, tmp_path_factory):
    """Xen's public headers, from the archive that the port is built from."""
    folder = tmp_path_factory.mktemp("xen") / "xen"
    below = "xen/include/public/"
    for path, text in xen_archive.files(request.param, below).items():
        file = folder / path[len(below) :]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    return folder


def include_flags():
    folders = [p for pattern in ("abi/linux/include", "abi/linux/arch/x86_64/include", "arch/x86_64/include", "core/*/include",
                                 "drivers/*/include", "plat/*/include") for p in sorted(TOP.glob(pattern))]
    gcc = subprocess.run(["cc", "-print-file-name=include"], check=True, capture_output=True, text=True).stdout.strip()
    return ["-ffreestanding", "-nostdinc", "-isystem", gcc, *(f"-I{p}" for p in folders)]


@pytest.mark.parametrize("ours,theirs,structures,numbers", ABI, ids=[row[0] for row in ABI])
def test_abi(headers, tmp_path, ours, theirs, structures, numbers):
    rows = list(expressions(structures, numbers))
    assert rows
    head = f'#include "{TOP}/{ours}"\nint printf(const char *, ...);\n'
    mine = values(tmp_path, "ours", head, include_flags(), [(what, value) for what, value, _ in rows])
    head = "#include <stdio.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n#include <errno.h>\n"
    head += "#define xen_mb()\n#define xen_rmb()\n#define xen_wmb()\n" + "".join(f"#include <xen/{name}>\n" for name in theirs)
    flags = [f"-I{headers.parent}", "-D__XEN_INTERFACE_VERSION__=__XEN_LATEST_INTERFACE_VERSION__"]
    xens = values(tmp_path, "theirs", head, flags, [(what, value) for what, _, value in rows])
    assert mine == xens


def test_requests_to_xenstored(headers, tmp_path):
    """plat/xen/surface.inc has Xen's numbers for them."""
    listed = re.findall(r'^STORE\((\d+), "(\w+)"', (TOP / "plat/xen/surface.inc").read_text(), re.M)
    assert len(listed) == len(set(listed)) > 8
    head = "#include <stdio.h>\n#include <stdint.h>\n#include <errno.h>\n#include <xen/xen.h>\n#include <xen/io/xs_wire.h>\n"
    flags = [f"-I{headers.parent}", "-D__XEN_INTERFACE_VERSION__=__XEN_LATEST_INTERFACE_VERSION__"]
    theirs = values(tmp_path, "requests", head, flags, [(name, f"XS_{name}") for _, name in listed])
    assert theirs == {name: number for number, name in listed}


def test_nothing_forgotten():
    """Each number and structure of our headers is in the table."""
    for ours, _, structures, numbers in ABI:
        text = (TOP / ours).read_text()
        known = structures + numbers
        for name in re.findall(r"^#define ([A-Z]\w+) ", text, re.M):
            if re.search(rf"\b{name}\b", known) or name.endswith("_H") or name in OWN:
                continue
            raise AssertionError(f"{ours}: {name} is in no row")


# Ours, not Xen's.
OWN = {
    "HYPERCALL_STUB_SIZE", "EVENT_WORDS", "EVENT_PORTS", "TRAP_FLAG_DPL3", "TRAP_FLAG_MASK_EVENTS", "SECTOR", "FB_OUT_ARGS", "FB_DIRECTORY",
    "FRAMES_PER_PAGE", "PCI_REPORT_IGNORED", "XENBUS_PATH_MAX",
}
