/* SPDX-License-Identifier: Apache-2.0 */
/* The `lontar-media` program: one request on standard input, one answer on standard output. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cage/frame.h"
#include "media/inspect.h"
#include "media/walls.h"

static const char help[] =
	"lontar-media\n\n"
	"Decodes one image that it reads from standard input and writes what it is, its "
	"perceptual\n"
	"hash and a thumbnail to standard output, in the form that src/media/protocol.h "
	"describes.\n"
	"The other programs start it; it can reach neither files nor the network.\n\n"
	"Example: lontar hash picture.jpg (asks it for a hash)\n";

static int answer_one(struct err *err)
{
	struct buf request, thumbnail, answer;
	struct media_info info;
	int rc;

	buf_init(&request, MEDIA_REQUEST_MAX);
	buf_init(&thumbnail, MEDIA_THUMBNAIL_BYTES_MAX);
	buf_init(&answer, MEDIA_ANSWER_MAX);
	rc = frame_receive(STDIN_FILENO, &request, err);
	if (rc > 0 && buf_size(&request) > 0) {
		struct bytes all = buf_bytes(&request);

		media_inspect(bytes_of(all.data + 1, all.size - 1), all.data[0], MEDIA_PIXELS_MAX,
			&thumbnail, &info);
		media_answer_append(&answer, &info);
		rc = frame_send(STDOUT_FILENO, buf_bytes(&answer), err);
	} else if (rc >= 0) {
		rc = err_set(err, 0, "there is no request");
	}
	buf_release(&answer);
	buf_release(&thumbnail);
	buf_release(&request);
	return rc;
}

int main(int argc, char **argv)
{
	struct err err = {0};
	int rc;

	if (argc > 1) {
		bool wants_help = strcmp(argv[1], "--help") == 0;

		fputs(help, wants_help ? stdout : stderr);
		return wants_help ? 0 : 2;
	}
	rc = media_walls_enter(&err);
	if (rc == 0)
		rc = answer_one(&err);
	if (rc < 0)
		log_error("media_failed", "%s", err.text);
	/* The cage lets nothing through that runs at an orderly exit. */
	_exit(rc < 0 ? 1 : 0);
}
