/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A public channel with many subscribers, of whom only the rows are there: what they cost when
 * something is posted does not depend on who they are.
 */
#include <inttypes.h>
#include <stdio.h>

#include "bulk/fill.h"
#include "core/channels/channels.h"
#include "store/home_members.h"
#include "store/square_channels.h"

#define NAME "bench_fanout_channel"
#define FIRST_USER 2000000000000 /* far behind every account that will be made */
#define BATCH 50000		 /* rows per commit */

static int make_channel(struct command_call *c, int64_t *channel, struct err *err)
{
	const struct channel_draft draft = {
		.title = BYTES_LITERAL("Bench"), .about = BYTES_LITERAL(""), .broadcast = true};
	struct update_set answer;

	if (fill_account(c, 0, &c->call.user, err) < 0)
		return -1;
	if (channel_create(&c->call, &draft, &answer) < 0)
		return err_set(err, 0, "the channel: %s", c->call.fault.text);
	*channel = answer.channels[0].channel->id;
	if (channel_username_set(&c->call, *channel, BYTES_LITERAL(NAME)) < 0)
		return err_set(err, 0, "its name: %s", c->call.fault.text);
	return fill_commit(c, err);
}

static int subscribe(struct command_call *c, int64_t channel, int64_t count, struct err *err)
{
	struct membership_row row = {.channel = channel,
		.role = ROLE_MEMBER,
		.joined_at_s = c->call.now_s,
		.read_inbox = 1};
	int64_t members = 0;

	for (int64_t done = 0; done < count;) {
		const int64_t end = done + BATCH < count ? done + BATCH : count;
		const int64_t added = end - done;

		for (; done < end; done++) {
			row.user = FIRST_USER + done;
			home_members_insert(call_home(&c->call), &row);
		}
		members = home_member_counts_add(call_home(&c->call), channel, added);
		square_channels_set_members(call_square(&c->call), channel, members);
		if (fill_commit(c, err) < 0)
			return -1;
		if (done % (20 * BATCH) == 0)
			fprintf(stderr, "%" PRId64 " of %" PRId64 " subscribers\n", done, count);
	}
	printf("channel " NAME ": %" PRId64 " members\n", members);
	return 0;
}

int fill_subscribers(const char *dir, int64_t count, struct err *err)
{
	struct command_call c = {0};
	int64_t channel = 0;
	int result = -1;

	if (fill_make_folder(dir, err) < 0)
		return -1;
	if (command_call_open(&c, dir, err) == 0 && make_channel(&c, &channel, err) == 0)
		result = subscribe(&c, channel, count, err);
	command_call_close(&c);
	return result;
}
