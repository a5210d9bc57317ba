/* SPDX-License-Identifier: Apache-2.0 */
/* One row per setting; the help texts become the comments of the lontar.ini that init writes. */
#include "server/settings.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "net/listener.h"
#include "server/gateway.h"
#include "server/public_addresses.h"

#define ROW(section, name, kind, field, text, low, high, help)                                     \
	{section, name, kind, offsetof(struct settings, field), text, low, high, help}

const struct config_row settings_rows[] = {
	ROW("server", "name", CONFIG_TEXT, name, "Lontar", 0, 0,
		"What users see as the name of this service."),
	ROW("server", "language", CONFIG_TEXT, language, "en", 0, 0,
		"What is spoken to people whose language is not known: en, id, or a pack of the "
		"operator's in lang/server."),
	ROW("server", "support", CONFIG_TEXT, support, "", 0, 0,
		"Number of the account that clients open when their user asks for help; nothing: "
		"there is none."),
	ROW("server", "listen", CONFIG_TEXT, listen, LISTEN_LOOPBACK, 0, 0,
		"Where to listen: loopback lets this machine alone connect (any address 127.x.x.x, "
		"and ::1);"
		" 0.0.0.0 is every address; or one numeric address."),
	ROW("server", "port", CONFIG_INT, port, "8443", 0, 65535,
		"TCP port of the messenger, all transports on one; 0 lets the system choose."),
	ROW("server", "public_addresses", CONFIG_TEXT, public_addresses, "127.0.0.1", 0, 0,
		"Numeric addresses that clients are told to connect to: those they reach this "
		"server by, the best first, so that it survives the blocking of some. A port may "
		"follow (203.0.113.1:443, [2001:db8::1]:443), and behind a space the word secret "
		"or tls: clients then use the first secret of [proxy] there."),
	{"server", "public_address", CONFIG_GONE, 0, NULL, 0, 0, "write public_addresses = ..."},
	ROW("server", "net_threads", CONFIG_INT, net_threads, "0", 0, 64,
		"Network threads; 0 means one per core."),
	ROW("server", "read_threads", CONFIG_INT, read_threads, "2", 1, 64,
		"Threads that read from the databases."),
	ROW("server", "connections_max", CONFIG_INT, conns_max, "15000", 16, 10000000,
		"Connections at once; the newcomer is turned away, never one that works. Stay "
		"below the"
		" limit of open files."),
	ROW("server", "newcomers_max", CONFIG_INT, newcomers_max, "6000", 16, 10000000,
		"Of these, connections on which nobody is logged in. Beyond it the one that has "
		"waited longest gives way to the newcomer: junk can not keep others out."),
	ROW("server", "newcomer_s", CONFIG_INT, newcomer_s, "60", 1, 86400,
		"Seconds in which a connection must show a key, whatever else it says."),
	ROW("server", "unfinished_mib", CONFIG_INT, unfinished_mib, "24", 4, 65536,
		"Memory for packets and requests that have not come whole yet, a third of it for "
		"newcomers. When it is full, connections take turns to send on."),
	ROW("server", "unread_mib", CONFIG_INT, unread_mib, "24", 4, 65536,
		"Memory for what clients have not read or acknowledged yet. When it is full, a "
		"session that leaves more than 128 KiB of updates unread is ended: its client asks "
		"for what it missed."),
	ROW("server", "address_connections_max", CONFIG_INT, address_conns_max, "4000", 0, 10000000,
		"Of these, connections of one address (of IPv6: of one subscriber's 64 bits): a "
		"flood from one place leaves room for others, a large network behind one address "
		"still fits. This machine itself is not bound. 0: no bound."),
	ROW("server", "calls_per_s", CONFIG_INT, calls_per_s, "200", 0, 100000,
		"Calls a second that one account may make for long with all its devices (ten "
		"seconds' worth at once); more answers FLOOD_WAIT. Stock clients make some ten a "
		"second while they load. 0: no bound."),
	ROW("server", "stranger_calls_per_s", CONFIG_INT, stranger_calls_per_s, "20", 0, 100000,
		"The same for a key on which nobody is logged in: logging in takes about ten "
		"calls, of which the costly ones count four. 0: no bound."),
	ROW("server", "address_calls_per_s", CONFIG_INT, address_calls_per_s, "200", 0, 100000,
		"The same for all such keys of one address, because keys are free to make. This "
		"machine itself is not bound. 0: no bound."),
	ROW("server", "handshakes_per_s", CONFIG_INT, handshakes_per_s, "20", 0, 100000,
		"Keys a second that one address may make for long (ten seconds' worth at once): "
		"each costs some 7 ms of computing. This machine itself is not bound. 0: no "
		"bound."),
	ROW("server", "handshake_threads", CONFIG_INT, handshake_threads, "0", 0, 64,
		"Threads that make keys, at lower priority than all else; 0 means one per core."),
	ROW("server", "handshakes_waiting_max", CONFIG_INT, handshakes_waiting_max, "1024", 1,
		100000,
		"Steps of key creation that may wait for those threads; a core does some 400 a "
		"second, so that the last of these waits a second or two. Who comes when it is "
		"full is told so (-429), and comes again."),
	ROW("server", "address_handshakes_waiting_max", CONFIG_INT, address_handshakes_waiting_max,
		"128", 1, 100000,
		"Of these, steps of one address: addresses take turns, so that a flood from one "
		"delays nobody else. This machine itself is not bound."),
	ROW("server", "handshakes_open_max", CONFIG_INT, handshakes_open_max, "16384", 16, 1000000,
		"Key creations that are half done, 2 KiB each at most; beyond, the oldest are "
		"given up. A client needs a second or two for one."),
	ROW("server", "key_pairs_max", CONFIG_INT, key_pairs_max, "1024", 0, 100000,
		"Diffie-Hellman pairs made ahead in idle time, half a KiB each: so many keys at "
		"once cost a quarter less."),
	ROW("server", "idle_keys_max", CONFIG_INT, idle_keys_max, "100000", 1000, 10000000,
		"Keys on which nobody is logged in that are kept on disk, some 400 bytes each; of "
		"more the longest unused go first, and after a week all."),
	ROW("server", "files_mib", CONFIG_INT, files_mib, "20000", 0, 1000000000,
		"Disk space for files of secret chats, in the home's database and its backups; "
		"each goes with its chat, or after 30 days. 0: none are taken."),
	ROW("server", "account_files_mib", CONFIG_INT, files_account_mib, "1000", 0, 1000000000,
		"Of these, files that one account has sent; the next is refused."),
	ROW("server", "trusted_proxies", CONFIG_TEXT, trusted_proxies, "", 0, 0,
		"Addresses of load balancers, e.g. 127.0.0.1, 10.0.0.0/8 (at most 16): each of "
		"their connections must begin with a PROXY header, version 1 or 2, and counts as "
		"that of the client it names. Nobody else may send one."),
	ROW("server", "hello_s", CONFIG_INT, hello_s, "30", 1, 600,
		"Seconds in which a newcomer must have shown what it speaks, PROXY header and TLS "
		"handshake included. A phone on a bad line takes some ten; fewer turn them away, "
		"more let idlers hold places."),
	ROW("server", "frame_s", CONFIG_INT, frame_s, "30", 1, 600,
		"Seconds for a packet or WebSocket frame from its first byte to its last, and for "
		"an HTTP body, beyond what frame_rate allows."),
	ROW("server", "frame_rate", CONFIG_INT, frame_rate, "256", 1, 1000000,
		"Bytes a second that keep it alive for longer: slower than any line on which a "
		"client can work, faster than whoever drips bytes to hold places."),
	ROW("server", "http_head_s", CONFIG_INT, http_head_s, "20", 1, 600,
		"Seconds for the head of an HTTP request, from its first byte; then 408."),
	ROW("tls", "certificate", CONFIG_TEXT, certificate, "", 0, 0,
		"PEM file of the certificate with its chain, in the data directory or with its "
		"whole path; empty: no TLS. Messenger and desk then speak TLS on their ports, "
		"beside what they speak without it. SIGHUP to lontar serve reads it again."),
	ROW("tls", "key", CONFIG_TEXT, certificate_key, "", 0, 0,
		"PEM file of its private key, not encrypted."),
	ROW("web", "origins", CONFIG_TEXT, origins, "", 0, 0,
		"Sites whose pages may open a WebSocket or post to /api here, e.g. "
		"https://chat.example, separated by spaces; * is every site. Pages from this "
		"server itself always may, and so may clients that are no browsers."),
	ROW("web", "geoip", CONFIG_TEXT, geoip, "", 0, 0,
		"MaxMind DB file with countries of addresses (GeoLite2-Country.mmdb or another's), "
		"in the data directory or with its whole path: public pages then don't show to "
		"readers of a country what is restricted there. Empty: they show it."),
	ROW("proxy", "secrets", CONFIG_TEXT, proxy_secrets, "", 0, 0,
		"For where Telegram's protocol is blocked: secrets of proxy links, 32 hex digits "
		"each, several separated by commas so that one can be retired. dd in front "
		"demands the padded framing, ee in front fake TLS. `lontar proxy-link --new` "
		"makes one."),
	ROW("proxy", "site", CONFIG_TEXT, proxy_site, "", 0, 0,
		"name:port of a website with TLS 1.3, e.g. www.example.org:443, that fake TLS "
		"pretends to be. Whoever has no secret is passed on to it. Empty: no fake TLS."),
	ROW("proxy", "site_address", CONFIG_TEXT, proxy_site_address, "", 0, 0,
		"address:port to reach that site by, if its name leads to this server or to an "
		"address inside. Empty: by its name."),
	ROW("proxy", "only", CONFIG_BOOL, proxy_only, "no", 0, 0,
		"yes: nobody is served without a secret, but this machine itself; others see the "
		"site, or nothing."),
	ROW("proxy", "strangers_max", CONFIG_INT, strangers_max, "256", 1, 4096,
		"Connections passed on to the site at once, 40 KiB each; more are closed."),
	ROW("proxy", "address_strangers_max", CONFIG_INT, address_strangers_max, "32", 1, 4096,
		"Of these, connections of one address (of IPv6: of one subscriber's 64 bits): "
		"as many as a browser opens, not as many as a flood does."),
	ROW("login", "codes", CONFIG_TEXT, codes, "auto", 0, 0,
		"Where login codes go: console prints them on standard output; sessions sends them "
		"to the account's other devices, and by [codes] to who has none or asks again; "
		"auto is console while listening on loopback alone without a webhook."),
	ROW("login", "signup", CONFIG_TEXT, signup, "open", 0, 0,
		"Who may make an account: open is everybody with a number, invited is whose number "
		"`lontar invite` let in, closed is nobody (`lontar user add` still makes "
		"accounts)."),
	ROW("login", "terms", CONFIG_TEXT, terms, "", 0, 0,
		"Text file of the terms of service, in the data directory or with its whole path: "
		"newcomers are shown it, and everybody when it has changed. Empty: none."),
	ROW("codes", "webhook", CONFIG_TEXT, webhook, "", 0, 0,
		"https address that login codes for phones are posted to as JSON, with a signature "
		"(docs/operating.md): a small program of yours or your SMS provider's. Empty: "
		"none."),
	ROW("codes", "webhook_secret", CONFIG_TEXT, webhook_secret, "", 0, 0,
		"What webhook and its receiver know, 32 random characters or more."),
	ROW("codes", "smtp", CONFIG_TEXT, smtp, "", 0, 0,
		"Mail server for e-mail codes: smtps://host:465 (TLS), smtp://host:587 (STARTTLS), "
		"or smtp+plain://127.0.0.1:25 (no TLS, only to what inside names). Empty: none."),
	ROW("codes", "smtp_from", CONFIG_TEXT, smtp_from, "", 0, 0,
		"Address that such letters come from."),
	ROW("codes", "smtp_user", CONFIG_TEXT, smtp_user, "", 0, 0,
		"Name to log in to the mail server with; empty: no login."),
	ROW("codes", "smtp_password", CONFIG_TEXT, smtp_password, "", 0, 0,
		"Password to log in to the mail server with."),
	ROW("codes", "inside", CONFIG_TEXT, inside, "", 0, 0,
		"Numeric addresses with ports, separated by commas without spaces, that webhook "
		"and "
		"smtp may be at although they are on this machine or in your own network, or on "
		"an uncommon port, e.g. 127.0.0.1:8080,10.0.0.7:25."),
	ROW("desk", "port", CONFIG_INT, desk_port, "8444", 0, 65535,
		"TCP port of the moderation desk and its public pages; 0 lets the system choose."),
	ROW("metrics", "port", CONFIG_INT, metrics_port, "9090", 0, 65535,
		"Port on 127.0.0.1 for /metrics and /healthz; 0 turns them off."),
	ROW("log", "level", CONFIG_TEXT, log_level, "info", 0, 0,
		"Least level that is logged: debug, info, warn or error."),
	{NULL, NULL, CONFIG_INT, 0, NULL, 0, 0, NULL},
};

