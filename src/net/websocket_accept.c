/* SPDX-License-Identifier: Apache-2.0 */
/* The upgrade from HTTP to WebSocket (RFC 6455 section 4.2). Frames are in websocket.c. */
#include <strings.h>

#include "base/text.h"
#include "net/websocket.h"

/* RFC 6455 1.3: proves that the server knows it is asked for a WebSocket. */
#define ACCEPT_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

bool websocket_is_upgrade(const struct http_request *request)
{
	return http_header_has(request, "Upgrade", "websocket");
}

/* Scheme and host don't care for case (RFC 6454 6.2 serializes both in lower case anyway). */
static bool same_text(struct bytes a, struct bytes b)
{
	return a.size == b.size &&
	       strncasecmp((const char *)a.data, (const char *)b.data, a.size) == 0;
}

static bool is_own_page(struct bytes origin, struct bytes host)
{
	static const char *const schemes[] = {"https://", "http://"};

	for (size_t i = 0; i < 2; i++) {
		size_t size = strlen(schemes[i]);

		if (origin.size > size && memcmp(origin.data, schemes[i], size) == 0 &&
			same_text(bytes_of(origin.data + size, origin.size - size), host))
			return true;
	}
	return false;
}

bool websocket_origin_allowed(const struct http_request *request, const char *allowed)
{
	static const char between[] = " ,\t";
	struct bytes origin = http_header(request, "Origin");

	if (!origin.data || is_own_page(origin, http_header(request, "Host")))
		return true;
	for (allowed += strspn(allowed, between); *allowed; allowed += strspn(allowed, between)) {
		struct bytes site = bytes_of(allowed, strcspn(allowed, between));

		if (bytes_equal_str(site, "*") || same_text(site, origin))
			return true;
		allowed += site.size;
	}
	return false;
}

static int refuse(struct http_response *response, int status)
{
	http_response_error(response, status);
	return -1;
}

static char *accept_key(struct bytes key, websocket_sha1 *sha1, struct arena *arena)
{
	uint8_t digest[20];
	char *joined = arena_printf(arena, "%.*s%s", (int)key.size, key.data, ACCEPT_GUID);

	sha1(joined, strlen(joined), digest);
	return text_base64(arena, bytes_of(digest, sizeof(digest)));
}

int websocket_accept(const struct http_request *request, const char *subprotocol,
	websocket_sha1 *sha1, struct arena *arena, struct http_response *response)
{
	struct bytes key = http_header(request, "Sec-WebSocket-Key");
	struct bytes nonce;

	if (request->method != HTTP_GET)
		return refuse(response, 405);
	if (!websocket_is_upgrade(request) || !http_header_has(request, "Connection", "Upgrade") ||
		request->body.size)
		return refuse(response, 400);
	if (!bytes_equal_str(http_header(request, "Sec-WebSocket-Version"), "13")) {
		http_response_error(response, 426);
		http_response_header(response, "Sec-WebSocket-Version", "13");
		return -1;
	}
	if (key.size != 24 || text_unbase64(arena, key, &nonce) < 0 || nonce.size != 16)
		return refuse(response, 400);

	response->status = 101;
	http_response_header(response, "Upgrade", "websocket");
	http_response_header(response, "Connection", "Upgrade");
	http_response_header(response, "Sec-WebSocket-Accept", accept_key(key, sha1, arena));
	if (http_header_has(request, "Sec-WebSocket-Protocol", subprotocol))
		http_response_header(response, "Sec-WebSocket-Protocol", subprotocol);
	return 0;
}
