/* SPDX-License-Identifier: Apache-2.0 */
/* help.getCountriesList: what clients draw the choice of a calling code from. */
#include "api/encode_list.h"
#include "api/handlers.h"
#include "core/call.h"
#include "core/accounts/country.h"

/* Of what is answered: another version of Lontar may know other countries. Never 0, which is what
 * those present who have nothing. */
static int32_t table_hash(const struct country *table, size_t count)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < count; i++) {
		hash = list_hash_text(hash, table[i].iso2);
		hash = list_hash_text(hash, table[i].calling_code);
		hash = list_hash_text(hash, table[i].prefixes ? table[i].prefixes : "");
		hash = list_hash_text(hash, table[i].name);
	}
	return (int32_t)(hash | 1);
}

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
	size_t count;
	const struct country *table = country_table(&count);

	out->hash = table_hash(table, count);
	if (req->hash == out->hash) {
		*reply = &TL_NEW(call->arena, help_countriesListNotModified)->o;
		return 0;
	}
	out->countries = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		out->countries.at[i] = encode_country(call->arena, &table[i]);
	*reply = &out->o;
	return 0;
}
