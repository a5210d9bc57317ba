/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attacks on a server of our own, beside clients that work. What all attacks share: how they are
 * set, the ground that they happen on, and how a truth is checked and told.
 */
#ifndef ATTACKS_ATTACK_H
#define ATTACKS_ATTACK_H

#include "attacks/junk.h"
#include "bench/pairs.h"

/* Bounds on processor time hold for what is shipped; the sanitizers' checks cost as much again,
 * several times over. */
#ifdef __SANITIZE_ADDRESS__
#define CPU_FACTOR 4
#else
#define CPU_FACTOR 1
#endif

struct attack_options {
	struct bench_options bench;	 /* --serve, --scratch */
	bool full;			 /* the sizes of docs, not those of every test run */
	int64_t sessions, junk, seconds; /* 0: as the attack has it */
};

/* What the command line asked for (0: nothing), else the attack's own: of the whole size, or of
 * that of every test run. */
uint32_t attack_size(
	const struct attack_options *options, int64_t asked, uint32_t whole, uint32_t small);
/* How long, by --seconds or the attack's own seconds. */
int64_t attack_ms(const struct attack_options *options, uint32_t whole_s, uint32_t small_s);

/* A row of the table in main.c. -1 with *err: the attack could not be carried out. What it finds it
 * tells by check(). */
struct attack {
	const char *name, *summary;
	int (*run)(const struct attack_options *options, struct err *err);
};

int attack_junk(const struct attack_options *options, struct err *err);
int attack_slow(const struct attack_options *options, struct err *err);
int attack_flood(const struct attack_options *options, struct err *err);
int attack_handshakes(const struct attack_options *options, struct err *err);
int attack_bombs(const struct attack_options *options, struct err *err);
int attack_limits(const struct attack_options *options, struct err *err);
int attack_victim(const struct attack_options *options, struct err *err);
int attack_deaf(const struct attack_options *options, struct err *err);

/* Prints "ok WHAT" or "not ok WHAT"; the figures belong into note(). Gives the truth back. */
bool check(bool truth, const char *format, ...) PRINTF_LIKE(2, 3);
void note(const char *format, ...) PRINTF_LIKE(1, 2);
unsigned checks_failed(void);

/* A server, accounts that talk to each other at a steady pace, and processes that make junk. */
struct ground {
	struct stage stage;
	struct bench_options bench;
	struct pairs pairs;
	struct junk junk;
	struct timer pace;
	int64_t every_us;   /* between the messages of a pair; 0: nobody talks */
	int64_t begun_us;   /* when they began */
	uint64_t due;	    /* messages that should have been sent since */
	uint64_t held_back; /* not sent because too many of the pair have no answer */
	struct histogram *into;
};

/* accounts: even. junk_processes are started first, so that they inherit nothing; they wait. NULL
 * with *err: it could not be made ready. */
MUST_CHECK struct ground *ground_new(const struct attack_options *options, uint32_t accounts,
	unsigned junk_processes, const char *settings, struct err *err);
void ground_free(struct ground *ground);
/* All pairs, one message each every `every_ms`, spread evenly. */
void ground_talk(struct ground *ground, int64_t every_ms);
/* They go on talking for so long; *into (may be NULL) gets the time from sending to arrival. */
MUST_CHECK int ground_run(
	struct ground *ground, int64_t ms, struct histogram *into, struct err *err);
/* They stop, and it is checked that nothing was lost. */
MUST_CHECK int ground_judge(struct ground *ground, const char *beside_what, struct err *err);
/* Resident memory of the messenger in KiB; -1: it is gone, which is a failed check. */
int64_t ground_rss_kib(struct ground *ground);
/* The most it had since the last ground_rss_kib(). */
int64_t ground_peak_kib(struct ground *ground);

#endif
