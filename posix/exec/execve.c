/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * execve(2) of a program in user mode. The new program is loaded beside the old one, at another place of the one address space; only when it is there
 * do the other threads end and the old one's memory go, unless a parent waits to have it back.
 */
#include <core/call_arg.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/process.h>
#include <core/program.h>
#include <core/string.h>
#include <core/user.h>
#include <core/vmem.h>
#include <posix/program.h>

#include "exec.h"

/* As the kernel's messages and /proc call it: the file's name without folders. */
static void name_thread(const char *path)
{
	const char *name = path;

	for (const char *p = path; *p; p++)
		if (*p == '/')
			name = p + 1;
	strlcpy(thread_self()->name, name, sizeof(thread_self()->name));
}

static void set_program(struct inode *inode)
{
	struct inode *old = process_local(process_program);

	process_local(process_program) = inode;
	inode_put(old);
}

/* All that the old program had, but what a new one inherits. @space is the new one's memory, @inode its file. */
static void leave_old(unsigned space, struct inode *inode)
{
	struct process *self = &process_local(process_here);
	const unsigned old = self->space;
	const bool shared = process_shares_space(process_self());

	process_parts_exec();
	self->space = space;
	self->in_place = false;
	set_program(inode);
	program_replaced();
	if (old && !shared)
		vmem_unmap_owned(old);
}

static void __noreturn begin(struct user *u, const struct program_image *image)
{
	user_init(u, NULL);
	u->start = (struct regs){ .rip = image->entry, .rsp = image->sp, .rflags = USER_FLAGS };
	thread_set_tls(0);
	user_start(u, &u->start, u->stack_top);
}

/* The caller's own message will say no more than that there is no memory. A shell may try again for each of its commands. */
static void say_why(const struct program_image *image)
{
	static bool said;

	if (!said)
		pr_warn("execve: %s: %s", image->which, image->wrong);
	said = true;
}

/* Load @c into memory of @space. */
static int load(struct command *c, strings envp, unsigned space, struct program_image *image)
{
	static const char *const none[] = { NULL };
	int ret = command_resolve(c);

	if (ret)
		return ret;
	const struct program_start start = {
		.file = c->file,
		.path = c->path,
		.argv = c->argv ? c->argv : none,
		.envp = envp ? envp : none,
		.owner = space,
	};

	ret = program_load(&start, image);
	if (ret == -ENOMEM)
		say_why(image);
	return ret;
}

static int check(const long args[3])
{
	size_t size = 0;
	int ret = text_check(args[0]);

	if (!ret)
		ret = list_check(args[1], &size);
	return ret ? ret : list_check(args[2], &size);
}

static long replace(struct user *u, const long args[3])
{
	const union call_arg path = { .value = args[0] }, argv = { .value = args[1] }, envp = { .value = args[2] };
	struct command c = { .path = path.object, .argv = argv.object };
	const unsigned space = process_new_space();
	struct program_image image;
	int ret = check(args);

	if (!ret)
		ret = command_open(c.path, &c.file);
	if (ret)
		return ret;
	ret = load(&c, envp.object, space, &image);
	if (!ret && !program_end_others())
		ret = -EAGAIN;
	struct inode *inode = ret ? NULL : inode_get(c.file->inode);

	if (!ret)
		name_thread(path.object);
	command_free(&c);
	if (ret) {
		vmem_unmap_owned(space);
		return ret;
	}
	leave_old(space, inode);
	begin(u, &image);
}

static int copy(uintptr_t child)
{
	struct inode *inode = process_local(process_program);

	process_local_of(child, process_program) = inode ? inode_get(inode) : NULL;
	return 0;
}

static void end(uintptr_t process)
{
	inode_put(process_local_of(process, process_program));
	process_local_of(process, process_program) = NULL;
}

static const struct process_part program_part = { .copy = copy, .end = end };
PROCESS_PART(program_part);

static int exec_init(void)
{
	program_execve = replace;
	return 0;
}
INITCALL(INIT_PROCESS, exec_init);
