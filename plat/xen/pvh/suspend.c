/* SPDX-License-Identifier: BSD-3-Clause */
/* A PVH domain is saved whole by Xen and the toolstack; what Xen shares with it has to be asked for again. */
#include <core/log.h>

#include "pvh.h"

bool pvh_suspend(void)
{
	uint32_t reason = SHUTDOWN_SUSPEND;
	bool cancelled = xen_hypercall3(HYPERCALL_SCHED_OP, SCHEDOP_SHUTDOWN, (uintptr_t)&reason, 0);

	if (cancelled)
		return true;
	pvh_share();
	xen_console_move(pvh_param(HVM_PARAM_CONSOLE_EVTCHN));
	xen_store_move(pvh_param(HVM_PARAM_STORE_EVTCHN));
	return false;
}
