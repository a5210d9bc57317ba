/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of [proxy] and the list of public addresses, read; one setting changed in a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/public_addresses.h"
#include "server/settings_edit.h"

#define HEX "000102030405060708090a0b0c0d0e0f"
#define NAME_HEX "7777772e6578616d706c652e6f7267" /* www.example.org */

static int read_proxy(struct proxy_settings *out, const char *secrets, const char *site)
{
	static struct settings settings;
	struct err err;

	memset(&settings, 0, sizeof(settings));
	snprintf(settings.proxy_secrets, sizeof(settings.proxy_secrets), "%s", secrets);
	snprintf(settings.proxy_site, sizeof(settings.proxy_site), "%s", site);
	return proxy_settings_read(out, &settings, &err);
}

static void secrets_in_every_form(void **state)
{
	struct proxy_settings proxy;
	uint8_t binary[PROXY_SECRET_MAX];

	(void)state;
	assert_int_equal(read_proxy(&proxy, "", ""), 0);
	assert_int_equal(proxy.count, 0);
	assert_int_equal(read_proxy(&proxy, HEX ", dd" HEX ",ee" HEX " ee" HEX NAME_HEX,
				 "www.example.org:443"),
		0);
	assert_int_equal(proxy.count, 4);
	assert_false(proxy.secrets[0].padded || proxy.tls_only[0]);
	assert_true(proxy.secrets[1].padded && !proxy.tls_only[1]);
	assert_true(proxy.tls_only[2] && proxy.tls_only[3]);
	assert_int_equal(proxy.secrets[3].bytes[15], 15);
	assert_false(proxy_has_form(&proxy, 2, PROXY_PADDED));
	assert_false(proxy_has_form(&proxy, 4, PROXY_TLS));
	assert_int_equal(proxy_secret_put(&proxy, 0, PROXY_TLS, binary), 17 + 15);
	assert_int_equal(binary[0], 0xee);
	assert_memory_equal(binary + 17, "www.example.org", 15);
	assert_int_equal(proxy_secret_put(&proxy, 0, PROXY_PADDED, binary), 17);
	assert_int_equal(binary[0], 0xdd);
}

static void wrong_secrets_are_refused(void **state)
{
	static const struct {
		const char *secrets, *site;
	} cases[] = {
		{"abc", ""}, {HEX "0", ""}, {HEX "00", ""}, {"cc" HEX, ""},
		{"zz0102030405060708090a0b0c0d0e0f", ""}, {"dd" HEX "00", ""},
		{"ee" HEX, ""},				      /* no site */
		{"ee" HEX "7777772e", "www.example.org:443"}, /* another site */
		{HEX, "www.example.org"},		      /* no port */
		{HEX, "www.example.org:0"}, {HEX, ":443"},
		{"", "www.example.org:443"}, /* a site without a secret */
		{HEX "," HEX "," HEX "," HEX "," HEX "," HEX "," HEX, ""}, /* seven */
	};
	struct proxy_settings proxy;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(read_proxy(&proxy, cases[i].secrets, cases[i].site), -1);
}

static void addresses_in_every_form(void **state)
{
	static struct public_addresses out;
	struct proxy_settings proxy;

	(void)state;
	assert_int_equal(read_proxy(&proxy, HEX, "www.example.org:443"), 0);
	assert_int_equal(public_addresses_read(&out,
				 "203.0.113.1, 203.0.113.2:443,[2001:db8::1]:444 secret, "
				 "2001:DB8:0::2, [2001:db8::3] tls",
				 &proxy, NULL),
		0);
	assert_int_equal(out.count, 5);
	public_addresses_set_port(&out, 8443);
	assert_string_equal(out.at[0].ip, "203.0.113.1");
	assert_int_equal(out.at[0].port, 8443);
	assert_false(out.at[0].ipv6 || out.at[0].secret.data);
	assert_int_equal(out.at[1].port, 443);
	assert_string_equal(out.at[2].ip, "2001:db8::1");
	assert_true(out.at[2].ipv6);
	assert_int_equal(out.at[2].port, 444);
	assert_int_equal(out.at[2].secret.size, 17);
	assert_string_equal(out.at[3].ip, "2001:db8::2");
	assert_int_equal(out.at[3].port, 8443);
	assert_string_equal(out.at[4].ip, "2001:db8::3");
	assert_int_equal(out.at[4].secret.data[0], 0xee);
}

static void wrong_addresses_are_refused(void **state)
{
	static const char *const cases[] = {"", " , ", "example.org",
		"203.0.113.1:", "203.0.113.1:0", "203.0.113.1:65536", "203.0.113.1:443x",
		"[2001:db8::1", "[2001:db8::1]443", "203.0.113.1 loud", "203.0.113.1 secret",
		"203.0.113.1 tls",
		"1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,1.1.1.8,1.1.1.9"};
	static struct public_addresses out;
	struct proxy_settings none;

	(void)state;
	assert_int_equal(read_proxy(&none, "", ""), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(public_addresses_read(&out, cases[i], &none, NULL), -1);
}

static void expect_edited(const char *before, const char *after)
{
	char path[] = "/tmp/lontar-ini-XXXXXX", text[256] = {0};
	int fd = mkstemp(path);
	struct stat st;
	FILE *file;

	assert_int_equal(write(fd, before, strlen(before)), strlen(before));
	close(fd);
	assert_int_equal(settings_edit(path, "proxy", "site", "new:443", NULL), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, file), strlen(after));
	fclose(file);
	assert_string_equal(text, after);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	unlink(path);
}

static void one_setting_changes(void **state)
{
	(void)state;
	expect_edited("[proxy]\nonly = no", "[proxy]\nonly = no\nsite = new:443\n");
	expect_edited("[proxy]\nsite : old:1\n", "[proxy]\nsite = new:443\n");
	expect_edited("[proxy]\n; site = x\nsite = old:1\nsite_address = a\n[log]\nsite = b\n",
		"[proxy]\n; site = x\nsite = new:443\nsite_address = a\n[log]\nsite = b\n");
	expect_edited("[proxy]\nonly = no\n[log]\n", "[proxy]\nonly = no\nsite = new:443\n[log]\n");
	expect_edited("[proxy]\nonly = no\n", "[proxy]\nonly = no\nsite = new:443\n");
	expect_edited("[log]\nlevel = info\n", "[log]\nlevel = info\n\n[proxy]\nsite = new:443\n");
}

static void where_the_server_itself_is(void **state)
{
	static const struct {
		const char *listen, *public, *own;
	} cases[] = {
		{"loopback", "203.0.113.1:443", "127.0.0.1:8443,[::1]:8443,203.0.113.1:443"},
		{"0.0.0.0", "203.0.113.1", "8443,203.0.113.1:8443"},
		{"203.0.113.1", "[2001:db8::1]:443", "203.0.113.1:8443,[2001:db8::1]:443"},
	};
	static struct settings settings;
	char own[OWN_ADDRESSES_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(settings.public_addresses, sizeof(settings.public_addresses), "%s",
			cases[i].public);
		own_addresses_put(&settings, cases[i].listen, 8443, own);
		assert_string_equal(own, cases[i].own);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_in_every_form),
		cmocka_unit_test(wrong_secrets_are_refused),
		cmocka_unit_test(addresses_in_every_form),
		cmocka_unit_test(where_the_server_itself_is),
		cmocka_unit_test(wrong_addresses_are_refused),
		cmocka_unit_test(one_setting_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
