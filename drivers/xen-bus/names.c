/* SPDX-License-Identifier: BSD-3-Clause */
#include "names.h"

#include <core/string.h>

static uint64_t id_of(const char *name)
{
	const char *end;
	uint64_t id = strtou64(name, &end, 10);

	return *name >= '0' && *name <= '9' && !*end && id <= UINT32_MAX ? id : ID_NONE;
}

size_t names_sort(const char *names, size_t len, struct device_name out[NAMES_MAX])
{
	size_t count = 0;

	for (const char *name = names; name < names + len; name += strlen(name) + 1, count++) {
		uint64_t id = id_of(name);
		size_t at = count;

		if (count >= NAMES_MAX)
			continue;
		for (; at && out[at - 1].id > id; at--)
			out[at] = out[at - 1];
		out[at] = (struct device_name){ name, id };
	}
	return count;
}

bool names_changed(const char *folder, const char *path)
{
	size_t len = strlen(folder);

	if (strncmp(path, folder, len))
		return true; /* the watch itself, as it is set */
	const char *device = path[len] ? path + len + 1 : "";
	const char *node = strchr(device, '/');

	return !node || !strcmp(node, "/backend");
}
