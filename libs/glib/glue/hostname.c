/* SPDX-License-Identifier: BSD-3-Clause */
/* In the place of g_hostname_to_ascii() in glib's URIs (CONFIG_LIBGLIB_UNICODE_HOSTS is off): no name beyond ASCII is a host's. */
#include <stddef.h>

char *uk_hostname_none(const char *name);

char *uk_hostname_none(const char *name)
{
	(void)name;
	return NULL;
}
