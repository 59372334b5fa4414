/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gui-daemon: a daemon of Qubes OS' GUI protocol for dom0, without a screen of its own. vchan-socket-proxy is its vchan.
 *
 *   gui-daemon DOMID ACTION...
 *
 * waits until domain DOMID's agent listens, and does the actions in their order; agents that break the protocol end it with status 1.
 *
 *   wait MS           follow the agent for that long
 *   size W H          until the window has that size
 *   shot FILE         take the picture, as PPM, when nothing has changed for a while
 *   key CODE          press and release X's keycode
 *   keymap CODE       tell that this key alone is down
 *   state MASK        X's modifiers of the keys and buttons that follow
 *   pointer X Y MASK  move the pointer, and make the buttons of RFB's mask those that are down
 *   place X Y W H     the window manager has put the window there: wait for the acknowledgement
 *   focus 0|1         the window has lost or got the focus
 *   flood N           N messages of no use at once
 *   raw WORD,WORD...  32-bit words as they are; the agent is expected to end the connection
 *   hold FILE         write FILE, and stay until killed
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>

#define PAGE 4096u
#define SETTLED 1500 /* ms */
#define UPDATES_MAX 60 /* a cursor may blink for ever */
#define PATIENCE 60000 /* ms until something must come */
#define WINDOW 1
#define WIDTH_MAX 16384u
#define HEIGHT_MAX 6144u

enum {
	KEYPRESS = 124,
	BUTTON,
	MOTION,
	CROSSING,
	FOCUS,
	CREATE = 130,
	MAP = 132,
	CONFIGURE = 134,
	SHMIMAGE = 136,
	CLIPBOARD = 140,
	WMNAME = 141,
	KEYMAP = 142,
	HINTS = 144,
	DUMP = 147
};

static unsigned domid;
static pid_t proxy;
static int from_agent, to_agent, gntdev;
static unsigned created, mapped, width, height, state, buttons;
static unsigned updates, acknowledged;
static int32_t place[4];
static const uint32_t *pixels; /* of the agent's, mapped */
static size_t pixels_size;

static void die(const char *why)
{
	fprintf(stderr, "gui-daemon: %s\n", why);
	kill(proxy, SIGKILL);
	exit(1);
}

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void start_proxy(void)
{
	char domain[16], path[64];
	int in[2], out[2];

	snprintf(domain, sizeof(domain), "%u", domid);
	snprintf(path, sizeof(path), "/local/domain/%u/data/vchan/0/6000", domid);
	if (pipe(in) || pipe(out))
		die("no pipe");
	proxy = fork();
	if (!proxy) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[0]), close(in[1]), close(out[0]), close(out[1]);
		execlp("vchan-socket-proxy", "vchan-socket-proxy", domain, path, "-", (char *)NULL);
		_exit(127);
	}
	close(in[0]), close(out[1]);
	from_agent = out[0];
	to_agent = in[1];
}

/* Returns whether the agent is still there. */
static int get(void *to, size_t size)
{
	for (char *p = to; size;) {
		struct pollfd fd = { .fd = from_agent, .events = POLLIN };
		ssize_t n = poll(&fd, 1, PATIENCE) == 1 ? read(from_agent, p, size) : -1;

		if (n < 0)
			die("the agent says nothing any more");
		if (!n)
			return 0;
		p += n;
		size -= n;
	}
	return 1;
}

static void must_get(void *to, size_t size)
{
	if (!get(to, size))
		die("the agent has closed the channel");
}

static void put(const void *data, size_t size)
{
	if (write(to_agent, data, size) != (ssize_t)size)
		die("cannot write to the agent");
}

static void say(uint32_t type, const uint32_t *body, uint32_t words)
{
	uint32_t message[3 + 16] = { type, type == KEYMAP ? 0 : WINDOW, 4 * words };

	memcpy(message + 3, body, 4 * words);
	put(message, 12 + 4 * words);
}

/* Linux' xen/gntdev.h */
struct grant {
	uint32_t domid, ref;
};

struct map_grants {
	uint32_t count, pad;
	uint64_t index;
	struct grant grants[];
};

#define MAP_GRANTS _IOC(_IOC_NONE, 'G', 0, sizeof(struct map_grants) + sizeof(struct grant))

