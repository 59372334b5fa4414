/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <glib.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>
#include "lib-test.h"

LIB_TEST("glib: hash tables and lists", containers)
{
	g_autoptr(GHashTable) table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) array = g_ptr_array_new();
	GList *list = NULL;

	for (int i = 0; i < 10000; i++)
		g_hash_table_insert(table, g_strdup_printf("key %d", i), GINT_TO_POINTER(i));
	CHECK(g_hash_table_size(table) == 10000);
	for (int i = 0; i < 10000; i += 7) {
		g_autofree char *key = g_strdup_printf("key %d", i);

		CHECK(GPOINTER_TO_INT(g_hash_table_lookup(table, key)) == i);
		CHECK(g_hash_table_remove(table, key) && !g_hash_table_contains(table, key));
	}
	for (int i = 0; i < 100; i++) {
		list = g_list_prepend(list, GINT_TO_POINTER(i));
		g_ptr_array_add(array, GINT_TO_POINTER(i));
	}
	list = g_list_reverse(list);
	CHECK(GPOINTER_TO_INT(g_list_nth_data(list, 42)) == 42 && array->len == 100);
	g_list_free(list);
	return true;
}

LIB_TEST("glib: strings, formats, Unicode", strings)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *upper = NULL, *base64 = NULL, *sum = NULL, *utf16 = NULL;
	g_auto(GStrv) parts = g_strsplit("a:b:c", ":", 0);

	for (int i = 0; i < 100; i++)
		g_string_append_printf(text, "%d %s;", i, "x");
	CHECK(text->len == 490 && g_strv_length(parts) == 3);
	upper = g_utf8_strup("stra\xc3\x9f"
	                     "e",
	                     -1);
	CHECK(!strcmp(upper, "STRASSE"));
	base64 = g_base64_encode((const guchar *)"hello", 5);
	CHECK(!strcmp(base64, "aGVsbG8="));
	sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "abc", 3);
	CHECK(g_str_has_prefix(sum, "ba7816bf") && g_str_has_suffix(sum, "f20015ad"));
	{
		gsize length;

		utf16 = g_convert("\xe2\x82\xac", -1, "UTF-16LE", "UTF-8", NULL, &length, NULL);
		CHECK(utf16 && length == 2 && !memcmp(utf16, "\xac\x20", 2));
	}
	return true;
}

LIB_TEST("glib: GRegex", regular_expressions)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GRegex) regex = g_regex_new("(?<name>\\p{L}+)=(\\d+)", G_REGEX_OPTIMIZE, 0, &error);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *name = NULL, *replaced = NULL;

	CHECK(regex && g_regex_match(regex,
	                             "x; gr\xc3\xbc\xc3\x9f"
	                             "e=17",
	                             0, &match));
	name = g_match_info_fetch_named(match, "name");
	CHECK(!strcmp(name, "gr\xc3\xbc\xc3\x9f"
	                    "e"));
	replaced = g_regex_replace(regex, "a=1 b=2", -1, 0, "\\2=\\g<name>", 0, &error);
	CHECK(!strcmp(replaced, "1=a 2=b"));
	CHECK(!g_regex_new("(", 0, 0, &error) && g_error_matches(error, G_REGEX_ERROR, G_REGEX_ERROR_UNMATCHED_PARENTHESIS));
	return true;
}

static gpointer produce(gpointer queue)
{
	for (int i = 1; i <= 1000; i++)
		g_async_queue_push(queue, GINT_TO_POINTER(i));
	return NULL;
}

LIB_TEST("glib: threads and queues", threads)
{
	g_autoptr(GAsyncQueue) queue = g_async_queue_new();
	GThread *thread[4];
	int sum = 0;

	for (int i = 0; i < 4; i++)
		thread[i] = g_thread_new("producer", produce, queue);
	for (int i = 0; i < 4000; i++)
		sum += GPOINTER_TO_INT(g_async_queue_pop(queue));
	for (int i = 0; i < 4; i++)
		g_thread_join(thread[i]);
	CHECK(sum == 4 * 1000 * 1001 / 2);
	CHECK(!g_async_queue_timeout_pop(queue, 1000));
	return true;
}

