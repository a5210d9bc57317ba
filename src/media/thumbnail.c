/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "media/thumbnail.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "base/mem.h"

#define QUALITY 82

struct encode_job {
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	jmp_buf out;
	unsigned char *file; /* by libjpeg's malloc */
	unsigned long size;
};

static void on_error(j_common_ptr jpeg)
{
	struct encode_job *job = jpeg->client_data;

	longjmp(job->out, 1);
}

static void on_message(j_common_ptr jpeg, int level)
{
}

static void encode(struct encode_job *job, const struct picture *picture)
{
	struct jpeg_compress_struct *jpeg = &job->jpeg;

	jpeg_mem_dest(jpeg, &job->file, &job->size);
	jpeg->image_width = picture->width;
	jpeg->image_height = picture->height;
	jpeg->input_components = PICTURE_CHANNELS;
	jpeg->in_color_space = JCS_RGB;
	jpeg_set_defaults(jpeg);
	jpeg_set_quality(jpeg, QUALITY, TRUE);
	jpeg_start_compress(jpeg, TRUE);
	while (jpeg->next_scanline < jpeg->image_height) {
		JSAMPROW row = picture_row(picture, jpeg->next_scanline);

		jpeg_write_scanlines(jpeg, &row, 1);
	}
	jpeg_finish_compress(jpeg);
}

static int append_jpeg(const struct picture *picture, struct buf *out)
{
	/* On the heap, so that nothing of it is in a register that the jump brings back. */
	struct encode_job *job = MEM_NEW(struct encode_job);
	int rc = -1;

	job->jpeg.err = jpeg_std_error(&job->errors);
	job->errors.error_exit = on_error;
	job->errors.emit_message = on_message;
	job->jpeg.client_data = job;
	if (setjmp(job->out) == 0) {
		jpeg_create_compress(&job->jpeg);
		encode(job, picture);
		buf_append(out, job->file, job->size);
	} else {
		out->failed = true;
	}
	if (!out->failed)
		rc = 0;
	jpeg_destroy_compress(&job->jpeg);
	free(job->file);
	free(job);
	return rc;
}

static uint32_t scaled(uint32_t side, uint32_t longer, uint32_t side_max)
{
	uint32_t out = (uint32_t)(((uint64_t)side * side_max + longer / 2) / longer);

	return out ? out : 1;
}

int thumbnail_append(const struct picture *picture, uint32_t side_max, struct buf *out,
	uint32_t *width, uint32_t *height)
{
	uint32_t longer = picture->width > picture->height ? picture->width : picture->height;
	struct picture small;
	int rc;

	*width = picture->width;
	*height = picture->height;
	if (longer <= side_max)
		return append_jpeg(picture, out);
	*width = scaled(picture->width, longer, side_max);
	*height = scaled(picture->height, longer, side_max);
	picture_shrink(picture, *width, *height, &small);
	rc = append_jpeg(&small, out);
	picture_release(&small);
	return rc;
}
