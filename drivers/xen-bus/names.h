/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands in a folder of devices. */
#ifndef XEN_BUS_NAMES_H
#define XEN_BUS_NAMES_H

#include <core/base.h>

#define NAMES_MAX 64

/* A name that is no number has ID_NONE. */
struct device_name {
	const char *name;
	uint64_t id;
};
#define ID_NONE UINT64_MAX

/*
 * List the names that stand in @names, each NUL terminated, @len bytes in all, in ascending order of their numbers; what is no number comes last.
 * @out points into @names. Returns how many there are; more than NAMES_MAX are not listed.
 */
size_t names_sort(const char *names, size_t len, struct device_name out[NAMES_MAX]);

/*
 * Does a change of @path, which is @folder or below it, tell of devices that came or went? What stands deeper, but for the node that names the
 * back end, is a device's own affair.
 */
bool names_changed(const char *folder, const char *path);

#endif
