/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Nodes of the toolstack's with anything in them: an argument vector that ends, with the nodes' texts in it, or one clear refusal.
 * hosted
 * sources: apps/qemu-stubdom/xen/vector.c apps/qemu-stubdom/xen/translate.c
 */
#include <assert.h>
#include <stdint.h>

#include "../../../apps/qemu-stubdom/xen/arguments.c"
#include "../input.h"

#define NODES_MAX 40

static struct input in;

struct xs_handle *xs_open(unsigned long flags)
{
	(void)flags;
	return take8(&in) % 16 ? (struct xs_handle *)&in : NULL;
}

void xs_close(struct xs_handle *xs)
{
	(void)xs;
}

/* What the translator knows, whole, as the begin of something longer, and as another's value. */
static const char *const known[] = {
	"-display",
	"qubes-gui",
	"qubes-gui,domid=0,log-level=0",
	"-qubes-net:client_ip=10.137.0.1",
	"-qubes-audio:audiovm_xid=-1",
	"-qubes-x",
	"-append",
	"-initrd",
	"-kernel",
	"-device",
	"intel-hda",
	"ac97,id=s",
	"-soundhw",
	"-trace",
	"-no-acpi",
	"--append",
	"-name",
	"-incoming",
	"$STUBDOM_RESTORE_INCOMING_ARG",
	"-S",
};

/* A value that the store may hold: any bytes, with a zero after them. */
static char *text(void)
{
	size_t n = take8(&in);

	if (n >= 128 && n < 128 + sizeof(known) / sizeof(*known))
		return strdup(known[n - 128]);
	char *p = malloc(n + 1);

	n = take_bytes(&in, p, n);
	p[n] = 0;
	return p;
}

void *xs_read(struct xs_handle *xs, unsigned transaction, const char *path, unsigned *len)
{
	(void)xs, (void)transaction;
	assert(strlen(path) < 512);
	uint8_t how = take8(&in);

	if (how % 16 == 15)
		return NULL;
	if (how % 4 == 0 && !strchr(path, '/')) {
		*len = 2;
		return strdup("17");
	}
	char *p = text();

	*len = strlen(p);
	return p;
}

char **xs_directory(struct xs_handle *xs, unsigned transaction, const char *path, unsigned *count)
{
	unsigned n = take8(&in) % (NODES_MAX + 1);
	char **names = malloc((NODES_MAX + 1) * sizeof(*names) + NODES_MAX * 8), *at = (char *)(names + NODES_MAX + 1);

	(void)xs, (void)transaction, (void)path;
	for (unsigned i = 0; i < n; i++) {
		names[i] = at;
		at += snprintf(at, 8, "%03u", take8(&in)) + 1;
	}
	*count = n;
	return names;
}

bool channel_exists(const char *path)
{
	(void)path;
	return take8(&in) % 2;
}

int channel_open(const char *path, int flags)
{
	(void)path, (void)flags;
	return (int8_t)take8(&in) < -100 ? -1 : 9;
}

void uk_pv_display_start(void)
{
}

int cdrom_watch(void)
{
	return 0;
}

int qmp_serve(unsigned own, unsigned guest)
{
	(void)own, (void)guest;
	return 0;
}

bool kernel_add(struct vector *words)
{
	return take8(&in) % 4 || (vector_add(words, "-kernel") && vector_add(words, "/run/guest/vmlinuz"));
}

void kernel_drop(void)
{
}

/* The program ends when this fails, so it frees nothing then. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:handle_abort=1";
}

/* A guest may have such a name. */
static bool is_text_of(const char *option)
{
	option += strspn(option, "-");
	return !strcmp(option, "name") || !strcmp(option, "append");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *program[] = { "app", NULL }, **out = NULL;

	if (stderr != stdout)
		stdout = stderr = fopen("/dev/null", "w");
	in = (struct input){ data, size };
	int n = arguments_get(1, program, &out);

	assert(n == -1 || (n > 4 && out && !out[n]));
	for (int i = 0; i < n; i++)
		assert(out[i] && (strncmp(out[i], "-qubes-", 7) || is_text_of(out[i - 1])));
	for (int i = 0; i < n; i++)
		free(out[i]);
	if (n > 0)
		free(out);
	return 0;
}
