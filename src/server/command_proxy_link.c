/* SPDX-License-Identifier: Apache-2.0 */
/* lontar proxy-link: links that clients can be given where the protocol is blocked. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/public_addresses.h"
#include "server/settings_edit.h"

static const char usage[] =
	"Usage: lontar proxy-link [--data DIR] [--new] [--site NAME:PORT]\n"
	"\n"
	"Prints a link for every secret and public address of the installation in DIR (./data). "
	"Who\n"
	"opens one in a Telegram client connects by it, obfuscated with the secret (dd) or in what "
	"looks\n"
	"like TLS to a website (ee). docs/operating.md says what that hides and what not.\n"
	"\n"
	"  --new             makes a secret and writes it into lontar.ini, in front of those that "
	"are\n"
	"                    there: they go on working until you take them out\n"
	"  --site NAME:PORT  writes the website that is pretended to be into lontar.ini: one with "
	"TLS 1.3\n"
	"                    that is not blocked, best of your own\n"
	"\n"
	"Both take effect when `lontar serve` is started again.\n"
	"\n"
	"Example: lontar proxy-link --data ./data --new --site www.example.org:443\n";

struct link_args {
	const char *data, *site;
	bool fresh, help;
};

static int parse_args(int argc, char **argv, struct link_args *args)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"new", no_argument, NULL, 'n'}, {"site", required_argument, NULL, 's'},
		{"help", no_argument, NULL, 'h'}, {0}};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'd')
			args->data = optarg;
		else if (c == 's')
			args->site = optarg;
		else if (c == 'n')
			args->fresh = true;
		else if (c == 'h')
			args->help = true;
		else
			return -1;
	}
	return optind == argc ? 0 : -1;
}

/* ---- Writing ---- */

static int add_secret(const struct installation *in, const char *path, struct err *err)
{
	const char *old = in->settings.proxy_secrets;
	uint8_t secret[TRANSPORT_SECRET_SIZE];
	char list[CONFIG_TEXT_MAX], hex[2 * TRANSPORT_SECRET_SIZE + 1];
	size_t size;
	int rc;

	random_fill(&random_system, secret, sizeof(secret));
	for (size_t i = 0; i < sizeof(secret); i++)
		snprintf(hex + 2 * i, 3, "%02x", secret[i]);
	size = (size_t)snprintf(list, sizeof(list), "%s%s%s", hex, *old ? ", " : "", old);
	if (size >= sizeof(list))
		return err_set(err, 0, "there are too many secrets: take one out of %s", path);
	rc = settings_edit(path, "proxy", "secrets", list, err);
	bytes_wipe(secret, sizeof(secret));
	bytes_wipe(list, sizeof(list));
	bytes_wipe(hex, sizeof(hex));
	return rc;
}

/* A name alone means the usual port. */
static int set_site(const char *path, const char *site, struct err *err)
{
	char text[CONFIG_TEXT_MAX], host[SITE_NAME_MAX + 1], port[6];

	snprintf(text, sizeof(text), "%s%s", site, strchr(site, ':') ? "" : ":443");
	if (site_name_split(text, host, port, err) < 0)
		return -1;
	return settings_edit(path, "proxy", "site", text, err);
}

/* The secret first: a site without one would be a mistake that every command refuses. */
static int write_settings(struct installation *in, const struct link_args *args, struct err *err)
{
	if (args->fresh && add_secret(in, in->ini, err) < 0)
		return -1;
	if (args->site && set_site(in->ini, args->site, err) < 0)
		return -1;
	return settings_load(in->ini, &in->settings, err);
}

/* ---- Printing ---- */

static void print_link(const struct core_address *address, const uint8_t *secret, size_t size)
{
	static const char *const heads[] = {"tg://proxy", "https://t.me/proxy"};

	for (size_t i = 0; i < 2; i++) {
		printf("    %s?server=%s&port=%d&secret=", heads[i], address->ip, address->port);
		for (size_t at = 0; at < size; at++)
			printf("%02x", secret[at]);
		putchar('\n');
	}
}

static void print_form(const struct proxy_settings *proxy, size_t number, enum proxy_form form,
	const struct public_addresses *addresses)
{
	uint8_t secret[PROXY_SECRET_MAX];
	size_t size;

	if (!proxy_has_form(proxy, number, form))
		return;
	size = proxy_secret_put(proxy, number, form, secret);
	if (form == PROXY_TLS)
		printf("  looks like TLS to %s:\n", proxy->site);
	else
		printf("  looks like noise:\n");
	for (size_t i = 0; i < addresses->count; i++)
		print_link(&addresses->at[i], secret, size);
	bytes_wipe(secret, sizeof(secret));
}

static int print_links(const struct installation *in, struct err *err)
{
	struct public_addresses addresses;
	struct proxy_settings proxy;

	if (proxy_settings_read(&proxy, &in->settings, err) < 0 ||
		public_addresses_read(&addresses, in->settings.public_addresses, &proxy, err) < 0)
		return -1;
	if (proxy.count == 0)
		return err_set(err, 0,
			"there is no secret yet; make one with: lontar proxy-link --data %s --new "
			"--site www.example.org:443",
			in->dir);
	public_addresses_set_port(&addresses, (uint16_t)in->settings.port);
	for (size_t i = 0; i < proxy.count; i++) {
		printf("Secret %zu\n", i + 1);
		print_form(&proxy, i, PROXY_TLS, &addresses);
		print_form(&proxy, i, PROXY_PADDED, &addresses);
	}
	if (strncmp(addresses.at[0].ip, "127.", 4) == 0)
		printf("\n%s is reached from this machine only: [server] public_addresses and "
		       "listen in\n%s\n",
			addresses.at[0].ip, in->ini);
	bytes_wipe(&proxy, sizeof(proxy));
	return 0;
}

int command_proxy_link(int argc, char **argv)
{
	struct link_args args = {.data = "./data"};
	struct installation in = {0};
	struct err err = {0};

	if (parse_args(argc, argv, &args) < 0) {
		fputs(usage, stderr);
		return 2;
	}
	if (args.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (installation_open(&in, args.data, &err) < 0 || write_settings(&in, &args, &err) < 0 ||
		print_links(&in, &err) < 0) {
		fprintf(stderr, "lontar proxy-link: %s\n", err.text);
		return 1;
	}
	if (args.fresh || args.site)
		printf("\nWritten to %s. Start `lontar serve` again to use it.\n", in.ini);
	return 0;
}
