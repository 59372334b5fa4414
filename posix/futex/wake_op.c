/* SPDX-License-Identifier: BSD-3-Clause */
/* FUTEX_WAKE_OP: the operation on the second word. */
#include <core/errno.h>

#include "internal.h"

#define OP_SHIFTED 8u

enum { OP_SET, OP_ADD, OP_OR, OP_ANDN, OP_XOR };
enum { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE };

/* 12 bits with a sign. */
static int argument(uint32_t bits)
{
	return (int)((bits & 0xfff) ^ 0x800) - 0x800;
}

static unsigned changed(unsigned op, unsigned old, unsigned arg)
{
	switch (op) {
	case OP_SET:
		return arg;
	case OP_ADD:
		return old + arg;
	case OP_OR:
		return old | arg;
	case OP_ANDN:
		return old & ~arg;
	default:
		return old ^ arg;
	}
}

static int compare(unsigned how, int a, int b)
{
	switch (how) {
	case CMP_EQ:
		return a == b;
	case CMP_NE:
		return a != b;
	case CMP_LT:
		return a < b;
	case CMP_LE:
		return a <= b;
	case CMP_GT:
		return a > b;
	default:
		return a >= b;
	}
}

int futex_apply(int *word, uint32_t operation)
{
	unsigned op = operation >> 28, how = operation >> 24 & 15;
	int arg = argument(operation >> 12), old = READ_ONCE(*word);

	if (op & OP_SHIFTED)
		arg = (int)(1u << (arg & 31));
	op &= ~OP_SHIFTED;
	if (op > OP_XOR)
		return -ENOSYS;
	while (!__atomic_compare_exchange_n(word, &old, (int)changed(op, (unsigned)old, (unsigned)arg), false, __ATOMIC_SEQ_CST,
	                                    __ATOMIC_SEQ_CST))
		;
	return how > CMP_GE ? -ENOSYS : compare(how, old, argument(operation));
}
