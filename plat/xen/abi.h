/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of Xen's interface (xen/include/public: xen.h, arch-x86, event_channel.h, sched.h) that the platform uses. */
#ifndef XEN_ABI_H
#define XEN_ABI_H

#define HYPERCALL_SET_TRAP_TABLE 0
#define HYPERCALL_MMU_UPDATE 1
#define HYPERCALL_STACK_SWITCH 3
#define HYPERCALL_SET_CALLBACKS 4
#define HYPERCALL_MEMORY_OP 12
#define HYPERCALL_UPDATE_VA_MAPPING 14
#define HYPERCALL_SET_TIMER_OP 15
#define HYPERCALL_XEN_VERSION 17
#define HYPERCALL_CONSOLE_IO 18
#define HYPERCALL_GRANT_TABLE_OP 20
#define HYPERCALL_IRET 23
#define HYPERCALL_SET_SEGMENT_BASE 25
#define HYPERCALL_MMUEXT_OP 26
#define HYPERCALL_SCHED_OP 29
#define HYPERCALL_EVENT_CHANNEL_OP 32
#define HYPERCALL_HVM_OP 34

/* Each call's code in the hypercall page. */
#define HYPERCALL_STUB_SIZE 32

/* Selectors of the flat segments that Xen provides. */
#define KERNEL_CS 0xe033
#define KERNEL_SS 0xe02b
/* User mode has the same, and Xen's iret tells it by the privilege in the selector. */
#define USER_CS 0xe033
#define USER_SS 0xe02b

#ifndef __ASSEMBLER__
#include <core/base.h>
#include <plat/pvclock.h>

struct start_info {
	char magic[32]; /* "xen-3.0-x86_64" */
	uint64_t nr_pages;
	uint64_t shared_info; /* machine address */
	uint32_t flags;
	uint64_t store_mfn;
	uint32_t store_evtchn;
	union {
		struct {
			uint64_t mfn;
			uint32_t evtchn;
		} domu;
		struct {
			uint32_t info_off, info_size;
		} dom0;
	} console;
	uint64_t pt_base, nr_pt_frames;
	uint64_t mfn_list;
	uint64_t mod_start, mod_len;
	char cmd_line[1024];
	uint64_t first_p2m_pfn, nr_p2m_frames;
};

#define SIF_INITDOMAIN 0x2u

/* Indexes of HVMOP_get_param and HVMOP_set_param. */
#define HVMOP_SET_PARAM 0
#define HVMOP_GET_PARAM 1
#define HVM_PARAM_CALLBACK_IRQ 0
#define HVM_PARAM_STORE_PFN 1
#define HVM_PARAM_STORE_EVTCHN 2
#define HVM_PARAM_CONSOLE_PFN 17
#define HVM_PARAM_CONSOLE_EVTCHN 18
#define HVM_CALLBACK_VECTOR (2ull << 56)

struct hvm_param {
	uint16_t domid, pad;
	uint32_t index;
	uint64_t value;
};

#define XENMEM_ADD_TO_PHYSMAP 7
#define XENMEM_MEMORY_MAP 9
#define XENMEM_REMOVE_FROM_PHYSMAP 15
#define XENMEM_ADD_TO_PHYSMAP_BATCH 23

#define XENMAPSPACE_SHARED_INFO 0
#define XENMAPSPACE_GRANT_TABLE 1
#define XENMAPSPACE_GMFN_FOREIGN 4

struct add_to_physmap {
	uint16_t domid, size;
	uint32_t space;
	uint64_t idx, gpfn;
};

struct add_to_physmap_batch {
	uint16_t domid, space, size, foreign_domid;
	const uint64_t *idxs, *gpfns;
	int *errs;
};

struct remove_from_physmap {
	uint16_t domid;
	uint64_t gpfn;
};

struct memory_map {
	uint32_t nr_entries;
	struct e820_entry *buffer;
};

struct e820_entry {
	uint64_t start, size;
	uint32_t type;
} __packed;

#define GNTTABOP_SETUP_TABLE 2

struct setup_grant_table {
	uint16_t dom;
	uint32_t nr_frames;
	int16_t status;
	uint64_t *frame_list;
};

struct vcpu_info {
	uint8_t evtchn_upcall_pending, evtchn_upcall_mask;
	uint64_t evtchn_pending_sel;
	uint64_t cr2, pad;
	struct pvclock time;
};

_Static_assert(sizeof(struct vcpu_info) == 64, "Xen's layout");

#define EVENT_WORDS 64
#define EVENT_PORTS (EVENT_WORDS * 64)

struct shared_info {
	struct vcpu_info vcpu_info[32];
	uint64_t evtchn_pending[EVENT_WORDS], evtchn_mask[EVENT_WORDS];
	uint32_t wc_version, wc_sec, wc_nsec, wc_sec_hi;
	/* What the toolstack reads of a PV domain: frames, and the machine frame that lists those that list those of the list of its frames. */
	uint64_t max_pfn, p2m_list_list;
};

struct trap_info_entry {
	uint8_t vector, flags;
	uint16_t cs;
	uint64_t address;
};

#define TRAP_FLAG_DPL3 3
#define TRAP_FLAG_MASK_EVENTS 4

struct mmu_update {
	uint64_t ptr, val;
};

#define MMU_NORMAL_PT_UPDATE 0
#define MMU_PT_UPDATE_NO_TRANSLATE 3

struct mmuext_op {
	uint32_t cmd;
	uint64_t arg1, arg2;
};

#define MMUEXT_TLB_FLUSH_LOCAL 6
#define MMUEXT_INVLPG_LOCAL 7
#define MMUEXT_NEW_USER_BASEPTR 15

#define UVMF_NONE 0
#define UVMF_INVLPG 2

#define SCHEDOP_YIELD 0
#define SCHEDOP_BLOCK 1
#define SCHEDOP_SHUTDOWN 2
#define SCHEDOP_POLL 3

#define SHUTDOWN_POWEROFF 0
#define SHUTDOWN_REBOOT 1
#define SHUTDOWN_SUSPEND 2
#define SHUTDOWN_CRASH 3

struct sched_poll {
	uint32_t *ports;
	uint32_t nr_ports;
	uint64_t timeout;
};

#define EVTCHNOP_BIND_INTERDOMAIN 0
#define EVTCHNOP_BIND_VIRQ 1
#define EVTCHNOP_CLOSE 3
#define EVTCHNOP_SEND 4
#define EVTCHNOP_ALLOC_UNBOUND 6
#define EVTCHNOP_UNMASK 9

#define VIRQ_TIMER 0

#define SEGBASE_FS 0

#define CONSOLEIO_WRITE 0
#define CONSOLEIO_READ 1

/* The ring of a console (public/io/console.h). */
struct xencons_interface {
	char in[1024], out[2048];
	uint32_t in_cons, in_prod, out_cons, out_prod;
};

/* Machine frame to pseudo-physical frame; read-only, kept by Xen. */
#define MACHINE_TO_PHYS ((const uint64_t *)0xffff800000000000)
#endif

#endif
