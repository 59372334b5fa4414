/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the syscall instruction promises a program, checked without a C library: the same program runs as a Linux process, which is the reference,
 * and through apps/elfloader. Reports in KTAP.
 */
#include <stddef.h>
#include <stdint.h>

#define NR_write 1
#define NR_mmap 9
#define NR_rt_sigaction 13
#define NR_rt_sigprocmask 14
#define NR_rt_sigreturn 15
#define NR_writev 20
#define NR_pipe 22
#define NR_read 0
#define NR_sched_yield 24
#define NR_nanosleep 35
#define NR_setitimer 38
#define NR_getpid 39
#define NR_clone 56
#define NR_fork 57
#define NR_exit 60
#define NR_kill 62
#define NR_uname 63
#define NR_gettid 186
#define NR_futex 202
#define NR_exit_group 231
#define NR_tgkill 234
#define NR_arch_prctl 158

#define EINTR 4
#define EFAULT 14
#define ENOSYS 38

#define SIGSEGV 11
#define SIGUSR1 10
#define SIGUSR2 12
#define SIGALRM 14
#define SA_SIGINFO 4ul
#define SA_RESTORER 0x04000000ul
#define SA_RESTART 0x10000000ul

#define CLONE_THREAD_FLAGS 0x3d0f00ul /* what a C library's pthread_create() uses */

static long call6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
	                 : "=a"(ret)
	                 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
	                 : "rcx", "r11", "memory");
	return ret;
}

#define CALL3(n, a, b, c) call6(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)

static unsigned tests, failures;

static size_t length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

static void print(const char *s)
{
	CALL3(NR_write, 1, s, length(s));
}

/* Below 100. */
static void print_number(unsigned n)
{
	const char digits[] = { (char)('0' + n / 10), (char)('0' + n % 10), 0 };

	print(n < 10 ? digits + 1 : digits);
}

static void check(int good, const char *name)
{
	tests++;
	print(good ? "ok " : "not ok ");
	print_number(tests);
	print(" - ");
	print(name);
	print("\n");
	failures += !good;
}

/* --- registers ---------------------------------------------------------------------------------------------------------------------- */

struct values {
	uint64_t r[12]; /* rbx rdx rsi rdi rbp r8 r9 r10 r12 r13 r14 r15 */
	uint64_t xmm[4];
};

/* Make call @number with all registers known; what they are afterwards goes to *@v. */
long call_with_values(long number, struct values *v);
__asm__("call_with_values:\n"
        "push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15; push %rsi\n"
        "mov %rdi, %rax\n"
        "movdqu 96(%rsi), %xmm3; movdqu 112(%rsi), %xmm15\n"
        "mov 0(%rsi), %rbx; mov 8(%rsi), %rdx; mov 24(%rsi), %rdi; mov 32(%rsi), %rbp; mov 40(%rsi), %r8; mov 48(%rsi), %r9\n"
        "mov 56(%rsi), %r10; mov 64(%rsi), %r12; mov 72(%rsi), %r13; mov 80(%rsi), %r14; mov 88(%rsi), %r15; mov 16(%rsi), %rsi\n"
        "syscall\n"
        "mov (%rsp), %rcx; mov %rsi, 16(%rcx)\n"
        "mov %rbx, 0(%rcx); mov %rdx, 8(%rcx); mov %rdi, 24(%rcx); mov %rbp, 32(%rcx); mov %r8, 40(%rcx); mov %r9, 48(%rcx)\n"
        "mov %r10, 56(%rcx); mov %r12, 64(%rcx); mov %r13, 72(%rcx); mov %r14, 80(%rcx); mov %r15, 88(%rcx)\n"
        "movdqu %xmm3, 96(%rcx); movdqu %xmm15, 112(%rcx)\n"
        "pop %rsi; pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n");

static int registers_kept(long number)
{
	struct values v;
	int same = 1;

	for (unsigned i = 0; i < sizeof(v) / 8; i++)
		((uint64_t *)&v)[i] = 0x1122334455667700ull + i;
	call_with_values(number, &v);
	for (unsigned i = 0; i < sizeof(v) / 8; i++)
		same &= ((uint64_t *)&v)[i] == 0x1122334455667700ull + i;
	return same;
}

