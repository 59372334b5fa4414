/* SPDX-License-Identifier: BSD-3-Clause */
/* Watches. The token on the wire is the watch's address; it is looked up, not trusted. */
#include "watch.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>

static struct list watches = LIST_INIT(watches);
static struct mutex watches_lock = MUTEX_INIT(watches_lock);
static unsigned connection; /* to xenstored, counted; under the lock */

struct token {
	char text[20];
};

static struct token token_of(const struct xenstore_watch *w)
{
	struct token t;

	snprintf(t.text, sizeof(t.text), "%lx", (unsigned long)(uintptr_t)w);
	return t;
}

void watch_event(char *data, size_t len)
{
	static struct log_limit limit;
	size_t path_len = strnlen(data, len);
	const char *token = data + path_len + 1;
	struct xenstore_watch *w;

	if (path_len >= len) {
		log_ratelimited(&limit, LOG_WARN, "xenstore: a watch event without a token");
		return;
	}
	mutex_lock(&watches_lock);
	list_for_each(w, &watches, link) {
		if (strcmp(token_of(w).text, token))
			continue;
		w->fn(w, data);
		break;
	}
	mutex_unlock(&watches_lock);
}

static int call(uint32_t type, const char *path, const struct token *t)
{
	struct xs_part parts[] = { { path, strlen(path) + 1 }, { t->text, strlen(t->text) + 1 } };
	struct xs_reply reply;
	int ret = xs_talk(type, XST_NONE, parts, ARRAY_SIZE(parts), &reply);

	if (ret)
		return ret;
	if (reply.type == XS_ERROR)
		ret = xs_errno(reply.data);
	kfree(reply.data);
	return ret;
}

/* A watch that was set before the last suspension, now counted as set again: its token and a copy of its path; NULL: there is none. */
static char *next_to_set(struct token *t)
{
	struct xenstore_watch *w;
	char *path = NULL;

	mutex_lock(&watches_lock);
	list_for_each(w, &watches, link) {
		if (w->connection == connection)
			continue;
		w->connection = connection;
		*t = token_of(w);
		path = kstrdup(w->path);
		if (path)
			break;
		pr_err("xenstore: %s is not watched any more: no memory", w->path);
	}
	mutex_unlock(&watches_lock);
	return path;
}

void watch_all_again(void)
{
	struct token t;
	char *path;

	mutex_lock(&watches_lock);
	connection++;
	mutex_unlock(&watches_lock);
	while ((path = next_to_set(&t))) {
		int ret = call(XS_WATCH, path, &t);

		if (ret && ret != -EEXIST)
			pr_err("xenstore: %s is not watched any more: errno %d", path, -ret);
		kfree(path);
	}
}

int xenstore_watch(struct xenstore_watch *w)
{
	mutex_lock(&watches_lock);
	w->connection = connection;
	list_push_back(&watches, &w->link);
	mutex_unlock(&watches_lock);
	struct token t = token_of(w);
	int ret = call(XS_WATCH, w->path, &t);

	if (ret) {
		mutex_lock(&watches_lock);
		list_del(&w->link);
		mutex_unlock(&watches_lock);
	}
	return ret;
}

void xenstore_unwatch(struct xenstore_watch *w)
{
	mutex_lock(&watches_lock);
	list_del(&w->link);
	mutex_unlock(&watches_lock);
	struct token t = token_of(w);

	call(XS_UNWATCH, w->path, &t);
}
