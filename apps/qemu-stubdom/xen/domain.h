/* SPDX-License-Identifier: BSD-3-Clause */
/* Domain numbers in the toolstack's texts. */
#ifndef XEN_DOMAIN_H
#define XEN_DOMAIN_H

#include <stdbool.h>

/* @text is, up to its end or a comma, the decimal number of a domain: it goes to *@domid. Returns false, with nothing written, if it is not. */
bool domain_parse(const char *text, unsigned *domid);

#endif
