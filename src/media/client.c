/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "media/client.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "cage/helper.h"

/* The program ends itself before this: it is for one that was stopped or never scheduled. */
#define PATIENCE_MS ((MEDIA_SECONDS_MAX + 5) * 1000)

static int refuse(struct media_info *out, enum media_result result, const char *reason)
{
	*out = (struct media_info){.result = result};
	snprintf(out->reason, sizeof(out->reason), "%s", reason);
	return 0;
}

/* No answer came: by the way it ended, the file's fault or ours. */
static int explain(int status, struct media_info *out, struct err *err)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (number == SIGALRM || number == SIGXCPU)
		return refuse(out, MEDIA_TOO_LARGE, "decoding took too long");
	if (number == SIGSYS)
		return refuse(out, MEDIA_BROKEN, "the decoder tried to leave its cage");
	if (number == SIGSEGV || number == SIGABRT || number == SIGBUS || number == SIGILL)
		return refuse(out, MEDIA_BROKEN, "the decoder broke down");
	return err_set(err, EPIPE, "lontar-media ended without an answer");
}

/* What the kernel says of a process that ended by itself; helper_stop would hide it. */
static int status_of(struct helper *helper)
{
	siginfo_t info = {0};

	if (waitid(P_PID, (id_t)helper->pid, &info, WEXITED | WNOWAIT) == 0 &&
		info.si_code != CLD_EXITED)
		return info.si_status;
	return 0;
}

static int exchange(struct helper *helper, struct bytes file, unsigned wanted, struct buf *answer,
	struct err *err)
{
	struct buf request;
	int rc;

	buf_init(&request, MEDIA_REQUEST_MAX);
	buf_append_u8(&request, (uint8_t)wanted);
	buf_append_bytes(&request, file);
	rc = helper_exchange(helper, buf_bytes(&request), PATIENCE_MS, answer, err);
	buf_release(&request);
	return rc;
}

int media_ask(const char *folder, struct bytes file, unsigned wanted, struct buf *answer,
	struct media_info *out, struct err *err)
{
	struct helper helper;
	struct err reason = {0};
	int rc, status;

	*out = (struct media_info){0};
	if (file.size > MEDIA_BYTES_MAX)
		return refuse(out, MEDIA_TOO_LARGE, "the file is too long to be decoded");
	if (helper_start(&helper, folder, "lontar-media", NULL, err) < 0)
		return -1;
	rc = exchange(&helper, file, wanted, answer, &reason);
	/* It closed its end: it is dead or dying, and why is worth knowing. */
	status = rc < 0 && reason.code == EPIPE ? status_of(&helper) : 0;
	helper_stop(&helper);
	if (rc < 0)
		return reason.code == ETIMEDOUT ? refuse(out, MEDIA_TOO_LARGE, reason.text)
						: explain(status, out, err);
	return media_answer_parse(buf_bytes(answer), out) == 0
		       ? 0
		       : refuse(out, MEDIA_BROKEN, "the decoder's answer makes no sense");
}
