/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a notice to an order, in the liaison chat: where who writes may order, what was answered can
 * be made an order instead of sent, and then each field is asked for that its form needs beyond a
 * notice's (desk/lanes/notice_forms.h). Beside it what both halves of the dialogue share.
 */
#ifndef DESK_LIAISON_ORDER_H
#define DESK_LIAISON_ORDER_H

#include "desk/liaison/dialogue.h"
#include "desk/sop/sop.h"

/* Buttons for the forms that are open to who writes, about this category. */
void liaison_offer_orders(struct dialogue *d, json_t **keyboard);
/* It has become an order. */
bool liaison_has_form(const struct dialogue *d);
/* As POST /api/notices has it; a new reference. */
json_t *liaison_order_body(const struct dialogue *d);
/* The answer to an order that was taken in. */
char *liaison_order_receipt(struct dialogue *d, int64_t notice);

/* ---- Of liaison_notice.c ---- */

/* "" when it was not asked yet. */
const char *liaison_answered(const struct dialogue *d, const char *name);
const struct sop_category *liaison_category(const struct dialogue *d);
/* A view without a part of a character at its end. */
struct bytes liaison_shown(struct bytes text, size_t max);
/* What a button of this dialogue carries. */
char *liaison_carries(struct dialogue *d, const char *what, const char *value);
void liaison_add_cancel(struct dialogue *d, json_t **keyboard);
/* The button is of this dialogue; d->rest is its value. Otherwise the sender is told. */
bool liaison_is_of_now(struct dialogue *d);

#endif
