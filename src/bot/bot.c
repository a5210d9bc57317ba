/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an HTTP request to a call and back: the token, the method's name, the job on the write
 * executor, the answer as JSON; and the one request that waits for something to tell. What
 * methods do is in methods.c and messages.c.
 */
#include "bot/bot.h"

#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "bot/faults.h"
#include "bot/methods.h"
#include "core/bots/service_bot.h"
#include "crypto/token.h"
#include "store/executor.h"

#define TOKEN_FILE_MAX 128 /* longer than any token */

struct bot {
	struct bot_host host;
	uint8_t token_hash[TOKEN_HASH_SIZE];
	pthread_mutex_t lock;	 /* of what follows */
	struct bot_job *waiting; /* for something to tell: one at a time; NULL: nobody */
	uint64_t wakes;		 /* how often there was something */
	bool stopped;
};

struct bot_job {
	struct executor_job job;
	struct bot *bot;
	struct http_exchange *exchange;
	const struct bot_method *method;
	struct params params;
	struct effects *effects;
	struct fault fault;
	json_t *result; /* NULL while there is none */
	/* BOT_POLL: */
	int64_t until_us; /* on the monotonic clock */
	uint64_t wakes;	  /* of the bot, before the job looked */
};

/* ---- Token ---- */

static int token_read(const char *path, char *text, struct err *err)
{
	struct stat status;
	ssize_t size = -1;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, "cannot open the service bot's token");
	/* The desk's user and the messenger's both read it. */
	if (fstat(fd, &status) == 0 && (status.st_mode & 037) == 0)
		size = read(fd, text, TOKEN_FILE_MAX);
	close(fd);
	if (size < 0)
		return err_set(err, 0,
			"the service bot's token must be readable by its owner and group alone");
	return (int)size;
}

static int token_load(struct bot *bot, const char *path, struct err *err)
{
	char text[TOKEN_FILE_MAX];
	const int size = token_read(path, text, err);
	struct bytes token;

	if (size < 0)
		return -1;
	token = text_trim(bytes_of(text, (size_t)size));
	/* The bot's number and 43 characters. */
	if (token.size != 8 + TOKEN_TEXT_SIZE - 1 || memcmp(token.data, "1000000:", 8) != 0) {
		bytes_wipe(text, sizeof(text));
		return err_set(err, 0, "the service bot's token is malformed");
	}
	token_hash(token, bot->token_hash);
	bytes_wipe(text, sizeof(text));
	return 0;
}

int bot_new(const char *token_path, const struct bot_host *host, struct bot **out, struct err *err)
{
	struct bot *bot = MEM_NEW(struct bot);

	json_set_alloc_funcs(mem_alloc, free); /* it would answer NULL, which nobody looks for */
	bot->host = *host;
	pthread_mutex_init(&bot->lock, NULL);
	if (token_load(bot, token_path, err) < 0) {
		bot_free(bot);
		return -1;
	}
	*out = bot;
	return 0;
}

void bot_free(struct bot *bot)
{
	if (bot)
		pthread_mutex_destroy(&bot->lock);
	free(bot);
}

/* ---- Answers ---- */

static int append_text(const char *text, size_t size, void *body)
{
	buf_append(body, text, size);
	return 0;
}

/* Takes the reference. */
static void answer_json(struct http_exchange *exchange, int status, json_t *json)
{
	exchange->response.status = status;
	http_response_header(&exchange->response, "Content-Type", "application/json");
	if (!json || json_dump_callback(json, append_text, &exchange->response.body, JSON_COMPACT))
		http_response_error(&exchange->response, 500);
	json_decref(json);
	http_respond(exchange);
}

static void answer_fault(struct http_exchange *exchange, const struct fault *fault)
{
	int status;
	json_t *json = bot_json_fault(fault, &status);

	answer_json(exchange, status, json);
}

static void refuse(struct http_exchange *exchange, int code, const char *text)
{
	struct fault fault = {.code = code};

	snprintf(fault.text, sizeof(fault.text), "%s", text);
	answer_fault(exchange, &fault);
}

/* ---- Calls ---- */

static int job_run(struct executor_job *base, struct store *store)
{
	struct bot_job *job = LIST_OWNER(base, struct bot_job, job);
	const struct core_env *env = job->bot->host.env;
	struct call call = {.arena = &job->exchange->arena,
		.store = store,
		.env = env,
		.now_s = clock_unix_s(env->clock),
		.user = SERVICE_BOT,
		.is_bot = true,
		.effects = job->effects};
	int result;

	/* What an earlier try left. */
	effects_reset(job->effects);
	json_decref(job->result);
	job->result = NULL;
	result = job->method->run(&call, &job->params, &job->result);
	job->fault = call.fault;
	return result;
}

static void job_free(struct bot_job *job)
{
	params_release(&job->params);
	json_decref(job->result);
	effects_release(job->effects);
	free(job);
}

static void job_answer(struct bot_job *job)
{
	if (job->fault.code)
		answer_fault(job->exchange, &job->fault);
	else
		answer_json(job->exchange, 200,
			json_pack("{s:b, s:O}", "ok", 1, "result", job->result));
	job_free(job);
}

/* ---- Waiting ---- */

static bool is_over(const struct bot_job *job)
{
	return clock_monotonic_us(job->bot->host.env->clock) >= job->until_us;
}

/* Under the lock. NULL: nobody waits. */
static struct bot_job *take_waiting(struct bot *bot)
{
	struct bot_job *job = bot->waiting;

