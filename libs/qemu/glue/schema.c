/* SPDX-License-Identifier: BSD-3-Clause */
/* The answer of query-qmp-schema, from the packed text that libs/qemu/prepare makes of what QEMU's own generator makes. */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-introspect.h"
#include "qobject/qjson.h"
#pragma GCC diagnostic pop

#include <zlib.h>

#include "schema.inc"

/* Upstream's command names it, and hands it to the function below. */
const QLitObject qmp_schema_qlit = { .type = QTYPE_QNULL };

/* In place of qobject_from_qlit() in the file of that command. The answer is the caller's. */
QObject *uk_schema_unpack(const QLitObject *unused);
QObject *uk_schema_unpack(const QLitObject *unused G_GNUC_UNUSED)
{
	uLongf size = SCHEMA_SIZE;
	g_autofree char *text = g_malloc(size + 1);
	int err = uncompress((Bytef *)text, &size, schema, sizeof(schema));

	g_assert(err == Z_OK && size == SCHEMA_SIZE);
	text[size] = 0;
	return qobject_from_json(text, &error_abort);
}