static void work(gpointer data, gpointer total)
{
	g_atomic_int_add((gint *)total, GPOINTER_TO_INT(data));
}

LIB_TEST("glib: thread pool", thread_pool)
{
	gint total = 0;
	GThreadPool *pool = g_thread_pool_new(work, &total, 4, FALSE, NULL);

	CHECK(pool);
	for (int i = 1; i <= 100; i++)
		CHECK(g_thread_pool_push(pool, GINT_TO_POINTER(i), NULL));
	g_thread_pool_free(pool, FALSE, TRUE);
	CHECK(g_atomic_int_get(&total) == 5050);
	return true;
}

struct loop {
	GMainLoop *loop;
	int ends[2], ticks, idles, bytes;
};

static gboolean tick(gpointer data)
{
	struct loop *l = data;

	l->ticks++;
	if (l->ticks <= 5 && write(l->ends[1], "x", 1) != 1)
		g_main_loop_quit(l->loop);
	return l->ticks < 5;
}

static gboolean readable(gint fd, GIOCondition condition, gpointer data)
{
	struct loop *l = data;
	char byte;

	if ((condition & G_IO_IN) && read(fd, &byte, 1) == 1)
		l->bytes++;
	if (l->bytes == 5)
		g_main_loop_quit(l->loop);
	return l->bytes < 5;
}

static gboolean idle(gpointer data)
{
	return ++((struct loop *)data)->idles < 3;
}

static gpointer invoke(gpointer data)
{
	g_idle_add(idle, data);
	return NULL;
}

LIB_TEST("glib: main loop with timers, a pipe and another thread", main_loop)
{
	struct loop l = { .loop = g_main_loop_new(NULL, FALSE) };
	GThread *thread;

	CHECK(g_unix_open_pipe(l.ends, FD_CLOEXEC, NULL));
	g_timeout_add(2, tick, &l);
	g_unix_fd_add(l.ends[0], G_IO_IN, readable, &l);
	thread = g_thread_new("invoker", invoke, &l);
	g_main_loop_run(l.loop);
	g_thread_join(thread);
	g_main_loop_unref(l.loop);
	close(l.ends[0]);
	close(l.ends[1]);
	CHECK(l.ticks == 5 && l.bytes == 5 && l.idles == 3);
	return true;
}

LIB_TEST("glib: key files and variants", documents)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GVariant) variant = NULL;
	g_autofree char *text = NULL, *name = NULL;
	g_autoptr(GError) error = NULL;

	CHECK(g_key_file_load_from_data(file, "[disk]\nname = xvda\nsize=42\n", -1, 0, &error));
	CHECK(g_key_file_get_integer(file, "disk", "size", NULL) == 42);
	name = g_key_file_get_string(file, "disk", "name", NULL);
	CHECK(!strcmp(name, "xvda"));
	variant = g_variant_parse(NULL, "{'a': <1>, 'b': <'two'>}", NULL, NULL, &error);
	CHECK(variant);
	text = g_variant_print(variant, FALSE);
	CHECK(!strcmp(text, "{'a': <1>, 'b': <'two'>}"));
	return true;
}

LIB_TEST("glib: dates and files", dates_and_files)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(1709251200);
	g_autofree char *text = g_date_time_format(date, "%Y-%m-%d"), *back = NULL;
	g_autofree char *words = g_date_time_format(date, "%p %P %^a");
	g_autoptr(GError) error = NULL;

	CHECK(!strcmp(text, "2024-03-01") && !strcmp(words, "AM am FRI"));
	CHECK(g_file_set_contents("/tmp-glib-test", "contents", -1, &error));
	CHECK(g_file_get_contents("/tmp-glib-test", &back, NULL, &error) && !strcmp(back, "contents"));
	CHECK(!unlink("/tmp-glib-test"));
	return true;
}

LIB_TEST("glib: spawning fails with an error", spawning)
{
	char *argv[] = { "/bin/true", NULL };
	g_autoptr(GError) error = NULL;

	CHECK(!g_spawn_sync(NULL, argv, NULL, 0, NULL, NULL, NULL, NULL, NULL, &error));
	CHECK(error && error->domain == G_SPAWN_ERROR);
	return true;
}
