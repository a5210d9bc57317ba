/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a ClientHello (RFC 8446 4.1.2, RFC 6066 3):
 *
 *	16 03 xx length(2) | 01 length(3) | version(2) random(32)
 *	session id <1> | cipher suites <2> | compressions <1> | extensions <2>
 *
 * <n>: a vector with a length of n bytes before it.
 */
#include "net/client_hello.h"

#include <string.h>

#define RECORD_HEADER 5
#define MESSAGE_HEADER 4
#define EXTENSION_SERVER_NAME 0
#define EXTENSION_VERSIONS 43
#define NAME_IS_HOST 0
#define NAME_MAX_SIZE 255
#define TLS13 0x0304

/* What is left of the part being read; bad for ever after the first read beyond its end. */
struct reader {
	struct bytes left;
	bool bad;
};

static struct bytes take(struct reader *reader, size_t size)
{
	struct bytes taken = bytes_of(reader->left.data, size);

	if (reader->bad || size > reader->left.size) {
		reader->bad = true;
		return bytes_of(NULL, 0);
	}
	reader->left = bytes_of(reader->left.data + size, reader->left.size - size);
	return taken;
}

static size_t take_number(struct reader *reader, size_t width)
{
	struct bytes raw = take(reader, width);
	size_t value = 0;

	for (size_t i = 0; i < raw.size; i++)
		value = value << 8 | raw.data[i];
	return value;
}

static struct bytes take_vector(struct reader *reader, size_t width)
{
	return take(reader, take_number(reader, width));
}

static void read_server_name(struct reader *extension, struct client_hello *out)
{
	struct reader names = {take_vector(extension, 2), extension->bad};

	while (names.left.size && !names.bad) {
		size_t kind = take_number(&names, 1);
		struct bytes name = take_vector(&names, 2);

		if (names.bad ||
			(kind == NAME_IS_HOST && (name.size == 0 || name.size > NAME_MAX_SIZE ||
							 memchr(name.data, 0, name.size))))
			extension->bad = true;
		else if (kind == NAME_IS_HOST && !out->server_name.data)
			out->server_name = name;
	}
	extension->bad |= names.bad || extension->left.size;
}

static void read_versions(struct reader *extension, struct client_hello *out)
{
	struct reader versions = {take_vector(extension, 1), extension->bad};

	while (versions.left.size && !versions.bad) {
		if (take_number(&versions, 2) == TLS13)
			out->offers_tls13 = true;
	}
	extension->bad |= versions.bad || extension->left.size;
}

static void read_extensions(struct reader *message, struct client_hello *out)
{
	struct reader extensions = {take_vector(message, 2), message->bad};

	while (extensions.left.size && !extensions.bad) {
		size_t kind = take_number(&extensions, 2);
		struct reader extension = {take_vector(&extensions, 2), extensions.bad};

		if (kind == EXTENSION_SERVER_NAME)
			read_server_name(&extension, out);
		else if (kind == EXTENSION_VERSIONS)
			read_versions(&extension, out);
		extensions.bad |= extension.bad;
	}
	message->bad |= extensions.bad;
}

enum client_hello_result client_hello_read(struct bytes in, struct client_hello *out)
{
	size_t record_size, message_size;
	struct reader message = {0};

	*out = (struct client_hello){0};
	if (in.size < RECORD_HEADER)
		return CLIENT_HELLO_MORE;
	record_size = (size_t)in.data[3] << 8 | in.data[4];
	if (record_size < MESSAGE_HEADER || record_size > CLIENT_HELLO_MAX - RECORD_HEADER)
		return CLIENT_HELLO_UNREAD;
	if (in.size < RECORD_HEADER + record_size)
		return CLIENT_HELLO_MORE;
	out->record = bytes_of(in.data, RECORD_HEADER + record_size);
	message.left = bytes_of(in.data + RECORD_HEADER, record_size);
	message.bad = take_number(&message, 1) != 1;
	message_size = take_number(&message, 3);
	message.bad |= message_size != message.left.size;
	take(&message, 2);
	out->random = take(&message, 32);
	out->session_id = take_vector(&message, 1);
	take_vector(&message, 2);
	take_vector(&message, 1);
	if (message.left.size) /* TLS 1.2 allows a hello without extensions */
		read_extensions(&message, out);
	if (message.bad || message.left.size || out->session_id.size > 32)
		return CLIENT_HELLO_UNREAD;
	return CLIENT_HELLO_READ;
}
