/* SPDX-License-Identifier: Apache-2.0 */
/* Compiler attributes used all over. A result that says whether something worked must be looked at.
 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
