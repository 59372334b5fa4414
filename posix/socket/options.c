/* SPDX-License-Identifier: BSD-3-Clause */
/* getsockopt, setsockopt, for all families. */
#include <core/string.h>
#include <core/time.h>
#include <posix/calls.h>
#include <posix/socket.h>

#include "internal.h"

int socket_option_store(const void *option, size_t size, void *value, uint32_t *len)
{
	if (*len > INT32_MAX)
		return -EINVAL;
	*len = MIN((uint32_t)size, *len);
	memcpy(value, option, *len);
	return 0;
}

int socket_timeout_read(const struct timeval *tv, unsigned len, uint64_t *ns)
{
	if (len < sizeof(*tv))
		return -EINVAL;
	if (tv->tv_usec < 0 || tv->tv_usec >= 1000000)
		return -EDOM;
	*ns = tv->tv_sec < 0 ? SOCKET_TIMEOUT_NOW : time_of_timeval(tv); /* as Linux has it: not for ever, but not at all */
	return 0;
}

long sys_setsockopt(int fd, int level, int name, const void *value, unsigned len)
{
	long ret;
	struct file *f = socket_of_fd(fd, &ret);

	if (!f)
		return ret;
	ret = value || !len ? f->ops->socket->set_option(f, level, name, value ? value : "", len) : -EFAULT;
	file_put(f);
	return ret;
}

long sys_getsockopt(int fd, int level, int name, void *value, uint32_t *len)
{
	long ret;
	struct file *f = socket_of_fd(fd, &ret);

	if (!f)
		return ret;
	ret = f->ops->socket->get_option(f, level, name, value, len);
	file_put(f);
	return ret;
}
