/* SPDX-License-Identifier: BSD-3-Clause */
/* Names that upstream changed from one release line to another, as the glue writes them. */
#include "qemu/audio.h"
#include "qemu/audio-capture.h"

/* What the function class_init of a type gets beside the class. */
typedef const void LineClassData;
/* What an audio device of QEMU's is. */
typedef AudioBackend LineAudio;
#define line_default_audio audio_get_default_audio_be
