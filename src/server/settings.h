/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of an installation: the rows of lontar.ini, and what the command line overrides. */
#ifndef SERVER_SETTINGS_H
#define SERVER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"

enum codes_mode { CODES_CONSOLE, CODES_SESSIONS };

struct settings {
	char name[CONFIG_TEXT_MAX], support[CONFIG_TEXT_MAX], language[CONFIG_TEXT_MAX];
	char listen[CONFIG_TEXT_MAX];		/* numeric address, "" for every address */
	char public_addresses[CONFIG_TEXT_MAX]; /* public_addresses.h */
	char codes[CONFIG_TEXT_MAX];		/* "console", "sessions" or "auto" */
	char signup[CONFIG_TEXT_MAX];		/* "open", "invited" or "closed" */
	char terms[CONFIG_TEXT_MAX];		/* a file; "": none */
	char webhook[CONFIG_TEXT_MAX], webhook_secret[CONFIG_TEXT_MAX]; /* gateway.h */
	char smtp[CONFIG_TEXT_MAX], smtp_from[CONFIG_TEXT_MAX];
	char smtp_user[CONFIG_TEXT_MAX], smtp_password[CONFIG_TEXT_MAX];
	char inside[CONFIG_TEXT_MAX];
	char trusted_proxies[CONFIG_TEXT_MAX];
	char certificate[CONFIG_TEXT_MAX], certificate_key[CONFIG_TEXT_MAX];
	char origins[CONFIG_TEXT_MAX], geoip[CONFIG_TEXT_MAX];
	char log_level[CONFIG_TEXT_MAX];
	char proxy_secrets[CONFIG_TEXT_MAX]; /* proxy_settings.h reads these three */
	char proxy_site[CONFIG_TEXT_MAX], proxy_site_address[CONFIG_TEXT_MAX];
	bool proxy_only;
	int64_t strangers_max, address_strangers_max;
	int64_t port, desk_port, metrics_port;
	int64_t net_threads, read_threads;
	int64_t hello_s, frame_s, frame_rate, http_head_s;
	int64_t newcomers_max, newcomer_s, unfinished_mib, unread_mib;
	int64_t conns_max, address_conns_max;
	int64_t calls_per_s, stranger_calls_per_s, address_calls_per_s, handshakes_per_s;
	int64_t idle_keys_max;
	int64_t files_account_mib, files_mib;
	int64_t handshake_threads, handshakes_waiting_max, address_handshakes_waiting_max;
	int64_t handshakes_open_max, key_pairs_max;
};

extern const struct config_row settings_rows[];

/* "open", "invited" or "closed". */
bool settings_signup_known(const char *signup);
/* "console", "sessions" or "auto". */
bool settings_codes_known(const char *codes);
/* Reads DIR/lontar.ini over the defaults, and sets the level of this process's log. */
MUST_CHECK int settings_load(const char *path, struct settings *out, struct err *err);
#define NET_THREADS_MAX 64

/* As asked for, or one per core. */
int settings_net_threads(const struct settings *settings);
/* Whether login codes are printed: as asked for, or when only this machine can connect. */
bool settings_codes_to_console(const struct settings *settings);

#endif