bool settings_signup_known(const char *signup)
{
	return strcmp(signup, "open") == 0 || strcmp(signup, "invited") == 0 ||
	       strcmp(signup, "closed") == 0;
}

bool settings_codes_known(const char *codes)
{
	return strcmp(codes, "auto") == 0 || strcmp(codes, "console") == 0 ||
	       strcmp(codes, "sessions") == 0;
}

/* Here, so that `lontar serve` says what is wrong instead of starting a messenger that can't. */
static int check_lists(const struct settings *settings, struct err *err)
{
	struct public_addresses addresses;
	struct address_ranges proxies;
	struct proxy_settings proxy;
	int rc = proxy_settings_read(&proxy, settings, err);

	if (rc == 0)
		rc = public_addresses_read(&addresses, settings->public_addresses, &proxy, err);
	bytes_wipe(&addresses, sizeof(addresses));
	bytes_wipe(&proxy, sizeof(proxy));
	return rc == 0 ? address_ranges_parse(&proxies, settings->trusted_proxies, err) : rc;
}

static int check_places(const struct settings *settings, struct err *err)
{
	const int64_t ports[] = {settings->port, settings->desk_port, settings->metrics_port};
	struct address listen;

	for (size_t i = 1; i < ARRAY_LEN(ports); i++)
		for (size_t j = 0; j < i; j++)
			if (ports[i] && ports[i] == ports[j])
				return err_set(err, 0,
					"[server], [desk] and [metrics] each need a port of their "
					"own: "
					"%lld is there twice",
					(long long)ports[i]);
	if (*settings->listen && strcmp(settings->listen, LISTEN_LOOPBACK) != 0 &&
		address_parse(&listen, settings->listen, 0, NULL) < 0)
		return err_set(
			err, 0, "[server] listen is loopback, 0.0.0.0 or one numeric address");
	if (!settings->certificate[0] != !settings->certificate_key[0])
		return err_set(err, 0, "[tls] certificate and key belong together");
	return 0;
}

