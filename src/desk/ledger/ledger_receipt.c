/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/ledger/ledger_receipt.h"

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "desk/cases/files.h"
#include "desk/ledger/ledger_fetch.h"
#include "desk/ledger/ledger_proof.h"
#include "desk/ledger/witnesses.h"

#define SECRET_SIZE 32
#define SUBJECT_MAX 80

const char ledger_receipt_make_help[] =
	"lontar ledger proof NUMBER DIR|URL\n\n"
	"Prints the receipt of one entry of the public record of orders: the entry, where it "
	"stands,\n"
	"and what proves it. Whoever has it and the ledger's key needs nothing else.\n"
	"  NUMBER   of the entry, from 0: `leaf` in the letter about the order\n"
	"  DIR|URL  a folder that holds `checkpoint`, or an address\n\n"
	"Example: lontar ledger proof 12 https://desk.example.org/square/ledger > 12.tlog-proof\n";

const char ledger_receipt_check_help[] =
	"lontar ledger check --key KEY [--witness KEY …] [--subject SUBJECT --secret HEX] FILE\n\n"
	"Checks a receipt, offline: that the entry in it is in the ledger that KEY signed. Prints "
	"the\n"
	"entry.\n"
	"  --key      the ledger's key, from `lontar ledger key` or the page /square/\n"
	"  --witness  the key of a witness, who must have signed this ledger too; as often as "
	"you like\n"
	"  --subject  what the entry is to be about: channel/ID, channel/ID/post/NUMBER or\n"
	"             account/ID\n"
	"  --secret   the 64 digits at the end of the owner's letter, which open the subject\n"
	"  FILE       the receipt; - reads standard input\n\n"
	"Example: lontar ledger check --key lontar-ledger/6807784cbf5c0d88+af317bdd+AWgHeEy… "
	"12.tlog-proof\n";

/* ---- Making ---- */

static int read_source(void *ctx, const char *path, struct buf *out, struct err *err)
{
	return ledger_fetch(ctx, path, out, err);
}

int ledger_receipt_make(int argc, char **argv)
{
	bool asked = argc > 1 && strcmp(argv[1], "--help") == 0;
	struct err err = {0};
	struct arena arena;
	uint64_t leaf;
	char *text;
	int rc;

	if (argc != 3 || checkpoint_number(bytes_from_str(argv[1]), &leaf) < 0) {
		fputs(ledger_receipt_make_help, asked ? stdout : stderr);
		return asked ? 0 : 2;
	}
	arena_init(&arena);
	rc = ledger_proof_make(read_source, argv[2], &arena, leaf, &text, &err);
	if (rc == 0)
		fputs(text, stdout);
	else
		fprintf(stderr, "lontar ledger proof: %s\n", err.text);
	ledger_fetch_end();
	arena_release(&arena);
	return rc == 0 ? 0 : 1;
}

/* ---- Checking ---- */

struct check {
	const char *key, *subject, *secret, *file;
	const char *witnesses[WITNESSES_MAX];
	size_t witness_count;
};

static int read_receipt(const char *path, struct buf *out, struct err *err)
{
	return file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, out, err);
}

/* An entry is somebody's text: what could steer a terminal is not printed as it is. */
static void print_value(const char *name, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);

	printf("%-10s %s\n", name, text ? text : "?");
	free(text);
}

static int print_entry(struct bytes entry, json_t **out, struct err *err)
{
	const char *name;
	json_t *value;

	*out = json_loadb((const char *)entry.data, entry.size, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(*out))
		return err_set(err, 0, "the entry is signed, but no entry of an order");
	json_object_foreach(*out, name, value) print_value(name, value);
	return 0;
}

