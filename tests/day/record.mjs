// SPDX-License-Identifier: Apache-2.0
// The count that the desk knows nothing of: what was sent, what was answered and what was decided, noted by those who did
// it, and at the end compared with what the public pages say.
import { strict as assert } from 'node:assert';

const CLOCK = { remove: 'removed', restrict: 'restricted', label: 'labelled', freeze: 'frozen', warn: 'warned', dismiss: 'dismissed' };

export class Record {
	notices = new Map();   // "lane category" -> how many
	refusals = new Map();  // "lane reason" -> how many
	decisions = new Map(); // "lane category action" -> how many
	cases = new Map();     // number -> {by, met}
	standing = new Map();  // subject -> what was done about it last
	appeals = { owner: 0, upheld: 0, reversed: 0 };
	surprises = [];        // answers that nobody expected
	lost = 0;              // claims that were over before the decision
	pauses = 0;            // minutes of moderators who had seen too much

	#add(map, ...key) {
		const text = key.join(' ');
		map.set(text, (map.get(text) ?? 0) + 1);
	}

	// The sensor's notices have no answer: the desk files them itself.
	noticed(lane, category, answer, subject) {
		if (answer && answer.status !== 201) this.surprises.push(`${lane} ${subject.subject}: ${answer.status} ${JSON.stringify(answer.body)}`);
		else this.#add(this.notices, lane, category);
	}

	refused(lane, reason, answer) {
		if (answer.status !== 422) this.surprises.push(`${lane}: ${answer.status} instead of a refusal (${reason}): ${JSON.stringify(answer.body)}`);
		else this.#add(this.refusals, lane, reason);
	}

	// `judged`: category and lane of the case when it was decided; notices may have changed them since it was claimed.
	decided(found, judged, action, answer, by) {
		this.#add(this.decisions, judged.lane, judged.category, CLOCK[action]);
		if (answer.order?.action === 'restore') this.#add(this.decisions, judged.lane, judged.category, 'restored');
		this.cases.set(found.case, { by, met: answer.met });
		this.standing.set(found.subject, action);
	}

	appealed(judged, subject, outcome) {
		this.appeals[outcome]++;
		if (outcome !== 'reversed') return;
		this.#add(this.decisions, judged.lane, judged.category, 'restored');
		this.standing.set(subject, 'restore');
	}

	get noticeCount() {
		return [...this.notices.values()].reduce((sum, count) => sum + count, 0);
	}

	get noticesByLane() {
		const lanes = {};
		for (const [key, count] of this.notices) lanes[key.split(' ')[0]] = (lanes[key.split(' ')[0]] ?? 0) + count;
		return lanes;
	}

	// Measures and what lifts them.
	get orderCount() {
		return [...this.decisions].filter(([key]) => !key.endsWith(CLOCK.dismiss)).reduce((sum, [, count]) => sum + count, 0);
	}

	compareAppeals({ rows }) {
		const sum = (name) => rows.reduce((total, row) => total + row[`appeals_${name}`], 0);
		assert.deepEqual(Object.fromEntries(Object.keys(this.appeals).map((name) => [name, sum(name)])), this.appeals);
	}

	// `counts`: /square/counts.json. Days are added up, so that nothing hangs on what happened at midnight.
	compare(counts) {
		const notices = new Map(), decisions = new Map(), refusals = new Map();
		const add = (map, key, count) => count && map.set(key, (map.get(key) ?? 0) + count);
		for (const row of counts.rows) {
			add(notices, `${row.lane} ${row.category}`, row.notices);
			for (const name of [...Object.values(CLOCK), 'restored']) add(decisions, `${row.lane} ${row.category} ${name}`, row[name]);
		}
		for (const { lane, reason, count } of counts.refusals) add(refusals, `${lane} ${reason}`, count);
		const sorted = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
		assert.deepEqual(sorted(notices), sorted(this.notices), 'notices by lane and category');
		assert.deepEqual(sorted(refusals), sorted(this.refusals), 'refusals by lane and reason');
		assert.deepEqual(sorted(decisions), sorted(this.decisions), 'decisions by lane and category');
	}
}
