/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Entries of directories, looked for one after the other. Directories that have an index of hashes keep it until their first change, which makes its
 * blocks what they look like to those who do not know it: empty ones.
 */
#include <core/errno.h>
#include <core/string.h>

#include "internal.h"

#define DOT_SIZE 12u

uint64_t ext_dir_blocks(const struct ext_inode *dir)
{
	const struct ext_fs *fs = to_fs(dir->base.sb);

	return MIN((uint64_t)dir->base.size >> fs->block_shift, (uint64_t)fs->blocks);
}

/* What of a block entries may use: behind it is the checksum. */
static size_t room_of(const struct ext_fs *fs)
{
	return fs->block_size - (fs->csum ? DIRENT_TAIL : 0);
}

struct ext_dirent *ext_dirent_at(char *block, size_t at, size_t end)
{
	struct ext_dirent *e = (struct ext_dirent *)(block + at);

	if (end - at < DIRENT_HEAD || e->rec_len < DIRENT_HEAD || e->rec_len % 4 || e->rec_len > end - at)
		return NULL;
	return e->ino && (!e->name_len || DIRENT_SIZE(e->name_len) > e->rec_len) ? NULL : e;
}

/* Has the block, of a directory with an index, a part of that? */
static bool is_index(const struct ext_fs *fs, const char *block, uint64_t index)
{
	const struct ext_dirent *e = (const struct ext_dirent *)block;

	return !index || (!e->ino && e->rec_len == fs->block_size);
}

int ext_dir_block(struct ext_inode *dir, uint64_t index, struct ext_buf **out)
{
	struct ext_fs *fs = to_fs(dir->base.sb);
	uint32_t block;
	int ret = ext_map(dir, index, &block);

	if (!ret && !block)
		ret = ext_damaged(fs, "a hole in directory", dir->base.ino);
	if (!ret)
		ret = ext_read(fs, block, out);
	if (ret || !fs->csum || ((*out)->state & BUF_CHECKED))
		return ret;
	if ((!(dir->flags & INODE_INDEX) || !is_index(fs, ext_data(*out), index)) && !ext_dir_sum_good(dir, ext_data(*out))) {
		ext_put(fs, *out);
		return ext_damaged(fs, "directory", dir->base.ino);
	}
	(*out)->state |= BUF_CHECKED;
	return 0;
}

static int bad_entry(struct ext_inode *dir, struct ext_buf *buf)
{
	struct ext_fs *fs = to_fs(dir->base.sb);

	ext_put(fs, buf);
	return ext_damaged(fs, "an entry of directory", dir->base.ino);
}

int ext_dir_find(struct ext_inode *dir, struct name name, struct ext_place *place)
{
	struct ext_fs *fs = to_fs(dir->base.sb);
	struct ext_buf *buf;

	for (uint64_t i = 0; i < ext_dir_blocks(dir); i++) {
		struct ext_dirent *e = NULL, *before = NULL;
		int ret = ext_dir_block(dir, i, &buf);

		if (ret)
			return ret;
		for (size_t at = 0; at < fs->block_size; at += e->rec_len, before = e) {
			e = ext_dirent_at(ext_data(buf), at, fs->block_size);
			if (!e)
				return bad_entry(dir, buf);
			if (e->ino && e->name_len == name.len && !memcmp(e->name, name.s, name.len)) {
				*place = (struct ext_place){ buf, e, before };
				return 0;
			}
		}
		ext_put(fs, buf);
	}
	return -ENOENT;
}

static void changed(struct ext_inode *dir, struct ext_buf *buf)
{
	struct ext_fs *fs = to_fs(dir->base.sb);

	ext_dir_sum_set(dir, ext_data(buf));
	ext_dirty_meta(fs, buf);
}

/* An entry in @buf, which is let go, has changed. */
static void end_change(struct ext_inode *dir, struct ext_buf *buf)
{
	changed(dir, buf);
	ext_put(to_fs(dir->base.sb), buf);
	inode_touch(&dir->base, INODE_MTIME | INODE_CTIME);
	ext_inode_write(dir);
}

/* The index's blocks become empty ones. */
static int make_linear(struct ext_inode *dir)
{
	struct ext_fs *fs = to_fs(dir->base.sb);
	struct ext_buf *buf;

	if (!(dir->flags & INODE_INDEX))
		return 0;
	for (uint64_t i = 0; i < ext_dir_blocks(dir); i++) {
		int ret = ext_dir_block(dir, i, &buf);

		if (ret)
			return ret;
		struct ext_dirent *e = (struct ext_dirent *)(ext_data(buf) + (i ? 0 : DOT_SIZE));

		if (is_index(fs, ext_data(buf), i)) {
			e->rec_len = (uint16_t)(room_of(fs) - (i ? 0 : DOT_SIZE));
			changed(dir, buf);
		}
		ext_put(fs, buf);
	}
	dir->flags &= ~INODE_INDEX;
	ext_inode_write(dir);
	return 0;
}

