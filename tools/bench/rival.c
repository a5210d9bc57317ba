/* SPDX-License-Identifier: Apache-2.0 */
/* Starting a rival, connecting to it, and playing: the same for all of them. */
#include "bench/rival.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/conn.h"

#define WARM_UP_MS 300
#define PATIENCE_US ((int64_t)20 * 1000000)
#define NUMBER 4 /* bytes at the front of a post: which one it is */
#define POST_MAX 8192

struct rival_post {
	int64_t sent_us;
	uint32_t arrived;
	bool acknowledged;
};

struct topic {
	struct client *writer;
	uint32_t sent, over; /* posts; those between are in flight, in order */
	uint32_t acknowledged;
	struct rival_post posts[RIVAL_IN_FLIGHT_MAX]; /* by number */
};

struct client {
	struct rival *rival;
	struct conn *conn;
	uint32_t topic, expected;
	bool writer;
};

struct rival {
	enum rival_kind kind;
	const struct rival_wire *wire;
	struct rival_load load;
	struct loop *loop;
	char dir[256];
	pid_t pid;
	uint16_t port;
	struct client *clients;
	uint32_t client_count, ready;
	struct topic *topics;
	bool playing, measuring, failed;
	struct rival_figures *figures;
};

static const struct {
	const char *name;
	const struct rival_wire *wire;
} kinds[RIVAL_KINDS] = {
	[RIVAL_RELAY] = {"bare relay", &rival_wire_relay},
	[RIVAL_MOSQUITTO_0] = {"mosquitto QoS 0", &rival_wire_mqtt_0},
	[RIVAL_MOSQUITTO_1] = {"mosquitto QoS 1", &rival_wire_mqtt_1},
};

const char *rival_name(enum rival_kind kind)
{
	return kinds[kind].name;
}

/* ---- Posts ---- */

static struct rival_post *post_of(struct rival *rival, struct topic *topic, uint32_t number)
{
	return &topic->posts[number % rival->load.in_flight];
}

static void post_next(struct rival *rival, struct topic *topic)
{
	uint8_t payload[POST_MAX] = {0};
	uint32_t number = topic->sent++;

	*post_of(rival, topic, number) = (struct rival_post){
		.sent_us = now_us(), .acknowledged = !rival->wire->acknowledges};
	store_u32le(payload, number);
	rival->wire->post(conn_out(topic->writer->conn), topic->writer->topic,
		(uint16_t)(number % 60000 + 1), bytes_of(payload, rival->load.size));
}

static void check_over(struct rival *rival, struct topic *topic)
{
	while (topic->over < topic->sent) {
		const struct rival_post *post = post_of(rival, topic, topic->over);

		if (!post->acknowledged || post->arrived < rival->load.members)
			return;
		if (rival->measuring)
			histogram_add(&rival->figures->last, now_us() - post->sent_us);
		topic->over++;
		if (rival->playing)
			post_next(rival, topic);
	}
}

static bool arrived(struct client *client, struct bytes payload)
{
	struct rival *rival = client->rival;
	struct topic *topic = &rival->topics[client->topic];

	if (payload.size < NUMBER || load_u32le(payload.data) != client->expected)
		return false;
	post_of(rival, topic, client->expected++)->arrived++;
	rival->figures->deliveries += rival->measuring;
	check_over(rival, topic);
	return true;
}

static bool take_event(struct client *client, enum rival_event event, struct bytes payload)
{
	struct rival *rival = client->rival;
	struct topic *topic = &rival->topics[client->topic];

	switch (event) {
	case RIVAL_NOTHING:
		return true;
	case RIVAL_READY:
		rival->ready++;
		return true;
	case RIVAL_ARRIVED:
		return arrived(client, payload);
	case RIVAL_ACKNOWLEDGED:
		if (topic->acknowledged == topic->sent)
			return false;
		post_of(rival, topic, topic->acknowledged++)->acknowledged = true;
		check_over(rival, topic);
		return true;
	case RIVAL_BAD:
		break;
	}
	return false;
}

/* ---- Connections ---- */

