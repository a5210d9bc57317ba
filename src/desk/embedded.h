/* SPDX-License-Identifier: Apache-2.0 */
/* Files of sop/ and web/ that the build puts into the program (web/embed.py). */
#ifndef DESK_EMBEDDED_H
#define DESK_EMBEDDED_H

extern const char sop_default_text[]; /* sop/default.ini */
extern const char page_style[];	      /* web/square/style.css */
extern const char page_index[];	      /* web/desk/index.html */

#endif
