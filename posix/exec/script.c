/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs that say in their first line which program reads them. */
#include "exec.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <posix/file.h>

#define LINE_MAX 256 /* with the two first characters and the zero, as on Linux */

int command_open(const char *path, struct file **out)
{
	struct inode *base = cwd_get();
	int ret = vfs_open(base, path, O_RDONLY | O_CLOEXEC, 0, out);

	inode_put(base);
	if (ret)
		return ret;
	if ((*out)->inode && S_ISREG((*out)->inode->mode) && (*out)->inode->mode & 0111)
		return 0;
	file_put(*out);
	*out = NULL;
	return -EACCES;
}

void command_free(struct command *c)
{
	if (c->file)
		file_put(c->file);
	for (int i = 0; i < c->depth; i++) {
		kfree(c->lines[i]);
		kfree(c->lists[i]);
	}
}

/* The first line in @line, which has LINE_MAX bytes. 0: it is not a script; or its length. */
static ssize_t read_line(struct file *f, char *line)
{
	struct iov_iter it;
	struct iovec vec;
	off_t pos = 0;

	iov_single(&it, &vec, line, LINE_MAX - 1);
	ssize_t got = file_read(f, &it, &pos);

	if (got < 2 || line[0] != '#' || line[1] != '!')
		return MIN(got, 0);
	for (ssize_t i = 2; i < got; i++)
		if (line[i] == '\n')
			got = i;
	line[got] = 0;
	return got;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* The interpreter's path in @line, behind the first two characters, and one argument behind that, or NULL. NULL if there is no path. */
static char *split(char *line, ssize_t length, char **argument)
{
	char *path = line + 2, *end = line + length;

	*argument = NULL;
	while (end > path && is_space(end[-1]))
		*--end = 0;
	while (is_space(*path))
		path++;
	if (!*path)
		return NULL;
	for (char *p = path; *p; p++) {
		if (!is_space(*p))
			continue;
		*p++ = 0;
		while (is_space(*p))
			p++;
		*argument = p;
		break;
	}
	return path;
}

/* The interpreter, its argument, the script, and the script's arguments but the first. */
static const char **new_list(const struct command *c, char *interpreter, char *argument)
{
	const size_t n = list_length(c->argv);
	const char **list = kmalloc((n + 4) * sizeof(*list)), **p = list;

	if (!list)
		return NULL;
	*p++ = interpreter;
	if (argument)
		*p++ = argument;
	*p++ = c->path;
	for (size_t i = 1; i < n; i++)
		*p++ = c->argv[i];
	*p = NULL;
	return list;
}

/* @line is its first line, the command's from here on: @c becomes the interpreter. */
static int interpret(struct command *c, char *line, ssize_t length)
{
	char *argument, *path = split(line, length, &argument);
	struct file *file;
	int ret = path ? command_open(path, &file) : -ENOEXEC;

	c->lines[c->depth] = line;
	if (ret) {
		c->depth++;
		return ret;
	}
	c->argv = c->lists[c->depth++] = new_list(c, path, argument);
	file_put(c->file);
	c->file = file;
	c->path = path;
	return c->argv ? 0 : -ENOMEM;
}

int command_resolve(struct command *c)
{
	for (;;) {
		char *line = kmalloc(LINE_MAX);
		ssize_t length = line ? read_line(c->file, line) : -ENOMEM;

		if (length > 0 && c->depth == SCRIPTS_MAX)
			length = -ELOOP;
		if (length <= 0) {
			kfree(line);
			return (int)length;
		}
		int ret = interpret(c, line, length);

		if (ret)
			return ret;
	}
}
