/* SPDX-License-Identifier: BSD-3-Clause */
/* All of a Linux guest's user space: says on the first serial port with which command line it was started, and powers off. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(int ok)
{
	if (!ok)
		abort();
}

int main(void)
{
	static const char done[] = "guest: done\n";
	char line[512];

	mkdir("/proc", 0755);
	mkdir("/dev", 0755); /* the kernel's own ramdisk may have made it */
	must(!mount("proc", "/proc", "proc", 0, NULL) && !mount("dev", "/dev", "devtmpfs", 0, NULL));
	int out = open("/dev/ttyS0", O_WRONLY), in = open("/proc/cmdline", O_RDONLY);
	ssize_t n = read(in, line, sizeof(line));

	must(out >= 0 && n > 0 && write(out, line, (size_t)n) == n);
	must(write(out, done, sizeof(done) - 1) == sizeof(done) - 1);
	sleep(1); /* until the port has sent it */
	reboot(RB_POWER_OFF);
	return 1;
}
