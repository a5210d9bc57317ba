/* SPDX-License-Identifier: Apache-2.0 */
/* Sections of which there is one each: a setting is a row, which says where in struct sop it goes.
 */
#include <string.h>

#include "desk/sop/sop_values.h"

#define MINUTE_S 60
#define END {NULL, ROW_TEXT, 0, 0, 0, 0}

/* A role list fills two neighbouring bools: moderator, lead. */
#define SOP(field) offsetof(struct sop, field)
static const struct sop_row claim_rows[] = {
	{"lease_minutes", ROW_INT, SOP(lease_s), 1, 1440, MINUTE_S},
	END,
};
static const struct sop_row work_rows[] = {
	{"claims_max", ROW_INT, SOP(claims_max), 1, 1000, 1},
	{"disturbing_max", ROW_INT, SOP(disturbing_max), 0, 1000, 1},
	{"disturbing_span", ROW_TIME, SOP(disturbing_span_s), 0, 0, 0},
	{"disturbing_pause", ROW_TIME, SOP(disturbing_pause_s), 0, 0, 0},
	{"bulk_max", ROW_INT, SOP(bulk_max), 2, 500, 1},
	{"bulk_undo", ROW_TIME, SOP(bulk_undo_s), 0, 0, 0},
	END,
};
static const struct sop_row role_rows[] = {
	{"decide", ROW_ROLES, SOP(moderator_decides), 0, 0, 0},
	{"reverse", ROW_ROLES, SOP(moderator_reverses), 0, 0, 0},
	{"two_people_members", ROW_INT, SOP(two_people_members), 0, INT64_MAX, 1},
	END,
};
static const struct sop_row people_rows[] = {
	{"idle_minutes", ROW_INT, SOP(session_idle_s), 1, 1440, MINUTE_S},
	{"session_hours", ROW_INT, SOP(session_s), 1, 168, 3600},
	{"second_factor", ROW_BOOL, SOP(second_factor), 0, 0, 0},
	END,
};
static const struct sop_row evidence_rows[] = {
	{"days", ROW_INT, SOP(evidence_days), 1, 3650, 1},
	END,
};
static const struct sop_row strike_rows[] = {
	{"days", ROW_INT, SOP(strike_days), 1, 3650, 1},
	{"ladder", ROW_LADDER, SOP(strike_ladder), 0, 0, 0},
	END,
};
static const struct sop_row appeal_rows[] = {
	{"days", ROW_INT, SOP(appeal_days), 1, 3650, 1},
	{"contact", ROW_TEXT, SOP(appeal_contact), 1, SOP_CONTACT_MAX, 0},
	{"address", ROW_TEXT, SOP(appeal_address), 0, SOP_ADDRESS_MAX, 0},
	{"acknowledge", ROW_TIME, SOP(appeal_acknowledge_s), 0, 0, 0},
	{"decide", ROW_ROLES, SOP(moderator_appeals), 0, 0, 0},
	{"reasons_min", ROW_INT, SOP(appeal_reasons_min), 0, 1000, 1},
	{"answer_days", ROW_INT, SOP(appeal_answer_days), 1, 365, 1},
	{"max", ROW_INT, SOP(appeals_max), 1, 100, 1},
	{"reporters", ROW_BOOL, SOP(reporters_appeal), 0, 0, 0},
	{"reporters_days", ROW_INT, SOP(reporters_days), 1, 3650, 1},
	END,
};
static const struct sop_row daily_rows[] = {
	{"channel", ROW_TEXT, SOP(daily_channel), 0, SOP_TEXT_MAX, 0},
	{"language", ROW_TEXT, SOP(daily_language), 2, SOP_LANGUAGE_MAX, 0},
	END,
};
static const struct sop_row accuracy_rows[] = {
	{"half_life_days", ROW_INT, SOP(accuracy_half_life_days), 1, 3650, 1},
	{"notices_min", ROW_INT, SOP(accuracy_notices_min), 2, 100, 1},
	{"priority_max", ROW_INT, SOP(accuracy_priority_max), 0, 400, 1},
	{"warn_below_percent", ROW_INT, SOP(warn_below_percent), 0, 100, 1},
	{"warning_days", ROW_INT, SOP(warning_days), 1, 3650, 1},
	{"suspend_after_days", ROW_INT, SOP(suspend_after_days), 0, 3650, 1},
	{"suspend_days", ROW_INT, SOP(suspend_days), 1, 3650, 1},
	END,
};
static const struct sop_row quality_rows[] = {
	{"review_percent", ROW_INT, SOP(review_percent), 0, 100, 1},
	{"review_days", ROW_INT, SOP(review_days), 1, 365, 1},
	END,
};
_Static_assert(SOP(lead_decides) == SOP(moderator_decides) + 1, "a pair of bools");
_Static_assert(SOP(lead_reverses) == SOP(moderator_reverses) + 1, "a pair of bools");
_Static_assert(SOP(lead_appeals) == SOP(moderator_appeals) + 1, "a pair of bools");

/* Sections with rows of the SOP itself. */
static const struct {
	const char *section;
	const struct sop_row *rows;
} plain[] = {
	{"claim", claim_rows},
	{"work", work_rows},
	{"roles", role_rows},
	{"people", people_rows},
	{"evidence", evidence_rows},
	{"strikes", strike_rows},
	{"appeal", appeal_rows},
	{"accuracy", accuracy_rows},
	{"quality", quality_rows},
	{"daily", daily_rows},
};

const char *sop_set_in_section(
	const char *section, const char *name, const char *value, struct sop *sop)
{
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (strcmp(section, plain[i].section) == 0)
			return sop_set_row(plain[i].rows, name, value, sop);
	return "is in a section that there is not";
}
