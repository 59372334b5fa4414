# SPDX-License-Identifier: BSD-3-Clause
# Fills glib/glibconfig.h.in as upstream's meson does for x86-64 and musl; the version comes from the Makefile.uk.
s|@g_af_inet@|2|g
s|@g_af_inet6@|10|g
s|@g_af_unix@|1|g
s|@g_bs_alien@|BE|g
s|@g_bs_native@|LE|g
s|@g_byte_order@|G_LITTLE_ENDIAN|g
s|@g_dir_separator@|/|g
s|@g_module_suffix@|so|g
s|@g_msg_dontroute@|4|g
s|@g_msg_oob@|1|g
s|@g_msg_peek@|2|g
s|@g_pid_format@|"i"|g
s|@g_pid_type@|int|g
s|@g_pollerr@|8|g
s|@g_pollfd_format@|"%d"|g
s|@g_pollhup@|16|g
s|@g_pollin@|1|g
s|@g_pollnval@|32|g
s|@g_pollout@|4|g
s|@g_pollpri@|2|g
s|@g_searchpath_separator@|:|g
s|@g_threads_impl_def@|POSIX|g
s|@gint16@|short|g
s|@gint16_format@|"hi"|g
s|@gint16_modifier@|"h"|g
s|@gint32@|int|g
s|@gint32_format@|"i"|g
s|@gint32_modifier@|""|g
s|@gint64@|long|g
s|@gint64_constant@|(val##L)|g
s|@gint64_format@|"li"|g
s|@gint64_modifier@|"l"|g
s|@gintbits@|32|g
s|@gintptr_format@|"li"|g
s|@gintptr_modifier@|"l"|g
s|@glib_extension@||g
s|@glib_gpi_cast@|(glong)|g
s|@glib_gpui_cast@|(gulong)|g
s|@glib_intptr_type_define@|long|g
s|@glib_long@|8|g
s|@glib_msize_type@|LONG|g
s|@glib_os@|#define G_OS_UNIX|g
s|@glib_size_t@|8|g
s|@glib_size_type_define@|long|g
s|@glib_ssize_t@|8|g
s|@glib_vacopy@|#define G_VA_COPY_AS_ARRAY 1|g
s|@glib_void_p@|8|g
s|@glongbits@|64|g
s|@gsize_format@|"lu"|g
s|@gsize_modifier@|"l"|g
s|@gsizebits@|64|g
s|@gssize_format@|"li"|g
s|@gssize_modifier@|"l"|g
s|@guint16_format@|"hu"|g
s|@guint32_format@|"u"|g
s|@guint64_constant@|(val##UL)|g
s|@guint64_format@|"lu"|g
s|@guintptr_format@|"lu"|g
s|^#mesondefine GLIB_STATIC_COMPILATION|#define GLIB_STATIC_COMPILATION 1|
s|^#mesondefine GOBJECT_STATIC_COMPILATION|#define GOBJECT_STATIC_COMPILATION 1|
s|^#mesondefine GIO_STATIC_COMPILATION|#define GIO_STATIC_COMPILATION 1|
s|^#mesondefine GMODULE_STATIC_COMPILATION|#define GMODULE_STATIC_COMPILATION 1|
s|^#mesondefine GI_STATIC_COMPILATION|#define GI_STATIC_COMPILATION 1|
s|^#mesondefine G_INTL_STATIC_COMPILATION|#define G_INTL_STATIC_COMPILATION 1|
s|^#mesondefine FFI_STATIC_BUILD|#define FFI_STATIC_BUILD 1|
s|^#mesondefine G_HAVE_GROWING_STACK|#define G_HAVE_GROWING_STACK 0|
s|^#mesondefine G_HAVE_FREE_SIZED|#undef G_HAVE_FREE_SIZED|
s|^#mesondefine \(GLIB_HAVE_ALLOCA_H\)|#define \1|
s|^#mesondefine \(GLIB_USING_SYSTEM_PRINTF\)|#define \1|
s|^#mesondefine \(G_ATOMIC_LOCK_FREE\)|#define \1|
