/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any initial ramdisk: nothing outside of it is read, the files that it made can be removed, and no memory is lost.
 * sources: core/vfs/iov.c core/vfs/file.c core/vfs/inode.c core/vfs/notify.c core/vfs/place.c core/vfs/walk.c core/vfs/open.c core/vfs/names.c core/vfs/rename.c core/vfs/dir.c core/ramfs/pages.c core/ramfs/data.c core/ramfs/reserve.c core/ramfs/space.c core/ramfs/map.c core/ramfs/dir.c core/base/tree.c core/ramfs/super.c core/cpio/parse.c core/cpio/unpack.c tests/fuzz/stubs/fs.c tests/host/stubs/alloc.c tests/host/stubs/sched.c tests/host/stubs/boot.c
 */
#include <core/cpio.h>
#include <core/vfs.h>

#include "../fuzz.h"
#include "../stubs/fs.h"

static void parse(const uint8_t *data, size_t size)
{
	struct cpio_reader r;
	struct cpio_entry e;

	cpio_init(&r, data, size);
	while (cpio_next(&r, &e) == 1) {
		CHECK(!e.size || ((const uint8_t *)e.data >= data && e.size <= size - ((const uint8_t *)e.data - data)));
		CHECK(e.name[0]);
	}
	CHECK(r.offset <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t offset;

	parse(data, size);
	fs_start();
	CHECK_EQ(vfs_mkdir_all("/in", 0755), 0);
	int ret = cpio_unpack(data, size, "/in", &offset);

	CHECK(!ret || offset <= size);
	fs_empty();
	return 0;
}
