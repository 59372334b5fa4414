/* SPDX-License-Identifier: BSD-3-Clause */
#include "ext4.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#define SUPERBLOCK_AT 1024
#define SUPERBLOCK_SIZE 1024
#define MAGIC 0xef53
#define BLOCK_SHIFT_MAX 16
#define INODE_SIZE_MIN 128
#define ROOT 2

/* Features that a reader must know. */
enum {
	META_GROUPS = 0x10,
	EXTENTS = 0x40,
	BITS64 = 0x80,
	/* file types, a journal not replayed, extents, 64 bits, flexible groups, attribute inodes, seeds, large folders, inline data, folded case */
	KNOWN = 0x2 | 0x4 | META_GROUPS | EXTENTS | BITS64 | 0x200 | 0x400 | 0x2000 | 0x4000 | 0x8000 | 0x20000,
};
enum { INODE_EXTENTS = 0x80000, INODE_INLINE = 0x10000000, INODE_ENCRYPTED = 0x800 };

#define EXTENT_MAGIC 0xf30a
#define EXTENT_DEPTH_MAX 5
/* Longer ones stand for blocks that are allocated and were never written. */
#define EXTENT_WRITTEN_MAX 32768u
#define DIRECT_BLOCKS 12
#define LINKS_MAX 8
/* Entries of a folder that are looked at before it is called damaged. */
#define ENTRIES_MAX 1000000u

static uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t le32(const uint8_t *p)
{
	return le16(p) | (uint32_t)le16(p + 2) << 16;
}

/* Bytes of a block of the file system. */
static int read_block(struct ext4 *fs, uint64_t block, uint32_t at, void *buf, size_t size)
{
	if (!block || block >= fs->blocks || at > fs->block_size || size > fs->block_size - at)
		return -EIO;
	return fs->read(fs->priv, buf, size, block * fs->block_size + at);
}

static bool read_geometry(struct ext4 *fs, const uint8_t *s)
{
	uint32_t shift = le32(s + 24), revision = le32(s + 76);

	fs->features = revision ? le32(s + 96) : 0;
	fs->block_size = shift <= BLOCK_SHIFT_MAX - 10 ? 1024u << shift : 0;
	fs->first_block = le32(s + 20);
	fs->blocks = le32(s + 4) | (fs->features & BITS64 ? (uint64_t)le32(s + 336) << 32 : 0);
	fs->inode_count = le32(s);
	fs->blocks_per_group = le32(s + 32);
	fs->inodes_per_group = le32(s + 40);
	fs->inode_size = revision ? le16(s + 88) : INODE_SIZE_MIN;
	fs->descriptor_size = fs->features & BITS64 ? le16(s + 254) : 32;
	fs->first_meta_group = le32(s + 260);
	return fs->block_size && fs->blocks < UINT64_MAX / fs->block_size && fs->blocks_per_group && fs->inodes_per_group &&
	       fs->first_block <= 1 && fs->inode_size >= INODE_SIZE_MIN && fs->inode_size <= fs->block_size &&
	       !(fs->inode_size & (fs->inode_size - 1)) && fs->descriptor_size >= 32 && fs->descriptor_size <= fs->block_size &&
	       !(fs->descriptor_size & (fs->descriptor_size - 1));
}

int ext4_open(struct ext4 *fs)
{
	uint8_t s[SUPERBLOCK_SIZE];
	int ret = fs->read(fs->priv, s, sizeof(s), SUPERBLOCK_AT);

	if (ret)
		return ret;
	if (le16(s + 56) != MAGIC || !read_geometry(fs, s))
		return -EINVAL;
	return fs->features & ~(uint32_t)KNOWN ? -EOPNOTSUPP : 0;
}

/* The block with the descriptor of @group, and where it is in there. */
static uint64_t descriptor_block(const struct ext4 *fs, uint32_t group, uint32_t *at)
{
	uint32_t in_block = fs->block_size / fs->descriptor_size, meta = group / in_block;

	*at = group % in_block * fs->descriptor_size;
	if (!(fs->features & META_GROUPS) || meta < fs->first_meta_group)
		return (uint64_t)fs->first_block + 1 + meta;
	/* In the first of the groups that it describes: at its begin, or behind a copy of the superblock, which group 0 has for certain. */
	return (uint64_t)fs->first_block + (uint64_t)meta * in_block * fs->blocks_per_group + (meta == 0);
}

