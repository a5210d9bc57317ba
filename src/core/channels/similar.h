/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Similar channels, by overlap of subscribers, in a way that tells nothing about any of them: a
 * random sample is counted in the background once a day; a channel counts only when at least
 * SIMILAR_LEAST of the sample are in both, give or take a few at random; kept is an order, and no
 * number. Only public broadcast channels. https://core.telegram.org/api/recommend
 */
#ifndef CORE_SIMILAR_H
#define CORE_SIMILAR_H

#include "core/channels/channels.h"

#define SIMILAR_LEAST 10   /* common subscribers, below which there is nothing to tell */
#define SIMILAR_NOISE 3	   /* added to what is counted: from minus to plus so many */
#define SIMILAR_SAMPLE 500 /* subscribers that are looked at */
#define SIMILAR_KEPT 30
#define SIMILAR_EVERY_S 86400

/* One channel whose turn it is. True: there may be another. */
bool similar_step(struct call *call);
/* Those like the channel (0: like those that the caller is in), without those that he is in
 * already or may not see. */
int similar_get(struct call *call, int64_t channel, struct channel_views *out);

#endif
