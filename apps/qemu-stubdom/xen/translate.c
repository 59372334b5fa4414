/* SPDX-License-Identifier: BSD-3-Clause */
#include "translate.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* libxl leaves it to the stubdomain where the guest's saved state comes from. */
#define INCOMING "$STUBDOM_RESTORE_INCOMING_ARG"
/* Qubes OS: what follows is the address that the guest shall have. */
#define LEASE "-qubes-net:"
/* The same: what follows is the domain that shall hear the guest. */
#define SOUND "-qubes-audio:"
/* A value of -display, which may have properties: the domain that shall show the guest's screen. */
#define SCREEN "qubes-gui"

enum match { WHOLE, BEGINNING };

/* An option that QEMU does not get as it is. */
struct rule {
	const char *option;
	enum match match; /* how much of the argument the option is */
	const char *value; /* only with this value, which may have properties after a comma; NULL: with any */
	const char *part, *lack; /* only with a value that has this in it, that does not have it; NULL: with any */
	const char *unless; /* only without this option */
	const char *with; /* only with an option that begins so; NULL: with any */
	const char *more[2]; /* what QEMU gets besides: an option and its value */
	bool keep; /* the option itself too */
	const char *lost; /* what the guest does without, if anything */
};

#define LOST(about, text) \
	{ \
		.option = about, .match = BEGINNING, .lost = text \
	}
#define NEEDS_KERNEL(name) \
	{ \
		.option = name, .unless = "-kernel", \
		.lost = "there is no -kernel, and no disk /dev/xvdd with one: the guest starts from its disks" \
	}
#define CONFINES(name, ...) \
	{ \
		.option = name, .lost = "Xen confines a stubdomain to its guest without that", __VA_ARGS__ \
	}
/* QEMU refuses one without a driver for the host's sound. What that drops, the domain for sound hears. */
#define CARD(name, ...) \
	{ \
		.option = "-device", .value = name, .lack = "audiodev=", .unless = "-audio", .more = { "-audio", "none" }, \
		.keep = true, __VA_ARGS__ \
	}
#define SOUND_CARD(name) CARD(name, .with = SOUND), CARD(name, .lost = "the card is silent: there is no domain for its sound")

static const struct rule rules[] = {
	{ .option = "-display", .value = SCREEN, .more = { "-display", "none" } },
	{ .option = LEASE, .match = BEGINNING },
	LOST(SOUND "audiovm_xid=-", NULL), /* no domain for sound */
	{ .option = SOUND, .match = BEGINNING },
	LOST("-qubes-", "not an argument that is known here"),
	NEEDS_KERNEL("-append"),
	NEEDS_KERNEL("-initrd"),
	/*
	 * channel: its other end is a PV console whose back end is dom0's, where libxl starts no QEMU for it. The sockets' paths are dom0's too:
	 * QEMU would end.
	 */
	{ .option = "-chardev",
	  .part = "id=libxl-channel",
	  .lost = "no channel of a guest reaches a stubdomain: the guest starts without" },
	/*
	 * dm_restrict: a QEMU that restricts itself does not tell the toolstack in xenstore that it runs, for which libxl waits when it is in
	 * a stubdomain; and later ones know "-chroot" by another name. The rest is what administrators confine one in dom0 with.
	 */
	CONFINES("-xen-domid-restrict"),
	CONFINES("-chroot"),
	CONFINES("-runas"),
	CONFINES("-sandbox"),
	CONFINES("-run-with", .part = "chroot="),
	CONFINES("-run-with", .part = "user="),
	/* soundhw: the names that libxl passes, and QEMU's own for what device_model_args names. */
	SOUND_CARD("intel-hda"),
	SOUND_CARD("ich9-intel-hda"),
	SOUND_CARD("ac97"),
	SOUND_CARD("AC97"),
	SOUND_CARD("es1370"),
	SOUND_CARD("ES1370"),
	SOUND_CARD("usb-audio"),
	SOUND_CARD("virtio-sound"),
	SOUND_CARD("virtio-sound-pci"),
	SOUND_CARD("adlib"),
	SOUND_CARD("cs4231a"),
	SOUND_CARD("gus"),
	SOUND_CARD("sb16"),
	{ .option = "-trace", .lost = "QEMU's tracing is not in this image" },
	/* libxl passes it for acpi = 0; QEMU has dropped it for this. */
	{ .option = "-no-acpi", .more = { "-machine", "acpi=off" } },
};

