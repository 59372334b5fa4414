/* SPDX-License-Identifier: BSD-3-Clause */
/* mq_notify(2): one notice a queue, which is used up by the message that it tells of. */
#include <core/errno.h>
#include <core/string.h>
#include <posix/calls.h>
#include <posix/fd.h>
#include <posix/socket.h>

#include "mqueue.h"

void notice_take(struct mqueue *q, struct notice *out)
{
	*out = q->notice;
	q->notice.on = false;
}

/* Wake the thread that waits at the notice's socket, and tell it why. */
static void wake(struct notice *n, char why)
{
	n->cookie[MQ_COOKIE_LEN - 1] = why;
	netlink_deliver(n->socket, n->cookie, sizeof(n->cookie));
	file_put(n->socket);
}

void notice_give(struct notice *n)
{
	if (!n->on)
		return;
	if (n->how == SIGEV_THREAD)
		wake(n, MQ_NOTIFY_WOKENUP);
	if (n->how == SIGEV_SIGNAL && n->info.signo)
		signal_send_info(NULL, &n->info);
}

void notice_drop(struct mqueue *q)
{
	struct notice n;

	spin_lock(&q->lock);
	notice_take(q, &n);
	spin_unlock(&q->lock);
	if (n.on && n.how == SIGEV_THREAD)
		wake(&n, MQ_NOTIFY_REMOVED);
}

/* The socket of SIGEV_THREAD, which goes where the signal's number is otherwise; the value leads to the cookie. */
static int get_socket(const struct sigevent *ev, struct notice *n)
{
	const union call_arg cookie = { .value = ev->value };

	if (!cookie.object)
		return -EFAULT;
	memcpy(n->cookie, cookie.object, sizeof(n->cookie));
	n->socket = fd_get(ev->signo);
	if (!n->socket)
		return -EBADF;
	int ret = !n->socket->ops->socket ? -ENOTSOCK : netlink_is(n->socket) ? 0 : -EINVAL;

	if (ret)
		file_put(n->socket);
	return ret;
}

static int make_notice(const struct sigevent *ev, struct notice *n)
{
	*n = (struct notice){ .on = true, .how = ev->notify };
	switch (ev->notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_SIGNAL:
		n->info = (struct signal_info){ .signo = ev->signo, .code = SI_MESGQ, .pid = 1, .value = ev->value };
		return ev->signo >= 0 && ev->signo <= SIG_COUNT ? 0 : -EINVAL;
	case SIGEV_THREAD:
		return get_socket(ev, n);
	default:
		return -EINVAL;
	}
}

static int set(struct mqueue *q, const struct notice *n)
{
	spin_lock(&q->lock);
	int ret = q->notice.on ? -EBUSY : 0;

	if (!ret)
		q->notice = *n;
	spin_unlock(&q->lock);
	return ret;
}

long sys_mq_notify(int fd, const struct sigevent *event)
{
	struct notice n = { .on = false };
	int ret = event ? make_notice(event, &n) : 0;
	struct file *f;

	if (ret)
		return ret;
	f = mqueue_file(fd);
	if (!f)
		ret = -EBADF;
	else if (event)
		ret = set(f->priv, &n);
	else
		notice_drop(f->priv);
	if (ret && n.socket)
		file_put(n.socket);
	if (f)
		file_put(f);
	return ret;
}
