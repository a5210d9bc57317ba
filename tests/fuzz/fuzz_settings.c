/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operator writes: lontar.ini as a whole, the secrets and addresses in it, and what
 * `lontar proxy-link` changes there. The first byte chooses. What is accepted can be written down
 * again and means the same; a changed file is read as it was, but for the change.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "server/public_addresses.h"
#include "server/settings_edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void write_file(const char *path, struct bytes text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	require(fd >= 0 && write(fd, text.data, text.size) == (ssize_t)text.size);
	close(fd);
}

/* A file that is nowhere. */
static const char *own_file(void)
{
	static char path[64];

	if (!path[0])
		snprintf(path, sizeof(path), "/proc/self/fd/%d", memfd_create("settings", 0));
	return path;
}

static int load(struct bytes text, struct settings *out)
{
	struct err err = {0};
	int rc;

	memset(out, 0, sizeof(*out)); /* also behind the ends of texts, to compare */
	write_file(own_file(), text);
	rc = settings_load(own_file(), out, &err);
	require(rc == 0 || err.text[0]);
	return rc;
}

/* The next line of the input, as text in out. */
static void take_line(struct bytes *in, char out[CONFIG_TEXT_MAX])
{
	size_t size = 0;

	while (size < in->size && in->data[size] != '\n' && in->data[size])
		size++;
	snprintf(out, CONFIG_TEXT_MAX, "%.*s", (int)size, (const char *)in->data);
	size += size < in->size;
	in->data += size;
	in->size -= size;
}

static void check_secret(const struct proxy_settings *proxy, size_t number, enum proxy_form form)
{
	static struct settings settings;
	struct proxy_settings again;
	uint8_t secret[PROXY_SECRET_MAX];
	struct err err;
	size_t size;

	if (!proxy_has_form(proxy, number, form))
		return;
	size = proxy_secret_put(proxy, number, form, secret);
	require(size >= 1 + TRANSPORT_SECRET_SIZE && size <= sizeof(secret));
	if (2 * size >= CONFIG_TEXT_MAX)
		return;
	for (size_t i = 0; i < size; i++)
		snprintf(settings.proxy_secrets + 2 * i, 3, "%02x", secret[i]);
	snprintf(settings.proxy_site, CONFIG_TEXT_MAX, "%s%s%s",
		strchr(proxy->site, ':') ? "[" : "", proxy->site,
		strchr(proxy->site, ':') ? "]:443" : ":443");
	if (!proxy->site[0])
		settings.proxy_site[0] = 0;
	require(proxy_settings_read(&again, &settings, &err) == 0 && again.count == 1);
	require(memcmp(again.secrets[0].bytes, proxy->secrets[number].bytes,
			TRANSPORT_SECRET_SIZE) == 0);
	require(strcmp(again.site, proxy->site) == 0);
}

static void proxy_lines(struct bytes in)
{
	static struct settings settings;
	struct proxy_settings proxy;
	struct public_addresses addresses;
	char text[CONFIG_TEXT_MAX];
	struct err err;

	take_line(&in, settings.proxy_site);
	take_line(&in, settings.proxy_site_address);
	take_line(&in, settings.proxy_secrets);
	take_line(&in, text);
	settings.proxy_only = in.size & 1;
	if (proxy_settings_read(&proxy, &settings, &err) < 0)
		return;
	require(proxy.count <= PROXY_SECRETS_MAX && (proxy.count > 0 || !proxy.only));
	for (size_t i = 0; i < proxy.count; i++) {
		check_secret(&proxy, i, PROXY_PADDED);
		check_secret(&proxy, i, PROXY_TLS);
	}
	if (public_addresses_read(&addresses, text, &proxy, &err) < 0)
		return;
	public_addresses_set_port(&addresses, 443);
	require(addresses.count >= 1 && addresses.count <= PUBLIC_ADDRESSES_MAX);
	for (size_t i = 0; i < addresses.count; i++) {
		const struct core_address *at = &addresses.at[i];
		struct address address;

		require(at->port > 0 && at->port < 65536);
		require(address_parse(&address, at->ip, 0, &err) == 0);
		require(address_is_ipv4(&address) == !at->ipv6);
	}
}

/* Two files beside one another: the edited one is renamed. */
static void edit(struct bytes in)
{
	static char path[64];
	static struct settings before, after;
	struct err err = {0};
	struct bytes text;
	char read_back[16384];
	FILE *file;

	if (!path[0])
		snprintf(path, sizeof(path), "/dev/shm/lontar-fuzz-%d.ini", (int)getpid());
	if (memchr(in.data, 0, in.size) || load(in, &before) < 0)
		return;
	write_file(path, in);
	require(settings_edit(path, "server", "name", "Another", &err) == 0);
	file = fopen(path, "re");
	require(file != NULL);
	text = bytes_of(read_back, fread(read_back, 1, sizeof(read_back), file));
	fclose(file);
	unlink(path);
	require(text.size == sizeof(read_back) || load(text, &after) == 0);
	if (text.size == sizeof(read_back))
		return;
	require(strcmp(after.name, "Another") == 0);
	memcpy(before.name, after.name, sizeof(before.name));
	require(memcmp(&before, &after, sizeof(before)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings settings;
	struct bytes in = bytes_of(data + 1, size - 1);

	if (size < 1)
		return 0;
	switch (data[0] % 4) {
	case 0:
		(void)!load(in, &settings);
		break;
	case 1:
		edit(in);
		break;
	default:
		proxy_lines(in);
	}
	return 0;
}
