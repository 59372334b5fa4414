/* SPDX-License-Identifier: BSD-3-Clause */
/* A disk in memory, "vda", made and checked by e2fsprogs, which remembers what was written to it and when it was flushed. */
#ifndef TESTS_EXTFS_DISK_H
#define TESTS_EXTFS_DISK_H

#include <core/block.h>
#include <core/vfs.h>

struct disk_write {
	uint64_t offset;
	size_t len;
	char *data; /* NULL: a flush */
};

extern struct block_dev disk;
extern char *disk_bytes;
extern struct disk_write *disk_log; /* since disk_make() or disk_log_start() */
extern size_t disk_logged;
extern long disk_fail_after; /* so many requests until all fail; negative: none */

/* A file system by mke2fs with @options on a disk of @size KiB; debugfs then runs @commands, unless NULL. */
void disk_make(unsigned size, const char *options, const char *commands);
void disk_log_start(void);
/* A copy of the disk as it is, and back. */
char *disk_copy(void);
void disk_restore(const char *bytes);
/* e2fsck -fn finds nothing, or the test ends. */
void disk_check(void);
/* e2fsck -fy, as after a crash; ends the test if it finds more than a journal to replay. */
void disk_recover(void);
/* The output of debugfs' @command contains @text. */
bool disk_debugfs(const char *command, const char *text);

/* --- a program's calls, relative to the file system's root ---------------------------------------------------------------- */

extern struct superblock *fs;

/* Once. */
void fs_start(void);
void fs_open(void);
void fs_close(void);
/* As after a crash: what is in memory is lost. */
void fs_abandon(void);
struct file *file_open(const char *path, unsigned flags);
ssize_t file_put_at(struct file *f, const void *buf, size_t n, off_t pos);
ssize_t file_get_at(struct file *f, void *buf, size_t n, off_t pos);
int make_dir(const char *path);

#endif