static size_t client_data(struct conn *conn, struct bytes in)
{
	struct client *client = conn_owner(conn);
	size_t taken = 0;

	for (;;) {
		enum rival_event event = RIVAL_NOTHING;
		struct bytes payload = {0}, rest = bytes_of(in.data + taken, in.size - taken);
		size_t size = client->rival->wire->take(
			rest, client->writer, conn_out(conn), &event, &payload);

		if (size == 0)
			return taken;
		taken += size;
		if (!take_event(client, event, payload))
			client->rival->failed = true;
	}
}

static void client_close(struct conn *conn, enum conn_reason reason)
{
	struct client *client = conn_owner(conn);

	client->conn = NULL;
	client->rival->failed = true;
}

static const struct conn_ops client_ops = {.on_data = client_data, .on_close = client_close};

static int connect_client(struct rival *rival, struct client *client, struct err *err)
{
	struct address to;

	address_from_ip(&to, (const uint8_t[]){127, 0, 0, 1}, 4, rival->port);
	client->conn =
		conn_connect(rival->loop, &to, &conn_limits_default, &client_ops, client, err);
	if (!client->conn)
		return -1;
	rival->wire->hello(conn_out(client->conn), client->topic, client->writer);
	return 0;
}

/* A backlog holds some hundreds: connect in groups. */
static int connect_all(struct rival *rival, struct err *err)
{
	int64_t until_us = now_us() + PATIENCE_US;

	for (uint32_t i = 0; i < rival->client_count; i++) {
		if (connect_client(rival, &rival->clients[i], err) < 0)
			return -1;
		while (rival->ready + 64 <= i && !rival->failed && now_us() < until_us)
			loop_step(rival->loop, 10);
	}
	while (rival->ready < rival->client_count && !rival->failed && now_us() < until_us)
		loop_step(rival->loop, 10);
	if (rival->failed || rival->ready < rival->client_count)
		return err_set(err, 0, "%s took %u of %u clients", rival_name(rival->kind),
			rival->ready, rival->client_count);
	return 0;
}

/* ---- Servers ---- */

static int listen_anywhere(uint16_t *port, struct err *err)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 1024) < 0 ||
		getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		return err_errno(err, "can't listen for a rival");
	*port = ntohs(address.sin_port);
	return fd;
}

static int start_relay(struct rival *rival, struct err *err)
{
	int listener = listen_anywhere(&rival->port, err);

	if (listener < 0)
		return -1;
	rival->pid = fork();
	if (rival->pid == 0)
		rival_relay_run(listener);
	close(listener);
	return rival->pid < 0 ? err_errno(err, "can't fork") : 0;
}

static int write_config(const struct rival *rival, char path[300], struct err *err)
{
	FILE *file;

	snprintf(path, 300, "%s/mosquitto.conf", rival->dir);
	file = fopen(path, "wxe");
	if (!file)
		return err_errno(err, "can't write %s", path);
	fprintf(file,
		"listener %u 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\n"
		"max_queued_messages 0\nmax_inflight_messages 0\nset_tcp_nodelay true\n",
		rival->port);
	return fclose(file) == 0 ? 0 : err_errno(err, "can't write %s", path);
}

static bool answers(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool open = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	close(fd);
	return open;
}

static int start_mosquitto(struct rival *rival, const char *scratch, struct err *err)
{
	int64_t until_us = now_us() + PATIENCE_US;
	char path[300];
	int fd;

	snprintf(rival->dir, sizeof(rival->dir), "%s/lontar-rival-XXXXXX", scratch);
	if (!mkdtemp(rival->dir))
		return err_errno(err, "can't make %s", rival->dir);
	fd = listen_anywhere(&rival->port, err);
	if (fd < 0)
		return -1;
	close(fd);
	if (write_config(rival, path, err) < 0)
		return -1;
	rival->pid = fork();
	if (rival->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("mosquitto", "mosquitto", "-c", path, NULL);
		execl("/usr/sbin/mosquitto", "mosquitto", "-c", path, NULL);
		_exit(127);
	}
	while (!answers(rival->port)) {
		if (waitpid(rival->pid, NULL, WNOHANG) != 0 || now_us() > until_us) {
			rival->pid = 0;
			return err_set(err, 0,
				"mosquitto does not start (apt install mosquitto; or leave "
				"--rivals)");
		}
		usleep(20000);
	}
	return 0;
}

