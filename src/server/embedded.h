/* SPDX-License-Identifier: Apache-2.0 */
/* Files of web/ that the build puts into the messenger (web/embed.py). */
#ifndef SERVER_EMBEDDED_H
#define SERVER_EMBEDDED_H

extern const char public_page_style[]; /* web/public/style.css */

#endif