	bot->waiting = NULL;
	return job;
}

static void submit(struct bot_job *job)
{
	executor_submit(job->bot->host.writer, &job->job);
}

static void conflict(struct bot_job *job)
{
	if (!job)
		return;
	job->fault = (struct fault){409, "CONFLICT"};
	job_answer(job);
}

/* True: it waits, or looks again, as something came while it looked. */
static bool job_waits(struct bot_job *job)
{
	struct bot *bot = job->bot;
	struct bot_job *other = NULL;
	bool again, waits = false;

	if (job->method->wait != BOT_POLL || json_array_size(job->result) || is_over(job))
		return false;
	pthread_mutex_lock(&bot->lock);
	again = bot->wakes != job->wakes;
	if (!bot->stopped) {
		waits = true;
		job->wakes = bot->wakes;
		if (!again) {
			other = take_waiting(bot);
			bot->waiting = job;
		}
	}
	pthread_mutex_unlock(&bot->lock);
	conflict(other);
	if (waits && again)
		submit(job);
	return waits;
}

void bot_wake(struct bot *bot)
{
	struct bot_job *job;

	if (!bot)
		return;
	pthread_mutex_lock(&bot->lock);
	job = take_waiting(bot);
	bot->wakes++;
	if (job)
		job->wakes = bot->wakes;
	pthread_mutex_unlock(&bot->lock);
	if (job)
		submit(job);
}

void bot_beat(struct bot *bot)
{
	struct bot_job *job = NULL;

	if (!bot)
		return;
	pthread_mutex_lock(&bot->lock);
	if (bot->waiting && is_over(bot->waiting))
		job = take_waiting(bot);
	pthread_mutex_unlock(&bot->lock);
	if (job)
		job_answer(job);
}

void bot_stop(struct bot *bot)
{
	struct bot_job *job;

	if (!bot)
		return;
	pthread_mutex_lock(&bot->lock);
	bot->stopped = true;
	job = take_waiting(bot);
	pthread_mutex_unlock(&bot->lock);
	if (job)
		job_answer(job);
}

/* Nobody is there to take an answer, but the exchange wants one. */
static void on_gone(struct http_exchange *exchange)
{
	struct bot *bot = exchange->user;
	struct bot_job *job = NULL;

	/* A job that looks just now is another thread's, and may be freed. */
	pthread_mutex_lock(&bot->lock);
	if (bot->waiting && bot->waiting->exchange == exchange)
		job = take_waiting(bot);
	pthread_mutex_unlock(&bot->lock);
	if (job)
		job_answer(job);
}

/* ---- Requests ---- */

static void job_finish(struct executor_job *base, bool ok)
{
	struct bot_job *job = LIST_OWNER(base, struct bot_job, job);

	if (!ok) {
		log_error("bot_call_failed", "%s: the store failed", job->method->name);
		job->fault = (struct fault){500, "INTERNAL"};
	} else if (!job->fault.code) {
		if (job_waits(job))
			return;
		/* Subscribers first: when the desk hears of it, it has happened. */
		job->bot->host.deliver(job->bot->host.ctx, job->effects);
		job->effects = NULL;
	}
	job_answer(job);
}

static void run_on_writer(
	struct bot *bot, struct http_exchange *exchange, const struct bot_method *method)
{
	struct bot_job *job = MEM_NEW(struct bot_job);
	struct bot_job *other = NULL;

	job->job.run = job_run;
	job->job.finish = job_finish;
	job->bot = bot;
	job->exchange = exchange;
	job->method = method;
	job->effects = effects_new();
	if (params_read(&exchange->arena, &exchange->request, &job->params) < 0) {
		job->fault = (struct fault){400, "BODY_INVALID"};
		job_answer(job);
		return;
	}
	if (method->wait == BOT_POLL) {
		exchange->user = bot;
		exchange->on_gone = on_gone;
		job->until_us =
			clock_monotonic_us(bot->host.env->clock) + bot_poll_ms(&job->params) * 1000;
		pthread_mutex_lock(&bot->lock);
		job->wakes = bot->wakes;
		other = take_waiting(bot);
		pthread_mutex_unlock(&bot->lock);
		conflict(other);
	}
	submit(job);
}

/* "/bot<token>/<method>": views of the path. */
static bool path_split(struct bytes path, struct bytes *token, struct bytes *method)
{
	const uint8_t *slash;

	if (path.size < 4 || memcmp(path.data, "/bot", 4) != 0)
		return false;
	*token = bytes_of(path.data + 4, path.size - 4);
	slash = memchr(token->data, '/', token->size);
	if (!slash)
		return false;
	*method = bytes_of(slash + 1, (size_t)(path.data + path.size - slash - 1));
	token->size = (size_t)(slash - token->data);
	return true;
}

void bot_handle(struct bot *bot, struct http_exchange *exchange)
{
	const struct http_request *request = &exchange->request;
	const struct bot_method *method;
	struct bytes token, name;

	if (!address_is_loopback(&request->peer) || !path_split(request->path, &token, &name)) {
		refuse(exchange, 404, "Not Found");
		return;
	}
	if (!token_matches(token, bot->token_hash)) {
		refuse(exchange, 401, "Unauthorized");
		return;
	}
	exchange->response.vouch = true;
	method = bot_method_find(name);
	if (!method)
		refuse(exchange, 404, "Not Found");
	else if (request->method != HTTP_GET && request->method != HTTP_POST)
		refuse(exchange, 405, "Method Not Allowed");
	else
		run_on_writer(bot, exchange, method);
}
