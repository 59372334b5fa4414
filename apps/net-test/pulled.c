/* SPDX-License-Identifier: BSD-3-Clause */
/* The card is pulled out while threads wait for it, for a frame and for room: both waits end with EIO. */
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "test.h"

/* Whatever the network answers is read, until the error. */
static void *reader(void *arg)
{
	static uint8_t frame[FRAME_MAX];
	int fd = *(int *)arg;
	ssize_t n;

	do
		n = read(fd, frame, sizeof(frame));
	while (n > 0);
	return n == -1 && errno == EIO ? frame : NULL;
}

bool pulled_out(void)
{
	static uint8_t frame[60];
	pthread_t thread;
	ssize_t n;
	void *result;

	CHECK(!fcntl(tap, F_SETFL, 0)); /* blocking */
	CHECK(!pthread_create(&thread, NULL, reader, &tap));
	printf("# waiting for the card to go\n");
	fflush(stdout);
	do {
		n = write(tap, frame, sizeof(frame));
		usleep(1000);
	} while (n > 0);
	CHECK(n == -1 && errno == EIO);
	CHECK(write(tap, frame, sizeof(frame)) == -1 && errno == EIO);
	pthread_join(thread, &result);
	CHECK(result);
	CHECK(!fcntl(tap, F_SETFL, O_NONBLOCK)); /* who polls has been told */
	CHECK(read(tap, frame, sizeof(frame)) == -1 && errno == EAGAIN);
	return true;
}
