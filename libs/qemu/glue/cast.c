/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A checked cast, of which a disk request makes 60: most find their type among those that the class has been cast to lately. What does not is
 * upstream's, under another name.
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qom/object.h"
#pragma GCC diagnostic pop

Object *uk_object_cast_new(Object *obj, const char *typename, const char *file, int line, const char *func);

Object *object_dynamic_cast_assert(Object *obj, const char *typename, const char *file, int line, const char *func)
{
	if (!obj)
		return NULL;
	/* The last one that came is at the end. */
	for (int i = OBJECT_CLASS_CAST_CACHE - 1; i >= 0; i--)
		if (__atomic_load_n(&obj->class->object_cast_cache[i], __ATOMIC_RELAXED) == typename)
			return obj;
	return uk_object_cast_new(obj, typename, file, line, func);
}
