/* SPDX-License-Identifier: BSD-3-Clause */
/* /proc/sysvipc, and the limits under /proc/sys/kernel, which cannot be changed. Formats are those of proc(5). */
#include <core/init.h>
#include <core/procfs.h>

#include "msg.h"
#include "sem.h"
#include "shm.h"

/* Call @show for each object of @ids; it copies what it wants with the lock, and prints without. */
static void for_each(struct seq *s, struct ipc_ids *ids, void (*show)(struct seq *s, int index))
{
	spin_lock(&ids->lock);
	const int highest = ipc_highest(ids);

	spin_unlock(&ids->lock);
	for (int i = 0; i <= highest; i++)
		show(s, i);
}

static void show_place(struct seq *s, const struct ipc_perm *p, int id)
{
	seq_printf(s, "%10d %10d  %4o ", p->key, id, p->mode);
}

static void show_owners(struct seq *s, const struct ipc_perm *p)
{
	seq_printf(s, "%5u %5u %5u %5u ", p->uid, p->gid, p->cuid, p->cgid);
}

static void show_segment(struct seq *seq, int index)
{
	struct shm_segment s;
	size_t resident = 0;

	spin_lock(&shm_ids.lock);
	struct ipc_object *o = ipc_at(&shm_ids, index);

	if (o) {
		s = *container_of(o, struct shm_segment, base);
		resident = shm_resident(&s);
	}
	spin_unlock(&shm_ids.lock);
	if (!o)
		return;
	show_place(seq, &s.base.perm, s.base.id);
	seq_printf(seq, "%21lu %5u %5u  %5lu ", s.size, (unsigned)s.cpid, (unsigned)s.lpid, s.attached);
	show_owners(seq, &s.base.perm);
	seq_printf(seq, "%10lu %10lu %10lu ", (unsigned long)s.atime, (unsigned long)s.dtime, (unsigned long)s.base.ctime);
	seq_printf(seq, "%21lu %21lu\n", resident * PAGE_SIZE, 0ul);
}

static void show_set(struct seq *seq, int index)
{
	struct sem_set s;

	spin_lock(&sem_ids.lock);
	struct ipc_object *o = ipc_at(&sem_ids, index);

	if (o)
		s = *container_of(o, struct sem_set, base);
	spin_unlock(&sem_ids.lock);
	if (!o)
		return;
	show_place(seq, &s.base.perm, s.base.id);
	seq_printf(seq, "%10u ", s.count);
	show_owners(seq, &s.base.perm);
	seq_printf(seq, "%10lu %10lu\n", (unsigned long)s.otime, (unsigned long)s.base.ctime);
}

static void show_queue(struct seq *seq, int index)
{
	struct msg_queue q;

	spin_lock(&msg_ids.lock);
	struct ipc_object *o = ipc_at(&msg_ids, index);

	if (o)
		q = *container_of(o, struct msg_queue, base);
	spin_unlock(&msg_ids.lock);
	if (!o)
		return;
	show_place(seq, &q.base.perm, q.base.id);
	seq_printf(seq, " %10lu %10lu %5u %5u ", q.bytes, q.count, (unsigned)q.lspid, (unsigned)q.lrpid);
	show_owners(seq, &q.base.perm);
	seq_printf(seq, "%10lu %10lu %10lu\n", (unsigned long)q.stime, (unsigned long)q.rtime, (unsigned long)q.base.ctime);
}

static void show_segments(struct seq *s, void *arg __unused)
{
	seq_printf(s, "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid ");
	seq_printf(s, "     atime      dtime      ctime                   rss                  swap\n");
	for_each(s, &shm_ids, show_segment);
}

static void show_sets(struct seq *s, void *arg __unused)
{
	seq_printf(s, "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n");
	for_each(s, &sem_ids, show_set);
}

static void show_queues(struct seq *s, void *arg __unused)
{
	seq_printf(s, "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid ");
	seq_printf(s, "     stime      rtime      ctime\n");
	for_each(s, &msg_ids, show_queue);
}

static void show_limit(struct seq *s, void *arg)
{
	const unsigned long *limit = arg;

	seq_printf(s, "%lu\n", *limit);
}

static void show_sem_limits(struct seq *s, void *arg __unused)
{
	seq_printf(s, "%d\t%d\t%d\t%d\n", SEMMSL, SEMMNS, SEMOPM, SEMMNI);
}

static int sysvipc_proc(void)
{
	static unsigned long limits[] = { SHMMAX, SHMALL, SHMMNI, MSGMAX, MSGMNB, MSGMNI, 0 };
	static const struct {
		const char *path;
		procfs_show show;
		unsigned long *limit;
	} files[] = {
		{ "sysvipc/shm", show_segments, NULL },
		{ "sysvipc/sem", show_sets, NULL },
		{ "sysvipc/msg", show_queues, NULL },
		{ "sys/kernel/sem", show_sem_limits, NULL },
		{ "sys/kernel/shmmax", show_limit, &limits[0] },
		{ "sys/kernel/shmall", show_limit, &limits[1] },
		{ "sys/kernel/shmmni", show_limit, &limits[2] },
		{ "sys/kernel/msgmax", show_limit, &limits[3] },
		{ "sys/kernel/msgmnb", show_limit, &limits[4] },
		{ "sys/kernel/msgmni", show_limit, &limits[5] },
		{ "sys/kernel/shm_rmid_forced", show_limit, &limits[6] },
	};
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files) && !ret; i++)
		ret = procfs_file(files[i].path, files[i].show, files[i].limit);
	return ret;
}

INITCALL(INIT_PROCESS, sysvipc_proc);