int settings_load(const char *path, struct settings *out, struct err *err)
{
	if (config_defaults(settings_rows, out, err) < 0 ||
		config_load(settings_rows, path, out, err) < 0)
		return -1;
	if (!settings_codes_known(out->codes))
		return err_set(err, 0, "%s: [login] codes is console, sessions or auto", path);
	if (!settings_signup_known(out->signup))
		return err_set(err, 0, "%s: [login] signup is open, invited or closed", path);
	if (gateway_check(out, err) < 0)
		return -1;
	if (!log_set_level_by_name(out->log_level))
		return err_set(err, 0, "%s: [log] level is debug, info, warn or error", path);
	return check_lists(out, err) < 0 ? -1 : check_places(out, err);
}

bool settings_codes_to_console(const struct settings *settings)
{
	if (strcmp(settings->codes, "auto") != 0)
		return strcmp(settings->codes, "console") == 0;
	if (gateway_has_phones(settings))
		return false;
	return strcmp(settings->listen, LISTEN_LOOPBACK) == 0 ||
	       strncmp(settings->listen, "127.", 4) == 0 || strcmp(settings->listen, "::1") == 0;
}

int settings_net_threads(const struct settings *settings)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (settings->net_threads > 0)
		return (int)settings->net_threads;
	return cores < 1 ? 1 : cores > NET_THREADS_MAX ? NET_THREADS_MAX : (int)cores;
}
