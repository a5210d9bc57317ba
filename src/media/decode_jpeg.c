/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JPEG by libjpeg-turbo. It reports by calling back, and an error must not return: the way out is a
 * long jump. A file that ends early is shown as far as it goes, as clients do.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "base/mem.h"
#include "media/decode.h"

/* Ordinary progressive files have about ten; each costs a pass over the whole image. */
#define SCANS_MAX 64

struct jpeg_job {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf out;
	struct err *reason;
	enum media_result result;
	uint8_t *line; /* one row of four colours, or NULL */
};

/* Does not return. */
static void fail(struct jpeg_job *job, enum media_result result)
{
	job->result = result;
	longjmp(job->out, 1);
}

static void on_error(j_common_ptr jpeg)
{
	struct jpeg_job *job = jpeg->client_data;
	char text[JMSG_LENGTH_MAX];

	jpeg->err->format_message(jpeg, text);
	err_set(job->reason, 0, "JPEG: %s", text);
	fail(job, MEDIA_BROKEN);
}

static void on_message(j_common_ptr jpeg, int level)
{
}

static void on_progress(j_common_ptr jpeg)
{
	struct jpeg_job *job = jpeg->client_data;

	if (job->jpeg.input_scan_number <= SCANS_MAX)
		return;
	err_set(job->reason, EFBIG, "JPEG: more than %d scans", SCANS_MAX);
	fail(job, MEDIA_TOO_LARGE);
}

static void choose_output(struct jpeg_decompress_struct *jpeg)
{
	unsigned side =
		jpeg->image_width < jpeg->image_height ? jpeg->image_width : jpeg->image_height;

	jpeg->scale_num = 1;
	for (jpeg->scale_denom = 8; jpeg->scale_denom > 1; jpeg->scale_denom /= 2) {
		if (side / jpeg->scale_denom >= DECODE_SIDE_ENOUGH)
			break;
	}
	/* libjpeg has no way from four inks to three colours. */
	jpeg->out_color_space = jpeg->num_components == 4 ? JCS_CMYK : JCS_RGB;
}

/* Adobe's files, which is to say nearly all with four inks, store them inverted. */
static void mix_inks(const struct jpeg_decompress_struct *jpeg, const uint8_t *line, uint8_t *out)
{
	unsigned flip = jpeg->saw_Adobe_marker ? 0 : 255;

	for (unsigned x = 0; x < jpeg->output_width; x++, line += 4, out += PICTURE_CHANNELS) {
		for (int c = 0; c < PICTURE_CHANNELS; c++)
			out[c] = (uint8_t)((line[c] ^ flip) * (line[3] ^ flip) / 255);
	}
}

static void read_rows(struct jpeg_job *job, struct decoded *out)
{
	struct jpeg_decompress_struct *jpeg = &job->jpeg;

	picture_init(&out->picture, jpeg->output_width, jpeg->output_height);
	/* An early end leaves rows unread: they are grey, not what memory held. */
	memset(out->picture.pixels, 0x80,
		(size_t)jpeg->output_width * jpeg->output_height * PICTURE_CHANNELS);
	if (jpeg->output_components == 4)
		job->line = mem_zalloc(jpeg->output_width, 4);
	while (jpeg->output_scanline < jpeg->output_height) {
		uint8_t *row = picture_row(&out->picture, jpeg->output_scanline);
		JSAMPROW target = job->line ? job->line : row;

		if (jpeg_read_scanlines(jpeg, &target, 1) != 1)
			break;
		if (job->line)
			mix_inks(jpeg, job->line, row);
	}
}

static void decode(
	struct jpeg_job *job, struct bytes file, uint64_t pixels_max, struct decoded *out)
{
	struct jpeg_decompress_struct *jpeg = &job->jpeg;
	enum media_result size;

	jpeg_mem_src(jpeg, file.data, file.size);
	jpeg_read_header(jpeg, TRUE);
	size = decode_check_size(
		jpeg->image_width, jpeg->image_height, pixels_max, out, job->reason);
	if (size != MEDIA_OK)
		fail(job, size);
	choose_output(jpeg);
	jpeg_start_decompress(jpeg);
	if (jpeg->output_components != (jpeg->num_components == 4 ? 4 : PICTURE_CHANNELS)) {
		err_set(job->reason, 0, "JPEG: %d colours", jpeg->output_components);
		fail(job, MEDIA_UNSUPPORTED);
	}
	read_rows(job, out);
}

enum media_result decode_jpeg(
	struct bytes file, uint64_t pixels_max, struct decoded *out, struct err *reason)
{
	/* On the heap, so that nothing of it is in a register that the jump brings back. */
	struct jpeg_job *job = MEM_NEW(struct jpeg_job);
	enum media_result result;

	out->format = MEDIA_JPEG;
	job->reason = reason;
	job->jpeg.err = jpeg_std_error(&job->errors);
	job->errors.error_exit = on_error;
	job->errors.emit_message = on_message;
	job->jpeg.client_data = job;
	if (setjmp(job->out) == 0) {
		jpeg_create_decompress(&job->jpeg);
		job->progress.progress_monitor = on_progress;
		job->jpeg.progress = &job->progress;
		decode(job, file, pixels_max, out);
	}
	jpeg_destroy_decompress(&job->jpeg);
	if (job->result != MEDIA_OK)
		picture_release(&out->picture);
	result = job->result;
	free(job->line);
	free(job);
	return result;
}
