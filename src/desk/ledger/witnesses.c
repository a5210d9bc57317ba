/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A witness is asked one thing at a time; what it answers is hostile input. */
#include "desk/ledger/witnesses.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "desk/cases/files.h"
#include "desk/ledger/ledger_proof.h"

#define FILE_MAX 16384
#define ANSWER_MAX 8192
#define TIMEOUT_MS 10000
#define PAUSE_FIRST_MS 1000
#define PAUSE_LONGEST_MS (10 * 60 * 1000)

struct witness {
	struct checkpoint_verifier key;
	char *url; /* with /add-checkpoint; owned */
	struct witnesses *all;
	uint64_t seen;	    /* the size that it signed last, as far as we know */
	uint64_t served;    /* the size whose checkpoint we serve with its signature */
	bool asked;	    /* an answer is to come */
	char *asked_body;   /* of the checkpoint that it was asked about; owned */
	uint64_t asked_for; /* the size of that */
	int64_t not_before_ms, pause_ms;
	bool corrected; /* it named a size that we did not know, and has not signed since */
	bool failing;	/* said in the log, once */
};

struct witnesses {
	struct desk *desk;
	struct errands *errands;
	struct witness list[WITNESSES_MAX];
	size_t count;
};

/* ---- The file ---- */

static bool url_ok(struct bytes url)
{
	return url.size > 8 && url.size < FETCH_URL_MAX - 32 &&
	       (memcmp(url.data, "https://", 8) == 0 || memcmp(url.data, "http://", 7) == 0);
}

static int add_line(struct witnesses *all, struct bytes line, int number, struct err *err)
{
	struct witness *w = &all->list[all->count];
	size_t key_size = 0;
	struct bytes url;
	struct err why = {0};

	if (all->count == WITNESSES_MAX)
		return err_set(err, 0, "desk/witnesses: more than %d", WITNESSES_MAX);
	while (key_size < line.size && line.data[key_size] > ' ')
		key_size++;
	url = text_trim(bytes_of(line.data + key_size, line.size - key_size));
	if (checkpoint_witness_parse(bytes_of(line.data, key_size), &w->key, &why) < 0)
		return err_set(err, 0, "desk/witnesses, line %d: %s", number, why.text);
	while (url.size && url.data[url.size - 1] == '/')
		url.size--;
	if (!url_ok(url))
		return err_set(err, 0, "desk/witnesses, line %d: behind the key stands an address",
			number);
	w->url = mem_zalloc(1, url.size + sizeof("/add-checkpoint"));
	memcpy(w->url, url.data, url.size);
	memcpy(w->url + url.size, "/add-checkpoint", sizeof("/add-checkpoint"));
	w->all = all;
	w->pause_ms = PAUSE_FIRST_MS;
	all->count++;
	return 0;
}

static int read_file(struct witnesses *all, struct err *err)
{
	char path[PATH_MAX];
	struct err why = {0};
	struct buf text;
	struct bytes rest, line;
	int rc = 0;

	if (snprintf(path, sizeof(path), "%s/witnesses", all->desk->folder) >= (int)sizeof(path))
		return err_set(err, ENAMETOOLONG, "a path is too long");
	buf_init(&text, FILE_MAX);
	if (file_read(path, &text, &why) < 0 && why.code != ENOENT)
		rc = err_set(err, why.code, "%s", why.text);
	rest = buf_bytes(&text);
	for (int number = 1; rc == 0 && (line = text_line_next(&rest)).data; number++) {
		line = text_trim(line);
		if (line.size && line.data[0] != '#')
			rc = add_line(all, line, number, err);
	}
	buf_release(&text);
	return rc;
}

int witnesses_open(
	struct desk *desk, struct errands *errands, struct witnesses **out, struct err *err)
{
	struct witnesses *all = MEM_NEW(struct witnesses);

	all->desk = desk;
	all->errands = errands;
	if (read_file(all, err) < 0) {
		witnesses_close(all);
		return -1;
	}
	if (all->count)
		log_info("witnesses", "%zu are asked to sign the ledger", all->count);
	if (all->count && !errands)
		log_error("witnesses_unreachable", "nothing goes out: no witness is asked");
	*out = all;
	return 0;
}

void witnesses_close(struct witnesses *all)
{
	for (size_t i = 0; all && i < all->count; i++) {
		free(all->list[i].url);
		free(all->list[i].asked_body);
	}
	free(all);
}

/* ---- Asking ---- */

static int64_t now_ms(const struct witnesses *all)
{
	return clock_monotonic_us(all->desk->clock) / 1000;
}

static void fails(struct witness *w, const char *why)
{
	if (!w->failing)
		log_warn("witness_failing", "%s: %s", w->key.origin, why);
	w->failing = true;
	w->not_before_ms = now_ms(w->all) + w->pause_ms;
	w->pause_ms = w->pause_ms * 2 < PAUSE_LONGEST_MS ? w->pause_ms * 2 : PAUSE_LONGEST_MS;
}

static int checkpoint_path(const struct witnesses *all, char out[PATH_MAX])
{
	int size = snprintf(out, PATH_MAX, "%s/checkpoint", all->desk->ledger.folder);

	return size > 0 && size < PATH_MAX ? 0 : -1;
}

static int read_checkpoint(const struct witnesses *all, struct buf *out, struct err *err)
{
	char path[PATH_MAX];

	return checkpoint_path(all, path) < 0 ? err_set(err, ENAMETOOLONG, "a path is too long")
					      : file_read(path, out, err);
}

