/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/measures.h"

#include "base/attr.h"

static const struct measure measures[] = {
	{"remove", false, UNTIL_NO, true, true, false, true, "decision_visibility",
		"DECISION_VISIBILITY_CONTENT_REMOVED"},
	{"restrict", true, UNTIL_MAY, true, true, false, true, "decision_visibility",
		"DECISION_VISIBILITY_CONTENT_DISABLED"},
	{"label", false, UNTIL_MAY, true, true, false, true, "decision_visibility",
		"DECISION_VISIBILITY_CONTENT_LABELLED"},
	{"freeze", false, UNTIL_MUST, true, true, true, false, "decision_provision",
		"DECISION_PROVISION_PARTIAL_SUSPENSION"},
	{"warn", false, UNTIL_NO, true, false, false, true, NULL, NULL},
	{"dismiss", false, UNTIL_NO, false, false, false, true, NULL, NULL},
};

const char measure_names[] = "is one of remove, restrict, label, freeze, warn, dismiss";

const struct measure *measure_by_name(struct bytes name)
{
	for (size_t i = 0; name.data && i < ARRAY_LEN(measures); i++)
		if (bytes_equal_str(name, measures[i].name))
			return &measures[i];
	return NULL;
}
