/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The many ways to write an address of the inside, each asked for directly and as what a server
 * outside redirects to. Names are resolved and connections made here (getaddrinfo, connect and
 * getpeername stand in for the library's): 8.8.8.8 is a server of the test, and no connection may
 * be tried to anything that is not public.
 */
#include "../unit.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch/address.h"
#include "fetch/transfer.h"

#define FORMS_MIN 300
#define FORM_MAX 256
#define OUTSIDE 0x08080808

static char forms[1024][FORM_MAX];
static size_t form_count;

/* ---- The network ---- */

static atomic_int inside, outside, rebound;
static uint16_t server_port;

typedef int connect_fn(int fd, const struct sockaddr *to, socklen_t size);
typedef int name_fn(int fd, struct sockaddr *out, socklen_t *size);
typedef int resolve_fn(
	const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out);

static void *next(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	assert_non_null(found);
	return found;
}

/* glibc's own type of an address of any family. */
int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t size)
{
	const struct sockaddr *to = address.__sockaddr__;
	struct sockaddr_in server = {.sin_family = AF_INET,
		.sin_port = htons(server_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	connect_fn *real;
	struct sockaddr_in v4;
	void *found;

	if (to->sa_family != AF_INET && to->sa_family != AF_INET6) {
		errno = EACCES; /* nscd and the like */
		return -1;
	}
	memcpy(&v4, to, sizeof(v4));
	if (address_classify(to, size) != ADDRESS_PUBLIC)
		atomic_fetch_add(&inside, 1);
	else
		atomic_fetch_add(&outside, 1);
	if (to->sa_family != AF_INET || ntohl(v4.sin_addr.s_addr) != OUTSIDE) {
		errno = ECONNREFUSED;
		return -1;
	}
	found = next("connect");
	memcpy(&real, &found, sizeof(real));
	return real(fd, (struct sockaddr *)&server, sizeof(server));
}

/* What libcurl says a connection leads to. */
int getpeername(int fd, __SOCKADDR_ARG address, socklen_t *size)
{
	struct sockaddr *out = address.__sockaddr__;
	void *found = next("getpeername");
	struct sockaddr_in v4;
	name_fn *real;
	int rc;

	memcpy(&real, &found, sizeof(real));
	rc = real(fd, out, size);
	if (rc == 0 && out->sa_family == AF_INET && *size >= sizeof(v4)) {
		memcpy(&v4, out, sizeof(v4));
		v4.sin_addr.s_addr = htonl(OUTSIDE);
		v4.sin_port = htons(80);
		memcpy(out, &v4, sizeof(v4));
	}
	return rc;
}

static bool ends_with(const char *name, const char *end)
{
	size_t size = strlen(name), tail = strlen(end);

	return size >= tail && strcasecmp(name + size - tail, end) == 0;
}

/* What the name resolves to: one address, or two with a blank between. */
static const char *resolution(const char *name)
{
	if (ends_with(name, "localhost") || ends_with(name, "localhost.") ||
		ends_with(name, "localhost.localdomain") || ends_with(name, ".inside.test"))
		return "127.0.0.1";
	if (strcasecmp(name, "public.test") == 0)
		return "8.8.8.8";
	if (strcasecmp(name, "rebind.test") == 0)
		return atomic_fetch_add(&rebound, 1) % 2 ? "127.0.0.1" : "8.8.8.8";
	if (strcasecmp(name, "both.test") == 0)
		return "10.0.0.1 8.8.8.8";
	if (strcasecmp(name, "six.test") == 0)
		return "::1";
	if (strcasecmp(name, "mapped.test") == 0)
		return "::ffff:127.0.0.1";
	if (strcasecmp(name, "metadata.test") == 0)
		return "169.254.169.254";
	return NULL;
}

int getaddrinfo(
	const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	struct addrinfo numeric = hints ? *hints : (struct addrinfo){0};
	void *found = next("getaddrinfo");
	const char *text = resolution(name);
	char first[64], *second;
	resolve_fn *real;
	int rc;

	memcpy(&real, &found, sizeof(real));
	numeric.ai_flags = AI_NUMERICHOST;
	numeric.ai_family = AF_UNSPEC;
	snprintf(first, sizeof(first), "%s", text ? text : name);
	second = text ? strchr(first, ' ') : NULL;
	if (second)
		*second++ = 0;
	rc = real(first, service, &numeric, out);
	if (rc == 0 && second) {
		struct addrinfo *last = *out;

		while (last->ai_next)
			last = last->ai_next;
		if (real(second, service, &numeric, &last->ai_next) != 0)
			last->ai_next = NULL;
	}
	return rc;
}

/* "/N" redirects to the form with that number; anything else is "hello". */
static void serve_one(int fd)
{
	char request[4096] = {0}, answer[1024];
	const char *path;
	unsigned long which;
	int size;

	if (read(fd, request, sizeof(request) - 1) <= 0)
		return;
	path = strchr(request, '/');
	which = path ? strtoul(path + 1, NULL, 10) : 0;
	if (path && strncmp(path, "/0", 2) == 0 && which < form_count)
		size = snprintf(answer, sizeof(answer),
			"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n"
			"Connection: close\r\n\r\n",
			forms[which]);
	else
		size = snprintf(answer, sizeof(answer),
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
	(void)!write(fd, answer, (size_t)size);
}

static void *serve(void *arg)
{
	int listener = *(int *)arg, fd;

	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		serve_one(fd);
		close(fd);
	}
	return NULL;
}

/* ---- The forms ---- */

static void form(const char *format, ...) PRINTF_LIKE(1, 2);

static void form(const char *format, ...)
{
	va_list args;

	assert_true(form_count < ARRAY_LEN(forms));
	va_start(args, format);
	vsnprintf(forms[form_count++], FORM_MAX, format, args);
	va_end(args);
}

/* Digits as %31, and as the full-width and circled ones that IDNA maps to digits. */
static void form_encoded(const char *dotted)
{
	static const char *const circled[] = {"\u24ea", "\u2460", "\u2461", "\u2462", "\u2463",
		"\u2464", "\u2465", "\u2466", "\u2467", "\u2468"};
	char percent[FORM_MAX] = "", wide[FORM_MAX] = "", round[FORM_MAX] = "";

	for (const char *c = dotted; *c; c++) {
		size_t p = strlen(percent), w = strlen(wide), r = strlen(round);

		snprintf(percent + p, sizeof(percent) - p, "%%%02x", (unsigned)*c);
		if (*c == '.') {
			snprintf(wide + w, sizeof(wide) - w, "\u3002");
			snprintf(round + r, sizeof(round) - r, ".");
		} else {
			snprintf(wide + w, sizeof(wide) - w, "\xef\xbc%c", (char)(0x90 + *c - '0'));
			snprintf(round + r, sizeof(round) - r, "%s", circled[*c - '0']);
		}
	}
	form("http://%s/", percent);
	form("http://%s/", wide);
	form("http://%s/", round);
}

static void forms_of_v4(unsigned a, unsigned b, unsigned c, unsigned d)
{
	const unsigned long whole = (unsigned long)a << 24 | b << 16 | c << 8 | d;
	char dotted[32];

	snprintf(dotted, sizeof(dotted), "%u.%u.%u.%u", a, b, c, d);
	form("http://%s/", dotted);
	form("http://%s./", dotted);
	form("HTTPS://%s:443/", dotted);
	form("http://%lu/", whole);
	form("http://0x%lx/", whole);
	form("http://0X%08lX/", whole);
	form("http://0%lo/", whole);
	form("http://%lu/", whole + (1ul << 32));
	form("http://0%o.0%o.0%o.0%o/", a, b, c, d);
	form("http://000%o.000%o.000%o.000%o/", a, b, c, d);
	form("http://0x%x.0x%x.0x%x.0x%x/", a, b, c, d);
	form("http://0x%x.%u.0%o.%u/", a, b, c, d);
	form("http://%u.%lu/", a, whole & 0xffffff);
	form("http://%u.%u.%lu/", a, b, whole & 0xffff);
	form("http://0x%x.%lu/", a, whole & 0xffffff);
	form("http://%u.%u.%u.%u/", a + 256, b, c, d + 256);
	form("http://[::ffff:%s]/", dotted);
	form("http://[::ffff:%x:%x]/", a << 8 | b, c << 8 | d);
	form("http://[0:0:0:0:0:FFFF:%X:%X]/", a << 8 | b, c << 8 | d);
	form("http://[::%s]/", dotted);
	form("http://[::ffff:0:%s]/", dotted);
	form("http://[64:ff9b::%s]/", dotted);
	form("http://[64:ff9b:1::%s]/", dotted);
	form("http://[2002:%x:%x::]/", a << 8 | b, c << 8 | d);
	form("http://[2001:0:%x:%x::]/", a << 8 | b, c << 8 | d);
	form("http://[fe80::5efe:%s]/", dotted);
	form("http://8.8.8.8@%s/", dotted);
	form("http://public.test:80@%s/", dotted);
	form("http://%s:80#@public.test/", dotted);
	form("http://%s\\@public.test/", dotted);
	form("http://public.test\\@%s/", dotted);
	form("//%s/", dotted);
	form("http:%s/", dotted);
	form("http:///%s/", dotted);
	form("http://%s.inside.test/", dotted);
	form_encoded(dotted);
}

static const char *const others[] = {"http://localhost/", "http://LOCALHOST/", "http://localhost./",
	"http://a.localhost/", "http://localhost.localdomain/", "http://%6cocalhost/",
	"http://loc\u0430lhost/", "http://localhost%00.public.test/", "http://localhost%2f/",
	"http://[::1]/", "http://[::1]:80/", "http://[0:0:0:0:0:0:0:1]/",
	"http://[0000:0000:0000:0000:0000:0000:0000:0001]/", "http://[::1%25lo]/",
	"http://[::1%25eth0]/", "http://[::]/", "http://[::0.0.0.1]/", "http://[fe80::1]/",
	"http://[fe80::1%25eth0]/", "http://[fec0::1]/", "http://[fc00::1]/",
	"http://[fd12:3456::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/",
	"http://[2001:db8::1]/", "http://[100::1]/", "http://[5f00::1]/", "http://0/",
	"http://0x0/", "http://00/", "http://127.1/", "http://127.0.1/", "http://127.1:80/",
	"http://127.000.000.001/", "http://0x7f.1/", "http://017700000001/",
	"http://0x7f000001:443/", "http://1\u20e3/", "http://rebind.test/", "http://both.test/",
	"http://six.test/", "http://mapped.test/", "http://metadata.test/",
	"http://METADATA.TEST./", "http://public.test.inside.test/", "http://x.inside.test/",
	"http://127.0.0.1 /", "http://127.0.0.1\t/", "http:// 127.0.0.1/", "http://127.0.0.1%09/",
	"http://127.0.0.1%20/", "http://127.0.0.1,public.test/", "http://127.0.0.1;public.test/",
	"http://127.0.0.1&public.test/", "http://{127.0.0.1,public.test}/", "http://127.0.0.[1-2]/",
	"http://[127.0.0.1]/", "http://[::1", "http://::1/", "http://127.0.0.1:0/",
	"http://127.0.0.1:080/", "http://127.0.0.1:65616/", "http://127.0.0.1:-1/",
	"http://127.0.0.1:22/", "http://8.8.8.8:22/", "http://8.8.8.8:6379/", "http://8.8.8.8:25/",
	"http://8.8.8.8:0/", "file:///etc/passwd", "file://127.0.0.1/etc/passwd",
	"ftp://127.0.0.1/", "gopher://127.0.0.1:80/_GET", "dict://127.0.0.1:80/",
	"ldap://127.0.0.1/", "tftp://127.0.0.1/", "telnet://127.0.0.1/", "smb://127.0.0.1/",
	"smtp://127.0.0.1/", "imap://127.0.0.1/", "rtsp://127.0.0.1/", "ws://127.0.0.1/",
	"scp://127.0.0.1/", "jar:http://127.0.0.1!/", "unix:///run/x.sock",
	"http+unix://%2frun%2fx.sock/", "http://unix:/run/x.sock:/", "netdoc:///etc/passwd",
	"data:text/plain,x", "\\\\127.0.0.1\\x", "http:\\\\127.0.0.1\\", "http:/127.0.0.1/",
	"https:/\\127.0.0.1/", "http://\\127.0.0.1/"};

static int setup(void **state)
{
	static const uint8_t addresses[][4] = {{127, 0, 0, 1}, {127, 255, 255, 254}, {10, 0, 0, 1},
		{172, 16, 0, 1}, {192, 168, 1, 1}, {169, 254, 169, 254}, {100, 100, 100, 200},
		{168, 63, 129, 16}, {0, 0, 0, 0}, {198, 18, 0, 1}, {224, 0, 0, 1},
		{255, 255, 255, 255}};
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	static int listener;
	socklen_t size = sizeof(at);
	pthread_t thread;

	for (size_t i = 0; i < ARRAY_LEN(addresses); i++)
		forms_of_v4(addresses[i][0], addresses[i][1], addresses[i][2], addresses[i][3]);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		form("%s", others[i]);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(listener, 64) < 0 ||
		getsockname(listener, (struct sockaddr *)&at, &size) < 0)
		return -1;
	server_port = ntohs(at.sin_port);
	return pthread_create(&thread, NULL, serve, &listener) || transfer_global_init(NULL) < 0;
}

/* ---- Asking ---- */

static void ask(const char *url, struct fetch_answer *answer)
{
	static const struct fetch_policy users = {0}; /* of addresses that came from users */
	const struct fetch_request request = {.redirects_max = 3,
		.timeout_ms = 5000,
		.body_max = 1000,
		.url = bytes_from_str(url)};
	struct transfer *transfer = transfer_new(&users);

	assert_non_null(transfer);
	transfer_run(transfer, &request, answer);
	answer->body = answer->content_type = bytes_of(NULL, 0);
	transfer_free(transfer);
}

static void stays_outside(const char *url, const char *what)
{
	const int before = atomic_load(&outside);
	struct fetch_answer answer;

	ask(url, &answer);
	if (atomic_load(&inside))
		fail_msg("%s: a connection to the inside is tried for %s", what, url);
	if (answer.result == FETCH_OK && atomic_load(&outside) == before)
		fail_msg("%s: nobody was asked and there is an answer for %s", what, url);
}

/* Else the rows below could not fail. */
static void the_outside_is_reached(void **state)
{
	struct fetch_answer answer;

	ask("http://public.test/hello", &answer);
	assert_int_equal(answer.result, FETCH_OK);
	assert_int_equal(answer.status, 200);
	assert_true(atomic_load(&outside) > 0);
}

static void no_form_leads_inside(void **state)
{
	assert_true(form_count >= FORMS_MIN);
	for (size_t i = 0; i < form_count; i++)
		stays_outside(forms[i], "asked for");
}

static void no_redirect_leads_inside(void **state)
{
	for (size_t i = 0; i < form_count; i++) {
		char url[64];
		struct fetch_answer answer;

		snprintf(url, sizeof(url), "http://public.test/0%zu", i);
		stays_outside(url, forms[i]);
		/* The redirect itself is always answered: it was followed, or refused. */
		ask(url, &answer);
		assert_int_equal(atomic_load(&inside), 0);
		assert_true(answer.status < 300 || answer.status >= 400);
	}
}

/* A name that leads outside when it is looked up first, and inside the next time. */
static void a_name_is_not_looked_up_again(void **state)
{
	struct fetch_answer answer;
	int ok = 0, refused = 0;

	for (int i = 0; i < 20; i++) {
		ask("http://rebind.test/", &answer);
		ok += answer.result == FETCH_OK;
		refused += answer.result == FETCH_REFUSED;
		assert_int_equal(atomic_load(&inside), 0);
	}
	assert_int_equal(ok, 10);
	assert_int_equal(refused, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_outside_is_reached),
		cmocka_unit_test(no_form_leads_inside),
		cmocka_unit_test(no_redirect_leads_inside),
		cmocka_unit_test(a_name_is_not_looked_up_again),
	};

	return cmocka_run_group_tests_name("fetch/forms", tests, setup, NULL);
}