/* SHA-256 of the secret and the subject's text: docs/ledger.md. */
static int check_subject(const struct check *check, const json_t *entry, struct err *err)
{
	const char *said = json_string_value(json_object_get(entry, "subject"));
	uint8_t secret[SECRET_SIZE], hash[HASH_SHA256_SIZE], wanted[HASH_SHA256_SIZE];

	if (!check->subject)
		return 0;
	if (strlen(check->subject) > SUBJECT_MAX ||
		text_unhex(bytes_from_str(check->secret), secret, sizeof(secret)) < 0)
		return err_set(err, 0, "the secret has 64 hexadecimal digits");
	hash_sha256_parts(
		(struct bytes[]){bytes_of(secret, sizeof(secret)), bytes_from_str(check->subject)},
		2, hash);
	if (!said || text_unhex(bytes_from_str(said), wanted, sizeof(wanted)) < 0 ||
		memcmp(hash, wanted, sizeof(hash)) != 0)
		return err_set(err, 0, "the entry is not about %s", check->subject);
	printf("it is about %s\n", check->subject);
	return 0;
}

/* All that were named. */
static int check_witnesses(
	const struct check *check, struct arena *arena, struct bytes note, struct err *err)
{
	struct bytes body = checkpoint_body(note);
	struct bytes lines = bytes_of(note.data + body.size, note.size - body.size);

	for (size_t i = 0; i < check->witness_count; i++) {
		struct checkpoint_verifier witness;
		int64_t at;

		if (checkpoint_witness_parse(bytes_from_str(check->witnesses[i]), &witness, err) <
			0)
			return -1;
		at = checkpoint_cosigned(body, lines, &witness);
		if (!at)
			return err_set(err, 0, "%s has not signed this ledger", witness.origin);
		printf("%s signed it too, at %s\n", witness.origin, text_rfc3339(arena, at));
	}
	return 0;
}

static int check_text(
	const struct check *check, struct arena *arena, struct bytes text, struct err *err)
{
	struct checkpoint_verifier verifier;
	struct ledger_proof proof;
	struct checkpoint head;
	json_t *entry = NULL;
	int rc;

	if (checkpoint_verifier_parse(bytes_from_str(check->key), &verifier, err) < 0 ||
		ledger_proof_parse(arena, text, &proof, err) < 0 ||
		ledger_proof_check(&proof, &verifier, &head, err) < 0)
		return -1;
	printf("entry %" PRIu64 " is one of the %" PRIu64 " entries that %s signed\n", proof.index,
		head.size, verifier.origin);
	rc = check_witnesses(check, arena, proof.checkpoint, err);
	if (rc == 0)
		rc = print_entry(proof.entry, &entry, err);
	if (rc == 0)
		rc = check_subject(check, entry, err);
	json_decref(entry);
	return rc;
}

static int read_arguments(int argc, char **argv, struct check *out)
{
	static const struct option names[] = {{"key", required_argument, NULL, 'k'},
		{"subject", required_argument, NULL, 's'}, {"secret", required_argument, NULL, 'x'},
		{"witness", required_argument, NULL, 'w'}, {"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}};
	int option;

	optind = 1;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'k')
			out->key = optarg;
		else if (option == 's')
			out->subject = optarg;
		else if (option == 'x')
			out->secret = optarg;
		else if (option == 'w' && out->witness_count < WITNESSES_MAX)
			out->witnesses[out->witness_count++] = optarg;
		else
			return option == 'h' ? 1 : -1;
	}
	out->file = argv[optind];
	return optind + 1 == argc && out->key && !out->subject == !out->secret ? 0 : -1;
}

int ledger_receipt_check(int argc, char **argv)
{
	struct check check = {0};
	struct err err = {0};
	struct arena arena;
	struct buf text;
	int rc = read_arguments(argc, argv, &check);

	if (rc != 0) {
		fputs(ledger_receipt_check_help, rc > 0 ? stdout : stderr);
		return rc > 0 ? 0 : 2;
	}
	arena_init(&arena);
	buf_init(&text, LEDGER_PROOF_MAX);
	rc = read_receipt(check.file, &text, &err);
	if (rc == 0)
		rc = check_text(&check, &arena, buf_bytes(&text), &err);
	if (rc < 0)
		fprintf(stderr, "lontar ledger check: %s\n", err.text);
	buf_release(&text);
	arena_release(&arena);
	return rc == 0 ? 0 : 1;
}
