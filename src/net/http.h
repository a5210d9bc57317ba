/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP as its users see it: a request, a response, an exchange of one for the other, and a table of
 * routes. Parsing is in http_parse.h, connections are in http_server.h.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "net/address.h"

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_PATCH,
	HTTP_METHODS, /* count; others are refused with 501 */
};

const char *http_method_name(enum http_method method);

struct http_header {
	struct bytes name, value;
};

#define HTTP_PARAMS_MAX 4

struct http_param {
	struct bytes name, value;
};

/* Lives in the exchange's arena, together with all that it points to. */
struct http_request {
	enum http_method method;
	struct bytes path;  /* decoded; valid UTF-8, begins with '/', no "." or ".." segment, no
			       control */
	struct bytes query; /* as sent, without '?'; absent if there is none */
	struct http_header *headers;
	size_t header_count;
	struct bytes body;			   /* present and empty if there is none */
	struct http_param params[HTTP_PARAMS_MAX]; /* filled by http_route_find() */
	size_t param_count;
	struct address peer;
	bool keep_alive;
	bool expects_continue;
};

/* The first header of that name (any case), without surrounding white space; absent if there is
 * none. */
struct bytes http_header(const struct http_request *request, const char *name);
/* Is word one of the comma-separated elements of the header (any case)? E.g. Connection:
 * keep-alive, Upgrade */
bool http_header_has(const struct http_request *request, const char *name, const char *word);
/* The first value of that name in the query or in an application/x-www-form-urlencoded body,
 * decoded
 * ('+' is a space) into the arena; absent if missing or badly encoded. */
struct bytes http_form_value(struct arena *arena, struct bytes form, const char *name);
struct bytes http_param(
	const struct http_request *request, const char *name); /* absent if unknown */

#define HTTP_RESPONSE_HEADERS_MAX 16

/* Content-Length, Date and Connection are added when it is written; the rest is the handler's. */
struct http_response {
	int status; /* 200 unless set */
	struct http_header headers[HTTP_RESPONSE_HEADERS_MAX];
	size_t header_count;
	struct buf body;	 /* appended to by the handler, or … */
	struct bytes body_const; /* … bytes that outlive the exchange; used if body is empty */
	bool close;		 /* end the connection after it */
	bool vouch;		 /* the client is no stranger: conn_vouch() */
	bool failed;		 /* a header was refused: a bare 500 is sent instead */
};

/* name and value must outlive the exchange (its arena is the natural place). A line break or
 * control character in either, or one header too many, makes the response fail as a whole. */
void http_response_header(struct http_response *response, const char *name, const char *value);
/* Sets status, Content-Type: text/plain and "status reason" as the body. Drops what was there. */
void http_response_error(struct http_response *response, int status);
const char *http_status_reason(int status);

/* One request and its response. The handler gets it on the connection's thread, may hand it to
 * another, and whoever holds it answers with http_respond() exactly once, also if the client has
 * gone meanwhile. */
struct http_exchange {
	struct arena arena; /* for the handler too; freed after the response was written */
	struct http_request request;
	struct http_response response;
	void *user; /* the handler's */
	/* May be set inside on_request: the client seems to have gone, so nobody need wait any
	 * longer. Called once at most, on the connection's thread, and not after http_respond()
	 * there. */
	void (*on_gone)(struct http_exchange *exchange);
};

/* Thread-safe. The exchange is gone afterwards. */
void http_respond(struct http_exchange *exchange);
/* http_response_error() and http_respond(). */
void http_respond_error(struct http_exchange *exchange, int status);

/* ---- Routes ---- */

/* pattern: "/api/cases/:id/claim"; a segment may have a fixed beginning ("/bot:token/:method"); a
 * last segment "*rest" takes the rest of the path. The first row that fits is taken. GET rows serve
 * HEAD. */
struct http_route {
	enum http_method method;
	const char *pattern;
	void (*handler)(struct http_exchange *exchange, void *owner);
};

/* 200 and *row with request->params filled; 404; or 405. */
MUST_CHECK int http_route_find(const struct http_route *rows, size_t count,
	struct http_request *request, const struct http_route **row);
/* Calls the row's handler, or answers 404 or 405 (with Allow) itself. */
void http_route_dispatch(
	const struct http_route *rows, size_t count, struct http_exchange *exchange, void *owner);

#endif
