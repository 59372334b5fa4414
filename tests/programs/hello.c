/* SPDX-License-Identifier: BSD-3-Clause */
/* A program with a C library: arguments, a file, threads, thread-local data, the end of a thread. Ends with status 3. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static __thread int local = 5;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void *add(void *arg)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&lock);
		sum += (int)(long)arg;
		pthread_mutex_unlock(&lock);
	}
	local += (int)(long)arg;
	return (void *)(long)local;
}

int main(int argc, char **argv)
{
	pthread_t threads[4];
	void *result;
	char *text = malloc(1 << 20);

	memset(text, 'x', 1 << 20);
	for (int i = 0; i < argc; i++)
		printf("argument %d: %s\n", i, argv[i]);
	for (long i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, add, (void *)(i + 1)))
			return 1;
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		printf("thread %d: %ld\n", i, (long)result);
	}
	printf("sum %d, local %d, %.3f\n", sum, local, 1.0 / 3);
	free(text);
	return 3;
}
