/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar hash …` */
#include "media/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "media/client.h"

static const char help[] =
	"lontar hash FILE...\n\n"
	"Prints the perceptual hash (PDQ) of images, for hash lists: copies that were scaled or\n"
	"recompressed have nearly the same. JPEG, PNG and WebP. One line per file, with tabs "
	"between:\n"
	"  hash      64 hexadecimal digits\n"
	"  quality   0 to 100; do not list a hash below 50, flat images resemble each other\n"
	"  size      width x height\n"
	"  format    jpeg, png or webp\n"
	"  file      as given\n"
	"The file is decoded by lontar-media, in its cage.\n\n"
	"Example: lontar hash picture.jpg\n"
	"Example: lontar hash collection/*.jpg | awk '$2 >= 50 { print $1 }' > hashes.txt\n";

static int read_file(const char *path, struct buf *out, struct err *err)
{
	FILE *file = fopen(path, "rbe");
	uint8_t part[65536];
	size_t size;
	int rc = 0;

	if (!file)
		return err_errno(err, "can't read %s", path);
	buf_clear(out);
	while ((size = fread(part, 1, sizeof(part), file)) > 0 && !out->failed)
		buf_append(out, part, size);
	if (ferror(file))
		rc = err_errno(err, "can't read %s", path);
	else if (out->failed)
		rc = err_set(err, EFBIG, "%s is longer than the %zu bytes that are decoded", path,
			MEDIA_BYTES_MAX);
	fclose(file);
	return rc;
}

static void print_line(const char *path, const struct media_info *info)
{
	for (int i = 0; i < PDQ_SIZE; i++)
		printf("%02x", info->hash.bits[i]);
	printf("\t%d\t%ux%u\t%s\t%s\n", info->quality, info->width, info->height,
		media_format_name(info->format), path);
}

static int hash_file(const char *path, struct buf *file, struct err *err)
{
	struct media_info info;
	struct buf answer;
	int rc = read_file(path, file, err);

	buf_init(&answer, MEDIA_ANSWER_MAX);
	if (rc == 0)
		rc = media_ask(NULL, buf_bytes(file), MEDIA_WANT_HASH, &answer, &info, err);
	if (rc == 0 && info.result != MEDIA_OK)
		rc = err_set(err, 0, "%s: %s", path, info.reason);
	if (rc == 0)
		print_line(path, &info);
	buf_release(&answer);
	return rc;
}

int hash_cli(int argc, char **argv)
{
	struct buf file;
	int failed = 0;

	if (argc < 2 || argv[1][0] == '-') {
		bool wants_help = argc > 1 && strcmp(argv[1], "--help") == 0;

		fputs(help, wants_help ? stdout : stderr);
		return wants_help ? 0 : 2;
	}
	buf_init(&file, MEDIA_BYTES_MAX);
	for (int i = 1; i < argc; i++) {
		struct err err = {0};

		if (hash_file(argv[i], &file, &err) < 0) {
			fprintf(stderr, "lontar hash: %s\n", err.text);
			failed++;
		}
	}
	buf_release(&file);
	return failed ? 1 : 0;
}
