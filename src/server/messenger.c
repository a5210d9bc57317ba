/* SPDX-License-Identifier: Apache-2.0 */
/* Start, repair, serve, stop. What each thread does is in thread.c. */
#include "server/messenger.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "bot/bot.h"
#include "core/posts/post_views.h"
#include "core/accounts/public_face.h"
#include "core/channels/move.h"
#include "core/posts/orders.h"
#include "core/bots/service_bot.h"
#include "core/words.h"
#include "crypto/rsa.h"
#include "keeper/client.h"
#include "server/deliver.h"
#include "server/door.h"
#include "server/gateway.h"
#include "server/geoip.h"
#include "server/id_floor.h"
#include "server/key_pairs.h"
#include "server/key_work.h"
#include "server/metrics.h"
#include "server/node.h"
#include "server/sealed.h"
#include "server/secret_heard.h"
#include "server/thread.h"
#include "server/veil.h"
#include "server/walls.h"
#include "server/web.h"

#define CUSTODIANS_PER_S 200 /* together; the keeper answers thousands and has one thread */

static int64_t node_online_until(void *ctx, int64_t user)
{
	return presence_get(ctx, user);
}

struct net_thread *node_thread_of_key(struct node *node, uint64_t key_id)
{
	return node->threads[key_id % (uint64_t)node->thread_count];
}

struct call node_call(struct node *node, struct store *store)
{
	return (struct call){
		.store = store, .env = &node->env, .now_s = clock_unix_s(node->env.clock)};
}

static void note_presence(struct node *node, const struct effect *effect)
{
	for (size_t i = 0; i < effect->set.update_count; i++) {
		const struct update *update = &effect->set.updates[i];

		if (update->kind == UPDATE_STATUS && update->peer.id == effect->account)
			presence_set(
				node->presence, effect->account, update->status.online_until_s);
	}
}

static void print_code(const char *what, const struct effect *effect)
{
	printf("%s%.*s code=%.*s\n", what, (int)effect->text.size, (const char *)effect->text.data,
		(int)effect->code.size, (const char *)effect->code.data);
	fflush(stdout);
}

/* Codes go to the console where that was asked for; letters only where there is no other way. */
static void send_out(struct node *node, const struct effect *effect)
{
	if (!node->env.codes_to_console)
		gateway_take(node->gateway, effect);
	else if (effect->kind == EFFECT_CODE)
		print_code("code phone=+", effect);
	else if (node->env.sends_email)
		gateway_take(node->gateway, effect);
	else
		print_code("email address=", effect);
}

void node_publish(struct node *node, struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->at[i];

		if (effect->kind == EFFECT_ACCOUNT)
			note_presence(node, effect);
		else if (effect->kind == EFFECT_CODE || effect->kind == EFFECT_EMAIL)
			send_out(node, effect);
		else if (effect->kind == EFFECT_BOT_UPDATE)
			bot_wake(node->bot);
		else if (effect->kind == EFFECT_SECRET_HEARD)
			secret_heard_submit(node, effect);
	}
	bus_publish(node->bus, effects);
	effects_release(effects);
}

/* ---- Work at start, on the write executor ---- */

struct start_job {
	struct executor_job job;
	struct node *node;
	struct arena arena;
	struct effects *effects;
	uint64_t id_floor;
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool is_done, ok;
};

/* What a crash between the two commits left is put right before anybody asks. */
static int start_run(struct executor_job *base, struct store *store)
{
	struct start_job *job = LIST_OWNER(base, struct start_job, job);
	struct call call = node_call(job->node, store);

	call.arena = &job->arena;
	call.effects = job->effects;
	id_floor_begin(&call, job->node, &job->id_floor);
	service_bot_make(&call);
	public_faces_repair(&call);
	if (move_repair(&call) < 0)
		return -1;
	return orders_repair(&call);
}

static void start_finish(struct executor_job *base, bool ok)
{
	struct start_job *job = LIST_OWNER(base, struct start_job, job);

	pthread_mutex_lock(&job->lock);
	job->is_done = true;
	job->ok = ok;
	pthread_cond_signal(&job->done);
	pthread_mutex_unlock(&job->lock);
}

