/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * File systems that mkfs.ext4 makes, with all of its layouts: what is read equals what was put there. Then the same with damage.
 * hosted: it sees what the C library has.
 * sources: apps/qemu-stubdom/xen/ext4.c
 */
#include "../../../../../apps/qemu-stubdom/xen/ext4.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMAGE_MAX (64u << 20)
#define PIECES 900
#define PIECE 5000
#define STRIDE 20480 /* of pieces: holes between them, so that a file has many extents */
#define DAMAGES 3000
#define READS_MAX 200000u

static uint8_t *image;
static size_t image_size;
static unsigned reads;
static char folder[] = "/tmp/ext4-test-XXXXXX";

static int disk_read(void *priv, void *buf, size_t size, uint64_t at)
{
	(void)priv;
	reads++;
	if (at > image_size || size > image_size - at)
		return -EIO;
	memcpy(buf, image + at, size);
	return 0;
}

static void shell(const char *format, const char *word)
{
	char command[512];

	snprintf(command, sizeof(command), format, word);
	assert(!system(command));
}

static uint8_t content(uint64_t at)
{
	return at % STRIDE < PIECE ? (uint8_t)(at * 2654435761u >> 13 | 1) : 0;
}

static void put_sparse(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	uint8_t piece[PIECE];

	assert(fd >= 0);
	for (uint64_t i = 0; i < PIECES; i++) {
		for (unsigned j = 0; j < PIECE; j++)
			piece[j] = content(i * STRIDE + j);
		assert(pwrite(fd, piece, PIECE, (off_t)(i * STRIDE)) == PIECE);
	}
	close(fd);
}

static void make_files(void)
{
	assert(mkdtemp(folder) && !chdir(folder) && !mkdir("root", 0755) && !chdir("root"));
	put_sparse("vmlinuz");
	shell("mkdir -p %s/deep", "boot");
	shell("printf 'a short one' > %s", "boot/deep/initrd");
	shell("ln -s %s initramfs", "boot/deep/../deep/initrd");
	shell("ln -s /%s long", "./././././././././././././././././././././././././././././././././boot/deep/initrd");
	shell("ln -s %s loop", "loop");
	shell("ln -s %s dangling", "nowhere");
	shell("mkdir many; cd many; for i in $(seq 1 %s); do echo $i > a-file-with-a-long-name-$i; done", "1500");
	shell("truncate -s 3G %s", "hole");
}

static int make_image(const char *options)
{
	char command[512];

	assert(!chdir(folder));
	shell("rm -f %s && truncate -s 60M image", "image");
	snprintf(command, sizeof(command), "/usr/sbin/mkfs.ext4 -q -F %s -d root image", options);
	assert(!system(command));
	int fd = open("image", O_RDONLY);
	ssize_t n = read(fd, image, IMAGE_MAX);

	assert(n > 0);
	image_size = (size_t)n;
	close(fd);
	return 0;
}

static void read_all(struct ext4 *fs, const struct ext4_file *file)
{
	static const size_t sizes[] = { 1 << 20, 100000, 4096, 1023 };
	uint8_t *buf = malloc(1 << 20);

	for (unsigned k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
		uint64_t at = 0;
		ssize_t n;

		while ((n = ext4_read(fs, file, buf, sizes[k], at)) > 0) {
			for (ssize_t i = 0; i < n; i++)
				assert(buf[i] == content(at + (uint64_t)i));
			at += (uint64_t)n;
		}
		assert(!n && at == file->size && at == (PIECES - 1) * (uint64_t)STRIDE + PIECE);
	}
	free(buf);
}

