/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/process.h>

#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>

/* Of the link script: the variables of the first process, and the libraries that have some. */
extern char __process_start[], __process_end[];
extern const struct process_part *const __process_parts_start[], *const __process_parts_end[];

static struct list all = { &process_here.link, &process_here.link };
static unsigned count = 1, last_space;
unsigned process_forking;
PROCESS_LOCAL struct inode *process_program;
PROCESS_LOCAL struct process process_here = {
	.link = { &all, &all },
	.children = LIST_INIT(process_here.children),
	.sibling = LIST_INIT(process_here.sibling),
	.pid = 1,
	.group = 1,
	.session = 1,
};

static struct process *at(uintptr_t offset)
{
	return &process_local_of(offset, process_here);
}

/* Counted from here on, so that several at once do not get too many. */
static bool count_one(void)
{
	spin_lock(&threads_lock);
	bool room = count < CONFIG_CORE_PROCESSES_MAX;

	count += room;
	spin_unlock(&threads_lock);
	return room;
}

int process_new(uintptr_t *offset)
{
	const size_t size = __process_end - __process_start;
	char *block;

	if (!count_one())
		return -EAGAIN;
	block = kmalloc(size);
	if (!block) {
		spin_lock(&threads_lock);
		count--;
		spin_unlock(&threads_lock);
		return -ENOMEM;
	}
	*offset = (uintptr_t)block - (uintptr_t)__process_start;
	memcpy(block, process_place(__process_start, process_self()), size);
	list_init(&at(*offset)->link);
	list_init(&at(*offset)->children);
	list_init(&at(*offset)->sibling);
	at(*offset)->parent = process_self();
	at(*offset)->parent_pid = process_id();
	return 0;
}

void process_begin(uintptr_t offset, int pid)
{
	struct process *p = at(offset);

	p->pid = pid;
	list_push_back(&all, &p->link);
	list_push_back(&process_local(process_here).children, &p->sibling);
}

void process_remove(uintptr_t offset)
{
	list_del(&at(offset)->link);
	list_del(&at(offset)->sibling);
	count--;
	kfree(process_place(__process_start, offset));
}

void process_cancel(uintptr_t offset)
{
	spin_lock(&threads_lock);
	count--;
	spin_unlock(&threads_lock);
	kfree(process_place(__process_start, offset));
}

bool process_find(int pid, uintptr_t *offset)
{
	struct process *p;

	list_for_each(p, &all, link) {
		if (p->pid != pid)
			continue;
		*offset = process_offset(p);
		return true;
	}
	return false;
}

int process_for_each(int (*fn)(uintptr_t offset, void *arg), void *arg)
{
	struct process *p, *next;
	int ret;

	list_for_each_safe(p, next, &all, link) {
		ret = fn(process_offset(p), arg);
		if (ret)
			return ret;
	}
	return 0;
}

unsigned process_count(void)
{
	return READ_ONCE(count);
}

unsigned process_new_space(void)
{
	spin_lock(&threads_lock);
	unsigned space = ++last_space ? last_space : ++last_space;

	spin_unlock(&threads_lock);
	return space;
}

bool process_shares_space(uintptr_t offset)
{
	struct process *p;
	bool found = false;

	spin_lock(&threads_lock);
	list_for_each(p, &all, link)
		found |= p != at(offset) && !p->ended && p->space == at(offset)->space;
	spin_unlock(&threads_lock);
	return found;
}

#define for_each_part(p) for (const struct process_part *const *p = __process_parts_start; p < __process_parts_end; p++)

int process_parts_copy(uintptr_t child)
{
	for_each_part(p)
	{
		int ret = (*p)->copy ? (*p)->copy(child) : 0;

		while (ret && p-- > __process_parts_start)
			if ((*p)->end)
				(*p)->end(child);
		if (ret)
			return ret;
	}
	return 0;
}

void process_parts_exec(void)
{
	for_each_part(p) if ((*p)->exec)(*p)->exec();
}

void process_parts_end(uintptr_t process)
{
	for_each_part(p) if ((*p)->end)(*p)->end(process);
}
