/* SPDX-License-Identifier: BSD-3-Clause */
/* Checksums of ext4's structures: CRC-32C of the disk's seed, of what the structure is, and of its bytes without the sum. */
#include <core/string.h>

#include "internal.h"

#define POLYNOMIAL 0x82f63b78u /* Castagnoli's, reflected */
#define POLYNOMIAL16 0xa001u
#define GROUP_SUM offsetof(struct ext_group_disk, checksum)
#define INODE_SUM offsetof(struct ext_inode_disk, csum)
#define INODE_SUM_HI offsetof(struct ext_inode_disk, csum_hi)

uint32_t ext_crc32c(uint32_t crc, const void *data, size_t n)
{
	static uint32_t table[256];
	const uint8_t *p = data;

	if (!table[1])
		for (unsigned i = 256; i-- > 1;) {
			uint32_t v = i;

			for (unsigned bit = 0; bit < 8; bit++)
				v = v >> 1 ^ (v & 1 ? POLYNOMIAL : 0);
			table[i] = v; /* that of 1 comes last: then the table is whole */
		}
	while (n--)
		crc = crc >> 8 ^ table[(uint8_t)crc ^ *p++];
	return crc;
}

static uint16_t crc16(uint16_t crc, const void *data, size_t n)
{
	for (const uint8_t *p = data; n--; p++) {
		crc ^= *p;
		for (unsigned bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc >> 1 ^ (crc & 1 ? POLYNOMIAL16 : 0));
	}
	return crc;
}

uint32_t ext_inode_seed(const struct ext_fs *fs, uint32_t ino, uint32_t generation)
{
	uint32_t crc = ext_crc32c(fs->seed, &ino, sizeof(ino));

	return ext_crc32c(crc, &generation, sizeof(generation));
}

static bool has_high_sum(const struct ext_fs *fs, const struct ext_inode_disk *d)
{
	return fs->inode_size > EXT_GOOD_OLD_INODE && d->extra >= INODE_SUM_HI + 2 - EXT_GOOD_OLD_INODE;
}

static uint32_t inode_sum(const struct ext_fs *fs, uint32_t ino, const struct ext_inode_disk *d)
{
	uint32_t crc = ext_inode_seed(fs, ino, d->generation);
	const char *p = (const char *)d;
	uint16_t zero = 0;

	crc = ext_crc32c(crc, p, INODE_SUM);
	crc = ext_crc32c(crc, &zero, sizeof(zero));
	if (fs->inode_size <= EXT_GOOD_OLD_INODE || !has_high_sum(fs, d))
		return ext_crc32c(crc, p + INODE_SUM + 2, fs->inode_size - INODE_SUM - 2);
	crc = ext_crc32c(crc, p + INODE_SUM + 2, INODE_SUM_HI - INODE_SUM - 2);
	crc = ext_crc32c(crc, &zero, sizeof(zero));
	return ext_crc32c(crc, p + INODE_SUM_HI + 2, fs->inode_size - INODE_SUM_HI - 2);
}

bool ext_inode_sum_good(const struct ext_fs *fs, uint32_t ino, const struct ext_inode_disk *d)
{
	if (!fs->csum)
		return true;
	uint32_t sum = inode_sum(fs, ino, d);

	return d->csum == (uint16_t)sum && (!has_high_sum(fs, d) || d->csum_hi == sum >> 16);
}

void ext_inode_sum_set(const struct ext_fs *fs, uint32_t ino, struct ext_inode_disk *d)
{
	if (!fs->csum)
		return;
	uint32_t sum = inode_sum(fs, ino, d);

	d->csum = (uint16_t)sum;
	if (has_high_sum(fs, d))
		d->csum_hi = (uint16_t)(sum >> 16);
}

uint16_t ext_group_sum(const struct ext_fs *fs, uint32_t group, const struct ext_group_disk *g)
{
	const char *p = (const char *)g, *rest = p + GROUP_SUM + 2;
	size_t n = fs->desc_size - GROUP_SUM - 2;
	uint16_t zero = 0;

	if (fs->csum) {
		uint32_t crc = ext_crc32c(ext_crc32c(fs->seed, &group, sizeof(group)), p, GROUP_SUM);

		crc = ext_crc32c(crc, &zero, sizeof(zero));
		return (uint16_t)ext_crc32c(crc, rest, n);
	}
	if (!(fs->ro_compat & RO_GDT_CSUM))
		return 0;
	uint16_t crc = crc16(0xffff, fs->uuid, sizeof(fs->uuid));

	crc = crc16(crc16(crc, &group, sizeof(group)), p, GROUP_SUM);
	return crc16(crc, rest, n);
}

uint32_t ext_super_sum(const struct ext_super_disk *s)
{
	return ext_crc32c(~0u, s, offsetof(struct ext_super_disk, checksum));
}

static uint32_t dir_sum(const struct ext_inode *dir, const char *block)
{
	const struct ext_fs *fs = to_fs(dir->base.sb);

	return ext_crc32c(ext_inode_seed(fs, (uint32_t)dir->base.ino, dir->generation), block, fs->block_size - DIRENT_TAIL);
}

bool ext_dir_sum_good(const struct ext_inode *dir, const char *block)
{
	const struct ext_fs *fs = to_fs(dir->base.sb);
	const struct ext_dirent *tail = (const struct ext_dirent *)(block + fs->block_size - DIRENT_TAIL);
	uint32_t sum = dir_sum(dir, block);

	return !tail->ino && tail->rec_len == DIRENT_TAIL && !tail->name_len && tail->type == DIRENT_TAIL_TYPE &&
	       !memcmp(tail->name, &sum, sizeof(sum));
}

void ext_dir_sum_set(const struct ext_inode *dir, char *block)
{
	const struct ext_fs *fs = to_fs(dir->base.sb);
	struct ext_dirent *tail = (struct ext_dirent *)(block + fs->block_size - DIRENT_TAIL);

	if (!fs->csum)
		return;
	*tail = (struct ext_dirent){ .rec_len = DIRENT_TAIL, .type = DIRENT_TAIL_TYPE };
	uint32_t sum = dir_sum(dir, block);

	memcpy(tail->name, &sum, sizeof(sum));
}

bool ext_extent_sum_good(const struct ext_inode *inode, const char *block)
{
	const struct ext_fs *fs = to_fs(inode->base.sb);
	const struct ext_extent_header *h = (const struct ext_extent_header *)block;
	size_t at = sizeof(*h) + (size_t)h->max * sizeof(struct ext_extent);
	uint32_t stored;

	if (!fs->csum)
		return true;
	if (at + sizeof(stored) > fs->block_size)
		return false;
	memcpy(&stored, block + at, sizeof(stored));
	return stored == ext_crc32c(ext_inode_seed(fs, (uint32_t)inode->base.ino, inode->generation), block, at);
}