static void check(const char *options)
{
	static const char *const same[] = { "initramfs", "/initramfs", "///long", "boot/deep/initrd",
		                            "many/../boot/./deep/initrd" };
	struct ext4 fs = { .read = disk_read };
	struct ext4_file file;
	char text[64];

	make_image(options);
	assert(!ext4_open(&fs) && !ext4_find(&fs, "/vmlinuz", &file) && S_ISREG(file.mode));
	read_all(&fs, &file);
	for (unsigned i = 0; i < sizeof(same) / sizeof(*same); i++) {
		assert(!ext4_find(&fs, same[i], &file) && ext4_read(&fs, &file, text, sizeof(text), 0) == 11);
		assert(!memcmp(text, "a short one", 11) && !ext4_read(&fs, &file, text, sizeof(text), 11));
	}
	assert(!ext4_find(&fs, "many/a-file-with-a-long-name-1234", &file) && ext4_read(&fs, &file, text, 64, 0) == 5 &&
	       !memcmp(text, "1234\n", 5));
	assert(!ext4_find(&fs, "hole", &file) && file.size == 3ull << 30 &&
	       ext4_read(&fs, &file, text, 64, (3ull << 30) - 8) == 8 && !text[7]);
	assert(ext4_find(&fs, "loop", &file) == -ELOOP && ext4_find(&fs, "dangling", &file) == -ENOENT);
	assert(ext4_find(&fs, "vmlinuz/x", &file) == -ENOTDIR && ext4_find(&fs, "Vmlinuz", &file) == -ENOENT);
	assert(!ext4_find(&fs, "/", &file) && S_ISDIR(file.mode));
}

/* Bytes changed where the layout is: every call ends, with an error or with something. */
static void damage(const char *options)
{
	uint8_t *buf = malloc(1 << 16), *good = malloc(IMAGE_MAX);
	uint64_t random = 88172645463325252ull;

	make_image(options);
	memcpy(good, image, image_size);
	for (unsigned i = 0; i < DAMAGES; i++) {
		struct ext4 fs = { .read = disk_read };
		struct ext4_file file;
		size_t places[4];

		for (unsigned j = 0; j < 4; j++) {
			random ^= random << 13, random ^= random >> 7, random ^= random << 17;
			places[j] = i % 2 ? 1024 + random % 512 : random % (512 << 10);
			image[places[j]] = (uint8_t)(random >> 40);
		}
		reads = 0;
		if (!ext4_open(&fs) && !ext4_find(&fs, i % 3 ? "initramfs" : "vmlinuz", &file))
			(void)ext4_read(&fs, &file, buf, 1 << 16, file.size / 2);
		assert(reads < READS_MAX);
		for (unsigned j = 0; j < 4; j++)
			image[places[j]] = good[places[j]];
	}
	free(good);
	free(buf);
}

/* Nothing that is a file system, a whole one cut short, and features that a reader must know. */
static void refused(void)
{
	struct ext4 fs = { .read = disk_read };
	struct ext4_file file;

	make_image("-b 1024");
	for (image_size = 0; image_size < 2048; image_size += 512)
		assert(ext4_open(&fs) == -EIO);
	image_size = 4096;
	assert(!ext4_open(&fs) && ext4_find(&fs, "vmlinuz", &file) == -EIO);
	image[1024 + 98] = 1; /* encryption */
	assert(ext4_open(&fs) == -EOPNOTSUPP);
	image[1024 + 56] ^= 1;
	assert(ext4_open(&fs) == -EINVAL);
	make_image("-O inline_data -I 256");
	assert(!ext4_open(&fs) && ext4_find(&fs, "boot/deep/initrd", &file) == -EOPNOTSUPP);
}

int main(void)
{
	image = malloc(IMAGE_MAX);
	make_files();
	check("");
	check("-t ext2 -b 1024");
	check("-t ext3 -b 2048");
	check("-t ext2 -b 4096 -r 0");
	check("-b 1024 -O ^64bit,^flex_bg,metadata_csum");
	check("-b 1024 -O meta_bg,^resize_inode");
	check("-b 4096 -I 1024 -O ^dir_index,^has_journal,meta_bg,^resize_inode");
	damage("-b 1024");
	damage("-t ext2 -b 1024");
	refused();
	shell("rm -rf %s", folder);
	free(image);
	return 0;
}
