/* SPDX-License-Identifier: BSD-3-Clause */
/* Descriptor sets without a monitor's connection. QEMU's functions have a lock of their own. */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "monitor/monitor.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-misc.h"
#pragma GCC diagnostic pop

#include "fdset.h"

/* Somebody else may have removed it in between. */
static void remove_fd(int64_t set, int64_t fd)
{
	Error *err = NULL;

	qmp_remove_fd(set, true, fd, &err);
	error_free(err);
}

bool uk_fdset_replace(const char *opaque, int fd)
{
	FdsetInfoList *sets = qmp_query_fdsets(&error_abort);
	Error *err = NULL;

	for (FdsetInfoList *s = sets; s; s = s->next)
		for (FdsetFdInfoList *f = s->value->fds; f; f = f->next)
			if (!g_strcmp0(f->value->opaque, opaque))
				remove_fd(s->value->fdset_id, f->value->fd);
	qapi_free_FdsetInfoList(sets);
	if (fd < 0)
		return true;
	AddfdInfo *info = monitor_fdset_add_fd(fd, false, 0, opaque, &err);

	if (!info)
		error_reportf_err(err, "%s: ", opaque);
	qapi_free_AddfdInfo(info);
	return info;
}
