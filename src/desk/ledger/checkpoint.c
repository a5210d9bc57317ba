/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A note is hostile input here: it may come from anybody's server. */
#include "desk/ledger/checkpoint.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"
#include "crypto/hash.h"

#define NOTE_MAX 16384
#define NOTE_ALGORITHM_ED25519 1
#define NOTE_ALGORITHM_COSIGNATURE 4	    /* Ed25519 too, over the text and a time */
static const char dash[] = "\xe2\x80\x94 "; /* an em dash and a space begin a signature line */

bool checkpoint_origin_ok(const char *origin)
{
	size_t size = strlen(origin);

	if (size == 0 || size >= CHECKPOINT_ORIGIN_MAX)
		return false;
	for (; *origin; origin++) {
		if (*origin <= ' ' || *origin > '~' || *origin == '+')
			return false;
	}
	return true;
}

static void key_id(const char *name, uint8_t algorithm, const uint8_t public_key[SIGN_PUBLIC_SIZE],
	uint8_t out[4])
{
	const uint8_t between[] = {'\n', algorithm};
	uint8_t hash[HASH_SHA256_SIZE];

	hash_sha256_parts((struct bytes[]){bytes_from_str(name), bytes_of(between, 2),
				  bytes_of(public_key, SIGN_PUBLIC_SIZE)},
		3, hash);
	memcpy(out, hash, 4);
}

char *checkpoint_verifier_text(struct arena *arena, const struct checkpoint_signer *signer)
{
	uint8_t id[4], key[1 + SIGN_PUBLIC_SIZE] = {NOTE_ALGORITHM_ED25519};

	memcpy(key + 1, sign_key_public(signer->key), SIGN_PUBLIC_SIZE);
	key_id(signer->origin, NOTE_ALGORITHM_ED25519, key + 1, id);
	return arena_printf(arena, "%s+%s+%s", signer->origin, text_hex(arena, bytes_of(id, 4)),
		text_base64(arena, bytes_of(key, sizeof(key))));
}

static int key_parse(
	struct bytes text, uint8_t algorithm, struct checkpoint_verifier *out, struct err *err)
{
	struct arena arena;
	const char *name, *id, *key;
	char *copy;
	struct bytes raw;
	uint8_t wanted[4];
	int rc = -1;

	arena_init(&arena);
	copy = arena_str(&arena, text_trim(text));
	name = copy;
	id = strchr(copy, '+');
	key = id ? strchr(id + 1, '+') : NULL;
	if (!key || text.size > 512) {
		err_set(err, 0, "a verifier key looks like name+id+key");
		goto out;
	}
	copy[id - copy] = 0;
	if (!checkpoint_origin_ok(name) ||
		text_unhex(bytes_of(id + 1, (size_t)(key - id - 1)), out->id, 4) < 0 ||
		text_unbase64(&arena, bytes_from_str(key + 1), &raw) < 0 ||
		raw.size != 1 + SIGN_PUBLIC_SIZE || raw.data[0] != algorithm) {
		err_set(err, 0, "the verifier key is malformed, or of another kind");
		goto out;
	}
	snprintf(out->origin, sizeof(out->origin), "%s", name);
	memcpy(out->public_key, raw.data + 1, SIGN_PUBLIC_SIZE);
	key_id(out->origin, algorithm, out->public_key, wanted);
	if (memcmp(wanted, out->id, 4) != 0) {
		err_set(err, 0, "the verifier key's id does not belong to its name and key");
		goto out;
	}
	rc = 0;
out:
	arena_release(&arena);
	return rc;
}

int checkpoint_verifier_parse(struct bytes text, struct checkpoint_verifier *out, struct err *err)
{
	return key_parse(text, NOTE_ALGORITHM_ED25519, out, err);
}

int checkpoint_witness_parse(struct bytes text, struct checkpoint_verifier *out, struct err *err)
{
	return key_parse(text, NOTE_ALGORITHM_COSIGNATURE, out, err);
}

char *checkpoint_sign(struct arena *arena, const struct checkpoint_signer *signer,
	const struct checkpoint *checkpoint)
{
	uint8_t signature[4 + SIGN_SIZE];
	char *body = arena_printf(arena, "%s\n%llu\n%s\n", signer->origin,
		(unsigned long long)checkpoint->size,
		text_base64(arena, bytes_of(checkpoint->root, MERKLE_HASH_SIZE)));

	key_id(signer->origin, NOTE_ALGORITHM_ED25519, sign_key_public(signer->key), signature);
	sign_message(signer->key, bytes_from_str(body), signature + 4);
	return arena_printf(arena, "%s\n%s%s %s\n", body, dash, signer->origin,
		text_base64(arena, bytes_of(signature, sizeof(signature))));
}

/* What this line carries behind the key's id, if it is of this key; absent: it is not. */
static struct bytes signature_of(
	struct arena *arena, struct bytes line, const struct checkpoint_verifier *verifier)
{
	size_t name_size = strlen(verifier->origin), lead = sizeof(dash) - 1 + name_size + 1;
	struct bytes raw;

	if (line.size <= lead || memcmp(line.data, dash, sizeof(dash) - 1) != 0 ||
		memcmp(line.data + sizeof(dash) - 1, verifier->origin, name_size) != 0 ||
		line.data[lead - 1] != ' ')
		return bytes_of(NULL, 0);
	if (text_unbase64(arena, bytes_of(line.data + lead, line.size - lead), &raw) < 0 ||
		raw.size < 4 || memcmp(raw.data, verifier->id, 4) != 0)
		return bytes_of(NULL, 0);
	return bytes_of(raw.data + 4, raw.size - 4);
}

