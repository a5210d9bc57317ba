/* SPDX-License-Identifier: Apache-2.0 */
/* AES-256-IGE alone: one message at a time, eight side by side, and the portable code. */
#include <time.h>

#include "bench/bench.h"
#include "crypto/aes.h"

#define LANES 8
#define LARGE ((size_t)64 << 10)
#define SMALL ((size_t)256) /* an update for a session */

struct lanes {
	uint8_t key[AES_KEY_SIZE], iv[AES_IGE_IV_SIZE];
	uint8_t data[LANES][LARGE];
	struct aes_ige_job jobs[LANES];
};

static void one_encrypt(struct lanes *l, size_t size)
{
	aes_ige_encrypt(l->key, l->iv, l->data[0], l->data[0], size);
}

static void one_decrypt(struct lanes *l, size_t size)
{
	aes_ige_decrypt(l->key, l->iv, l->data[0], l->data[0], size);
}

static void many_encrypt(struct lanes *l, size_t size)
{
	for (int i = 0; i < LANES; i++)
		l->jobs[i] = (struct aes_ige_job){l->key, l->iv, l->data[i], l->data[i], size};
	aes_ige_encrypt_many(l->jobs, LANES);
}

static const struct {
	const char *name, *aim;
	void (*run)(struct lanes *lanes, size_t size);
	size_t size;
	unsigned lanes;
	bool portable;
} rows[] = {
	{"one stream, encrypt, 64 KiB", "0.8", one_encrypt, LARGE, 1, false},
	{"one stream, decrypt, 64 KiB", NULL, one_decrypt, LARGE, 1, false},
	{"one stream, encrypt, 256 B", NULL, one_encrypt, SMALL, 1, false},
	{"8 lanes, encrypt, 64 KiB", "3.2", many_encrypt, LARGE, LANES, false},
	{"8 lanes, encrypt, 256 B", NULL, many_encrypt, SMALL, LANES, false},
	{"portable, one stream, encrypt, 64 KiB", NULL, one_encrypt, LARGE, 1, true},
	{"portable, one stream, decrypt, 64 KiB", NULL, one_decrypt, LARGE, 1, true},
};

static int64_t own_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The best tenth of a second of processor time of many: what a core can do, whoever else is on it.
 */
static double best_gb_per_s(struct lanes *lanes, size_t row, int64_t for_us)
{
	int64_t until_us = now_us() + for_us;
	double best = 0;

	while (now_us() < until_us && !bench_interrupted) {
		int64_t from_us = own_us(), took_us;
		uint64_t bytes = 0;

		do {
			for (int i = 0; i < 16; i++)
				rows[row].run(lanes, rows[row].size);
			bytes += 16 * rows[row].lanes * rows[row].size;
			took_us = own_us() - from_us;
		} while (took_us < 100000);
		if ((double)bytes / (double)took_us > best * 1000)
			best = (double)bytes / (double)took_us / 1000;
	}
	return best;
}

int scenario_ige(const struct bench_options *options, struct report *report, struct err *err)
{
	static struct lanes lanes;
	int64_t for_us = options->seconds * 1000000 / (int64_t)ARRAY_LEN(rows);

	report_setting(report, "seconds", options->seconds);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		aes_force_portable(rows[i].portable);
		report_value(report, rows[i].name, best_gb_per_s(&lanes, i, for_us), "GB/s",
			rows[i].aim);
	}
	aes_force_portable(false);
	report_note(report, "best tenth of a second of processor time of each");
	return bench_interrupted ? err_set(err, 0, "interrupted") : 0;
}