static void map_pixels(const uint32_t *refs, uint32_t count)
{
	struct map_grants *map = calloc(1, sizeof(*map) + count * sizeof(struct grant));

	if (!map)
		die("no memory");
	if (pixels)
		munmap((void *)pixels, pixels_size);
	if (gntdev > 0)
		close(gntdev);
	gntdev = open("/dev/xen/gntdev", O_RDWR | O_CLOEXEC);
	map->count = count;
	for (uint32_t i = 0; i < count; i++)
		map->grants[i] = (struct grant){ domid, refs[i] };
	if (gntdev < 0 || ioctl(gntdev, MAP_GRANTS, map))
		die("the window's grants cannot be used");
	pixels_size = (size_t)count * PAGE;
	pixels = mmap(NULL, pixels_size, PROT_READ, MAP_SHARED, gntdev, map->index);
	if (pixels == MAP_FAILED)
		die("the window's pages cannot be mapped");
	free(map);
}

static void dump(const uint32_t *body, uint32_t size)
{
	if (size < 16 || body[0] || body[1] > WIDTH_MAX || body[2] > HEIGHT_MAX || body[3] != 24)
		die("a window dump that is not one");
	uint32_t count = (size - 16) / 4;

	width = body[1];
	height = body[2];
	if ((size_t)width * height * 4 > (size_t)count * PAGE)
		die("a window dump with too few pages");
	map_pixels(body + 4, count);
}

static uint32_t size_of(uint32_t type, uint32_t size)
{
	static const uint8_t sizes[] = {
		[CREATE] = 24, [MAP] = 8, [CONFIGURE] = 20, [SHMIMAGE] = 16, [WMNAME] = 128, [HINTS] = 36
	};

	if (type == DUMP && size <= 16 + 4 * (WIDTH_MAX * HEIGHT_MAX / (PAGE / 4)))
		return size;
	if (type >= sizeof(sizes) || !sizes[type])
		die("a message that the protocol does not have");
	return sizes[type];
}

static void handle(uint32_t type, const uint32_t *body, uint32_t size)
{
	if (!created != (type == CREATE))
		die("a window that is created twice, or not at all");
	switch (type) {
	case CREATE:
		created = 1;
		break;
	case MAP:
		mapped = 1;
		break;
	case CONFIGURE:
		acknowledged |= !memcmp(body, place, sizeof(place));
		break;
	case WMNAME:
		printf("gui-daemon: title %.127s\n", (const char *)body);
		break;
	case DUMP:
		dump(body, size);
		break;
	case SHMIMAGE:
		if (!body[2] || !body[3] || body[0] + (uint64_t)body[2] > width || body[1] + (uint64_t)body[3] > height)
			die("an update outside of the window");
		updates++;
		break;
	}
}

/* Returns 0 when the agent is gone. */
static int message(void)
{
	uint32_t header[3];

	if (!get(header, sizeof(header)))
		return 0;
	if (header[1] != WINDOW || header[2] != size_of(header[0], header[2]))
		die("a message of a wrong length or window");
	uint32_t *body = calloc(1, header[2] + 4);

	if (!body)
		die("no memory");
	must_get(body, header[2]);
	handle(header[0], body, header[2]);
	free(body);
	return 1;
}

/* Follow the agent until it has been silent for @ms, or enough has changed. Returns 0 when it is gone. */
static int follow(int ms)
{
	struct pollfd fd = { .fd = from_agent, .events = POLLIN };
	unsigned end = updates + UPDATES_MAX;

	while (updates < end && poll(&fd, 1, ms) == 1)
		if (!message())
			return 0;
	return 1;
}

static void follow_for(int ms)
{
	struct pollfd fd = { .fd = from_agent, .events = POLLIN };
	long end = now() + ms;

	for (long left; (left = end - now()) > 0;)
		if (poll(&fd, 1, left) == 1 && !message())
			die("the agent is gone");
}

static void greet(void)
{
	static const uint32_t xconf[] = { 1920, 1080, 24, 8101 };
	uint32_t version;

	must_get(&version, sizeof(version));
	if (version != 1 << 16)
		die("another version than 1.0");
	put(xconf, sizeof(xconf));
	while (!pixels || !mapped)
		if (!message())
			die("no window");
}

/* As a daemon's libvchan does, but by asking: the agent's nodes go when a client has come. */
static void connect_to_agent(void)
{
	char command[128];

	snprintf(command, sizeof(command), "xenstore-read /local/domain/%u/data/vchan/0/6000/event-channel >/dev/null 2>&1",
	         domid);
	for (long end = now() + PATIENCE; system(command);) {
		if (now() > end)
			die("no agent listens");
		usleep(100000);
	}
	start_proxy();
	greet();
}

static void shoot(const char *path)
{
	if (!follow(SETTLED))
		die("the agent is gone");
	FILE *f = fopen(path, "w");

	if (!f)
		die("cannot write the picture");
	fprintf(f, "P6\n%u %u\n255\n", width, height);
	for (size_t i = 0; i < (size_t)width * height; i++) {
		uint8_t rgb[] = { pixels[i] >> 16, pixels[i] >> 8, pixels[i] };

		fwrite(rgb, 1, sizeof(rgb), f);
	}
	if (fclose(f))
		die("cannot write the picture");
	printf("gui-daemon: %s: %u x %u, %u updates\n", path, width, height, updates);
}

