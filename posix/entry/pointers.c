/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program's bad pointers, before its call has locked or opened anything: by the types in the table of calls. Looked at is where a pointer leads,
 * not all that the call may touch, as on Linux, where a buffer may be longer than its memory if it is not used up. What is bad behind that
 * ends the call by the fault that it makes (posix/signal/trap.c).
 */
#include <abi/iovec.h>
#include <core/call_arg.h>
#include <core/vmem.h>
#include <posix/calls.h>

#include "entry.h"

enum kind { NO_POINTER, POINTER, TEXT, INPUT, OUTPUT, PIECES };

#define NUMBER_FUTEX 202
#define NUMBER_EPOLL_CTL 233
#define NUMBER_GETCPU 309
#define NUMBER_FUTIMESAT 261 /* these take no path for an open file's own */
#define NUMBER_FSTATAT 262
#define NUMBER_UTIMENSAT 280
#define NUMBER_STATX 332
#define PIECES_MAX 1024
#define POINTER_CLASS 5 /* of __builtin_classify_type() */

/* clang-format off */
#define KIND(type) \
	_Generic((type)0, const char *: TEXT, char *: OUTPUT, void *: OUTPUT, const void *: INPUT, const struct iovec *: PIECES, \
		 default: __builtin_classify_type((type)0) == POINTER_CLASS ? POINTER : NO_POINTER)
/* clang-format on */

#define KINDS_0()
#define KINDS_1(A) KIND(A)
#define KINDS_2(A, B) KINDS_1(A), KIND(B)
#define KINDS_3(A, B, C) KINDS_2(A, B), KIND(C)
#define KINDS_4(A, B, C, D) KINDS_3(A, B, C), KIND(D)
#define KINDS_5(A, B, C, D, E) KINDS_4(A, B, C, D), KIND(E)
#define KINDS_6(A, B, C, D, E, F) KINDS_5(A, B, C, D, E), KIND(F)

static const uint8_t kinds[][6] = {
#define ROW(number, name, signal_kind, count, ...) [number] = { KINDS_##count(__VA_ARGS__) },
	UK_SYSCALLS(ROW)
#undef ROW
};

#define IS_POINTER(type) (KIND(type) != NO_POINTER)
#define POINTERS_0() 0
#define POINTERS_1(A) IS_POINTER(A)
#define POINTERS_2(A, B) POINTERS_1(A) | IS_POINTER(B) << 1
#define POINTERS_3(A, B, C) POINTERS_2(A, B) | IS_POINTER(C) << 2
#define POINTERS_4(A, B, C, D) POINTERS_3(A, B, C) | IS_POINTER(D) << 3
#define POINTERS_5(A, B, C, D, E) POINTERS_4(A, B, C, D) | IS_POINTER(E) << 4
#define POINTERS_6(A, B, C, D, E, F) POINTERS_5(A, B, C, D, E) | IS_POINTER(F) << 5

/* How many arguments a call has. */
static const uint8_t counts[] = {
#define ROW(number, name, signal_kind, count, ...) [number] = count,
	UK_SYSCALLS(ROW)
#undef ROW
};

/* Bit n: argument n is a pointer. */
static const uint8_t pointers[] = {
#define ROW(number, name, signal_kind, count, ...) [number] = POINTERS_##count(__VA_ARGS__),
	UK_SYSCALLS(ROW)
#undef ROW
};

/* Without a length behind it, or with one that is not 0, a pointer has to lead somewhere; NULL is the call's business. */
static bool leads(uintptr_t address, unsigned prot)
{
	return !address || vmem_accessible(address & PAGE_MASK, 1, prot);
}

static bool pieces_lead(uintptr_t address, long count)
{
	const union call_arg list = { .value = address };
	const struct iovec *pieces = list.object;

	if (!address || count <= 0 || count > PIECES_MAX)
		return true;
	if (!vmem_accessible(address, count * sizeof(*pieces), VMEM_READ))
		return false;
	for (long i = 0; i < count; i++) {
		const union call_arg base = { .object = pieces[i].iov_base };

		if (pieces[i].iov_len && (!base.object || !leads(base.value, VMEM_READ)))
			return false;
	}
	return true;
}

static bool takes_no_path(long number)
{
	return number == NUMBER_FUTIMESAT || number == NUMBER_UTIMENSAT || number == NUMBER_FSTATAT || number == NUMBER_STATX;
}

/* @next is the argument behind it, 0 if that is a pointer or nothing. */
static bool is_good(enum kind kind, uintptr_t value, long next, long number)
{
	switch (kind) {
	case TEXT:
		return value ? leads(value, VMEM_READ) : takes_no_path(number);
	case INPUT:
		return (value || !next) && leads(value, VMEM_READ);
	case OUTPUT:
		return leads(value, VMEM_WRITE);
	case POINTER:
		return leads(value, VMEM_READ);
	case PIECES:
		return pieces_lead(value, next);
	default:
		return true;
	}
}

/* How many arguments may be pointers in use: what an operation does not take is left in its register from something else. */
static unsigned taken(long number)
{
	switch (number) {
	case NUMBER_FUTEX:
		return 1;
	case NUMBER_EPOLL_CTL:
		return 0;
	case NUMBER_GETCPU:
		return 2;
	default:
		return 6;
	}
}

bool call_pointers_good(long number, const long args[6])
{
	if (number < 0 || (size_t)number >= ARRAY_SIZE(kinds))
		return true;
	for (unsigned left = pointers[number]; left; left &= left - 1) {
		const unsigned i = __builtin_ctz(left);
		const uint8_t *row = kinds[number];

		if (i >= taken(number))
			break;
		const long next = i + 1 < counts[number] && row[i + 1] == NO_POINTER ? args[i + 1] : 0;

		if (!is_good(row[i], args[i], next, number))
			return false;
	}
	return true;
}