static int read_inode(struct ext4 *fs, uint32_t number, struct ext4_file *file)
{
	uint8_t d[64] = { 0 }, i[INODE_SIZE_MIN];
	uint32_t at, group;

	if (!number || number > fs->inode_count)
		return -EIO;
	group = (number - 1) / fs->inodes_per_group;
	uint64_t block = descriptor_block(fs, group, &at);
	int ret = read_block(fs, block, at, d, fs->descriptor_size < sizeof(d) ? fs->descriptor_size : sizeof(d));

	if (ret)
		return ret;
	uint64_t offset = (uint64_t)((number - 1) % fs->inodes_per_group) * fs->inode_size;
	uint64_t table = le32(d + 8) | (uint64_t)le32(d + 40) << 32;

	if (table >= fs->blocks)
		return -EIO;
	ret = read_block(fs, table + offset / fs->block_size, offset % fs->block_size, i, sizeof(i));
	if (ret)
		return ret;
	file->mode = le16(i);
	file->flags = le32(i + 32);
	file->size = le32(i + 4) | (S_ISREG(file->mode) ? (uint64_t)le32(i + 108) << 32 : 0);
	memcpy(file->map, i + 40, EXT4_MAP_SIZE);
	return file->flags & (INODE_INLINE | INODE_ENCRYPTED) ? -EOPNOTSUPP : 0;
}

/* A node of an inode's tree of extents: in the inode, or in a block of the disk. */
struct node {
	const uint8_t *in_inode;
	uint64_t block;
	uint32_t room; /* entries that fit */
};

static int read_node(struct ext4 *fs, const struct node *n, uint32_t entry, uint8_t out[12])
{
	if (n->in_inode) {
		memcpy(out, n->in_inode + entry * 12, 12);
		return 0;
	}
	return read_block(fs, n->block, entry * 12, out, 12);
}

/* The last entry of @n that begins at or before @block, into @entry. Returns 1, 0 if there is none, or a negative errno. */
static int search_node(struct ext4 *fs, const struct node *n, uint32_t count, uint32_t block, uint8_t entry[12])
{
	uint32_t low = 0, high = count; /* entries before low begin at or before, those from high on behind */

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int ret = read_node(fs, n, middle + 1, entry);

		if (ret)
			return ret;
		if (le32(entry) <= block)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return 0;
	int ret = read_node(fs, n, low, entry);

	return ret ? ret : 1;
}

/* Where block @block of a file with extents is; 0: a hole. */
static int find_extent(struct ext4 *fs, const struct ext4_file *file, uint32_t block, uint64_t *found)
{
	struct node n = { file->map, 0, EXT4_MAP_SIZE / 12 - 1 };
	uint32_t depth_before = EXTENT_DEPTH_MAX + 1;

	*found = 0;
	for (;;) {
		uint8_t e[12];
		int ret = read_node(fs, &n, 0, e);
		uint32_t count = le16(e + 2), depth = le16(e + 6);

		if (!ret && (le16(e) != EXTENT_MAGIC || count > n.room || depth >= depth_before))
			ret = -EIO;
		ret = ret ? ret : search_node(fs, &n, count, block, e);
		if (ret <= 0)
			return ret;
		if (!depth) {
			uint32_t begin = le32(e), length = le16(e + 4);

			if (length <= EXTENT_WRITTEN_MAX && block - begin < length)
				*found = (le32(e + 8) | (uint64_t)le16(e + 6) << 32) + (block - begin);
			return 0;
		}
		n = (struct node){ NULL, le32(e + 4) | (uint64_t)le16(e + 8) << 32, fs->block_size / 12 - 1 };
		depth_before = depth;
	}
}

/* The same of a file with lists of block numbers: twelve, then one, two and three levels of blocks with numbers. */
static int find_listed(struct ext4 *fs, const struct ext4_file *file, uint32_t block, uint64_t *found)
{
	uint64_t in_block = fs->block_size / 4, rest = block, span = 1;
	unsigned level = 0;

	*found = 0;
	if (block < DIRECT_BLOCKS) {
		*found = le32(file->map + block * 4);
		return 0;
	}
	for (rest -= DIRECT_BLOCKS, level = 1, span = in_block; rest >= span; level++, span *= in_block) {
		if (level == 3)
			return -EIO;
		rest -= span;
	}
	*found = le32(file->map + (DIRECT_BLOCKS + level - 1) * 4);
	while (*found && level--) {
		uint8_t number[4];

		span /= in_block;
		int ret = read_block(fs, *found, (uint32_t)(rest / span) * 4, number, sizeof(number));

		if (ret)
			return ret;
		*found = le32(number);
		rest %= span;
	}
	return 0;
}

static int find_block(struct ext4 *fs, const struct ext4_file *file, uint64_t block, uint64_t *found)
{
	if (block > UINT32_MAX)
		return -EIO;
	return file->flags & INODE_EXTENTS ? find_extent(fs, file, (uint32_t)block, found)
	                                   : find_listed(fs, file, (uint32_t)block, found);
}

