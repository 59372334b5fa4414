/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz.h"

#include <uk/syscall.h>

#define KIND_plain false
#define KIND_sleeps true
#define KIND_restarts true
#define KIND_masked true

#define TYPES_0()
#define TYPES_1(a) #a
#define TYPES_2(a, ...) #a, TYPES_1(__VA_ARGS__)
#define TYPES_3(a, ...) #a, TYPES_2(__VA_ARGS__)
#define TYPES_4(a, ...) #a, TYPES_3(__VA_ARGS__)
#define TYPES_5(a, ...) #a, TYPES_4(__VA_ARGS__)
#define TYPES_6(a, ...) #a, TYPES_5(__VA_ARGS__)

#define ROW(number, name, kind, count, ...) { number, #name, KIND_##kind, count, { TYPES_##count(__VA_ARGS__) } },

const struct row rows[] = { UK_SYSCALLS(ROW) };
const unsigned row_count = sizeof(rows) / sizeof(rows[0]);
