/* SPDX-License-Identifier: BSD-3-Clause */
/* What the back ends share. Errors are the C library's: -1 or NULL, and errno. */
#ifndef XENTOOLS_GLUE_H
#define XENTOOLS_GLUE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#define GLUE_PAGE_SIZE 4096UL

/* From the kernel's way of telling errors to the C library's. */
static inline long xentools_result(long ret)
{
	if (ret >= 0)
		return ret;
	errno = (int)-ret;
	return -1;
}

/*
 * A descriptor that stands for the right to act where upstream has a device's: xentoolcore_restrict_all() puts a read-only /dev/null
 * in its place, and then it is valid no more.
 */
int xentools_token_open(void);
/* 0, or -1 with EACCES. */
int xentools_token_check(int fd);

/*
 * In handles that may be restricted to a domain and whose descriptor nobody can ask for, the field fd holds that domain's number, or
 * this one.
 */
#define XENTOOLS_ANY_DOMAIN 0x10000

/* 0, or -1 with EACCES. */
static inline int xentools_domain_check(int fd, unsigned domid)
{
	return fd == XENTOOLS_ANY_DOMAIN || (unsigned)fd == domid ? 0 : (int)xentools_result(-EACCES);
}

/* 0, or -1 with EINVAL: it is restricted to another domain already. */
static inline int xentools_domain_restrict(int *fd, unsigned domid)
{
	if (xentools_domain_check(*fd, domid))
		return (int)xentools_result(-EINVAL);
	*fd = (int)domid;
	return 0;
}

/* Cleared memory, page aligned, with pages behind it: hypercalls may use it. munmap() it. NULL with ENOMEM. */
void *xentools_alloc_pages(size_t size);

/* munmap() for memory that may be granted or shared: what xengnttab_unmap() and xengntshr_unshare() do, when it is theirs. */
int xentools_munmap(void *addr, size_t size);

/* A call that cannot work here: says so, and returns -1 with ENOSYS. */
int xentools_enosys(const char *call);

#endif
