/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table of apps. Who may log in has nothing to do with it. */
#include "core/accounts/apps.h"

static const struct {
	int32_t api_id;
	const char *name, *platform; /* NULL: runs on several */
} apps[] = {
	{4, "Telegram Android", "Android"},
	{6, "Telegram Android", "Android"},
	{8, "Telegram iOS", "iOS"},
	{2040, "Telegram Desktop", NULL},
	{2496, "Telegram Web", "Web"},
	{2834, "Telegram macOS", "macOS"},
	{10840, "Telegram iOS", "iOS"},
	{17349, "Telegram Desktop", NULL},
	{21724, "Telegram X", "Android"},
	{50322, "Telegram Desktop", NULL}, /* as distributions build it */
	{94575, "TDLib", NULL},
	{1025907, "Telegram Web K", "Web"},
};

const char *app_name(int32_t api_id)
{
	for (size_t i = 0; i < ARRAY_LEN(apps); i++) {
		if (apps[i].api_id == api_id)
			return apps[i].name;
	}
	return "";
}

/* "Windows 11 x64" is Windows. */
static struct bytes first_word(struct bytes text)
{
	size_t size = 0;

	while (size < text.size && text.data[size] != ' ')
		size++;
	return bytes_of(text.data, size);
}

struct bytes app_platform(const struct home_device *device)
{
	for (size_t i = 0; i < ARRAY_LEN(apps); i++) {
		if (apps[i].api_id == device->api_id && apps[i].platform)
			return bytes_from_str(apps[i].platform);
	}
	return first_word(device->system_version);
}

struct bytes app_describe(struct arena *arena, const struct home_device *device)
{
	const char *name = app_name(device->api_id);

	if (!device->model.data)
		return BYTES_LITERAL("unknown device");
	return bytes_from_str(arena_printf(arena, "%.*s, %s %.*s, %.*s", (int)device->model.size,
		(const char *)device->model.data, name[0] ? name : "app",
		(int)device->app_version.size, (const char *)device->app_version.data,
		(int)device->system_version.size, (const char *)device->system_version.data));
}