/* Options whose value is the administrator's own text, which may begin as an option does. */
static const char *const free_text[] = { "-name", "-append" };

/* Options that have no value, of those above and those after which libxl may put one of those. */
static const char *const alone[] = { "-no-acpi", "-no-shutdown", "-nodefaults", "-no-user-config",    "-nographic",
	                             "-usb",     "-S",           "-snapshot",   "-xen-domid-restrict" };

static bool is_one_of(const char *const *list, size_t n, const char *option)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i], option))
			return true;
	return false;
}

/* QEMU takes two dashes for one. */
static const char *option_of(const char *word)
{
	return word[0] == '-' && word[1] == '-' ? word + 1 : word;
}

/* How many of @words make up the option at their begin: itself, and its value if there is one. */
static int length(char *const *words, int count)
{
	const char *option = option_of(words[0]);

	if (count == 1 || *option != '-' || is_one_of(alone, sizeof(alone) / sizeof(*alone), option))
		return 1;
	if (!strncmp(option, "-qubes-", 7))
		return 1;
	return *words[1] != '-' || is_one_of(free_text, sizeof(free_text) / sizeof(*free_text), option) ? 2 : 1;
}

static bool has_beginning(char *const *words, int count, const char *name)
{
	for (int i = 0; i < count; i += length(words + i, count - i))
		if (!strncmp(option_of(words[i]), name, strlen(name)))
			return true;
	return false;
}

static bool is_named(const char *value, const char *name)
{
	size_t n = strlen(name);

	return value && !strncmp(value, name, n) && (!value[n] || value[n] == ',');
}

bool translate_has(char *const *words, int count, const char *name)
{
	for (int i = 0; i < count; i += length(words + i, count - i))
		if (!strcmp(option_of(words[i]), name))
			return true;
	return false;
}

static bool fits(const struct rule *r, const char *value)
{
	return (!r->value || is_named(value, r->value)) && (!r->part || (value && strstr(value, r->part))) &&
	       (!r->lack || !value || !strstr(value, r->lack));
}

static bool applies(const struct rule *r, const char *option, const char *value, char *const *words, int count)
{
	if (r->match == WHOLE ? strcmp(option, r->option) : strncmp(option, r->option, strlen(r->option)))
		return false;
	return fits(r, value) && (!r->unless || !translate_has(words, count, r->unless)) &&
	       (!r->with || has_beginning(words, count, r->with));
}

static bool add(struct vector *out, const char *option, const char *value)
{
	return vector_add(out, "%s", option) && (!value || vector_add(out, "%s", value));
}

/* What becomes of an option that has @rule. */
static bool follow(struct vector *out, const char *option, const char *value, const struct rule *rule)
{
	if (rule->lost)
		fprintf(stderr, "arguments: %s%s%s: %s\n", option, value ? " " : "", value ? value : "", rule->lost);
	return (!rule->more[0] || add(out, rule->more[0], rule->more[1])) && (!rule->keep || add(out, option, value));
}

/* What the option that has @rule asks of the caller. */
static void demand(struct demands *demands, const struct rule *rule, const char *option, const char *value)
{
	if (!strcmp(rule->option, LEASE))
		demands->lease = option + strlen(LEASE);
	if (!strcmp(rule->option, SOUND))
		demands->sound = option + strlen(SOUND);
	if (rule->value && !strcmp(rule->value, SCREEN))
		demands->screen = value + strlen(SCREEN);
	if (rule->keep)
		demands->card = true;
}

bool translate(struct vector *out, char *const *words, int count, struct demands *demands)
{
	*demands = (struct demands){ 0 };
	for (int i = 0, n; i < count; i += n) {
		n = length(words + i, count - i);
		const char *option = option_of(words[i]), *value = n > 1 ? words[i + 1] : NULL;
		size_t r = 0;

		while (r < sizeof(rules) / sizeof(*rules) && !applies(&rules[r], option, value, words, count))
			r++;
		if (r < sizeof(rules) / sizeof(*rules)) {
			if (!follow(out, option, value, &rules[r]))
				return false;
			demand(demands, &rules[r], option, value);
			continue;
		}
		if (!add(out, words[i], value))
			return false;
		if (value && !strcmp(option, "-incoming") && !strcmp(value, INCOMING))
			demands->incoming = out->count - 1;
	}
	return true;
}