static void key(unsigned code)
{
	for (uint32_t type = 2; type <= 3; type++)
		say(KEYPRESS, (uint32_t[]){ type, 0, 0, state, code }, 5);
}

static void keymap(unsigned code)
{
	uint32_t keys[8] = { 0 };

	keys[code / 32 % 8] = 1u << code % 32;
	say(KEYMAP, keys, 8);
}

static void pointer(uint32_t x, uint32_t y, unsigned mask)
{
	say(MOTION, (uint32_t[]){ x, y, state, 0 }, 4);
	for (unsigned i = 0; i < 3; i++)
		if ((mask ^ buttons) >> i & 1)
			say(BUTTON, (uint32_t[]){ mask >> i & 1 ? 4 : 5, x, y, state, i + 1 }, 5);
	buttons = mask;
}

static void put_there(char **v)
{
	uint32_t body[5] = { atoi(v[0]), atoi(v[1]), atoi(v[2]), atoi(v[3]) };

	memcpy(place, body, sizeof(place));
	acknowledged = 0;
	say(CONFIGURE, body, 5);
	while (!acknowledged)
		if (!message())
			die("the place is not acknowledged");
}

static void await_size(unsigned w, unsigned h)
{
	while (width != w || height != h)
		if (!message())
			die("the window does not get that size");
}

static void flood(unsigned count)
{
	static const uint32_t crossing[7] = { 7 };

	for (unsigned i = 0; i < count; i++) {
		say(CROSSING, crossing, 7);
		say(MOTION, (uint32_t[]){ i, -i, 0, 0 }, 4);
		say(CLIPBOARD, (uint32_t[]){ i, i, i }, 3);
	}
}

static void raw(char *words)
{
	for (char *word; (word = strsep(&words, ","));) {
		uint32_t value = strtoul(word, NULL, 0);

		put(&value, sizeof(value));
	}
	for (long end = now() + PATIENCE; follow(1000);)
		if (now() > end)
			die("the agent has not ended the connection");
	printf("gui-daemon: the agent has ended the connection\n");
	kill(proxy, SIGKILL);
	exit(0);
}

static void hold(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f || fclose(f))
		die("cannot write the file");
	while (message())
		;
	die("the agent is gone");
}

struct action {
	const char *name;
	int values;
};

static void act(const char *name, char **v)
{
	if (!strcmp(name, "wait"))
		follow_for(atoi(v[0]));
	else if (!strcmp(name, "shot"))
		shoot(v[0]);
	else if (!strcmp(name, "key"))
		key(atoi(v[0]));
	else if (!strcmp(name, "keymap"))
		keymap(atoi(v[0]));
	else if (!strcmp(name, "state"))
		state = strtoul(v[0], NULL, 0);
	else if (!strcmp(name, "pointer"))
		pointer(atoi(v[0]), atoi(v[1]), atoi(v[2]));
	else if (!strcmp(name, "place"))
		put_there(v);
	else if (!strcmp(name, "size"))
		await_size(atoi(v[0]), atoi(v[1]));
	else if (!strcmp(name, "focus"))
		say(FOCUS, (uint32_t[]){ atoi(v[0]) ? 9 : 10, 0, 3 }, 3);
	else if (!strcmp(name, "flood"))
		flood(atoi(v[0]));
	else if (!strcmp(name, "raw"))
		raw(v[0]);
	else if (!strcmp(name, "hold"))
		hold(v[0]);
}

int main(int argc, char **argv)
{
	static const struct action actions[] = { { "wait", 1 },  { "shot", 1 },    { "key", 1 },   { "keymap", 1 },
		                                 { "state", 1 }, { "pointer", 3 }, { "place", 4 }, { "size", 2 },
		                                 { "focus", 1 }, { "flood", 1 },   { "raw", 1 },   { "hold", 1 } };

	if (argc < 2)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	domid = atoi(argv[1]);
	connect_to_agent();
	for (int i = 2; i < argc;) {
		size_t a = 0;

		while (a < sizeof(actions) / sizeof(*actions) && strcmp(argv[i], actions[a].name))
			a++;
		if (a == sizeof(actions) / sizeof(*actions) || argc - i - 1 < actions[a].values)
			die("an action that does not exist, or lacks its values");
		act(argv[i], argv + i + 1);
		i += 1 + actions[a].values;
	}
	kill(proxy, SIGKILL);
	return 0;
}
