/* SPDX-License-Identifier: Apache-2.0 */
/* WebP by libwebp; of still images only. */
#include <errno.h>
#include <stdlib.h>

#include <webp/decode.h>

#include "base/mem.h"
#include "media/decode.h"

static void choose_scale(WebPDecoderConfig *config, const struct decoded *out)
{
	uint32_t side = out->width < out->height ? out->width : out->height;
	uint32_t factor = side / DECODE_SIDE_ENOUGH;

	config->output.width = (int)out->width;
	config->output.height = (int)out->height;
	if (factor < 2)
		return;
	config->options.use_scaling = 1;
	config->options.scaled_width = config->output.width /= (int)factor;
	config->options.scaled_height = config->output.height /= (int)factor;
}

static enum media_result read_pixels(
	WebPDecoderConfig *config, struct bytes file, struct decoded *out, struct err *reason)
{
	uint32_t width, height;
	uint8_t *rgba;
	VP8StatusCode rc;

	choose_scale(config, out);
	width = (uint32_t)config->output.width;
	height = (uint32_t)config->output.height;
	rgba = mem_alloc((size_t)width * height * 4);
	config->output.colorspace = MODE_RGBA;
	config->output.is_external_memory = 1;
	config->output.u.RGBA.rgba = rgba;
	config->output.u.RGBA.stride = (int)width * 4;
	config->output.u.RGBA.size = (size_t)width * height * 4;
	rc = WebPDecode(file.data, file.size, config);
	if (rc == VP8_STATUS_OK)
		decode_flatten(rgba, width, height, out);
	else
		err_set(reason, 0, "WebP: error %d", (int)rc);
	WebPFreeDecBuffer(&config->output);
	free(rgba);
	return rc == VP8_STATUS_OK ? MEDIA_OK : MEDIA_BROKEN;
}

enum media_result decode_webp(
	struct bytes file, uint64_t pixels_max, struct decoded *out, struct err *reason)
{
	WebPDecoderConfig config;
	enum media_result result;

	out->format = MEDIA_WEBP;
	if (!WebPInitDecoderConfig(&config)) {
		err_set(reason, 0, "WebP: the library is of another version");
		return MEDIA_UNSUPPORTED;
	}
	if (WebPGetFeatures(file.data, file.size, &config.input) != VP8_STATUS_OK) {
		err_set(reason, 0, "WebP: the header is broken");
		return MEDIA_BROKEN;
	}
	result = decode_check_size((uint64_t)config.input.width, (uint64_t)config.input.height,
		pixels_max, out, reason);
	if (result != MEDIA_OK)
		return result;
	if (config.input.has_animation) {
		err_set(reason, 0, "WebP: animations are not decoded");
		return MEDIA_UNSUPPORTED;
	}
	return read_pixels(&config, file, out, reason);
}
