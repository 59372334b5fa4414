/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the kernel's main thread to main(): builds the argument block that a Linux kernel leaves on a new program's stack
 * (argv, environment, auxiliary vector) and starts the C library with it.
 */
#include <core/boot.h>
#include <cpuid.h>
#include <elf.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <uk/syscall.h>

/* From the linker script; __tls_align is an absolute symbol. */
extern const char __tls_start[], __tdata_end[], __tls_end[], __tls_align[];

int main(int argc, char **argv, char **envp);
int __libc_start_main(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void));

static size_t count(char **list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

/*
 * Program headers as an ELF loader would show them, all that the C library reads: the template of the thread-local data, and how much stack a thread
 * gets that does not say.
 */
static Elf64_Phdr headers[] = {
	{ .p_type = PT_TLS, .p_flags = PF_R, .p_vaddr = (Elf64_Addr)__tls_start, .p_paddr = (Elf64_Addr)__tls_start },
	{ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W },
};

static const Elf64_Phdr *program_headers(void)
{
	Elf64_Phdr *tls = &headers[0];

	tls->p_filesz = (Elf64_Xword)(__tdata_end - __tls_start);
	tls->p_memsz = (Elf64_Xword)(__tls_end - __tls_start);
	tls->p_align = (Elf64_Xword)__tls_align;
	if (!tls->p_align)
		tls->p_align = 1;
	headers[1].p_memsz = boot_thread_stack;
	return headers;
}

/* AT_HWCAP: what the processor can, CPUID leaf 1, EDX. */
static size_t processor_features(void)
{
	unsigned a, b, c, d = 0;

	__get_cpuid(1, &a, &b, &c, &d);
	return d;
}

/* Runs on the main thread's stack, which holds the block for as long as the program lives: does not return. */
_Noreturn void uk_libc_start(int argc, char **argv, char **envp)
{
	static unsigned char entropy[16];
	const size_t aux[] = {
		AT_HWCAP,       processor_features(),
		AT_HWCAP2,      0, /* FSGSBASE and MWAIT for programs: not promised */
		AT_PHDR,        (size_t)program_headers(),
		AT_PHENT,       sizeof(Elf64_Phdr),
		AT_PHNUM,       sizeof(headers) / sizeof(*headers),
		AT_PAGESZ,      4096,
		AT_CLKTCK,      100,
		AT_UID,         0,
		AT_EUID,        0,
		AT_GID,         0,
		AT_EGID,        0,
		AT_SECURE,      0,
		AT_RANDOM,      (size_t)entropy,
		AT_EXECFN,      argc > 0 ? (size_t)argv[0] : (size_t) "",
		AT_PLATFORM,    (size_t) "x86_64",
		AT_MINSIGSTKSZ, MINSIGSTKSZ,
		AT_BASE,        0,
		AT_FLAGS,       0,
		AT_ENTRY,       (size_t)main,
		AT_NULL,        0,
	};
	size_t args = (size_t)argc, vars = count(envp);
	char *block[args + 1 + vars + 1 + sizeof(aux) / sizeof(*aux)];
	char **p = block;

	uk_syscall_getrandom((long)entropy, sizeof(entropy), 0);
	memcpy(p, argv, args * sizeof(*p));
	p += args;
	*p++ = NULL;
	if (vars)
		memcpy(p, envp, vars * sizeof(*p));
	p += vars;
	*p++ = NULL;
	memcpy(p, aux, sizeof(aux));
	boot_auxv = (const unsigned long *)p;
	__libc_start_main(main, argc, block, NULL, NULL, NULL);
	__builtin_unreachable();
}
