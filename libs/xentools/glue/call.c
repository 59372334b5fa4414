/* SPDX-License-Identifier: BSD-3-Clause */
/* libxencall: a hypercall is a function call. */
#include <sys/mman.h>
#include <unistd.h>

#include "private.h"
#include "glue.h"
#include "kernel.h"

int osdep_xencall_open(xencall_handle *xcall)
{
	xcall->fd = xentools_token_open();
	if (xcall->fd >= 0)
		return 0;
	PERROR("Could not obtain handle on privileged command interface");
	return -1;
}

int osdep_xencall_close(xencall_handle *xcall)
{
	return xcall->fd < 0 ? 0 : close(xcall->fd);
}

long osdep_hypercall(xencall_handle *xcall, privcmd_hypercall_t *call)
{
	if (xentools_token_check(xcall->fd))
		return -1;
	return xentools_result(xen_hypercall(call->op, call->arg[0], call->arg[1], call->arg[2], call->arg[3], call->arg[4]));
}

void *osdep_alloc_pages(xencall_handle *xcall, size_t pages)
{
	void *p = xentools_alloc_pages(pages * GLUE_PAGE_SIZE);

	if (!p)
		PERROR("alloc_pages: no memory for %zu pages", pages);
	return p;
}

/* Called between a hypercall and the look at its errno. */
void osdep_free_pages(xencall_handle *xcall, void *p, size_t pages)
{
	int saved = errno;

	(void)xcall;
	munmap(p, pages * GLUE_PAGE_SIZE);
	errno = saved;
}

int xencall_buffers_never_fault(xencall_handle *xcall)
{
	(void)xcall;
	return 1;
}
