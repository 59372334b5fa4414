/* SPDX-License-Identifier: BSD-3-Clause */
/* libxengnttab: other domains' granted pages, mapped here. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "private.h"
#include "gnttab.h"
#include "glue.h"
#include "kernel.h"
#include <drivers/xen-grant.h>

#define AGAIN_US 1000

struct mapping {
	struct mapping *next;
	char *addr;
	size_t count;
	struct notify notify;
	struct xen_grant_map grants[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct mapping *mappings;

int osdep_gnttab_open(xengnttab_handle *xgt)
{
	xgt->fd = xentools_token_open();
	return xgt->fd < 0 ? -1 : 0;
}

/* As on Linux, mappings outlive the handle. */
int osdep_gnttab_close(xengnttab_handle *xgt)
{
	return xgt->fd < 0 ? 0 : close(xgt->fd);
}

/* There is no limit but the hypervisor's. */
int osdep_gnttab_set_max_grants(xengnttab_handle *xgt, uint32_t count)
{
	(void)xgt;
	(void)count;
	return 0;
}

bool notify_valid(const struct notify *notify, size_t size, bool write)
{
	return notify->offset == NOTIFY_NONE || (notify->offset < size && write);
}

void notify_clear(const struct notify *notify, char *addr)
{
	if (notify->offset != NOTIFY_NONE)
		*(volatile char *)(addr + notify->offset) = 0;
}

void notify_send(const struct notify *notify)
{
	if (notify->port != NOTIFY_NONE)
		xen_event_notify(notify->port);
}

static struct mapping *mapping_new(uint32_t count, bool single, const uint32_t *domids, const uint32_t *refs)
{
	struct mapping *m = calloc(1, sizeof(*m) + count * sizeof(m->grants[0]));

	if (!m)
		return NULL;
	m->count = count;
	for (uint32_t i = 0; i < count; i++) {
		m->grants[i].domid = (domid_t)domids[single ? 0 : i];
		m->grants[i].ref = refs[i];
	}
	return m;
}

/* -EAGAIN: the granting guest's pager has put a page aside. Nobody tells when it is back. */
static int map_grants(struct mapping *m, bool write)
{
	int ret;

	while ((ret = xen_grant_map((uintptr_t)m->addr, m->grants, m->count, write)) == -EAGAIN) {
		xen_grant_unmap((uintptr_t)m->addr, m->grants, m->count);
		usleep(AGAIN_US);
	}
	if (ret)
		xen_grant_unmap((uintptr_t)m->addr, m->grants, m->count);
	return ret;
}

static int mapping_establish(struct mapping *m, bool write)
{
	void *addr = mmap(NULL, m->count * GLUE_PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ret;

	if (addr == MAP_FAILED)
		return -ENOMEM;
	m->addr = addr;
	ret = map_grants(m, write);
	if (ret)
		munmap(addr, m->count * GLUE_PAGE_SIZE);
	return ret;
}

void *osdep_gnttab_grant_map(xengnttab_handle *xgt, uint32_t count, int flags, int prot, uint32_t *domids, uint32_t *refs,
                             uint32_t notify_offset, evtchn_port_t notify_port)
{
	struct notify notify = { .offset = notify_offset, .port = notify_port };
	bool write = prot & PROT_WRITE;
	struct mapping *m;
	int ret;

	if (xentools_token_check(xgt->fd))
		return NULL;
	if (!count || !notify_valid(&notify, count * GLUE_PAGE_SIZE, write)) {
		errno = EINVAL;
		return NULL;
	}
	m = mapping_new(count, flags & XENGNTTAB_GRANT_MAP_SINGLE_DOMAIN, domids, refs);
	if (!m)
		return NULL;
	m->notify = notify;
	ret = mapping_establish(m, write);
	if (ret) {
		free(m);
		errno = -ret;
		GTERROR(xgt->logger, "mapping %u grants failed", count);
		return NULL;
	}
	pthread_mutex_lock(&lock);
	m->next = mappings;
	mappings = m;
	pthread_mutex_unlock(&lock);
	return m->addr;
}

static struct mapping *take(void *addr, size_t count)
{
	struct mapping *m = NULL;

	pthread_mutex_lock(&lock);
	for (struct mapping **p = &mappings; *p; p = &(*p)->next) {
		if ((*p)->addr != addr || (*p)->count != count)
			continue;
		m = *p;
		*p = m->next;
		break;
	}
	pthread_mutex_unlock(&lock);
	return m;
}

/* If Xen still counts the pages as mapped, the addresses must not serve anybody else. */
static int mapping_end(struct mapping *m)
{
	int ret;

	notify_clear(&m->notify, m->addr);
	ret = xen_grant_unmap((uintptr_t)m->addr, m->grants, m->count);
	if (!ret)
		munmap(m->addr, m->count * GLUE_PAGE_SIZE);
	notify_send(&m->notify);
	free(m);
	return (int)xentools_result(ret);
}

int osdep_gnttab_unmap(xengnttab_handle *xgt, void *addr, uint32_t count)
{
	struct mapping *m = take(addr, count);

	(void)xgt;
	return m ? mapping_end(m) : (int)xentools_result(-EINVAL);
}

int xentools_munmap(void *addr, size_t size)
{
	uint32_t count = (uint32_t)(size / GLUE_PAGE_SIZE);
	struct mapping *m = take(addr, count);

	if (m)
		return mapping_end(m);
	return osdep_gntshr_unshare(NULL, addr, count) ? munmap(addr, size) : 0;
}

/* There are no DMA buffers to share. */
int osdep_gnttab_dmabuf_exp_from_refs(xengnttab_handle *xgt, uint32_t domid, uint32_t flags, uint32_t count,
                                      const uint32_t *refs, uint32_t *fd)
{
	(void)xgt, (void)domid, (void)flags, (void)count, (void)refs, (void)fd;
	return xentools_enosys("xengnttab_dmabuf_exp_from_refs");
}

int osdep_gnttab_dmabuf_exp_wait_released(xengnttab_handle *xgt, uint32_t fd, uint32_t wait_to_ms)
{
	(void)xgt, (void)fd, (void)wait_to_ms;
	return xentools_enosys("xengnttab_dmabuf_exp_wait_released");
}

int osdep_gnttab_dmabuf_imp_to_refs(xengnttab_handle *xgt, uint32_t domid, uint32_t fd, uint32_t count, uint32_t *refs)
{
	(void)xgt, (void)domid, (void)fd, (void)count, (void)refs;
	return xentools_enosys("xengnttab_dmabuf_imp_to_refs");
}

int osdep_gnttab_dmabuf_imp_release(xengnttab_handle *xgt, uint32_t fd)
{
	(void)xgt, (void)fd;
	return xentools_enosys("xengnttab_dmabuf_imp_release");
}
