/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "fetch/protocol.h"

#include "cage/frame.h"

bool fetch_is_folder(const char *name)
{
	size_t size = strlen(name);

	return size > 0 && size <= FETCH_FOLDER_MAX && name[0] != '/' && name[size - 1] != '/' &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			    "0123456789/._- ") == size;
}

size_t fetch_uids_parse(struct bytes body, uint32_t *out, size_t max)
{
	size_t count = 0;

	while (count < max && body.size > 0) {
		uint64_t uid = 0;
		size_t size = 0;

		while (size < body.size && body.data[size] >= '0' && body.data[size] <= '9' &&
			uid <= UINT32_MAX)
			uid = uid * 10 + (uint64_t)(body.data[size++] - '0');
		if (uid == 0 || uid > UINT32_MAX || size == body.size || body.data[size] != ' ')
			break;
		out[count++] = (uint32_t)uid;
		body = bytes_of(body.data + size + 1, body.size - size - 1);
	}
	return count;
}

void fetch_request_append(struct buf *out, const struct fetch_request *request)
{
	buf_append_u64le(out, request->id);
	buf_append_u8(out, (uint8_t)request->method);
	buf_append_u8(out, (uint8_t)request->redirects_max);
	buf_append_u32le(out, request->timeout_ms);
	buf_append_u32le(out, request->body_max);
	frame_append_string(out, request->url);
	frame_append_string(out, request->headers);
	frame_append_string(out, request->body);
}

/* Printable ASCII: nothing that could end a line of HTTP and begin another. */
static bool is_plain(struct bytes text, bool lines)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if ((c < ' ' || c > '~') && !(lines && c == '\n'))
			return false;
	}
	return true;
}

int fetch_request_parse(struct bytes message, struct fetch_request *out)
{
	struct frame_reader in = {.rest = message};

	*out = (struct fetch_request){.id = frame_u64(&in)};
	out->method = frame_u8(&in);
	out->redirects_max = frame_u8(&in);
	out->timeout_ms = frame_u32(&in);
	out->body_max = frame_u32(&in);
	out->url = frame_string(&in);
	out->headers = frame_string(&in);
	out->body = frame_string(&in);
	if (!frame_complete(&in) || out->method > FETCH_MAILBOX ||
		out->redirects_max > FETCH_REDIRECTS_MAX || out->timeout_ms == 0 ||
		out->timeout_ms > FETCH_TIMEOUT_MAX_MS || out->body_max == 0 ||
		out->body_max > FETCH_BODY_MAX || out->url.size == 0 ||
		out->url.size > FETCH_URL_MAX || out->headers.size > FETCH_HEADERS_MAX ||
		out->body.size > FETCH_BODY_MAX)
		return -1;
	if (out->method == FETCH_GET && out->body.size > 0)
		return -1;
	return is_plain(out->url, false) && is_plain(out->headers, true) ? 0 : -1;
}

void fetch_answer_append(struct buf *out, const struct fetch_answer *answer)
{
	buf_append_u64le(out, answer->id);
	buf_append_u8(out, (uint8_t)answer->result);
	frame_append_u16(out, (uint16_t)answer->status);
	frame_append_string(out, bytes_from_str(answer->reason));
	frame_append_string(out, answer->content_type);
	frame_append_string(out, answer->body);
}

int fetch_answer_parse(struct bytes message, struct fetch_answer *out)
{
	struct frame_reader in = {.rest = message};
	struct bytes reason;

	*out = (struct fetch_answer){.id = frame_u64(&in)};
	out->result = frame_u8(&in);
	out->status = frame_u16(&in);
	reason = frame_string(&in);
	out->content_type = frame_string(&in);
	out->body = frame_string(&in);
	if (!frame_complete(&in) || out->result > FETCH_TOO_LARGE ||
		reason.size > FETCH_REASON_MAX || !is_plain(reason, false))
		return -1;
	if (reason.size)
		memcpy(out->reason, reason.data, reason.size);
	return 0;
}
