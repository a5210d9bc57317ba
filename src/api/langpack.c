/* SPDX-License-Identifier: Apache-2.0 */
/* langpack.*: the packs of the kind of client that asks, as the operator put them there
 * (core/languages.h). Without any, clients stay with the languages that they have built in.
 * https://core.telegram.org/api/translations */
#include "api/handlers.h"
#include "core/call.h"
#include "core/languages.h"

#define KEYS_MAX 2000 /* in one call */

/* Clients for which there may be packs although nobody put one there. */
static const char *const clients[] = {
	"android", "android_x", "ios", "macos", "tdesktop", "weba", "webk", "unigram"};

static const struct languages *languages_of(const struct call *call)
{
	static const struct languages none;

	return call->env->languages ? call->env->languages : &none;
}

static int check_client(struct call *call, struct bytes client)
{
	const struct languages *all = languages_of(call);

	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]); i++) {
		if (bytes_equal_str(client, clients[i]))
			return 0;
	}
	for (size_t i = 0; i < all->count; i++) {
		if (bytes_equal(client, all->packs[i].client))
			return 0;
	}
	return rpc_error(call, 400, "LANG_PACK_INVALID");
}

static int take_pack(
	struct call *call, struct bytes client, struct bytes code, const struct language_pack **out)
{
	if (check_client(call, client) < 0)
		return -1;
	*out = language_pack_find(call->env->languages, client, code);
	return *out ? 0 : rpc_error(call, 400, "LANG_CODE_NOT_SUPPORTED");
}

static void fill_language(const struct language_pack *pack, struct tl_langPackLanguage *out)
{
	out->name = pack->name;
	out->native_name = pack->native_name;
	out->lang_code = pack->code;
	out->base_lang_code = pack->base;
	out->plural_code = pack->plural_code;
	out->rtl = pack->rtl;
	out->strings_count = out->translated_count = (int32_t)pack->count;
	out->translations_url = BYTES_LITERAL("");
}

static struct tl_object *encode_string(struct arena *arena, const struct language_string *string)
{
	struct tl_langPackStringPluralized *forms;
	struct tl_langPackString *one;

	if (!string->plural) {
		one = TL_NEW(arena, langPackString);
		one->key = string->key;
		one->value = string->forms[FORM_OTHER];
		return &one->o;
	}
	forms = TL_NEW(arena, langPackStringPluralized);
	forms->key = string->key;
	forms->zero_value = string->forms[FORM_ZERO];
	forms->one_value = string->forms[FORM_ONE];
	forms->two_value = string->forms[FORM_TWO];
	forms->few_value = string->forms[FORM_FEW];
	forms->many_value = string->forms[FORM_MANY];
	forms->other_value = string->forms[FORM_OTHER];
	return &forms->o;
}

static void fill_difference(struct arena *arena, const struct language_pack *pack,
	int32_t from_version, struct tl_langPackDifference *out)
{
	out->lang_code = pack->code;
	out->from_version = from_version;
	out->version = pack->version;
	if (from_version == pack->version)
		return;
	out->strings = tl_objects_new(arena, (uint32_t)pack->count);
	for (size_t i = 0; i < pack->count; i++)
		out->strings.at[i] = encode_string(arena, &pack->strings[i]);
}

int api_langpack_getLanguages(
	struct call *call, const struct tl_langpack_getLanguages *req, struct tl_objects *reply)
{
	const struct languages *all = languages_of(call);

	if (check_client(call, req->lang_pack) < 0)
		return -1;
	*reply = tl_objects_new(call->arena, (uint32_t)all->count);
	reply->count = 0;
	for (size_t i = 0; i < all->count; i++) {
		struct tl_langPackLanguage *language;

		if (!bytes_equal(all->packs[i].client, req->lang_pack))
			continue;
		language = TL_NEW(call->arena, langPackLanguage);
		fill_language(&all->packs[i], language);
		reply->at[reply->count++] = &language->o;
	}
	return 0;
}

int api_langpack_getLanguage(struct call *call, const struct tl_langpack_getLanguage *req,
	struct tl_langPackLanguage *reply)
{
	const struct language_pack *pack;

	if (take_pack(call, req->lang_pack, req->lang_code, &pack) < 0)
		return -1;
	fill_language(pack, reply);
	return 0;
}

int api_langpack_getLangPack(struct call *call, const struct tl_langpack_getLangPack *req,
	struct tl_langPackDifference *reply)
{
	const struct language_pack *pack;

	if (take_pack(call, req->lang_pack, req->lang_code, &pack) < 0)
		return -1;
	fill_difference(call->arena, pack, 0, reply);
	return 0;
}

/* What changed is not kept: whoever has another version gets all of the newest. */
int api_langpack_getDifference(struct call *call, const struct tl_langpack_getDifference *req,
	struct tl_langPackDifference *reply)
{
	const struct language_pack *pack;

	if (take_pack(call, req->lang_pack, req->lang_code, &pack) < 0)
		return -1;
	fill_difference(call->arena, pack, req->from_version, reply);
	return 0;
}

int api_langpack_getStrings(
	struct call *call, const struct tl_langpack_getStrings *req, struct tl_objects *reply)
{
	const struct language_pack *pack;

	if (req->keys.count > KEYS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (take_pack(call, req->lang_pack, req->lang_code, &pack) < 0)
		return -1;
	*reply = tl_objects_new(call->arena, req->keys.count);
	for (uint32_t i = 0; i < req->keys.count; i++) {
		const struct language_string *found = language_string_find(pack, req->keys.at[i]);
		struct tl_langPackStringDeleted *none;

		if (found) {
			reply->at[i] = encode_string(call->arena, found);
			continue;
		}
		none = TL_NEW(call->arena, langPackStringDeleted);
		none->key = req->keys.at[i];
		reply->at[i] = &none->o;
	}
	return 0;
}
