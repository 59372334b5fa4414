/* SPDX-License-Identifier: BSD-3-Clause */
/* The calls of drivers/xenstore.h, but for watches. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

#include "protocol.h"

#define TEXT_MAX 256

int xs_errno(const char *name)
{
	static const struct {
		const char *name;
		int value;
	} errors[] = {
		{ "EINVAL", EINVAL },       { "EACCES", EACCES },   { "EEXIST", EEXIST }, { "EISDIR", EISDIR },
		{ "ENOENT", ENOENT },       { "ENOMEM", ENOMEM },   { "ENOSPC", ENOSPC }, { "EIO", EIO },
		{ "ENOTEMPTY", ENOTEMPTY }, { "ENOSYS", ENOSYS },   { "EROFS", EROFS },   { "EBUSY", EBUSY },
		{ "EAGAIN", EAGAIN },       { "EISCONN", EISCONN }, { "E2BIG", E2BIG },   { "EPERM", EPERM },
	};

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (!strcmp(errors[i].name, name))
			return -errors[i].value;
	return -EIO;
}

/* 0: @reply is an answer of @type. */
static int ask(uint32_t type, xenstore_tx_t tx, const struct xs_part *parts, unsigned count, struct xs_reply *reply)
{
	int ret = xs_talk(type, tx, parts, count, reply);

	if (ret)
		return ret;
	if (reply->type == type)
		return 0;
	ret = reply->type == XS_ERROR ? xs_errno(reply->data) : -EIO;
	kfree(reply->data);
	return ret;
}

static int ask_only(uint32_t type, xenstore_tx_t tx, const struct xs_part *parts, unsigned count)
{
	struct xs_reply reply;
	int ret = ask(type, tx, parts, count, &reply);

	if (!ret)
		kfree(reply.data);
	return ret;
}

static int fetch(uint32_t type, xenstore_tx_t tx, const char *path, char **value, size_t *len)
{
	struct xs_part part = { path, strlen(path) + 1 };
	struct xs_reply reply;
	int ret = ask(type, tx, &part, 1, &reply);

	if (ret)
		return ret;
	*value = reply.data;
	if (len)
		*len = reply.len;
	return 0;
}

int xenstore_read(xenstore_tx_t tx, const char *path, char **value, size_t *len)
{
	return fetch(XS_READ, tx, path, value, len);
}

int xenstore_directory(xenstore_tx_t tx, const char *path, char **names, size_t *len)
{
	return fetch(XS_DIRECTORY, tx, path, names, len);
}

int xenstore_read_u64(xenstore_tx_t tx, const char *path, uint64_t *value)
{
	const char *end;
	size_t len;
	char *text;
	int ret = xenstore_read(tx, path, &text, &len);

	if (ret)
		return ret;
	*value = strtou64(text, &end, 10);
	if (end == text || end != text + len)
		ret = -EINVAL;
	kfree(text);
	return ret;
}

int xenstore_write(xenstore_tx_t tx, const char *path, const void *value, size_t len)
{
	struct xs_part parts[] = { { path, strlen(path) + 1 }, { value, len } };

	return ask_only(XS_WRITE, tx, parts, ARRAY_SIZE(parts));
}

int xenstore_printf(xenstore_tx_t tx, const char *path, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	int len = vsnprintf(text, sizeof(text), format, ap);

	va_end(ap);
	return len < TEXT_MAX ? xenstore_write(tx, path, text, len) : -EINVAL;
}
