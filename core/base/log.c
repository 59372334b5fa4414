/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/log.h>

#include <arch/context.h>
#include <core/backtrace.h>
#include <core/string.h>
#include <plat/plat.h>

enum log_level log_level = LOG_WARN;

#define LINE_MAX 512

static void print_line(const char *prefix, const char *fmt, va_list ap)
{
	char line[LINE_MAX];
	int n = snprintf(line, sizeof(line), "%s", prefix);

	n += vsnprintf(line + n, sizeof(line) - n, fmt, ap);
	n = MIN(n, LINE_MAX - 2);
	if (n && line[n - 1] != '\n')
		line[n++] = '\n';
	plat_console_write(line, n);
}

void log_printf(enum log_level level, const char *fmt, ...)
{
	static const char *const prefix[] = { "error: ", "warning: ", "", "" };
	va_list ap;

	if (level > log_level)
		return;
	va_start(ap, fmt);
	print_line(prefix[level], fmt, ap);
	va_end(ap);
}

void panic(const char *fmt, ...)
{
	static bool again;
	va_list ap;

	va_start(ap, fmt);
	print_line("panic: ", fmt, ap);
	va_end(ap);
	if (!again) {
		again = true;
		backtrace_print((uintptr_t)__builtin_return_address(0), true, arch_frame_pointer(), arch_stack_pointer());
	}
	plat_crash();
}
