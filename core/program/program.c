/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/program.h>

#include <core/errno.h>
#include <core/process.h>
#include <core/random.h>
#include <core/vfs.h>
#include <core/vmem.h>

static int (*loader)(const struct program_start *s, struct program_image *out);

void program_register(int (*load)(const struct program_start *s, struct program_image *out))
{
	loader = load;
}

int program_load(const struct program_start *s, struct program_image *out)
{
	return loader ? loader(s, out) : -ENOEXEC;
}

unsigned program_new_owner(struct file *f __unused)
{
#ifdef CONFIG_CORE_PROCESSES
	process_local(process_program) = f->inode ? inode_get(f->inode) : NULL;
	return process_local(process_here).space = process_new_space();
#else
	return 0;
#endif
}

int program_open(const char *path, struct file **out)
{
	return vfs_open(vfs_root(), path, O_RDONLY | O_CLOEXEC, 0, out);
}

void program_close(struct file *f)
{
	file_put(f);
}

int program_size(struct file *f, uint64_t *size)
{
	struct stat st;
	int ret = file_stat(f, &st);

	if (ret)
		return ret;
	*size = st.st_size;
	return S_ISREG(st.st_mode) ? 0 : -EACCES;
}

int program_read(struct file *f, void *buf, size_t size, uint64_t offset)
{
	off_t pos = (off_t)offset;
	struct iov_iter it;
	struct iovec vec;

	iov_single(&it, &vec, buf, size);
	while (it.left) {
		ssize_t got = file_read(f, &it, &pos);

		if (got <= 0)
			return got ? (int)got : -EIO;
	}
	return 0;
}

long program_map(const struct program_map *m)
{
	struct vmem_map_args args = {
		.addr = m->at,
		.size = m->size,
		.prot = (unsigned)m->prot,
		.fixed = m->at,
		.no_replace = !m->replace,
		.offset = m->offset,
		.name = m->file ? "file" : "anonymous",
#ifdef CONFIG_CORE_PROCESSES
		.owner = m->owner,
#endif
	};

	if (args.prot & (VMEM_WRITE | VMEM_EXEC)) /* the processor cannot do these without */
		args.prot |= VMEM_READ;
	if (m->file) {
		int ret = file_mmap(m->file, m->offset, m->size, false, args.prot & VMEM_WRITE, &args.pager, &args.object);

		if (ret)
			return ret;
	}
	long place = vmem_map(&args);

	if (place < 0 && args.pager)
		args.pager->unref(args.object);
	return place;
}

void program_random(void *buf, size_t size)
{
	random_bytes(buf, size);
}
