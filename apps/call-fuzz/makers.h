/* SPDX-License-Identifier: BSD-3-Clause */
/* Each makes a value for argument @i of a call. Pointers lead into that argument's block, see memory_block(). */
#ifndef CALL_FUZZ_MAKERS_H
#define CALL_FUZZ_MAKERS_H

#include "fuzz.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

typedef long (*make_fn)(unsigned i);

/* values.c */
long an_int(unsigned i);
long an_offset(unsigned i);
long a_size(unsigned i);
long a_mask_size(unsigned i);
long a_family(unsigned i);
long a_type(unsigned i);
long a_protection(unsigned i);
long a_mapping_kind(unsigned i);
long an_open_mode(unsigned i);
long a_base(unsigned i);
long a_command(unsigned i);
long a_few(unsigned i);
long a_mapping_size(unsigned i);
long an_address(unsigned i);
long a_signal(unsigned i);
long a_resource(unsigned i);
long a_request(unsigned i);

/* pointers.c */
long a_block(unsigned i);
long a_path(unsigned i);
long some_times(unsigned i);
long a_mask_pointer(unsigned i);
long a_sized_mask(unsigned i);
long an_action(unsigned i);
long an_event(unsigned i);
long a_stack(unsigned i);
long some_vectors(unsigned i);
long some_messages(unsigned i);
long a_message(unsigned i);
long an_address_of_socket(unsigned i);
long a_size_pointer(unsigned i);

/* From now on paths lead below FOLDER only, or anywhere. */
void paths_of(bool own);

#endif