/* ---- Life ---- */

static void make_clients(struct rival *rival)
{
	const struct rival_load *load = &rival->load;
	struct client *next;

	rival->client_count = load->topics * (load->members + 1);
	rival->clients = mem_zalloc(rival->client_count, sizeof(*rival->clients));
	rival->topics = mem_zalloc(load->topics, sizeof(*rival->topics));
	next = rival->clients;
	for (uint32_t t = 0; t < load->topics; t++) {
		rival->topics[t].writer = next;
		for (uint32_t m = 0; m <= load->members; m++)
			*next++ = (struct client){.rival = rival, .topic = t, .writer = m == 0};
	}
}

struct rival *rival_open(enum rival_kind kind, struct loop *loop, const struct rival_load *load,
	const char *scratch, struct err *err)
{
	struct rival *rival = MEM_NEW(struct rival);
	int started;

	rival->kind = kind;
	rival->wire = kinds[kind].wire;
	rival->load = *load;
	rival->loop = loop;
	if (rival->load.in_flight > RIVAL_IN_FLIGHT_MAX)
		rival->load.in_flight = RIVAL_IN_FLIGHT_MAX;
	if (rival->load.size > POST_MAX)
		rival->load.size = POST_MAX;
	make_clients(rival);
	started = kind == RIVAL_RELAY ? start_relay(rival, err)
				      : start_mosquitto(rival, scratch ? scratch : "/tmp", err);
	if (started < 0 || connect_all(rival, err) < 0) {
		rival_close(rival);
		return NULL;
	}
	return rival;
}

static void step_until(struct rival *rival, int64_t until_us)
{
	while (!rival->failed && now_us() < until_us)
		loop_step(rival->loop, (int)((until_us - now_us()) / 1000));
}

static bool in_flight(const struct rival *rival)
{
	for (uint32_t t = 0; t < rival->load.topics; t++) {
		if (rival->topics[t].over < rival->topics[t].sent)
			return true;
	}
	return false;
}

int rival_play(struct rival *rival, int64_t play_ms, struct rival_figures *figures, struct err *err)
{
	struct meter meter;
	int64_t patience_us;

	rival->figures = figures;
	rival->playing = true;
	for (uint32_t t = 0; t < rival->load.topics; t++) {
		for (uint32_t i = 0; i < rival->load.in_flight; i++)
			post_next(rival, &rival->topics[t]);
	}
	step_until(rival, now_us() + WARM_UP_MS * 1000);
	rival->measuring = true;
	meter_start(&meter, rival->pid);
	step_until(rival, now_us() + play_ms * 1000);
	meter_stop(&meter);
	rival->playing = rival->measuring = false;
	meter_add(&figures->meter, &meter);
	patience_us = now_us() + PATIENCE_US;
	while (in_flight(rival) && !rival->failed && now_us() < patience_us)
		loop_step(rival->loop, 100);
	if (rival->failed || in_flight(rival))
		return err_set(err, 0, "%s lost posts or connections", rival_name(rival->kind));
	return 0;
}

void rival_close(struct rival *rival)
{
	char path[300];

	if (!rival)
		return;
	for (uint32_t i = 0; i < rival->client_count; i++) {
		if (rival->clients[i].conn)
			conn_close(rival->clients[i].conn);
	}
	loop_step(rival->loop, 0); /* closed connections go at the end of a round */
	if (rival->pid > 0) {
		kill(rival->pid, SIGTERM);
		waitpid(rival->pid, NULL, 0);
	}
	if (rival->dir[0]) {
		snprintf(path, sizeof(path), "%s/mosquitto.conf", rival->dir);
		unlink(path);
		rmdir(rival->dir);
	}
	free(rival->clients);
	free(rival->topics);
	free(rival);
}
