/* SPDX-License-Identifier: BSD-3-Clause */
/* QEMU includes this for GLib's types only: nothing is loaded at run time, so the image needs no GModule. */
#include <glib.h>
