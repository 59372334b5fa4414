/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vnc-shot: a small client of RFB 3.8 (RFC 6143), for dom0, which has no other. Raw pixels only. The variable VNC_PASSWORD, if it is set,
 * is given to a server that asks for one.
 *
 *   vnc-shot ADDRESS PORT [key KEYSYM] [down KEYSYM] [up KEYSYM] [pointer X Y BUTTONS] [wait MS] [shot FILE] ...
 *
 * does the actions in their order: a key is pressed and released, or one of the two; a picture is taken when nothing has changed for SETTLED ms, as PPM.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../libs/qemu/glue/des.c"

#define NONE 1
#define PASSWORD 2
#define CHALLENGE 16 /* bytes */
#define SETTLED 1500
#define UPDATES_MAX 40 /* a cursor may blink for ever */
#define PATIENCE 20000 /* ms until something must come */
#define ENCODING_RAW 0
#define ENCODING_DESKTOP_SIZE -223

static int server;
static unsigned width, height;
static uint32_t *pixels;

static void die(const char *why)
{
	fprintf(stderr, "vnc-shot: %s\n", why);
	exit(1);
}

static void put(const void *data, size_t size)
{
	if (write(server, data, size) != (ssize_t)size)
		die("cannot write to the server");
}

static void get(void *to, size_t size)
{
	for (char *p = to; size;) {
		struct pollfd fd = { .fd = server, .events = POLLIN };
		ssize_t n = poll(&fd, 1, PATIENCE) == 1 ? read(server, p, size) : 0;

		if (n <= 0)
			die("the server says nothing any more");
		p += n;
		size -= n;
	}
}

static uint8_t get8(void)
{
	uint8_t v;

	get(&v, sizeof(v));
	return v;
}

static uint16_t get16(void)
{
	uint16_t v;

	get(&v, sizeof(v));
	return be16toh(v);
}

static uint32_t get32(void)
{
	uint32_t v;

	get(&v, sizeof(v));
	return be32toh(v);
}

static void skip(size_t size)
{
	while (size--)
		get8();
}

static void resize(unsigned w, unsigned h)
{
	width = w;
	height = h;
	free(pixels);
	pixels = calloc((size_t)w * h + 1, sizeof(*pixels));
	if (!pixels)
		die("no memory");
}

static void connect_to(const char *address, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(port)), .sin_addr.s_addr = inet_addr(address) };

	server = socket(AF_INET, SOCK_STREAM, 0);
	if (server < 0 || connect(server, (struct sockaddr *)&to, sizeof(to)))
		die("cannot connect");
}

/* The password is the key, each of its bytes with its bits in the other order. */
static void answer_challenge(const char *password)
{
	uint8_t key[DES_BLOCK] = { 0 }, challenge[CHALLENGE];

	for (size_t i = 0; i < sizeof(key) && i < strlen(password); i++)
		for (int bit = 0; bit < 8; bit++)
			key[i] |= (password[i] >> bit & 1) << (7 - bit);
	get(challenge, sizeof(challenge));
	for (size_t at = 0; at < sizeof(challenge); at += DES_BLOCK)
		des_encrypt(key, challenge + at, challenge + at);
	put(challenge, sizeof(challenge));
}

static void authenticate(void)
{
	const char *password = getenv("VNC_PASSWORD");
	char wanted = password ? PASSWORD : NONE;
	int offered = 0;
	uint8_t types = get8();

	if (!types)
		die("the server refuses");
	while (types--)
		offered |= get8() == wanted;
	if (!offered)
		die("the server wants another authentication");
	put(&wanted, 1);
	if (password)
		answer_challenge(password);
	if (get32())
		die("the server does not let us in");
}

static void greet(void)
{
	/* 32 bits, little endian, red at 16, green at 8, blue at 0; raw and, to be told of new sizes, DesktopSize */
	static const uint8_t format[] = { 0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0 };
	static const uint8_t encodings[] = { 2, 0, 0, 2, 0, 0, 0, ENCODING_RAW, 255, 255, 255, (uint8_t)ENCODING_DESKTOP_SIZE };
	static const char shared = 1;
	char version[12];

	get(version, sizeof(version));
	put("RFB 003.008\n", sizeof(version));
	authenticate();
	put(&shared, 1);
	unsigned w = get16();

	resize(w, get16());
	skip(16);
	skip(get32());
	put(format, sizeof(format));
	put(encodings, sizeof(encodings));
}

