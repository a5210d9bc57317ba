/* SPDX-License-Identifier: Apache-2.0 */
/* help.getConfig and help.getNearestDc: where the installation is, and what it allows.
 * https://core.telegram.org/api/config */
#include "api/handlers.h"
#include "api/reactions.h"
#include "core/call.h"
#include "core/chats/chats.h"
#include "core/dialogs/dialog_places.h"
#include "core/messages/entities.h"
#include "core/messages/messages.h"
#include "core/messages/sources.h"
#include "core/accounts/top_peers.h"
#include "core/accounts/users.h"

#define DC_COUNT 5	   /* that clients are built with */
#define CONFIG_LIFE_S 3600 /* until when a client need not ask again */
#define NO_LIMIT INT32_MAX

/* Of what is not there yet; no rule checks them, but clients take 0 for a broken answer. */
#define STICKERS_RECENT 200
#define STICKERS_FAVED 5
#define GIFS_SAVED 200
#define READ_MEDIA_PERIOD_S (7 * 86400)

static struct tl_object *dc_option(
	const struct call *call, int dc, const struct core_address *address)
{
	struct tl_dcOption *option = TL_NEW(call->arena, dcOption);

	option->id = dc;
	option->ip_address = bytes_from_str(address->ip);
	option->port = address->port;
	option->ipv6 = address->ipv6;
	/* Not `static`: TDLib then prefers the addresses that it was built with. */
	option->secret = address->secret;
	option->tcpo_only = address->secret.data != NULL;
	return &option->o;
}

/* Every DC is this installation: a client may have begun with any. One address after the other, so
 * that clients try the operator's first one first.
 * https://core.telegram.org/constructor/dcOption */
static struct tl_objects dc_options(const struct call *call)
{
	size_t addresses = call->env->address_count;
	struct tl_objects options = tl_objects_new(call->arena, (uint32_t)(DC_COUNT * addresses));

	for (size_t i = 0; i < DC_COUNT * addresses; i++)
		options.at[i] = dc_option(
			call, (int)(i % DC_COUNT) + 1, &call->env->addresses[i / DC_COUNT]);
	return options;
}

/* How often clients report and refresh, and how long they wait; of these a rule checks how long
 * "online" holds alone (core/accounts/users.h). */
static void config_times(struct tl_config *config)
{
	config->online_update_period_ms = 120000;
	config->offline_blur_timeout_ms = 5000;
	config->offline_idle_timeout_ms = 30000;
	config->online_cloud_timeout_ms = ONLINE_HOLDS_S * 1000;
	config->notify_cloud_delay_ms = 30000;
	config->notify_default_delay_ms = 1500;
	config->push_chat_period_ms = 60000;
	config->push_chat_limit = 2;
	config->call_receive_timeout_ms = 20000;
	config->call_ring_timeout_ms = 90000;
	config->call_connect_timeout_ms = 30000;
	config->call_packet_timeout_ms = 10000;
}

static void config_limits(struct tl_config *config)
{
	config->chat_size_max = CHAT_USERS_MAX;
	config->megagroup_size_max = NO_LIMIT; /* a post costs the same for any number */
	config->forwarded_count_max = FORWARDS_MAX;
	config->edit_time_limit = MESSAGE_EDIT_TIME_LIMIT_S;
	config->revoke_time_limit = NO_LIMIT;
	config->revoke_pm_time_limit = NO_LIMIT;
	config->revoke_pm_inbox = true;
	config->rating_e_decay = TOP_PEERS_DECAY_S;
	config->stickers_recent_limit = STICKERS_RECENT;
	config->stickers_faved_limit = STICKERS_FAVED;
	config->saved_gifs_limit = GIFS_SAVED;
	config->channels_read_media_period = READ_MEDIA_PERIOD_S;
	config->pinned_dialogs_count_max = DIALOGS_PINNED_MAX;
	config->pinned_infolder_count_max = DIALOGS_PINNED_ARCHIVE_MAX;
	config->caption_length_max = CAPTION_UNITS_MAX;
	config->message_length_max = MESSAGE_UNITS_MAX;
}

int api_help_getConfig(
	struct call *call, const struct tl_help_getConfig *req, struct tl_config *reply)
{
	reply->date = (int32_t)call->now_s;
	reply->expires = (int32_t)call->now_s + CONFIG_LIFE_S;
	/* TDLib asks again without end unless this is the DC that it thinks it talks to. */
	reply->this_dc = call->dc;
	reply->webfile_dc_id = call->dc;
	reply->dc_options = dc_options(call);
	reply->dc_txt_domain_name = BYTES_LITERAL("");
	reply->pfs_enabled = true;
	/* Stock clients make links of it, and open by themselves those of this host alone, as do
	 * invite links and exported ones. */
	reply->me_url_prefix = BYTES_LITERAL("https://t.me/");
	config_times(reply);
	config_limits(reply);
	reply->reactions_default = encode_default_reaction(call);
	return 0;
}

/* Where the caller is, Lontar does not look up. */
int api_help_getNearestDc(
	struct call *call, const struct tl_help_getNearestDc *req, struct tl_nearestDc *reply)
{
	reply->country = BYTES_LITERAL("");
	reply->this_dc = reply->nearest_dc = call->dc;
	return 0;
}
