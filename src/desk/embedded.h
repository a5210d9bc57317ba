/* SPDX-License-Identifier: Apache-2.0 */
/* Files of sop/, web/ and docs/ that the build puts into the program (web/embed.py). */
#ifndef DESK_EMBEDDED_H
#define DESK_EMBEDDED_H

extern const char sop_default_text[]; /* sop/default.ini */
extern const char page_style[];	      /* web/square/style.css */
extern const char bot_phrases[];      /* sop/bot.ini */
extern const char page_index[];	      /* web/desk/index.html */
extern const char openapi_text[];     /* docs/openapi.json */

#endif
