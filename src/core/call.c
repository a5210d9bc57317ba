/* SPDX-License-Identifier: Apache-2.0 */
/* How a rule refuses a call. */
#include "core/call.h"

#include <stdio.h>

int rpc_error(struct call *call, int code, const char *text)
{
	if (call->fault.code == 0) {
		call->fault.code = code;
		snprintf(call->fault.text, sizeof(call->fault.text), "%s", text);
	}
	return -1;
}

int rpc_error_number(struct call *call, int code, const char *prefix, int64_t number)
{
	char text[sizeof(call->fault.text)];

	snprintf(text, sizeof(text), "%s%lld", prefix, (long long)number);
	return rpc_error(call, code, text);
}
