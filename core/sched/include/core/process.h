/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Processes: groups of threads in the one address space, each with variables of its own (CONFIG_CORE_PROCESSES).
 *
 * A variable that is defined with PROCESS_LOCAL exists once a process. The first process's are where the linker puts them; each other process has
 * a block of memory with all of them, @offset bytes behind the first one's, and that number is how a process is named here. Without the option
 * there is one process, the variables are ordinary ones, and all of this costs nothing.
 *
 * A library that has such variables and keeps something by them says what is to be done about that when processes come and go: PROCESS_PART().
 */
#ifndef CORE_PROCESS_H
#define CORE_PROCESS_H

#include <core/thread.h>

#ifdef CONFIG_CORE_PROCESSES
#define PROCESSES 1
#define PROCESS_LOCAL __section(".process")

/* Hidden from the compiler, which knows where a variable ends. */
static inline void *process_place(const void *variable, uintptr_t offset)
{
	uintptr_t at = (uintptr_t)variable + offset;

	__asm__("" : "+r"(at));
	return (void *)at;
}

/* The variable @v of the process @offset, and of the running thread's. */
#define process_local_of(offset, v) (*(__typeof__(v) *)process_place(&(v), offset))
#define process_local(v) process_local_of(process_self(), v)
#else
#define PROCESSES 0
#define PROCESS_LOCAL
#define process_local_of(offset, v) (v)
#define process_local(v) (v)
#endif

/* The process of a thread, and of the running one. Threads of the kernel's count as the first one's: 0. Any context. */
static inline uintptr_t process_of(const struct thread *t)
{
#ifdef CONFIG_CORE_PROCESSES
	return t->process;
#else
	(void)t;
	return 0;
#endif
}

static inline uintptr_t process_self(void)
{
#ifdef CONFIG_CORE_PROCESSES
	return process_of(thread_self());
#else
	return 0;
#endif
}

#ifdef CONFIG_CORE_PROCESSES

/* What a process is. Under threads_lock, unless the running one asks for its own identifiers. */
struct process {
	struct list link; /* all processes */
	struct list children, sibling;
	uintptr_t parent; /* 0 for the first one, too */
	int parent_pid; /* 0 for the first one */
	int pid; /* that of its first thread */
	int group, session;
	unsigned
		space; /* whose memory it has; more than one process while a child has not begun a program of its own. 0: the image's */
	bool in_place; /* a fork()'s child in its parent's memory, which that gets back as it was */
	bool ended; /* it has no threads any more, and waits for its parent to ask how it ended */
};

extern PROCESS_LOCAL struct process process_here;
/* The file of the running process's program, counted by it, or NULL: it is the image's. */
struct inode;
extern PROCESS_LOCAL struct inode *process_program;

/* Which process is described by @p. */
static inline uintptr_t process_offset(const struct process *p)
{
	return (uintptr_t)p - (uintptr_t)&process_here;
}

/* Pids of the running process and of its parent. Any context. */
#define process_id() ((int)process_local(process_here).pid)
#define process_parent_id() ((int)process_local(process_here).parent_pid)

/* A copy of the running process without threads, which nobody finds yet; @offset is it. -EAGAIN: there are too many, -ENOMEM. Thread context. */
int process_new(uintptr_t *offset);
/* It is there, as @pid, a child of the running one's. Under threads_lock. */
void process_begin(uintptr_t offset, int pid);
/* It is there no more, and its variables are gone. Under threads_lock. */
void process_remove(uintptr_t offset);
/* What process_new() gave and process_begin() has not got. Any context. */
void process_cancel(uintptr_t offset);

/* The process with this pid. Under threads_lock. */
bool process_find(int pid, uintptr_t *offset);
/* Call @fn for each process until it returns non-zero, and return that. Under threads_lock. */
int process_for_each(int (*fn)(uintptr_t offset, void *arg), void *arg);
/* How many there are, those that have ended included. Any context. */
unsigned process_count(void);
/* How many sleep after fork() as long as their child has their memory: whom they would read from waits for them in vain. Under threads_lock to change. */
extern unsigned process_forking;
/* A number for memory that nobody has yet, for struct process.space. Any context. */
unsigned process_new_space(void);
/* Does another process than @offset have its memory? Any context. */
bool process_shares_space(uintptr_t offset);

/* What a library does about its variables, in thread context. */
struct process_part {
	/*
	 * @child's variables are a copy of the running process's as of some moment: make them its own. Returns 0; or -ENOMEM, and then there is
	 * nothing that end() would have to take back.
	 */
	int (*copy)(uintptr_t child);
	/* The running process begins another program; its memory is still what it was. */
	void (*exec)(void);
	/* @process ends: it is the running one, or a child that has not begun. */
	void (*end)(uintptr_t process);
};

/* Register the parts of a library, a constant struct process_part; each function may be absent. */
#define PROCESS_PART(name) \
	static const struct process_part *const __section(".process_parts") __attribute__((__used__, __retain__)) \
	process_part_##name = &(name)

/* The functions of all libraries; the first one returns 0, or -ENOMEM with nothing done. Thread context. */
int process_parts_copy(uintptr_t child);
void process_parts_exec(void);
void process_parts_end(uintptr_t process);

#else
#define process_id() 1
#define process_count() 1
#define process_forking 0u
#endif

#endif