/* How many blocks from @block of the file on, up to @most, lie side by side from @found on, or are holes as that one is. */
static uint64_t run_length(struct ext4 *fs, const struct ext4_file *file, uint64_t block, uint64_t found, uint64_t most)
{
	uint64_t n = 1, next;

	while (n < most && !find_block(fs, file, block + n, &next) && next == (found ? found + n : 0))
		n++;
	return n;
}

static int read_run(struct ext4 *fs, uint64_t block, uint32_t at, void *buf, size_t size)
{
	if (!block) {
		memset(buf, 0, size);
		return 0;
	}
	uint64_t last = block + (at + size - 1) / fs->block_size;

	if (last < block || last >= fs->blocks)
		return -EIO;
	return fs->read(fs->priv, buf, size, block * fs->block_size + at);
}

ssize_t ext4_read(struct ext4 *fs, const struct ext4_file *file, void *buf, size_t size, uint64_t at)
{
	size_t done = 0;

	if (at >= file->size)
		return 0;
	if (size > file->size - at)
		size = file->size - at;
	if (size > SSIZE_MAX)
		size = SSIZE_MAX;
	while (done < size) {
		uint32_t in_block = (at + done) % fs->block_size;
		uint64_t block = (at + done) / fs->block_size, found, n;
		int ret = find_block(fs, file, block, &found);

		if (ret)
			return ret;
		n = run_length(fs, file, block, found, (in_block + size - done + fs->block_size - 1) / fs->block_size) *
		            fs->block_size -
		    in_block;
		if (n > size - done)
			n = size - done;
		ret = read_run(fs, found, in_block, (char *)buf + done, n);
		if (ret)
			return ret;
		done += n;
	}
	return (ssize_t)done;
}

/* The inode that the folder @dir has under @name of @length bytes. */
static int look_up(struct ext4 *fs, const struct ext4_file *dir, const char *name, size_t length, uint32_t *number)
{
	uint8_t e[8 + NAME_MAX];
	uint64_t at = 0;

	if (!S_ISDIR(dir->mode))
		return -ENOTDIR;
	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	for (unsigned i = 0; i < ENTRIES_MAX; i++) {
		ssize_t n = ext4_read(fs, dir, e, 8, at);

		if (n <= 0)
			return n ? (int)n : -ENOENT;
		uint32_t size = le16(e + 4);

		/* An entry does not cross blocks, where they all begin anew. */
		if (n < 8 || size < 8 || size % 4 || size > fs->block_size - at % fs->block_size || e[6] > size - 8)
			return -EIO;
		if (le32(e) && e[6] == length) {
			n = ext4_read(fs, dir, e + 8, length, at + 8);
			if (n != (ssize_t)length)
				return n < 0 ? (int)n : -EIO;
			if (!memcmp(e + 8, name, length)) {
				*number = le32(e);
				return 0;
			}
		}
		at += size;
	}
	return -EIO;
}

/* Put the target of @link before @rest of the path in @path, which has room for PATH_MAX bytes. */
static int follow(struct ext4 *fs, const struct ext4_file *link, char *path, const char *rest)
{
	size_t tail = strlen(rest) + 1;

	if (!link->size || link->size + 1 + tail > PATH_MAX)
		return -ENAMETOOLONG;
	memmove(path + link->size + 1, rest, tail);
	path[link->size] = '/';
	/* A short one is in the inode. */
	if (link->size < EXT4_MAP_SIZE && !(link->flags & INODE_EXTENTS)) {
		memcpy(path, link->map, link->size);
		return 0;
	}
	ssize_t n = ext4_read(fs, link, path, link->size, 0);

	return n == (ssize_t)link->size ? 0 : n < 0 ? (int)n : -EIO;
}

int ext4_find(struct ext4 *fs, const char *wanted, struct ext4_file *file)
{
	char path[PATH_MAX], *at = path;
	struct ext4_file dir;
	unsigned links = 0;
	int ret = strlen(wanted) < sizeof(path) ? read_inode(fs, ROOT, file) : -ENAMETOOLONG;

	if (ret)
		return ret;
	strcpy(path, wanted);
	for (;;) {
		uint32_t number = 0;

		at += strspn(at, "/");
		if (!*at)
			return 0;
		size_t length = strcspn(at, "/");

		dir = *file;
		ret = look_up(fs, &dir, at, length, &number);
		ret = ret ? ret : read_inode(fs, number, file);
		if (ret)
			return ret;
		at += length;
		if (!S_ISLNK(file->mode))
			continue;
		ret = links++ < LINKS_MAX ? follow(fs, file, path, at) : -ELOOP;
		if (!ret && *path == '/')
			ret = read_inode(fs, ROOT, file);
		else
			*file = dir;
		if (ret)
			return ret;
		at = path;
	}
}
