/* SPDX-License-Identifier: Apache-2.0 */
/* What every scenario with a server needs. */
#include <stdio.h>

#include "bench/bench.h"

static void on_code(void *ctx, const char *phone, const char *code)
{
	struct stage *stage = ctx;

	fleet_take_code(&stage->fleet, phone, code);
}

int stage_open(struct stage *stage, const struct bench_options *options, uint32_t accounts,
	struct err *err)
{
	char key[300];

	memset(stage, 0, sizeof(*stage));
	stage->options = options;
	stage->server.output.fd = -1;
	stage->loop = loop_new(err);
	if (!stage->loop || server_start(&stage->server, stage->loop, options, err) < 0)
		goto failed;
	server_key_path(&stage->server, key, sizeof(key));
	if (peers_init(&stage->peers, stage->loop, (uint16_t)stage->server.port, key, err) < 0)
		goto failed;
	stage->peers.interrupted = &bench_interrupted;
	fleet_init(&stage->fleet, &stage->peers, accounts);
	stage->server.on_code = on_code;
	stage->server.ctx = stage;
	return 0;
failed:
	stage_close(stage);
	return -1;
}

void stage_close(struct stage *stage)
{
	fleet_release(&stage->fleet);
	if (stage->server.dir[0])
		server_show_warnings(&stage->server);
	server_stop(&stage->server);
	peers_release(&stage->peers);
	loop_free(stage->loop);
	stage->loop = NULL;
}

void stage_report_cpu(const struct meter *meter, struct report *report, const char *part,
	uint64_t things, const char *thing, const char *aim)
{
	char name[REPORT_NAME_MAX];

	if (meter->pid && thing && things) {
		snprintf(name, sizeof(name), "%sserver CPU per %s", part, thing);
		report_value(report, name, (double)meter->server_us / (double)things, "us", aim);
	}
	if (meter->pid) {
		snprintf(name, sizeof(name), "%sserver, cores busy", part);
		report_value(
			report, name, (double)meter->server_us / (double)meter->wall_us, "", NULL);
	}
	if (meter->idle_us) {
		snprintf(name, sizeof(name), "%sserver at idle priority, not in it", part);
		report_value(report, name, (double)meter->idle_us / (double)meter->wall_us, "cores",
			NULL);
	}
	snprintf(name, sizeof(name), "%sload generator, cores busy", part);
	report_value(report, name, (double)meter->own_us / (double)meter->wall_us, "", NULL);
}
