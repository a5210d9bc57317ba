/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the bytes of a query to a method and back to the bytes of its answer. The table
 * (methods_*.def) says of each method who may call it, how it counts against the rate, and what it
 * needs of the store; handlers check none of that. Four kinds of rows:
 *
 *   M(method, who, rate, tx)		  api_method() answers
 *   EMPTY(method, who, constructor)	  the answer says that there is nothing: the constructor
 *with all fields absent; NONE: an empty vector, false, or the result's only constructor
 *   DONE(method, who)			  true: what is asked for holds without doing anything
 *   REFUSED(method, who, code, error)	  what the protocol answers where the thing does not exist
 *
 * A method without a row is refused as one that nobody knows.
 * https://core.telegram.org/api/invoking
 */
#ifndef API_DISPATCH_H
#define API_DISPATCH_H

#include "base/buf.h"
#include "core/call.h"
#include "tl/schema.h"

#define API_LAYER_MIN 152 /* for a key that never named its layer */

enum api_who {
	FOR_UNBOUND, /* also under a temporary key that is not bound yet */
	FOR_ANYONE,  /* nobody needs to be logged in */
	FOR_PEOPLE,  /* the same, but no bot */
	FOR_USER,    /* a person who is logged in */
	FOR_ACCOUNT, /* a person or a bot */
	FOR_BOT,
};

static inline bool api_who_is_account(enum api_who who)
{
	return who == FOR_USER || who == FOR_ACCOUNT || who == FOR_BOT;
}

enum api_rate { RATE_LIGHT, RATE_NORMAL, RATE_HEAVY, RATE_LOGIN };

enum api_tx {
	TX_NONE, /* needs no store */
	TX_READ, /* a snapshot; writes nothing */
	/* These three run on the write executor. They differ in why the same packet, once more, has
	 * no second effect after a restart: */
	TX_WRITE, /* the answer is stored with the effect (store/home_calls.h), and given again */
	TX_SEND,  /* the query has a random_id, which the rules store with the message */
	TX_AGAIN, /* it may run again: it only raises marks, counts against a budget, asks a bot */
};

static inline bool api_tx_writes(enum api_tx tx)
{
	return tx == TX_WRITE || tx == TX_SEND || tx == TX_AGAIN;
}

struct api_method;

const char *api_method_name(const struct api_method *method);
enum api_who api_method_who(const struct api_method *method);
enum api_rate api_method_rate(const struct api_method *method);
enum api_tx api_method_tx(const struct api_method *method);

/* What initConnection said; absent fields: it was not there.
 * https://core.telegram.org/method/initConnection */
struct api_device {
	bool present;
	int32_t api_id;
	struct bytes model, system_version, app_version, language;
};

struct api_request {
	const struct api_method *method;
	const struct tl_object *query; /* the method's own object, unwrapped, in the arena */
	bool unserved;		       /* refused because Lontar has no such method, or no row */
	int layer;		       /* of invokeWithLayer; 0: it was not there */
	struct tl_longs after;	       /* invokeAfterMsg(s): calls that must have been answered */
	bool without_updates;	       /* invokeWithoutUpdates */
	struct api_device device;
};

/* Opens a gzip_packed inside a wrapper: -1, or the plain bytes appended, within a bound of its own.
 */
typedef int api_inflate_fn(struct bytes packed, struct buf *out);

/* -1 and *fault: what can't be decoded or is not served. Any thread. inflate NULL: nothing packed
 * is taken. */
MUST_CHECK int api_parse(struct arena *arena, struct bytes body, api_inflate_fn *inflate,
	struct api_request *out, struct fault *fault);
/* Runs the handler and appends its encoded answer. -1: refused, see call->fault. Inside a
 * transaction, as the method's tx says. */
MUST_CHECK int api_run(struct call *call, const struct api_request *request, struct buf *answer);

#endif
