/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of strings that a program hands over: looked at before they are used, since what is begun must not fault. */
#include "exec.h"

#include <core/call_arg.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/vmem.h>

#define LIST_MAX (1ul << 20) /* bytes of all strings with their addresses: an eighth of the stack that they go to */

/* The length of the string at @address with its zero, at most @max, or 0: it cannot be read, or is longer. */
static size_t text_size(uintptr_t address, size_t max)
{
	size_t size = 0;

	while (size < max) {
		const union call_arg at = { .value = address + size };
		const size_t piece = MIN(PAGE_SIZE - at.value % PAGE_SIZE, max - size);

		if (!at.value || !vmem_accessible(at.value & PAGE_MASK, 1, VMEM_READ))
			return 0;
		const size_t length = strnlen(at.object, piece);

		size += length;
		if (length < piece)
			return size + 1;
	}
	return 0;
}

int text_check(unsigned long value)
{
	if (!value || !vmem_accessible(value & PAGE_MASK, 1, VMEM_READ))
		return -EFAULT;
	return text_size(value, PATH_MAX) ? 0 : -ENAMETOOLONG;
}

int list_check(unsigned long value, size_t *size)
{
	for (union call_arg at = { .value = value }; at.value; at.value += sizeof(at)) {
		const unsigned long *p = at.object;

		if (!vmem_accessible(at.value & PAGE_MASK, PAGE_SIZE, VMEM_READ))
			return -EFAULT;
		if (!*p)
			return 0;
		const size_t length = text_size(*p, LIST_MAX);

		if (!length && !vmem_accessible(*p & PAGE_MASK, PAGE_SIZE, VMEM_READ))
			return -EFAULT;
		*size += length + sizeof(*p);
		if (!length || *size > LIST_MAX)
			return -E2BIG;
	}
	return 0;
}

size_t list_length(strings list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}
