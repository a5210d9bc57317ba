/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in by a QR code: a device with nobody logged in shows a token, a device that is logged in
 * accepts it. https://core.telegram.org/api/qr-login
 *
 *   export -> token, for one key and half a minute -> (export again: a new one)
 *             accept by an account -> the key hears updateLoginToken -> export: logged in
 */
#ifndef CORE_LOGIN_QR_H
#define CORE_LOGIN_QR_H

#include "core/call.h"
#include "store/home_keys.h"

#define LOGIN_QR_LIFE_S 30
#define LOGIN_QR_FETCH_S 300 /* for an accepted login to be fetched */

struct login_qr {
	int64_t user;	    /* logged in now; 0: not yet, show this: */
	struct bytes token; /* in call->arena */
	int64_t expires_at_s;
};

/* auth.exportLoginToken. except: accounts that the client has already; too many are left out. */
MUST_CHECK int login_qr_export(
	struct call *call, const int64_t *except, size_t except_count, struct login_qr *out);
/* auth.importLoginToken: the token was accepted for the caller's key. Every address leads to the
 * same installation, so no client is sent elsewhere for it. Fault AUTH_TOKEN_EXPIRED. */
MUST_CHECK int login_qr_import(struct call *call, struct bytes token, struct login_qr *out);
/* auth.acceptLoginToken. *out: the device that is let in. Faults AUTH_TOKEN_INVALIDX,
 * AUTH_TOKEN_ALREADY_ACCEPTED, AUTH_TOKEN_EXCEPTION. */
MUST_CHECK int login_qr_accept(struct call *call, struct bytes token, struct home_login *out);

#endif
