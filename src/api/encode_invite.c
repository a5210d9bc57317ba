/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode_invite.h"

#include "core/channels/join_requests.h"
#include "core/channels/roster.h"
#include "tl/schema.h"

struct tl_object *encode_invite_link(struct arena *arena, const struct home_invite_link *link)
{
	struct tl_chatInviteExported *out = TL_NEW(arena, chatInviteExported);

	out->revoked = link->revoked;
	out->permanent = link->permanent;
	out->request_needed = link->asks;
	out->link = invite_link_text(arena, link);
	out->admin_id = link->admin;
	out->date = (int32_t)link->made_at_s;
	out->expire_date = (int32_t)link->until_s;
	out->has_expire_date = link->until_s != 0;
	out->usage_limit = link->limit;
	out->has_usage_limit = link->limit != 0;
	out->usage = link->uses;
	out->has_usage = link->uses != 0;
	out->requested = link->requested;
	out->has_requested = link->requested != 0;
	if (link->title.size > 0)
		out->title = link->title;
	return &out->o;
}

struct invite_glance encode_invite_glance(
	struct call *call, struct peer peer, struct roster *roster)
{
	struct invite_glance glance = {0};
	struct home_invite_link link;
	struct join_requests requests;

	if (invite_link_own(call, peer, &link))
		glance.link = encode_invite_link(call->arena, &link);
	join_requests_glance(call, peer, &requests);
	glance.waiting = (int32_t)requests.waiting;
	glance.recent_count = requests.recent_count;
	glance.recent = arena_array(call->arena, requests.recent_count, sizeof(*glance.recent));
	for (size_t i = 0; i < requests.recent_count; i++) {
		glance.recent[i] = requests.recent[i];
		roster_add(roster, (struct peer){PEER_USER, requests.recent[i]});
	}
	return glance;
}