static void request(int incremental)
{
	uint8_t message[] = { 3, incremental, 0, 0, 0, 0, width >> 8, width, height >> 8, height };

	put(message, sizeof(message));
}

static void rectangle(void)
{
	unsigned x = get16(), y = get16(), w = get16(), h = get16();
	int32_t encoding = get32();

	if (encoding == ENCODING_DESKTOP_SIZE) {
		resize(w, h);
		return;
	}
	if (encoding != ENCODING_RAW || x + w > width || y + h > height)
		die("a rectangle that was not asked for");
	for (unsigned row = 0; row < h; row++)
		get(pixels + (size_t)(y + row) * width + x, w * sizeof(*pixels));
}

/* Returns whether it was an update. */
static int message(void)
{
	switch (get8()) {
	case 0:
		skip(1);
		for (unsigned n = get16(); n; n--)
			rectangle();
		return 1;
	case 1: /* colours */
		skip(3);
		skip(6 * get16());
		return 0;
	case 2: /* bell */
		return 0;
	case 3: /* clipboard */
		skip(3);
		skip(get32());
		return 0;
	default:
		die("a message that RFB does not have");
		return 0;
	}
}

/* Follow the screen until nothing changes for @ms, or enough has changed. */
static void follow(int ms)
{
	struct pollfd fd = { .fd = server, .events = POLLIN };

	for (int updates = 0; updates < UPDATES_MAX && poll(&fd, 1, ms) == 1;)
		if (message()) {
			request(1);
			updates++;
		}
}

static void shoot(const char *path)
{
	FILE *f;

	request(0);
	follow(SETTLED);
	f = fopen(path, "w");
	if (!f)
		die("cannot write the picture");
	fprintf(f, "P6\n%u %u\n255\n", width, height);
	for (size_t i = 0; i < (size_t)width * height; i++) {
		uint32_t p = le32toh(pixels[i]);
		uint8_t rgb[] = { p >> 16, p >> 8, p };

		fwrite(rgb, 1, sizeof(rgb), f);
	}
	if (fclose(f))
		die("cannot write the picture");
	printf("vnc-shot: %s: %u x %u\n", path, width, height);
}

static void press(uint32_t keysym, int down)
{
	uint8_t event[] = { 4, down, 0, 0, keysym >> 24, keysym >> 16, keysym >> 8, keysym };

	put(event, sizeof(event));
}

/* Actions "key", "down" and "up". */
static void key(const char *action, const char *keysym)
{
	if (*action != 'u')
		press(strtoul(keysym, NULL, 0), 1);
	if (*action != 'd')
		press(strtoul(keysym, NULL, 0), 0);
}

static int is_key(const char *action)
{
	return !strcmp(action, "key") || !strcmp(action, "down") || !strcmp(action, "up");
}

static void pointer(unsigned x, unsigned y, unsigned buttons)
{
	uint8_t event[] = { 5, buttons, x >> 8, x, y >> 8, y };

	put(event, sizeof(event));
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("usage: ADDRESS PORT [key KEYSYM] [down KEYSYM] [up KEYSYM] [pointer X Y BUTTONS] [wait MS] [shot FILE] ...");
	connect_to(argv[1], argv[2]);
	greet();
	request(0);
	for (int i = 3; i < argc; i++) {
		int left = argc - i - 1;

		if (is_key(argv[i]) && left >= 1) {
			key(argv[i], argv[i + 1]);
			i++;
		} else if (!strcmp(argv[i], "pointer") && left >= 3) {
			pointer(atoi(argv[i + 1]), atoi(argv[i + 2]), atoi(argv[i + 3]));
			i += 3;
		} else if (!strcmp(argv[i], "wait") && left >= 1) {
			follow(atoi(argv[++i]));
		} else if (!strcmp(argv[i], "shot") && left >= 1) {
			shoot(argv[++i]);
		} else {
			die("an action that does not exist, or lacks its values");
		}
	}
	follow(200);
	return 0;
}
