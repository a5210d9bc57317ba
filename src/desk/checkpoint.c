/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A note is hostile input here: it may come from anybody's server. */
#include "desk/checkpoint.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "crypto/hash.h"

#define NOTE_MAX 16384
#define NOTE_ALGORITHM_ED25519 1
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

static void key_id(const char *name, const uint8_t public_key[SIGN_PUBLIC_SIZE], uint8_t out[4])
{
	uint8_t hash[HASH_SHA256_SIZE];

	hash_sha256_parts((struct bytes[]){bytes_from_str(name), bytes_of("\n\x01", 2),
				  bytes_of(public_key, SIGN_PUBLIC_SIZE)},
		3, hash);
	memcpy(out, hash, 4);
}

char *checkpoint_verifier_text(struct arena *arena, const struct checkpoint_signer *signer)
{
	uint8_t id[4], key[1 + SIGN_PUBLIC_SIZE] = {NOTE_ALGORITHM_ED25519};

	memcpy(key + 1, sign_key_public(signer->key), SIGN_PUBLIC_SIZE);
	key_id(signer->origin, key + 1, id);
	return arena_printf(arena, "%s+%s+%s", signer->origin, text_hex(arena, bytes_of(id, 4)),
		text_base64(arena, bytes_of(key, sizeof(key))));
}

int checkpoint_verifier_parse(struct bytes text, struct checkpoint_verifier *out, struct err *err)
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
		raw.size != 1 + SIGN_PUBLIC_SIZE || raw.data[0] != NOTE_ALGORITHM_ED25519) {
		err_set(err, 0, "the verifier key is malformed, or not for Ed25519");
		goto out;
	}
	snprintf(out->origin, sizeof(out->origin), "%s", name);
	memcpy(out->public_key, raw.data + 1, SIGN_PUBLIC_SIZE);
	key_id(out->origin, out->public_key, wanted);
	if (memcmp(wanted, out->id, 4) != 0) {
		err_set(err, 0, "the verifier key's id does not belong to its name and key");
		goto out;
	}
	rc = 0;
out:
	arena_release(&arena);
	return rc;
}

char *checkpoint_sign(struct arena *arena, const struct checkpoint_signer *signer,
	const struct checkpoint *checkpoint)
{
	uint8_t signature[4 + SIGN_SIZE];
	char *body = arena_printf(arena, "%s\n%llu\n%s\n", signer->origin,
		(unsigned long long)checkpoint->size,
		text_base64(arena, bytes_of(checkpoint->root, MERKLE_HASH_SIZE)));

	key_id(signer->origin, sign_key_public(signer->key), signature);
	sign_message(signer->key, bytes_from_str(body), signature + 4);
	return arena_printf(arena, "%s\n%s%s %s\n", body, dash, signer->origin,
		text_base64(arena, bytes_of(signature, sizeof(signature))));
}

/* The next line without its end; absent when there is none that ends. */
static struct bytes line_next(struct bytes *rest)
{
	const uint8_t *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
	struct bytes line = {NULL, 0};

	if (!end)
		return line;
	line = bytes_of(rest->data, (size_t)(end - rest->data));
	rest->data += line.size + 1;
	rest->size -= line.size + 1;
	return line;
}

/* Is this line the verifier's signature, and does it hold? */
static bool signature_holds(struct arena *arena, struct bytes line, struct bytes body,
	const struct checkpoint_verifier *verifier)
{
	size_t name_size = strlen(verifier->origin), lead = sizeof(dash) - 1 + name_size + 1;
	struct bytes raw;

	if (line.size <= lead || memcmp(line.data, dash, sizeof(dash) - 1) != 0 ||
		memcmp(line.data + sizeof(dash) - 1, verifier->origin, name_size) != 0 ||
		line.data[lead - 1] != ' ')
		return false;
	if (text_unbase64(arena, bytes_of(line.data + lead, line.size - lead), &raw) < 0 ||
		raw.size != 4 + SIGN_SIZE || memcmp(raw.data, verifier->id, 4) != 0)
		return false;
	return sign_verify(verifier->public_key, body, raw.data + 4);
}

/* Decimal without leading zeros; -1 otherwise. */
static int size_parse(struct bytes line, uint64_t *out)
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

int checkpoint_open(struct bytes note, const struct checkpoint_verifier *verifier,
	struct checkpoint *out, struct err *err)
{
	struct bytes rest = note, origin, size, root, raw, line, body;
	struct arena arena;
	bool signed_by = false;
	int rc = -1;

	arena_init(&arena);
	origin = line_next(&rest);
	size = line_next(&rest);
	root = line_next(&rest);
	/* Extension lines up to the empty one belong to the text that is signed. */
	do {
		line = line_next(&rest);
	} while (line.size > 0);
	if (note.size > NOTE_MAX || !line.data || size_parse(size, &out->size) < 0 ||
		text_unbase64(&arena, root, &raw) < 0 || raw.size != MERKLE_HASH_SIZE) {
		err_set(err, 0, "the checkpoint is malformed");
		goto out;
	}
	if (!bytes_equal_str(origin, verifier->origin)) {
		err_set(err, 0, "the checkpoint is of another log than %s", verifier->origin);
		goto out;
	}
	memcpy(out->root, raw.data, MERKLE_HASH_SIZE);
	body = bytes_of(note.data, (size_t)(line.data - note.data));
	while (!signed_by && (line = line_next(&rest)).data)
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