static bool signature_holds(struct arena *arena, struct bytes line, struct bytes body,
	const struct checkpoint_verifier *verifier)
{
	struct bytes signature = signature_of(arena, line, verifier);

	return signature.size == SIGN_SIZE &&
	       sign_verify(verifier->public_key, body, signature.data);
}

/* Eight bytes of time, big-endian, and a signature over two lines before the text. */
static int64_t cosigned_at(struct arena *arena, struct bytes line, struct bytes body,
	const struct checkpoint_verifier *witness)
{
	struct bytes signature = signature_of(arena, line, witness);
	struct buf message;
	uint64_t at;
	bool holds;

	if (signature.size != 8 + SIGN_SIZE)
		return 0;
	at = __builtin_bswap64(load_u64le(signature.data));
	if (at == 0 || at > INT64_MAX)
		return 0;
	buf_init(&message, 0);
	buf_printf(&message, "cosignature/v1\ntime %llu\n", (unsigned long long)at);
	buf_append_bytes(&message, body);
	holds = sign_verify(witness->public_key, buf_bytes(&message), signature.data + 8);
	buf_release(&message);
	return holds ? (int64_t)at : 0;
}

int checkpoint_number(struct bytes line, uint64_t *out)
{
	uint64_t value = 0;

	if (line.size == 0 || line.size > 15 || (line.size > 1 && line.data[0] == '0'))
		return -1;
	for (size_t i = 0; i < line.size; i++) {
		if (line.data[i] < '0' || line.data[i] > '9')
			return -1;
		value = value * 10 + (uint64_t)(line.data[i] - '0');
	}
	*out = value;
	return 0;
}

/* The three lines and what is signed of them. *rest: the signatures. */
static int head_read(struct bytes note, struct arena *arena, struct checkpoint *out,
	struct bytes *origin, struct bytes *body, struct bytes *rest)
{
	struct bytes size, root, raw, line;

	*rest = note;
	*origin = text_line_next(rest);
	size = text_line_next(rest);
	root = text_line_next(rest);
	/* Extension lines up to the empty one belong to the text that is signed. */
	do {
		line = text_line_next(rest);
	} while (line.size > 0);
	if (note.size > NOTE_MAX || !line.data || checkpoint_number(size, &out->size) < 0 ||
		text_unbase64(arena, root, &raw) < 0 || raw.size != MERKLE_HASH_SIZE)
		return -1;
	memcpy(out->root, raw.data, MERKLE_HASH_SIZE);
	*body = bytes_of(note.data, (size_t)(line.data - note.data));
	return 0;
}

int checkpoint_read(struct bytes note, struct checkpoint *out, struct err *err)
{
	struct bytes origin, body, rest;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = head_read(note, &arena, out, &origin, &body, &rest);
	arena_release(&arena);
	return rc < 0 ? err_set(err, 0, "the checkpoint is malformed") : 0;
}

int checkpoint_open(struct bytes note, const struct checkpoint_verifier *verifier,
	struct checkpoint *out, struct err *err)
{
	struct bytes rest, origin, line, body;
	struct arena arena;
	bool signed_by = false;
	int rc = -1;

	arena_init(&arena);
	if (head_read(note, &arena, out, &origin, &body, &rest) < 0) {
		err_set(err, 0, "the checkpoint is malformed");
		goto out;
	}
	if (!bytes_equal_str(origin, verifier->origin)) {
		err_set(err, 0, "the checkpoint is of another log than %s", verifier->origin);
		goto out;
	}
	while (!signed_by && (line = text_line_next(&rest)).data)
		signed_by = signature_holds(&arena, line, body, verifier);
	if (!signed_by) {
		err_set(err, 0, "the signature of the checkpoint does not hold");
		goto out;
	}
	rc = 0;
out:
	arena_release(&arena);
	return rc;
}

struct bytes checkpoint_body(struct bytes note)
{
	struct bytes origin, body, rest;
	struct checkpoint head;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = head_read(note, &arena, &head, &origin, &body, &rest);
	arena_release(&arena);
	return rc < 0 ? bytes_of(NULL, 0) : body;
}

int64_t checkpoint_cosigned(
	struct bytes body, struct bytes lines, const struct checkpoint_verifier *witness)
{
	struct arena arena;
	struct bytes line;
	int64_t at = 0;

	arena_init(&arena);
	while (at == 0 && (line = text_line_next(&lines)).data)
		at = cosigned_at(&arena, line, body, witness);
	arena_release(&arena);
	return at;
}

char *checkpoint_merge(struct arena *arena, struct bytes note, struct bytes lines,
	const struct checkpoint_verifier *witness)
{
	struct bytes body = checkpoint_body(note), line;
	struct bytes rest = bytes_of(note.data + body.size, note.size - body.size);
	struct buf out;
	char *text;

	buf_init(&out, NOTE_MAX);
	buf_append_bytes(&out, body);
	while ((line = text_line_next(&rest)).data)
		if (!signature_of(arena, line, witness).data) {
			buf_append_bytes(&out, line);
			buf_append_str(&out, "\n");
		}
	while ((line = text_line_next(&lines)).data)
		if (cosigned_at(arena, line, body, witness)) {
			buf_append_bytes(&out, line);
			buf_append_str(&out, "\n");
			break;
		}
	text = out.failed ? NULL : arena_str(arena, buf_bytes(&out));
	buf_release(&out);
	return text;
}
