/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unix-domain sockets: shared by the files of posix/socket only.
 *
 * One sleeping lock, unix_lock, covers the state and the queues of all sockets. Readiness can be told from a socket's own
 * fields without it. A socket is counted: by its file, by the peer that is connected to it, and by messages in flight that
 * name it as their sender.
 */
#ifndef POSIX_SOCKET_UNIX_H
#define POSIX_SOCKET_UNIX_H

#include <abi/ioctl.h>
#include <abi/socket.h>
#include <core/time.h>
#include <core/tree.h>
#include <core/vfs.h>
#include <posix/calls.h>
#include <posix/fd.h>
#include <posix/socket.h>

#define SNDBUF_DEFAULT 212992u
#define CHUNK_MAX 32768u /* the memory of the largest piece of a stream, with its message */
#define SOCK_WRITABLE (POLLOUT | POLLWRNORM | POLLWRBAND)
#define SOCK_ALL_EVENTS (POLLIN | POLLRDNORM | POLLHUP | POLLRDHUP | SOCK_WRITABLE)
#define DATAGRAMS_MAX 10u /* so many unread ones are not too many yet; net.unix.max_dgram_qlen of Linux */

enum sock_state { SOCK_IDLE, SOCK_LISTENING, SOCK_CONNECTED };

struct address {
	unsigned len; /* of the name in @sun.path; 0: unnamed */
	struct sockaddr_un sun;
	char zero; /* behind the longest path, which is shown with it */
};

struct sock {
	unsigned refs;
	int type;
	enum sock_state state;
	struct sock *peer; /* counted. Datagrams: where send() goes */
	bool shut_read, shut_write; /* by itself, or of a connection by the peer, which did the other half or is closed */
	bool closed; /* the file is gone */
	int error; /* for SO_ERROR and the next call */
	struct list queue; /* struct message: to be received */
	size_t queued; /* bytes of data in it */
	unsigned queue_len; /* messages in it */
	struct list writers; /* sockets that found too many datagrams here, by @blocked: woken when that changes */
	struct list blocked;
	size_t in_flight; /* what this socket sent and nobody has received */
	size_t sndbuf;
	struct list backlog; /* connections to accept, by @pending */
	unsigned backlog_len, backlog_max;
	struct list pending;
	struct waitq wait; /* all changes but one: */
	struct waitq room; /* room in the backlog */
	bool pass_credentials;
	uint64_t rcv_timeout, snd_timeout; /* ns; 0: none */
	struct linger linger; /* kept */
	struct address addr; /* own name */
	struct inode *node; /* of a name in the file system: counted */
	struct tree_node names; /* in the abstract name space, if bound there */
};

struct message {
	struct list link;
	struct sock *sender; /* counted */
	struct file **files; /* counted: in flight */
	unsigned nfiles;
	size_t charge; /* to the sender's in_flight */
	size_t len, offset; /* a stream's reader may take a part */
	char data[];
};

/* One sendmsg or recvmsg. */
struct transfer {
	struct iov_iter it;
	int flags; /* MSG_* of the caller */
	bool nonblock;
	struct file **files; /* to send; or received: counted, the caller's */
	unsigned nfiles;
	const struct address *to; /* send: destination, or NULL */
	struct address from; /* receive: who sent it */
	bool has_from;
	int out_flags; /* receive: MSG_TRUNC, MSG_EOR */
};

extern struct mutex unix_lock;
extern const struct file_ops unix_ops;
extern const struct socket_ops unix_socket_ops;

/* unix.c: life time. */
struct sock *sock_new(int type);
static inline struct sock *sock_get(struct sock *s)
{
	__atomic_add_fetch(&s->refs, 1, __ATOMIC_RELAXED);
	return s;
}
void sock_put(struct sock *s); /* NULL is allowed; not under unix_lock */
struct file *sock_file(struct sock *s, unsigned flags); /* takes over the reference, on failure too (NULL) */
/* Take the pending error. 0 or -Exxx. Under unix_lock. */
int sock_take_error(struct sock *s);
/*
 * @s, of datagrams, sends to @to from now on, or to nobody: takes over the reference, and returns the one to put. What it has not received yet is lost
 * unless @to is who it was: in @lost, for message_free_all(). Under unix_lock.
 */
struct sock *sock_redirect(struct sock *s, struct sock *to, struct list *lost);
bool sock_can_send(const struct sock *s);

/* message.c */
struct message *message_new(size_t len, struct sock *sender);
/* How much of @left bytes of a stream goes into the next message: as much as fills a block of the allocator's. */
size_t message_piece(size_t left);
void message_free(struct message *m); /* drops its files; not under unix_lock */
void message_free_all(struct list *messages); /* as message_free() */
void message_unlink(struct sock *s, struct message *m); /* from @s's queue; credits the sender. Under unix_lock */
/* Append to @to's queue. Under unix_lock. */
void message_queue(struct sock *to, struct message *m);

/*
 * Has @to too many datagrams for one more of @s's? Not if @to sends to @s alone: then the sender's buffer is the bound. If so and @note, @s is
 * woken when that may have changed. Under unix_lock.
 */
bool message_crowded(struct sock *s, struct sock *to, bool note);
/* Those that wait for room at @s look again: it has room, or goes away. Under unix_lock. */
void message_wake_writers(struct sock *s);

/* send.c, receive.c */
ssize_t sock_send(struct sock *s, struct transfer *t);
ssize_t sock_receive(struct sock *s, struct transfer *t);

/* control.c: ancillary data. */
int control_parse(const struct msghdr *hdr, struct transfer *t); /* sets @files: transfer_drop_files() frees */
void control_store(struct msghdr *hdr, struct sock *s, struct transfer *t); /* consumes @files */
void transfer_drop_files(struct transfer *t);

/* address.c */
int address_read(const void *sa, unsigned len, struct address *out);
/* As programs see it. */
void address_name(const struct address *a, struct socket_name *out);
/* The socket bound to @a, with a reference. -ECONNREFUSED, -ENOENT ... */
int address_find(const struct address *a, struct sock **out);
int address_bind(struct sock *s, const struct address *a);
void address_unbind(struct sock *s);

/* unix_options.c */
int unix_set_option(struct file *f, int level, int name, const void *value, unsigned len);
int unix_get_option(struct file *f, int level, int name, void *value, uint32_t *len);

/* connect.c */
int sock_connect(struct sock *s, const struct address *a, bool nonblock);
int sock_accept(struct sock *s, bool nonblock, struct sock **out);
int sock_listen(struct sock *s, int backlog);
int sock_shutdown(struct sock *s, int how);
void sock_pair(struct sock *a, struct sock *b);

/* Absolute deadline of a timeout that starts now; 0 stays 0. */
uint64_t deadline_of(uint64_t timeout);
/* What a wait that ended with @ret, an error, is reported as: a timeout is -EAGAIN, a signal ends the call if there is one. */
static inline int wait_result(int ret, uint64_t deadline)
{
	if (ret == -EINTR && deadline != DEADLINE_NEVER)
		return -EINTR_FINAL;
	return ret == -ETIMEDOUT ? -EAGAIN : ret;
}

#endif