/* Adds the cosignature to the checkpoint on disk, which is still the one that it is of. */
static void take(struct witness *w, struct bytes note, struct bytes lines)
{
	struct bytes body = bytes_from_str(w->asked_body);
	char path[PATH_MAX];
	struct err err = {0};
	struct arena arena;
	char *merged;

	if (!checkpoint_cosigned(body, lines, &w->key)) {
		fails(w, "its answer holds no cosignature of its key");
		return;
	}
	w->seen = w->served = w->asked_for;
	w->pause_ms = PAUSE_FIRST_MS;
	w->corrected = false;
	if (w->failing)
		log_info("witness_signs", "%s", w->key.origin);
	w->failing = false;
	if (!bytes_equal(checkpoint_body(note), body))
		return; /* the ledger has grown meanwhile: it is asked again */
	arena_init(&arena);
	merged = checkpoint_merge(&arena, note, lines, &w->key);
	if (!merged || checkpoint_path(w->all, path) < 0 ||
		file_write(path, 0644, bytes_from_str(merged), &err) < 0)
		log_error("cosignature_lost", "%s: %s", w->key.origin, err.text);
	arena_release(&arena);
}

/* It has seen another size than we thought; more than there is would be a ledger that was rolled
 * back, which is not for us to hide. */
static void learn_size(struct witness *w, struct bytes body)
{
	uint64_t size;

	if (checkpoint_number(text_trim(body), &size) < 0) {
		fails(w, "its answer holds no size");
	} else if (size > w->asked_for) {
		log_error("witness_saw_more",
			"%s has signed %llu entries of the ledger, which has "
			"%llu",
			w->key.origin, (unsigned long long)size, (unsigned long long)w->asked_for);
		fails(w, "the ledger is older than what it signed");
	} else if (size == w->seen) {
		fails(w, "it refuses the size that it names");
	} else {
		if (w->corrected)
			fails(w, "it names another size each time");
		w->seen = size;
		w->corrected = true;
	}
}

static void on_answer(void *ctx, const struct fetch_answer *answer)
{
	struct witness *w = ctx;
	struct buf note;

	w->asked = false;
	buf_init(&note, LEDGER_CHECKPOINT_MAX);
	if (!answer || answer->result != FETCH_OK)
		fails(w, answer ? answer->reason : "nothing goes out");
	else if (answer->status == 409)
		learn_size(w, answer->body);
	else if (answer->status != 200)
		fails(w, answer->status == 404	 ? "it does not know the ledger"
			 : answer->status == 403 ? "it does not know the ledger's key"
						 : "it refuses the checkpoint");
	else if (read_checkpoint(w->all, &note, NULL) == 0)
		take(w, buf_bytes(&note), answer->body);
	buf_release(&note);
	witnesses_tick(w->all);
}

/* "old N", the proof, an empty line, the checkpoint. */
static int write_request(
	const struct witness *w, struct bytes note, uint64_t size, struct buf *out, struct err *err)
{
	struct merkle_proof proof;
	struct arena arena;

	if (ledger_growth_make(ledger_read_folder, w->all->desk->ledger.folder, w->seen, size,
		    &proof, err) < 0)
		return -1;
	arena_init(&arena);
	buf_printf(out, "old %llu\n", (unsigned long long)w->seen);
	for (size_t i = 0; i < proof.count; i++)
		buf_printf(out, "%s\n",
			text_base64(&arena, bytes_of(proof.hashes[i], MERKLE_HASH_SIZE)));
	buf_append_str(out, "\n");
	buf_append_bytes(out, note);
	arena_release(&arena);
	return 0;
}

static void ask(struct witness *w, struct bytes note, const struct checkpoint *head)
{
	struct bytes body = checkpoint_body(note);
	struct err err = {0};
	struct buf text;

	buf_init(&text, 0);
	if (write_request(w, note, head->size, &text, &err) < 0) {
		fails(w, err.text);
	} else {
		const struct fetch_request request = {.method = FETCH_POST,
			.timeout_ms = TIMEOUT_MS,
			.body_max = ANSWER_MAX,
			.url = bytes_from_str(w->url),
			.headers = BYTES_LITERAL("Content-Type: text/plain\n"),
			.body = buf_bytes(&text)};

		free(w->asked_body);
		w->asked_body = mem_strndup(body.data, body.size);
		w->asked_for = head->size;
		w->asked = errands_ask(w->all->errands, &request, on_answer, w);
	}
	buf_release(&text);
}

/* Has it signed this checkpoint already, as far as the checkpoint shows? */
static bool has_signed(const struct witness *w, struct bytes note)
{
	struct bytes body = checkpoint_body(note);
	struct bytes lines = bytes_of(note.data + body.size, note.size - body.size);

	return checkpoint_cosigned(body, lines, &w->key) != 0;
}

void witnesses_tick(struct witnesses *all)
{
	struct checkpoint head;
	struct buf note;
	bool any = false;

	for (size_t i = 0; all && all->errands && i < all->count; i++) {
		const struct witness *w = &all->list[i];

		any = any || (!w->asked && w->served < all->desk->ledger.written &&
				     now_ms(all) >= w->not_before_ms);
	}
	if (!any)
		return;
	buf_init(&note, LEDGER_CHECKPOINT_MAX);
	if (read_checkpoint(all, &note, NULL) == 0 &&
		checkpoint_read(buf_bytes(&note), &head, NULL) == 0)
		for (size_t i = 0; i < all->count; i++) {
			struct witness *w = &all->list[i];

			if (w->asked || w->served >= head.size || now_ms(all) < w->not_before_ms)
				continue;
			if (has_signed(w, buf_bytes(&note)))
				w->seen = w->served = head.size;
			else
				ask(w, buf_bytes(&note), &head);
		}
	buf_release(&note);
}
