/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watches public posts with the sensors, new and edited ones and those of channels that become
 * public, and files a notice of the lane "sensor" for what they find. Off while DIR/desk/sensor.txt
 * is absent. A sensor decides nothing: a person does.
 */
#ifndef DESK_WATCH_H
#define DESK_WATCH_H

#include "desk/desk.h"
#include "sensor/text_rules.h"

/* Sensor notices of one day; beyond, the watch pauses until the next: a bad phrase must not flood
 * the moderators. */
#define WATCH_RULE "sensor" /* in [breakers] of the SOP: notices of a day */

struct watch {
	struct text_rules rules;
	struct arena arena; /* of the rules */
	int64_t pause_until_s;
};

/* No file: no rules, no error. A category that the SOP does not know is an error. */
MUST_CHECK int watch_open(struct watch *watch, const struct desk *desk, struct err *err);
void watch_close(struct watch *watch);
/* Looks at what changed since the last look. Returns how many notices were filed. */
int watch_look(struct watch *watch, struct desk *desk);

#endif
