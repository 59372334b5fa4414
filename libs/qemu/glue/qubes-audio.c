/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the guest plays, for the audio daemon of Qubes OS: samples without headers, signed 16 bits little endian, 44100 Hz, two channels, on the vchan
 * port 4713 (QubesOS/qubes-gui-daemon, pulse/). QEMU's back end "none" takes the sound at the right pace, and what it mixes is captured. The daemon
 * wants port 4714 too, on which it would send a microphone's samples when asked: nobody asks.
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qapi/error.h"
#include "line.h"
#include "qubes-audio.h"
#include "vchan-server.h"
#pragma GCC diagnostic pop

#define NAME "qubes-audio"
#define PLAY_PORT 4713
#define RECORD_PORT 4714
#define RATE 44100
#define FRAME 4u /* bytes */
/* What waits for the daemon, in bytes: 186 ms. More is dropped. */
#define BUFFER 32768u

static struct {
	LineAudio *state;
	CaptureVoiceOut *capture; /* while a daemon is there */
	struct vchan_server *play;
	uint8_t *buffer;
	unsigned produced, consumed; /* bytes since ever; what is between them is in the buffer */
} audio;

/* Whole frames go in, or none of them: a daemon could not find their begin again. */
static void captured(void *opaque, const void *samples, int size)
{
	unsigned room = BUFFER - (audio.produced - audio.consumed), n = MIN((unsigned)size, room) / FRAME * FRAME;
	unsigned at = audio.produced % BUFFER, first = MIN(n, BUFFER - at);

	(void)opaque;
	memcpy(audio.buffer + at, samples, first);
	memcpy(audio.buffer, (const uint8_t *)samples + first, n - first);
	audio.produced += n;
	vchan_server_kick(audio.play);
}

static void notified(void *opaque, audcnotification_e what)
{
	(void)opaque, (void)what;
}

static void destroyed(void *opaque)
{
	(void)opaque;
}

static void play_connected(void *opaque)
{
	struct audsettings settings = { .freq = RATE, .nchannels = 2, .fmt = AUDIO_FORMAT_S16, .endianness = 0 };
	struct audio_capture_ops ops = { .notify = notified, .capture = captured, .destroy = destroyed };

	audio.produced = audio.consumed = 0;
	audio.capture = AUD_add_capture(audio.state, &settings, &ops, opaque);
}

static void play_gone(void *opaque)
{
	if (audio.capture)
		AUD_del_capture(audio.capture, opaque);
	audio.capture = NULL;
}

static size_t play_output(void *opaque, const uint8_t **data)
{
	unsigned at = audio.consumed % BUFFER;

	(void)opaque;
	*data = audio.buffer + at;
	return MIN(audio.produced - audio.consumed, BUFFER - at);
}

static void play_sent(void *opaque, size_t size)
{
	(void)opaque;
	audio.consumed += size;
}

void uk_qubes_audio_start(unsigned domid)
{
	static const struct vchan_ops play = { play_connected, NULL, play_output, play_sent, play_gone };
	/* A microphone that was not asked for is not listened to. */
	static const struct vchan_ops record = { 0 };
	Error *error = NULL;

	audio.state = line_default_audio(&error);
	if (!audio.state) {
		error_reportf_err(error, NAME ": the guest is silent: ");
		return;
	}
	audio.buffer = g_malloc(BUFFER);
	audio.play = vchan_server_start(NAME, domid, PLAY_PORT, &play, &audio);
	vchan_server_start(NAME, domid, RECORD_PORT, &record, &audio);
}
