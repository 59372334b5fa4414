/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel argument "ip=", as Linux has it (its Documentation/admin-guide/nfs/nfsroot). */
#include <core/errno.h>
#include <core/netstack.h>
#include <core/string.h>

enum field { CLIENT, SERVER, GATEWAY, MASK, HOST, DEVICE, AUTOCONF, DNS0, DNS1, NTP, FIELDS };

struct piece {
	const char *start;
	size_t len;
};

static bool is(const struct piece *p, const char *word)
{
	return p->len == strlen(word) && !memcmp(p->start, word, p->len);
}

/* Four decimal numbers; an empty piece is 0.0.0.0. */
static bool read_address(const struct piece *p, uint8_t out[4])
{
	const char *s = p->start, *end = s + p->len;

	memset(out, 0, 4);
	if (!p->len)
		return true;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t n;

		if (i && (s == end || *s++ != '.'))
			return false;
		if (s == end || *s < '0' || *s > '9')
			return false;
		n = strtou64(s, &s, 10);
		if (n > 255 || s > end)
			return false;
		out[i] = (uint8_t)n;
	}
	return s == end;
}

/* "eth" and a number; an empty piece is any. */
static bool read_device(const struct piece *p, int *out)
{
	const char *s;
	uint64_t n;

	*out = -1;
	if (!p->len)
		return true;
	if (p->len < 4 || memcmp(p->start, "eth", 3))
		return false;
	s = p->start + 3;
	if (*s < '0' || *s > '9')
		return false;
	n = strtou64(s, &s, 10);
	*out = (int)n;
	return n <= 0xffff && s == p->start + p->len;
}

static bool read_how(const struct piece *p, struct netstack_settings *out)
{
	static const uint8_t none[4];
	bool given = memcmp(out->address, none, 4);

	if (is(p, "off") || is(p, "none"))
		out->how = given ? NETSTACK_STATIC : NETSTACK_OFF;
	else if (is(p, "dhcp") || is(p, "on") || is(p, "any") || is(p, "both"))
		out->how = NETSTACK_DHCP;
	else if (!p->len)
		out->how = given ? NETSTACK_STATIC : NETSTACK_DHCP;
	else
		return false;
	return true;
}

/* What a network of @address' class has. */
static void default_mask(const uint8_t address[4], uint8_t mask[4])
{
	static const uint8_t none[4];
	unsigned len = address[0] < 128 ? 1 : address[0] < 192 ? 2 : 3;

	if (memcmp(mask, none, 4))
		return;
	for (unsigned i = 0; i < len; i++)
		mask[i] = 255;
}

/* The pieces between colons; those that are not there are empty. Returns how many there are, 0 for too many. */
static unsigned cut(const char *text, struct piece *fields)
{
	unsigned n = 0;

	for (unsigned i = 0; i < FIELDS; i++)
		fields[i] = (struct piece){ "", 0 };
	fields[0].start = text;
	for (; *text && *text != ' '; text++) {
		if (*text != ':')
			fields[n].len++;
		else if (++n < FIELDS)
			fields[n].start = text + 1;
		else
			return 0;
	}
	return n + 1;
}

static bool read_fields(const struct piece *f, struct netstack_settings *out)
{
	uint8_t server[4];

	if (!read_address(&f[CLIENT], out->address) || !read_address(&f[SERVER], server) ||
	    !read_address(&f[GATEWAY], out->gateway) || !read_address(&f[MASK], out->mask) ||
	    !read_address(&f[DNS0], out->dns[0]) || !read_address(&f[DNS1], out->dns[1]))
		return false;
	if (!read_device(&f[DEVICE], &out->device) || !read_how(&f[AUTOCONF], out) || f[HOST].len >= sizeof(out->host))
		return false;
	memcpy(out->host, f[HOST].start, f[HOST].len);
	if (out->how == NETSTACK_STATIC)
		default_mask(out->address, out->mask);
	return true;
}

int netstack_parse(const char *text, struct netstack_settings *out)
{
	struct piece fields[FIELDS];
	unsigned count;
	bool good;

	*out = (struct netstack_settings){ .device = -1 };
	if (!text)
		return 0;
	count = cut(text, fields);
	good = count == 1 && fields[0].len && read_how(&fields[0], out); /* a word alone, or an address alone */
	if (!good)
		good = count && (count > 1 || fields[0].len) && read_fields(fields, out);
	if (!good)
		*out = (struct netstack_settings){ .device = -1 };
	return good ? 0 : -EINVAL;
}
