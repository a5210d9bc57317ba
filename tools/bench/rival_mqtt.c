/* SPDX-License-Identifier: Apache-2.0 */
/* MQTT 3.1.1 as far as a load generator needs it: connect, subscribe to one topic, publish. */
#include <stdio.h>

#include "bench/rival.h"

enum packet {
	CONNECT = 0x10,
	CONNACK = 0x20,
	PUBLISH = 0x30,
	PUBACK = 0x40,
	SUBSCRIBE = 0x82,
	SUBACK = 0x90,
};

#define QOS_1 0x02 /* in the head of a PUBLISH */
#define TOPIC_MAX 16

static void put_u16(struct buf *out, size_t value)
{
	buf_append_u8(out, (uint8_t)(value >> 8));
	buf_append_u8(out, (uint8_t)value);
}

static void put_text(struct buf *out, const char *text)
{
	put_u16(out, strlen(text));
	buf_append_str(out, text);
}

/* Seven bits at a time, the lowest first. */
static void put_head(struct buf *out, uint8_t type, size_t rest)
{
	buf_append_u8(out, type);
	do {
		buf_append_u8(out, (uint8_t)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0)));
		rest >>= 7;
	} while (rest);
}

static void name_topic(uint32_t topic, char out[TOPIC_MAX])
{
	snprintf(out, TOPIC_MAX, "t/%u", topic);
}

static void hello(struct buf *out, uint32_t topic, bool writer, uint8_t qos)
{
	static const uint8_t level_flags_keepalive[] = {4, 2 /* clean session */, 0, 0};
	char name[TOPIC_MAX];

	put_head(out, CONNECT, 6 + sizeof(level_flags_keepalive) + 2);
	put_text(out, "MQTT");
	buf_append(out, level_flags_keepalive, sizeof(level_flags_keepalive));
	put_text(out, ""); /* the server makes up a client id */
	if (writer)
		return;
	name_topic(topic, name);
	put_head(out, SUBSCRIBE, 2 + 2 + strlen(name) + 1);
	put_u16(out, 1);
	put_text(out, name);
	buf_append_u8(out, qos);
}

static void hello_0(struct buf *out, uint32_t topic, bool writer)
{
	hello(out, topic, writer, 0);
}

static void hello_1(struct buf *out, uint32_t topic, bool writer)
{
	hello(out, topic, writer, 1);
}

static void post_0(struct buf *out, uint32_t topic, uint16_t id, struct bytes payload)
{
	char name[TOPIC_MAX];

	name_topic(topic, name);
	put_head(out, PUBLISH, 2 + strlen(name) + payload.size);
	put_text(out, name);
	buf_append_bytes(out, payload);
}

static void post_1(struct buf *out, uint32_t topic, uint16_t id, struct bytes payload)
{
	char name[TOPIC_MAX];

	name_topic(topic, name);
	put_head(out, PUBLISH | QOS_1, 2 + strlen(name) + 2 + payload.size);
	put_text(out, name);
	put_u16(out, id);
	buf_append_bytes(out, payload);
}

/* Size of the head, and of what follows it; 0 when more is needed. */
static size_t read_head(struct bytes in, size_t *rest)
{
	*rest = 0;
	for (size_t i = 1; i < in.size && i <= 4; i++) {
		*rest |= (size_t)(in.data[i] & 0x7f) << (7 * (i - 1));
		if (!(in.data[i] & 0x80))
			return i + 1;
	}
	return 0;
}

static enum rival_event take_publish(
	struct bytes packet, uint8_t type, struct buf *reply, struct bytes *payload)
{
	size_t at = packet.size < 2 ? 0 : (size_t)(packet.data[0] << 8 | packet.data[1]) + 2;
	size_t id_size = type & QOS_1 ? 2 : 0;

	if (at == 0 || at + id_size > packet.size)
		return RIVAL_BAD;
	if (id_size) {
		put_head(reply, PUBACK, 2);
		buf_append(reply, packet.data + at, 2);
	}
	*payload = bytes_of(packet.data + at + id_size, packet.size - at - id_size);
	return RIVAL_ARRIVED;
}

static size_t take(struct bytes in, bool writer, struct buf *reply, enum rival_event *event,
	struct bytes *payload)
{
	size_t rest, head = read_head(in, &rest);

	if (head == 0 || in.size - head < rest)
		return 0;
	switch (in.data[0] & 0xf0) {
	case CONNACK:
		*event = writer ? RIVAL_READY : RIVAL_NOTHING;
		break;
	case SUBACK:
		*event = RIVAL_READY;
		break;
	case PUBACK:
		*event = RIVAL_ACKNOWLEDGED;
		break;
	case PUBLISH:
		*event = take_publish(bytes_of(in.data + head, rest), in.data[0], reply, payload);
		break;
	default:
		*event = RIVAL_BAD;
	}
	return head + rest;
}

const struct rival_wire rival_wire_mqtt_0 = {false, hello_0, post_0, take};
const struct rival_wire rival_wire_mqtt_1 = {true, hello_1, post_1, take};
