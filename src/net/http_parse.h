/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1 request parser (RFC 9110, RFC 9112), bounded and strict: what two parsers could read in
 * two ways is refused. No I/O: bytes in, a request or a status out. http_response_write() is its
 * counterpart.
 */
#ifndef NET_HTTP_PARSE_H
#define NET_HTTP_PARSE_H

#include "net/http.h"

struct http_limits {
	size_t line_max;    /* request line: 414 beyond */
	size_t head_max;    /* request line and headers: 431 beyond */
	size_t headers_max; /* number of them: 431 beyond */
	size_t body_max;    /* decoded: 413 beyond */
};

/* 8 KiB, 32 KiB, 64, 1 MiB */
extern const struct http_limits http_limits_default;

enum http_parse {
	HTTP_PARSE_MORE, /* all was taken that can be used now */
	HTTP_PARSE_HEAD, /* once, if a body follows: the caller may lower or raise body_max, may say
			    100 */
	HTTP_PARSE_DONE, /* request is complete; call http_parser_reset() before the next one */
	HTTP_PARSE_BAD, /* answer with parser->status and close: the rest of the input means nothing
			 */
};

enum http_parse_state {
	HTTP_AT_HEAD,
	HTTP_AT_BODY,
	HTTP_AT_CHUNK_SIZE,
	HTTP_AT_CHUNK_DATA,
	HTTP_AT_CHUNK_END,
	HTTP_AT_TRAILER,
	HTTP_AT_END,
	HTTP_AT_ERROR,
};

struct http_parser {
	struct http_limits limits;
	enum http_parse_state state;
	int status;		/* of HTTP_PARSE_BAD */
	size_t scanned;		/* bytes of the unfinished head that were looked at */
	size_t extras;		/* bytes of chunk extensions and trailer taken so far */
	uint64_t remaining;	/* of the body or the chunk */
	bool chunked, has_body; /* as the head says */
	struct buf body;
	struct arena *arena; /* of the exchange in the making */
	struct http_request *request;
};

/* arena and request are the caller's and live until HTTP_PARSE_DONE or BAD was dealt with;
 * request->body points into the parser until http_parser_take_body(). */
void http_parser_init(struct http_parser *parser, const struct http_limits *limits);
void http_parser_release(struct http_parser *parser);
/* Ready for the next request, which goes to *request. Limits are as given to init. */
void http_parser_reset(struct http_parser *parser, const struct http_limits *limits,
	struct arena *arena, struct http_request *request);
/* The memory that request->body points to, for whoever keeps the request. */
struct buf http_parser_take_body(struct http_parser *parser);
/* The memory that request->body points to, for whoever keeps the request. */
struct buf http_parser_take_body(struct http_parser *parser);
/* in: the unread input. *consumed: how much of it is not needed any more, whatever the result. */
enum http_parse http_parser_feed(struct http_parser *parser, struct bytes in, size_t *consumed);

/* Appends status line, headers and body. head_only: the answer to HEAD. now_s: for Date. */
void http_response_write(const struct http_response *response, bool keep_alive, bool head_only,
	int64_t now_s, struct buf *out);

#endif