/* Fill the red zone, wait in a loop for interrupts and signals, and look whether it is as it was. */
long red_zone(volatile int *stop, long rounds);
__asm__("red_zone:\n"
        "mov $0x5a5a5a5a12345678, %rax\n"
        "mov $-128, %rcx\n"
        "1: mov %rax, (%rsp,%rcx); add $8, %rcx; jnz 1b\n"
        "2: cmpl $0, (%rdi); jne 3f; dec %rsi; jnz 2b\n"
        "3: mov $-128, %rcx\n"
        "4: cmp %rax, (%rsp,%rcx); jne 5f; add $8, %rcx; jnz 4b\n"
        "mov $1, %eax; ret\n"
        "5: xor %eax, %eax; ret\n");

/* --- signals ------------------------------------------------------------------------------------------------------------------------ */

struct action {
	void (*handler)(int, int32_t *, uint64_t *);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

void restorer(void);
__asm__("restorer: mov $15, %eax; syscall\n");

static volatile int got, alarms, stop;
static volatile uint64_t seen_address;

static void handle(int sig, void (*fn)(int, int32_t *, uint64_t *), unsigned long flags)
{
	struct action a = { fn, flags | SA_SIGINFO | SA_RESTORER, restorer, 0 };

	call6(NR_rt_sigaction, sig, (long)&a, 0, 8, 0, 0);
}

static void note(int sig, int32_t *info, uint64_t *context)
{
	(void)context;
	got = info[0] == sig ? sig : -1;
}

/* gregs begin at byte 40 of ucontext_t: rip is the 17th. */
static void skip_fault(int sig, int32_t *info, uint64_t *context)
{
	got = sig;
	seen_address = *(uint64_t *)(info + 4);
	context[5 + 16] += 2; /* the length of "mov (%rax), %cl" */
	context[5 + 13] = 77; /* rax */
}

static void count_alarm(int sig, int32_t *info, uint64_t *context)
{
	(void)sig, (void)info, (void)context;
	if (++alarms == 20)
		stop = 1;
}

static long read_nothing(uint64_t address)
{
	__asm__ volatile("movb (%%rax), %%cl" : "+a"(address) : : "rcx", "memory");
	return (long)address;
}

static void test_signals(void)
{
	handle(SIGUSR1, note, 0);
	CALL3(NR_kill, CALL3(NR_getpid, 0, 0, 0), SIGUSR1, 0);
	check(got == SIGUSR1, "a handler runs before kill() returns");
	handle(SIGSEGV, skip_fault, 0);
	check(read_nothing(0x1230) == 77 && got == SIGSEGV && seen_address == 0x1230,
	      "a handler changes the registers of a fault");
	handle(SIGALRM, count_alarm, SA_RESTART);
	int64_t timer[4] = { 0, 2000, 0, 2000 };

	CALL3(NR_setitimer, 0, timer, 0);
	check(red_zone(&stop, 1l << 40), "the red zone outlives signals");
	timer[1] = timer[3] = 0;
	CALL3(NR_setitimer, 0, timer, 0);
	check(alarms >= 20, "signals come while the program computes");
}

static int pipe_fds[2];

static void wake_pipe(int sig, int32_t *info, uint64_t *context)
{
	(void)sig, (void)info, (void)context;
	got = SIGALRM;
	CALL3(NR_write, pipe_fds[1], "x", 1);
}

static void test_restart(void)
{
	int64_t timer[4] = { 0, 0, 0, 20000 }, pause[2] = { 10, 0 };
	char c = 0;

	CALL3(NR_pipe, pipe_fds, 0, 0);
	handle(SIGALRM, wake_pipe, SA_RESTART);
	CALL3(NR_setitimer, 0, timer, 0);
	check(CALL3(NR_read, pipe_fds[0], &c, 1) == 1 && c == 'x', "read() begins anew after a handler with SA_RESTART");
	handle(SIGALRM, note, 0);
	CALL3(NR_setitimer, 0, timer, 0);
	check(CALL3(NR_read, pipe_fds[0], &c, 1) == -EINTR && got == SIGALRM, "read() ends after a handler without");
	handle(SIGALRM, note, SA_RESTART);
	timer[1] = timer[3]; /* again and again: the first may come before the sleep on a busy machine */
	CALL3(NR_setitimer, 0, timer, 0);
	check(CALL3(NR_nanosleep, pause, pause, 0) == -EINTR && pause[0] >= 0 && pause[0] <= 9,
	      "nanosleep() ends, and names the rest");
	timer[1] = timer[3] = 0;
	CALL3(NR_setitimer, 0, timer, 0);
}

/* --- threads ------------------------------------------------------------------------------------------------------------------------ */

static volatile int32_t child_tid = -1, child_word;
static uint64_t child_tls[8];

static void child(void)
{
	uint64_t value;

	__asm__ volatile("mov %%fs:0, %0" : "=r"(value));
	for (int i = 0; i < 50; i++) {
		__asm__ volatile("pcmpeqd %%xmm3, %%xmm3" : : : "xmm3");
		CALL3(NR_sched_yield, 0, 0, 0);
	}
	child_word = value == 4711 ? 1 : 2;
	CALL3(NR_futex, &child_word, 1, 1);
	CALL3(NR_exit, 0, 0, 0);
}

static void test_threads(void)
{
	char *stack = (char *)call6(NR_mmap, 0, 65536, 3, 0x22, -1, 0);
	uint64_t *top = (uint64_t *)(stack + 65536);
	int32_t parent_tid = 0;
	int kept = 1;
	register long flags __asm__("rdi") = CLONE_THREAD_FLAGS;
	register uint64_t *sp __asm__("rsi") = top - 2;
	register int32_t *ptid __asm__("rdx") = &parent_tid;
	register volatile int32_t *ctid __asm__("r10") = &child_tid;
	register uint64_t *tls __asm__("r8") = child_tls;
	long ret;

	child_tls[0] = 4711;
	__asm__ volatile("syscall; test %%rax, %%rax; jnz 1f; xor %%ebp, %%ebp; call *%[child]; ud2; 1:"
	                 : "=a"(ret)
	                 : "a"(NR_clone), "r"(flags), "r"(sp), "r"(ptid), "r"(ctid), "r"(tls), [child] "b"(child)
	                 : "rcx", "r11", "memory");
	check(ret > 0 && parent_tid == ret, "clone() makes a thread and names it");
	for (int i = 0; i < 50; i++)
		kept &= registers_kept(NR_sched_yield);
	check(kept, "registers outlive a switch between threads");
	while (!child_word)
		call6(NR_futex, (long)&child_word, 0, 0, 0, 0, 0);
	check(child_word == 1, "a thread has its own FS");
	for (int32_t tid; (tid = child_tid) != 0 && tid != -1;)
		call6(NR_futex, (long)&child_tid, 0, tid, 0, 0, 0);
	check(child_tid == 0 || child_tid == -1, "the end of a thread clears its id");
}

void run(void);

static void test_pointers(void)
{
	check(CALL3(NR_write, 1, 8, 4) == -EFAULT, "write() from nowhere is EFAULT");
	uint64_t piece[2] = { 0x5000000000, 4 };

	check(CALL3(NR_write, 1, 0, 4) == -EFAULT, "write() from NULL is EFAULT");
	check(CALL3(NR_writev, 1, piece, 1) == -EFAULT, "writev() of a piece that is nowhere is EFAULT");
	check(CALL3(NR_writev, 1, 16, 1) == -EFAULT, "writev() of a list that is nowhere is EFAULT");
	check(CALL3(NR_pipe, (uintptr_t)run & ~4095ul, 0, 0) == -EFAULT, "pipe() into code is EFAULT");
	check(CALL3(NR_uname, 16, 0, 0) == -EFAULT, "uname() to nowhere is EFAULT");
	check(call6(NR_rt_sigaction, SIGUSR2, 24, 0, 8, 0, 0) == -EFAULT, "rt_sigaction() from nowhere is EFAULT");
	check(CALL3(2, 0x5000000000, 0, 0) == -EFAULT, "open() of a path that is nowhere is EFAULT");
}

void run(void)
{
	uint64_t tls[2] = { 12345, 0 }, value;

	print("KTAP version 1\n");
	check(CALL3(NR_getpid, 0, 0, 0) > 0, "getpid()");
	check(CALL3(499, 0, 0, 0) == -ENOSYS && CALL3(499, 0, 0, 0) == -ENOSYS, "a number without a call is ENOSYS");
	check(CALL3(1l << 40 | 499, 0, 0, 0) == -ENOSYS && CALL3(-1, 0, 0, 0) == -ENOSYS, "so are those beyond all tables");
	check(registers_kept(NR_getpid), "registers outlive a call");
	check(registers_kept(NR_sched_yield), "registers outlive a call that may switch");
	check(!CALL3(NR_arch_prctl, 0x1002, tls, 0), "arch_prctl(ARCH_SET_FS)");
	__asm__ volatile("mov %%fs:0, %0" : "=r"(value));
	check(value == 12345, "FS is the program's");
	test_signals();
	test_restart();
	test_threads();
	test_pointers();
	print("1..");
	print_number(tests);
	print("\n");
	CALL3(NR_exit_group, failures ? 1 : 0, 0, 0);
}

__asm__(".globl _start; _start: xor %ebp, %ebp; and $-16, %rsp; call run; ud2");
