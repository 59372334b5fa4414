/* SPDX-License-Identifier: BSD-3-Clause */
/* GModule over dlopen(), which in a static program always fails with a message. */
#ifndef UK_GMODULECONF_H
#define UK_GMODULECONF_H

#define G_MODULE_IMPL_NONE 0
#define G_MODULE_IMPL_DL 1
#define G_MODULE_IMPL_WIN32 3
#define G_MODULE_IMPL_AR 7

#define G_MODULE_IMPL G_MODULE_IMPL_DL
#define G_MODULE_HAVE_DLERROR

#endif
