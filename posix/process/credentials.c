/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * User and group ids. The program starts as root and may become who it likes; ids are kept and shown, and nothing is refused for their
 * sake but what they say about changing ids: without an effective id of 0 only the three ids of the kind can be exchanged. Capabilities
 * likewise: what was given up does not come back.
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <posix/calls.h>

#include "internal.h"

#define GROUPS_MAX 64
#define NONE ((uint32_t)-1)

#define CAPABILITY_VERSION 0x20080522u /* _LINUX_CAPABILITY_VERSION_3 */
#define CAPABILITIES 41

struct ids {
	uint32_t real, effective, saved;
};

/* Covers all below. */
static struct spinlock id_lock = SPINLOCK_INIT("process: user and group ids");
static struct ids uid, gid;
static uint32_t groups[GROUPS_MAX];
static int group_count;
static uint64_t permitted = (1ull << CAPABILITIES) - 1, effective = (1ull << CAPABILITIES) - 1, inheritable;

bool has_capability(unsigned number)
{
	return READ_ONCE(effective) >> number & 1;
}

long sys_getuid(void)
{
	return uid.real;
}

long sys_geteuid(void)
{
	return uid.effective;
}

long sys_getgid(void)
{
	return gid.real;
}

long sys_getegid(void)
{
	return gid.effective;
}

static bool is_one_of(const struct ids *ids, uint32_t id)
{
	return id == NONE || id == ids->real || id == ids->effective || id == ids->saved;
}

static void leave(uint32_t *id, uint32_t new)
{
	if (new != NONE)
		*id = new;
}

static long set_res(struct ids *ids, uint32_t real, uint32_t effect, uint32_t saved)
{
	bool allowed;

	spin_lock(&id_lock);
	allowed = !uid.effective || (is_one_of(ids, real) && is_one_of(ids, effect) && is_one_of(ids, saved));
	if (allowed) {
		leave(&ids->real, real);
		leave(&ids->effective, effect);
		leave(&ids->saved, saved);
	}
	spin_unlock(&id_lock);
	return allowed ? 0 : -EPERM;
}

static long get_res(const struct ids *ids, uint32_t *real, uint32_t *effect, uint32_t *saved)
{
	*real = ids->real;
	*effect = ids->effective;
	*saved = ids->saved;
	return 0;
}

/* setuid(2): by root all three, by others the effective one. */
static long set_one(struct ids *ids, uint32_t id)
{
	if (id == NONE)
		return -EINVAL;
	return uid.effective ? set_res(ids, NONE, id, NONE) : set_res(ids, id, id, id);
}

/* The saved id follows the effective one when the real one is set, or the effective one to something else than the real one. */
static long set_re(struct ids *ids, uint32_t real, uint32_t effect)
{
	bool follows = real != NONE || (effect != NONE && effect != ids->real);
	uint32_t now = effect != NONE ? effect : ids->effective;

	if (uid.effective && !(real == NONE || real == ids->real || real == ids->effective))
		return -EPERM;
	return set_res(ids, real, effect, follows ? now : NONE);
}

long sys_setuid(uint32_t id)
{
	return set_one(&uid, id);
}

long sys_setgid(uint32_t id)
{
	return set_one(&gid, id);
}

long sys_setreuid(uint32_t real, uint32_t effect)
{
	return set_re(&uid, real, effect);
}

long sys_setregid(uint32_t real, uint32_t effect)
{
	return set_re(&gid, real, effect);
}

long sys_setresuid(uint32_t real, uint32_t effect, uint32_t saved)
{
	return set_res(&uid, real, effect, saved);
}

long sys_setresgid(uint32_t real, uint32_t effect, uint32_t saved)
{
	return set_res(&gid, real, effect, saved);
}

long sys_getresuid(uint32_t *real, uint32_t *effect, uint32_t *saved)
{
	return get_res(&uid, real, effect, saved);
}

long sys_getresgid(uint32_t *real, uint32_t *effect, uint32_t *saved)
{
	return get_res(&gid, real, effect, saved);
}

/* Files are everybody's: the ids for them are the effective ones, and stay so. */
long sys_setfsuid(uint32_t id __unused)
{
	return uid.effective;
}

long sys_setfsgid(uint32_t id __unused)
{
	return gid.effective;
}

long sys_getgroups(int size, uint32_t *list)
{
	if (size < 0 || (size && size < group_count))
		return -EINVAL;
	if (size)
		memcpy(list, groups, (size_t)group_count * sizeof(*list));
	return group_count;
}

long sys_setgroups(size_t size, const uint32_t *list)
{
	uint32_t copy[GROUPS_MAX]; /* the program's memory may fault: not with the lock */

	if (uid.effective)
		return -EPERM;
	if (size > GROUPS_MAX)
		return -EINVAL;
	memcpy(copy, list, size * sizeof(*list));
	spin_lock(&id_lock);
	memcpy(groups, copy, size * sizeof(*copy));
	group_count = (int)size;
	spin_unlock(&id_lock);
	return 0;
}

struct cap_header {
	uint32_t version;
	int pid;
};

struct cap_data {
	uint32_t effective, permitted, inheritable;
};

static long check_header(struct cap_header *header)
{
	if (!header)
		return -EFAULT;
	if (header->version != CAPABILITY_VERSION) {
		header->version = CAPABILITY_VERSION;
		return -EINVAL;
	}
	if (header->pid < 0)
		return -EINVAL;
	return header->pid && header->pid != process_id() ? -ESRCH : 0;
}

long sys_capget(struct cap_header *header, struct cap_data *data)
{
	long ret = check_header(header);

	if (ret)
		return ret == -EINVAL && !data ? 0 : ret; /* a question for the version */
	for (int i = 0; data && i < 2; i++)
		data[i] = (struct cap_data){ (uint32_t)(effective >> 32 * i), (uint32_t)(permitted >> 32 * i),
			                     (uint32_t)(inheritable >> 32 * i) };
	return 0;
}

long sys_capset(struct cap_header *header, const struct cap_data *data)
{
	uint64_t effect, permit, inherit;
	long ret = check_header(header);

	if (ret)
		return ret;
	if (!data)
		return -EFAULT;
	effect = data[0].effective | (uint64_t)data[1].effective << 32;
	permit = data[0].permitted | (uint64_t)data[1].permitted << 32;
	inherit = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	spin_lock(&id_lock);
	if ((permit & ~permitted) || (effect & ~permit)) {
		ret = -EPERM;
	} else {
		effective = effect;
		permitted = permit;
		inheritable = inherit;
	}
	spin_unlock(&id_lock);
	return ret;
}
