/* SPDX-License-Identifier: Apache-2.0 */
/* Names of well-known client apps, by the api_id that they present: what a list of sessions shows.
 * An app may claim any, so a name is for the eye and proves nothing. */
#ifndef CORE_APPS_H
#define CORE_APPS_H

#include "store/home_keys.h"

/* Constant text; "" for an app that is not known. */
const char *app_name(int32_t api_id);
/* The system that a device runs, in one word, from what it said; a view of that or constant. */
struct bytes app_platform(const struct home_device *device);
/* "Model, App 1.2, System" for people to recognise, as much of it as is known. */
struct bytes app_describe(struct arena *arena, const struct home_device *device);

#endif