static int node_repair(struct node *node, struct err *err)
{
	struct start_job job = {.node = node, .effects = effects_new()};

	arena_init(&job.arena);
	pthread_mutex_init(&job.lock, NULL);
	pthread_cond_init(&job.done, NULL);
	job.job.run = start_run;
	job.job.finish = start_finish;
	executor_submit(node->writer, &job.job);
	pthread_mutex_lock(&job.lock);
	while (!job.is_done)
		pthread_cond_wait(&job.done, &job.lock);
	pthread_mutex_unlock(&job.lock);
	arena_release(&job.arena);
	effects_release(job.effects);
	if (job.ok)
		id_floor_raise(node, job.id_floor);
	return job.ok ? 0 : err_set(err, 0, "the databases could not be brought in order");
}

/* ---- Opening ---- */

static void harden(void)
{
	const struct rlimit no_core = {0, 0};
	struct rlimit files;

	/* Keys and private text are in this memory: it goes into no core file and to no debugger.
	 */
	setrlimit(RLIMIT_CORE, &no_core);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static enum signup signup_of(const struct settings *settings)
{
	return settings->signup[0] == 'o'   ? SIGNUP_OPEN
	       : settings->signup[0] == 'i' ? SIGNUP_INVITED
					    : SIGNUP_CLOSED;
}

static void node_fill_env(struct node *node, const struct messenger_options *options)
{
	struct settings *settings = &node->in.settings;

	snprintf(settings->listen, sizeof(settings->listen), "%s", options->listen);
	if (options->codes)
		snprintf(settings->codes, sizeof(settings->codes), "%s", options->codes);
	/* A socket that nobody accepts from would swallow newcomers. */
	node->thread_count =
		options->listen_count ? options->listen_count : settings_net_threads(settings);
	arena_init(&node->language_texts);
	languages_load(&node->language_texts, node->in.dir, &node->languages);
	node->env = (struct core_env){
		.clock = options->clock ? options->clock : &clock_system,
		.random = &random_system,
		.name = settings->name,
		.support = settings->support[0] ? settings->support : NULL,
		.languages = &node->languages,
		.language = settings->language,
		.addresses = node->addresses.at,
		.codes_to_console = settings_codes_to_console(settings),
		.sends_to_phones = gateway_has_phones(settings),
		.sends_email = gateway_has_email(settings),
		.files_account_max = settings->files_account_mib << 20,
		.files_max = settings->files_mib << 20,
		.signup = signup_of(settings),
		.terms = bytes_from_str(node->in.terms),
		.online_until = node_online_until,
		.online_ctx = node->presence,
		.views = node->views,
	};
}

static void node_open_buckets(struct node *node)
{
	const struct settings *settings = &node->in.settings;
	double *per_s = node->buckets.per_s;
	size_t size;
	void *memory = kept_area(node->kept, KEPT_BUCKETS, &size);

	buckets_init(&node->buckets, memory, size);
	per_s[BUCKET_ACCOUNT_CALLS] = (double)settings->calls_per_s;
	per_s[BUCKET_KEY_CALLS] = (double)settings->stranger_calls_per_s;
	per_s[BUCKET_ADDRESS_CALLS] = (double)settings->address_calls_per_s;
	per_s[BUCKET_ADDRESS_HANDSHAKES] = (double)settings->handshakes_per_s;
	per_s[BUCKET_CUSTODIANS] = CUSTODIANS_PER_S;
}

static int node_open_geoip(struct node *node, struct err *err)
{
	char path[OPERATOR_PATH_MAX];

	if (!node->in.settings.geoip[0])
		return 0;
	installation_file(&node->in, node->in.settings.geoip, path);
	node->geoip = geoip_open(path, err);
	return node->geoip ? 0 : -1;
}

static int node_open_proxy(
	struct node *node, const struct messenger_options *options, struct err *err)
{
	const struct settings *settings = &node->in.settings;

	if (proxy_settings_read(&node->proxy, settings, err) < 0 ||
		public_addresses_read(
			&node->addresses, settings->public_addresses, &node->proxy, err) < 0)
		return -1;
	node->env.address_count = node->addresses.count;
	node->veil = veil_new(node, &node->proxy, options->relay_fd);
	return 0;
}

/* What a batch tells the network threads they find at once: updates of several posts for one
 * connection leave together. */
static void batch_committed(int jobs, int64_t commit_us)
{
	metric_add(METRIC_COMMITS, 1);
	metric_add(METRIC_COMMIT_JOBS, jobs);
	metric_add(METRIC_COMMIT_US, commit_us);
	loop_hold_wakes();
}

static int node_open_store(struct node *node, struct err *err)
{
	const struct executor_hooks hooks = {batch_committed, loop_release_wakes};

	node->paths = (struct store_paths){node->in.home_db, node->in.square_db};
	if (store_migrate(&node->paths, err) < 0)
		return -1;
	node->vault = installation_vault_of(&node->in, node->keeper, err);
	if (!node->vault)
		return -1;
	node->rsa = rsa_key_load(node->in.server_key, err);
	if (!node->rsa)
		return -1;
	if (executor_new_writer(&node->paths, node->vault, &node->writer, err) < 0)
		return -1;
	executor_set_hooks(node->writer, &hooks);
	return executor_new_readers(&node->paths, node->vault, (int)node->in.settings.read_threads,
		node->writer, &node->readers, err);
}

static int node_open_handshakes(struct node *node, struct err *err)
{
	const struct settings *settings = &node->in.settings;
	struct key_work_limits limits = {.threads = (int)settings->handshake_threads,
		.waiting_max = (size_t)settings->handshakes_waiting_max,
		.address_waiting_max = (size_t)settings->address_handshakes_waiting_max};

	if (limits.threads == 0)
		limits.threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
	handshake_keys_init(&node->handshake_keys, node->rsa, node->env.random);
	if (handshake_self_test(&node->handshake_keys, err) < 0)
		return -1;
	node->key_pairs = key_pairs_new((size_t)settings->key_pairs_max, node->env.random, err);
	if (!node->key_pairs)
		return -1;
	node->handshake_keys.take_pair = key_pairs_take;
	node->handshake_keys.pair_ctx = node->key_pairs;
	node->handshakes = handshakes_new(&node->handshake_keys, node->env.clock, node->env.random,
		(size_t)settings->handshakes_open_max);
	node->key_work = key_work_new(&limits, err);
	return node->key_work ? 0 : -1;
}

static int node_open_threads(
	struct node *node, const struct messenger_options *options, struct err *err)
{
	uint16_t port = (uint16_t)options->port;

	if (port && !options->listen_count && listener_check_free(options->listen, port, err) < 0)
		return -1;
	for (int i = 0; i < node->thread_count; i++) {
		node->threads[i] = calloc(1, sizeof(*node->threads[i]));
		if (!node->threads[i])
			return err_set(err, 0, "out of memory");
		if (thread_open(node->threads[i], node, i,
			    &(struct listener_config){.host = options->listen,
				    .port = port,
				    .fd = options->listen_count ? options->listen_fds[i] : 0},
			    err) < 0)
			return -1;
		/* The first thread's choice holds for all. */
		port = listener_port(node->threads[i]->listener);
	}
	node->port = port;
	public_addresses_set_port(&node->addresses, port);
	web_listen_metrics(node);
	if (!node->sealed)
		upkeep_start(&node->upkeep, node, node->threads[0]->loop);
	for (int i = 0; i < node->thread_count; i++) {
		if (thread_start(node->threads[i], err) < 0)
			return -1;
	}
	return 0;
}

static int node_open_home(struct node *node, struct err *err)
{
	if (node_open_store(node, err) < 0 || node_repair(node, err) < 0 ||
		node_open_handshakes(node, err) < 0)
		return -1;
	node->gateway = gateway_new(&node->in.settings, &node->gateway_starter);
	return 0;
}

static int node_open(struct node *node, const struct messenger_options *options, struct err *err)
{
	size_t keys_size;
	void *keys;

	node->kept = kept_open(options->kept_fd);
	keys = kept_area(node->kept, KEPT_TEMP_KEYS, &keys_size);
	node->temp_keys = temp_keys_new(keys, keys_size, clock_unix_s(&clock_system));
	node_open_buckets(node);
	node->presence = presence_new();
	node->views = post_views_new();
	node->bus = bus_new();
	node_fill_env(node, options);
	if (!words_language_is_known(&node->env, bytes_from_str(node->env.language)))
		return err_set(err, 0, "[server] language: there are no texts in \"%s\"",
			node->env.language);
	if (node_open_proxy(node, options, err) < 0 || node_open_geoip(node, err) < 0)
		return -1;
	if (!node->sealed && node_open_home(node, err) < 0)
		return -1;
	node->tls_fd = options->tls_fd;
	if (door_open(node, err) < 0 || web_open(node, err) < 0)
		return -1;
	return node_open_threads(node, options, err);
}

static void node_close(struct node *node)
{
	/* Threads first, so that nothing new is submitted; then what was accepted is finished and
	 * kept. Its answers no longer leave: clients ask again, and random_id makes that the same
	 * send. */
	for (int i = 0; i < node->thread_count && node->threads[i]; i++)
		thread_stop(node->threads[i]);
	node->stopping = true;
	key_work_stop(node->key_work);
	upkeep_stop(&node->upkeep);
	bot_stop(node->bot);
	for (int i = 0; i < node->thread_count && node->threads[i]; i++)
		thread_drain(node->threads[i]);
	executor_stop(node->writer);
	executor_free(node->readers);
	executor_free(node->writer);
	gateway_free(node->gateway);
	starter_end(&node->gateway_starter);
	listener_close(node->metrics_listener);
	for (int i = 0; i < node->thread_count && node->threads[i]; i++) {
		thread_close(node->threads[i]);
		free(node->threads[i]);
	}
	web_close(node);
	door_close(node);
	veil_free(node->veil);
	geoip_free(node->geoip);
	bus_free(node->bus);
	presence_free(node->presence);
	post_views_free(node->views);
	temp_keys_free(node->temp_keys);
	kept_close(node->kept);
	key_work_free(node->key_work);
	handshakes_free(node->handshakes);
	key_pairs_free(node->key_pairs);
	rsa_key_free(node->rsa);
	vault_free(node->vault);
	arena_release(&node->language_texts);
}

static void tell_ready(const struct node *node, int fd)
{
	char line[32];
	int size = snprintf(line, sizeof(line), "port=%d\n", node->port);

	if (fd < 0)
		return;
	if (write(fd, line, (size_t)size) != size)
		log_warn("ready_unheard", "the supervisor does not listen");
	close(fd);
}

static int node_open_keeper(struct node *node, struct err *err)
{
	struct keeper_hello hello;

	node->keeper = keeper_client_open(node->in.dir, err);
	if (!node->keeper || keeper_client_yield(node->keeper, err) < 0 ||
		keeper_client_hello(node->keeper, &hello, err) < 0)
		return -1;
	node->sealed = hello.state == KEEPER_STATE_SEALED;
	return 0;
}

/* Nothing is under way that an orderly end would finish. */
static int run_sealed(
	struct node *node, const struct messenger_options *options, const sigset_t *mask)
{
	bool open;

	tell_ready(node, options->ready_fd);
	open = sealed_wait(node, mask);
	for (int i = 0; i < node->thread_count; i++)
		thread_stop(node->threads[i]);
	_exit(open ? SEALED_EXIT_OPENED : 0);
}

/* The signal that ends it; 0: a new root does. The certificate is all that may change while it
 * runs. */
static int wait_for_end(struct node *node, const sigset_t *mask)
{
	const struct timespec pause = {.tv_sec = 1};
	int number;

	while (!atomic_load(&node->turned)) {
		number = sigtimedwait(mask, NULL, &pause);
		if (number == SIGHUP)
			door_reload(node);
		else if (number > 0)
			return number;
	}
	return 0;
}

int messenger_run(struct installation *in, const struct messenger_options *options)
{
	static struct node node;
	struct err err = {0};
	sigset_t mask;
	int number;

	harden();
	signal(SIGPIPE, SIG_IGN); /* whoever read the codes on standard output may have gone */
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &mask, NULL);
	node.in = *in;
	if (node_open_keeper(&node, &err) < 0 ||
		gateway_starter(&node.in.settings, options->fetch_fd, &node.gateway_starter, &err) <
			0 ||
		installation_hold_home(&node.in, &err) < 0 ||
		messenger_walls_enter(&node.in, &err) < 0 || node_open(&node, options, &err) < 0 ||
		messenger_walls_close(&err) < 0) {
		fprintf(stderr, "lontar messenger: %s\n", err.text);
		return 1;
	}
	if (node.sealed)
		return run_sealed(&node, options, &mask);
	log_info("serving", "port %d, %d network threads, %zu temporary keys", node.port,
		node.thread_count, temp_keys_count(node.temp_keys));
	tell_ready(&node, options->ready_fd);
	number = wait_for_end(&node, &mask);
	log_info("stopping", "signal %d", number);
	node_close(&node);
	return node.turned ? SEALED_EXIT_OPENED : 0;
}
