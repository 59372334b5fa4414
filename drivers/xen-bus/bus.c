/* SPDX-License-Identifier: BSD-3-Clause */
/* The nodes of a device. */
#include <drivers/xenbus.h>

#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

static int path_in(char *out, size_t size, const char *folder, const char *node)
{
	return snprintf(out, size, "%s/%s", folder, node) < (int)size ? 0 : -ENAMETOOLONG;
}

int xenbus_read_u64(const struct xenbus_dev *dev, const char *node, uint64_t *value)
{
	char path[XENBUS_PATH_MAX];
	int ret = path_in(path, sizeof(path), dev->path, node);

	return ret ? ret : xenstore_read_u64(XST_NONE, path, value);
}

int xenbus_printf(const struct xenbus_dev *dev, const char *node, const char *format, ...)
{
	char path[XENBUS_PATH_MAX], text[128];
	va_list ap;

	va_start(ap, format);
	int len = vsnprintf(text, sizeof(text), format, ap);

	va_end(ap);
	int ret = len < (int)sizeof(text) ? path_in(path, sizeof(path), dev->path, node) : -EINVAL;

	if (!ret)
		ret = xenstore_write(XST_NONE, path, text, len);
	if (ret)
		pr_err("%s: writing %s failed: errno %d", dev->path, node, -ret);
	return ret;
}

int xenbus_backend_read(const struct xenbus_dev *dev, const char *node, char **value)
{
	char path[XENBUS_PATH_MAX + 32];
	int ret = path_in(path, sizeof(path), dev->backend, node);

	return ret ? ret : xenstore_read(XST_NONE, path, value, NULL);
}

uint64_t xenbus_backend_u64(const struct xenbus_dev *dev, const char *node, uint64_t missing)
{
	char path[XENBUS_PATH_MAX + 32];
	uint64_t value;

	if (path_in(path, sizeof(path), dev->backend, node) || xenstore_read_u64(XST_NONE, path, &value))
		return missing;
	return value;
}

int xenbus_set_state(struct xenbus_dev *dev, enum xenbus_state state)
{
	dev->told = state;
	return xenbus_printf(dev, "state", "%u", state);
}

enum xenbus_state xenbus_backend_state(const struct xenbus_dev *dev)
{
	return xenbus_backend_u64(dev, "state", XENBUS_UNKNOWN);
}
