/* SPDX-License-Identifier: Apache-2.0 */
/* help.*: what clients ask of the installation itself. https://core.telegram.org/api/config */
#include "api/handlers.h"
#include "core/call.h"
#include "core/country.h"
#include "core/users.h"

#define DC_COUNT 5
#define CONFIG_LIFE_S 3600
#define EMPTY_ANSWER_LIFE_S 86400 /* until when a client need not ask again */
#define NO_LIMIT INT32_MAX

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

static struct bytes me_url_prefix(const struct call *call)
{
	const struct core_address *first = &call->env->addresses[0];

	return bytes_from_str(arena_printf(call->arena,
		first->ipv6 ? "http://[%s]:%d/" : "http://%s:%d/", first->ip, first->port));
}

/* How often clients report and refresh. Online: core/users.h. */
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
	config->chat_size_max = 200;
	config->megagroup_size_max = 200000;
	config->forwarded_count_max = 100;
	config->edit_time_limit = 172800;
	config->revoke_time_limit = NO_LIMIT;
	config->revoke_pm_time_limit = NO_LIMIT;
	config->revoke_pm_inbox = true;
	config->rating_e_decay = 2419200;
	config->stickers_recent_limit = 200;
	config->stickers_faved_limit = 5;
	config->saved_gifs_limit = 200;
	config->channels_read_media_period = 604800;
	config->pinned_dialogs_count_max = 5;
	config->pinned_infolder_count_max = 100;
	config->caption_length_max = 1024;
	config->message_length_max = 4096;
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
	reply->me_url_prefix = me_url_prefix(call);
	config_times(reply);
	config_limits(reply);
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

struct app_setting {
	const char *key;
	enum { SETTING_TRUE, SETTING_FALSE, SETTING_NUMBER, SETTING_TEXT } kind;
	int number;
	const char *text;
};

/* https://core.telegram.org/api/config#client-configuration: what differs from a client's own
 * defaults, because Lontar doesn't have it, and the limits that it checks. */
static const struct app_setting app_settings[] = {
	{"about_length_limit_default", SETTING_NUMBER, ABOUT_CHARACTERS_MAX, NULL},
	{"about_length_limit_premium", SETTING_NUMBER, ABOUT_CHARACTERS_MAX, NULL},
	{"premium_purchase_blocked", SETTING_TRUE, 0, NULL},
	{"qr_login_camera", SETTING_FALSE, 0, NULL},
	{"qr_login_code", SETTING_TEXT, 0, "disabled"},
	{"stars_purchase_blocked", SETTING_TRUE, 0, NULL},
	{"stories_posting", SETTING_TEXT, 0, "disabled"},
};
/* Changes whenever the rows do: clients keep what they have while it is the same. */
#define APP_SETTINGS_HASH 1

static struct tl_object *setting_value(struct arena *arena, const struct app_setting *setting)
{
	if (setting->kind == SETTING_NUMBER) {
		struct tl_jsonNumber *number = TL_NEW(arena, jsonNumber);

		number->value = setting->number;
		return &number->o;
	}
	if (setting->kind == SETTING_TEXT) {
		struct tl_jsonString *text = TL_NEW(arena, jsonString);

		text->value = bytes_from_str(setting->text);
		return &text->o;
	}
	struct tl_jsonBool *boolean = TL_NEW(arena, jsonBool);

	boolean->value = setting->kind == SETTING_TRUE;
	return &boolean->o;
}

int api_help_getAppConfig(
	struct call *call, const struct tl_help_getAppConfig *req, struct tl_object **reply)
{
	const uint32_t count = sizeof(app_settings) / sizeof(app_settings[0]);
	struct tl_help_appConfig *out = TL_NEW(call->arena, help_appConfig);
	struct tl_jsonObject *json = TL_NEW(call->arena, jsonObject);

	if (req->hash == APP_SETTINGS_HASH) {
		*reply = &TL_NEW(call->arena, help_appConfigNotModified)->o;
		return 0;
	}
	json->value = tl_objects_new(call->arena, count);
	for (uint32_t i = 0; i < count; i++) {
		struct tl_jsonObjectValue *entry = TL_NEW(call->arena, jsonObjectValue);

		entry->key = bytes_from_str(app_settings[i].key);
		entry->value = setting_value(call->arena, &app_settings[i]);
		json->value.at[i] = &entry->o;
	}
	out->hash = APP_SETTINGS_HASH;
	out->config = &json->o;
	*reply = &out->o;
	return 0;
}

/* The table doesn't change while a version runs; neither does this. */
#define COUNTRIES_HASH 1

static struct tl_strings split_prefixes(struct arena *arena, const char *prefixes)
{
	struct tl_strings out = {0};

	if (!prefixes)
		return out;
	out.at = arena_array(arena, strlen(prefixes) / 2 + 1, sizeof(*out.at));
	while (*prefixes) {
		size_t size = strcspn(prefixes, " ");

		out.at[out.count++] = bytes_of(prefixes, size);
		prefixes += size;
		prefixes += strspn(prefixes, " ");
	}
	return out;
}

static struct tl_object *encode_country(struct arena *arena, const struct country *country)
{
	struct tl_help_country *out = TL_NEW(arena, help_country);
	struct tl_help_countryCode *code = TL_NEW(arena, help_countryCode);

	code->country_code = bytes_from_str(country->calling_code);
	code->prefixes = split_prefixes(arena, country->prefixes);
	out->iso2 = bytes_from_str(country->iso2);
	out->default_name = bytes_from_str(country->name);
	out->country_codes = tl_objects_new(arena, 1);
	out->country_codes.at[0] = &code->o;
	return &out->o;
}

int api_help_getCountriesList(
	struct call *call, const struct tl_help_getCountriesList *req, struct tl_object **reply)
{
	struct tl_help_countriesList *out = TL_NEW(call->arena, help_countriesList);
	const struct country *table;
	size_t count;

	if (req->hash == COUNTRIES_HASH) {
		*reply = &TL_NEW(call->arena, help_countriesListNotModified)->o;
		return 0;
	}
	table = country_table(&count);
	out->hash = COUNTRIES_HASH;
	out->countries = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		out->countries.at[i] = encode_country(call->arena, &table[i]);
	*reply = &out->o;
	return 0;
}

int api_help_getTermsOfServiceUpdate(struct call *call,
	const struct tl_help_getTermsOfServiceUpdate *req, struct tl_object **reply)
{
	struct tl_help_termsOfServiceUpdateEmpty *none =
		TL_NEW(call->arena, help_termsOfServiceUpdateEmpty);

	none->expires = (int32_t)call->now_s + EMPTY_ANSWER_LIFE_S;
	*reply = &none->o;
	return 0;
}

int api_help_getPromoData(
	struct call *call, const struct tl_help_getPromoData *req, struct tl_object **reply)
{
	struct tl_help_promoDataEmpty *none = TL_NEW(call->arena, help_promoDataEmpty);

	none->expires = (int32_t)call->now_s + EMPTY_ANSWER_LIFE_S;
	*reply = &none->o;
	return 0;
}

/* Programs come from their makers, not from here. */
int api_help_getAppUpdate(
	struct call *call, const struct tl_help_getAppUpdate *req, struct tl_object **reply)
{
	*reply = &TL_NEW(call->arena, help_noAppUpdate)->o;
	return 0;
}
