/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an HTTP request to a call and back: the token, the method's name, the job on the write
 * executor, the answer as JSON. What methods do is in methods.c.
 */
#include "bot/bot.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "bot/methods.h"
#include "crypto/token.h"
#include "store/executor.h"

#define TOKEN_FILE_MAX 128 /* longer than any token */

struct bot {
	struct bot_host host;
	uint8_t token_hash[TOKEN_HASH_SIZE];
};

struct bot_job {
	struct executor_job job;
	struct bot *bot;
	struct http_exchange *exchange;
	const struct bot_method *method;
	struct effects *effects;
	struct fault fault;
	json_t *result; /* NULL while there is none */
};

/* ---- Token ---- */

static int token_read(const char *path, char *text, struct err *err)
{
	struct stat status;
	ssize_t size = -1;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, "cannot open the service bot's token");
	if (fstat(fd, &status) == 0 && (status.st_mode & 077) == 0)
		size = read(fd, text, TOKEN_FILE_MAX);
	close(fd);
	if (size < 0)
		return err_set(
			err, 0, "the service bot's token must be readable by its owner alone");
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
	/* "777000:" and 43 characters. */
	if (token.size != 7 + TOKEN_TEXT_SIZE - 1 || memcmp(token.data, "777000:", 7) != 0) {
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

	bot->host = *host;
	if (token_load(bot, token_path, err) < 0) {
		free(bot);
		return -1;
	}
	*out = bot;
	return 0;
}

void bot_free(struct bot *bot)
{
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

static void answer_fault(struct http_exchange *exchange, int status, const char *description)
{
	answer_json(exchange, status,
		json_pack("{s:b, s:i, s:s}", "ok", 0, "error_code", status, "description",
			description));
}

/* ---- Calls ---- */

static void call_init(struct call *call, struct bot *bot, struct http_exchange *exchange)
{
	*call = (struct call){.arena = &exchange->arena,
		.env = bot->host.env,
		.now_s = clock_unix_s(bot->host.env->clock),
		.user = SERVICE_USER};
}

static int job_run(struct executor_job *base, struct store *store)
{
	struct bot_job *job = LIST_OWNER(base, struct bot_job, job);
	struct call call;
	int result;

	/* What an earlier try left. */
	effects_reset(job->effects);
	json_decref(job->result);
	job->result = NULL;
	call_init(&call, job->bot, job->exchange);
	call.store = store;
	call.effects = job->effects;
	result = job->method->run(&call, &job->exchange->request, &job->result);
	job->fault = call.fault;
	return result;
}

static void job_finish(struct executor_job *base, bool ok)
{
	struct bot_job *job = LIST_OWNER(base, struct bot_job, job);

	if (!ok) {
		log_error("bot_call_failed", "%s: the store failed", job->method->name);
		answer_fault(job->exchange, 500, "Internal Server Error");
	} else if (job->fault.code) {
		answer_fault(job->exchange, job->fault.code, job->fault.text);
	} else {
		/* Subscribers first: when the desk hears of it, it has happened. */
		job->bot->host.deliver(job->bot->host.ctx, job->effects);
		job->effects = NULL;
		answer_json(job->exchange, 200,
			json_pack("{s:b, s:O}", "ok", 1, "result", job->result));
	}
	json_decref(job->result);
	effects_release(job->effects);
	free(job);
}

static void run_on_writer(
	struct bot *bot, struct http_exchange *exchange, const struct bot_method *method)
{
	struct bot_job *job = MEM_NEW(struct bot_job);

	job->job.run = job_run;
	job->job.finish = job_finish;
	job->bot = bot;
	job->exchange = exchange;
	job->method = method;
	job->effects = effects_new();
	executor_submit(bot->host.writer, &job->job);
}

static void run_here(
	struct bot *bot, struct http_exchange *exchange, const struct bot_method *method)
{
	struct call call;
	json_t *result = NULL;

	call_init(&call, bot, exchange);
	if (method->run(&call, &exchange->request, &result) < 0)
		answer_fault(exchange, call.fault.code, call.fault.text);
	else
		answer_json(exchange, 200, json_pack("{s:b, s:o}", "ok", 1, "result", result));
}

/* ---- Requests ---- */

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
		answer_fault(exchange, 404, "Not Found");
		return;
	}
	if (!token_matches(token, bot->token_hash)) {
		answer_fault(exchange, 401, "Unauthorized");
		return;
	}
	exchange->response.vouch = true;
	method = bot_method_find(name);
	if (!method)
		answer_fault(exchange, 404, "Not Found");
	else if (request->method != HTTP_GET && request->method != HTTP_POST)
		answer_fault(exchange, 405, "Method Not Allowed");
	else if (method->tx == BOT_TX_NONE)
		run_here(bot, exchange, method);
	else
		run_on_writer(bot, exchange, method);
}