static uint8_t type_of(const struct ext_fs *fs, uint32_t mode)
{
	static const uint8_t types[16] = { [S_IFREG >> 12] = 1, [S_IFDIR >> 12] = 2,  [S_IFCHR >> 12] = 3, [S_IFBLK >> 12] = 4,
		                           [S_IFIFO >> 12] = 5, [S_IFSOCK >> 12] = 6, [S_IFLNK >> 12] = 7 };

	return fs->incompat & INCOMPAT_FILETYPE ? types[(mode & S_IFMT) >> 12] : 0;
}

static void fill(const struct ext_fs *fs, struct ext_dirent *e, struct name name, uint32_t ino, uint32_t mode)
{
	e->ino = ino;
	e->name_len = (uint8_t)name.len;
	e->type = type_of(fs, mode);
	memcpy(e->name, name.s, name.len);
}

/* Room for @size bytes in a block: a free entry, or one that is cut off another. NULL: there is none. *@bad: an entry is. */
static struct ext_dirent *find_room(const struct ext_fs *fs, char *block, size_t size, bool *bad)
{
	struct ext_dirent *e;

	for (size_t at = 0; at < room_of(fs); at += e->rec_len) {
		e = ext_dirent_at(block, at, room_of(fs));
		if (!e) {
			*bad = true;
			return NULL;
		}
		size_t used = e->ino ? DIRENT_SIZE(e->name_len) : 0;

		if (e->rec_len < used + size)
			continue;
		if (!used)
			return e;
		struct ext_dirent *rest = (struct ext_dirent *)((char *)e + used);

		*rest = (struct ext_dirent){ .rec_len = (uint16_t)(e->rec_len - used) };
		e->rec_len = (uint16_t)used;
		return rest;
	}
	return NULL;
}

/* One more block, empty. */
static int grow(struct ext_inode *dir, struct ext_buf **out)
{
	struct ext_fs *fs = to_fs(dir->base.sb);
	uint32_t block;
	bool fresh;
	int ret = ext_map_make(dir, ext_dir_blocks(dir), &block, &fresh);

	if (!ret)
		ret = ext_clear(fs, block, out);
	if (ret)
		return ret;
	((struct ext_dirent *)ext_data(*out))->rec_len = (uint16_t)room_of(fs);
	(*out)->state |= BUF_CHECKED;
	changed(dir, *out);
	dir->base.size += fs->block_size;
	ext_inode_write(dir);
	return 0;
}

int ext_dir_add(struct ext_inode *dir, struct name name, uint32_t ino, uint32_t mode)
{
	struct ext_fs *fs = to_fs(dir->base.sb);
	struct ext_dirent *e = NULL;
	struct ext_buf *buf;
	int ret = make_linear(dir);

	if (ret)
		return ret;
	for (uint64_t i = MIN(dir->read_next, ext_dir_blocks(dir)); !e; i++) {
		bool bad = false;

		ret = i < ext_dir_blocks(dir) ? ext_dir_block(dir, i, &buf) : grow(dir, &buf);
		if (ret)
			return ret;
		e = find_room(fs, ext_data(buf), DIRENT_SIZE(name.len), &bad);
		if (bad)
			return bad_entry(dir, buf);
		if (!e)
			ext_put(fs, buf);
		else
			dir->read_next = i;
	}
	fill(fs, e, name, ino, mode);
	end_change(dir, buf);
	return 0;
}

/* The entry in a directory that has no index, which would not hold any more. */
static int find_to_change(struct ext_inode *dir, struct name name, struct ext_place *p)
{
	int ret = make_linear(dir);

	return ret ? ret : ext_dir_find(dir, name, p);
}

int ext_dir_remove(struct ext_inode *dir, struct name name)
{
	struct ext_place p;
	int ret = find_to_change(dir, name, &p);

	if (ret)
		return ret;
	if (p.before)
		p.before->rec_len += p.entry->rec_len;
	else
		p.entry->ino = 0;
	dir->read_next = 0;
	end_change(dir, p.buf);
	return 0;
}

int ext_dir_replace(struct ext_inode *dir, struct name name, uint32_t ino, uint32_t mode)
{
	struct ext_place p;
	int ret = find_to_change(dir, name, &p);

	if (ret)
		return ret;
	p.entry->ino = ino;
	p.entry->type = type_of(to_fs(dir->base.sb), mode);
	end_change(dir, p.buf);
	return 0;
}

int ext_dir_set_parent(struct ext_inode *dir, uint32_t parent)
{
	return ext_dir_replace(dir, (struct name){ "..", 2 }, parent, S_IFDIR);
}

int ext_dir_init(struct ext_inode *dir, uint32_t parent)
{
	struct ext_fs *fs = to_fs(dir->base.sb);
	struct ext_buf *buf;
	int ret = grow(dir, &buf);

	if (ret)
		return ret;
	struct ext_dirent *dot = (struct ext_dirent *)ext_data(buf), *up = (struct ext_dirent *)(ext_data(buf) + DOT_SIZE);

	*dot = (struct ext_dirent){ .rec_len = DOT_SIZE };
	*up = (struct ext_dirent){ .rec_len = (uint16_t)(room_of(fs) - DOT_SIZE) };
	fill(fs, dot, (struct name){ ".", 1 }, (uint32_t)dir->base.ino, S_IFDIR);
	fill(fs, up, (struct name){ "..", 2 }, parent, S_IFDIR);
	changed(dir, buf);
	ext_put(fs, buf);
	return 0;
}
