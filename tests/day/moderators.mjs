// SPDX-License-Identifier: Apache-2.0
// Twelve people at the desk: each reads some languages, works some hours, takes a few minutes for a case and is wrong now
// and then.
const IDLE_S = 60;

export class Moderator {
	idle = []; // [from, to]: nothing to do was left for them

	constructor({ sim, record, name, languages, hours, pace, errors }) {
		Object.assign(this, { sim, record, name, languages, hours, pace, errors });
		this.token = sim.grant('moderator', name, '--lang', languages);
	}

	onShift(from) {
		const hour = ((this.sim.now - from) / 3600) % 24;
		return this.hours.some(([begin, end]) => hour >= begin && hour < end);
	}

	async work(from) {
		while (!this.sim.over) {
			if (!this.onShift(from)) {
				await this.sim.wait(IDLE_S);
				continue;
			}
			const asked = this.sim.now;
			const next = await this.sim.must(this.token, 'POST', '/api/next', { off_duty: true });
			if (next.case) {
				await this.#judge(next);
				continue;
			}
			await this.sim.wait(IDLE_S);
			if (next.paused_until) this.record.pauses++;
			else this.idle.push([asked, this.sim.now]);
		}
	}

	async #judge(found) {
		const truth = /truth=(\w+)/.exec(JSON.stringify(found.evidence))?.[1] ?? 'fine';
		const wrong = this.sim.random() < this.errors;
		await this.sim.wait(this.pace * (0.5 + this.sim.random()));
		const bad = (truth !== 'fine') !== wrong;
		const action = !bad ? 'dismiss' : this.sim.random() < 0.3 ? 'restrict' : 'remove';
		const body = { action, ground: 'Rule 3 of the terms', facts: 'What the post says', ...(action === 'restrict' ? { countries: ['ID'] } : {}) };
		const answer = await this.sim.ask(this.token, 'POST', `/api/cases/${found.case}/decide`, body);
		// The claim may be over: the desk gives cases to others after its lease.
		if (answer.status === 409 || answer.status === 403) {
			this.record.lost++;
			return;
		}
		if (answer.status !== 200) throw new Error(`${this.name}: case ${found.case}: ${answer.status} ${JSON.stringify(answer.body)}`);
		this.record.decided(found, await judged(this, found.case), action, answer.body, this.name);
	}
}

// The notice that set the clock when their newest decision fell.
async function judged({ sim, token, name }, number) {
	const { events } = await sim.must(token, 'GET', `/api/cases/${number}`);
	const at = events.findLastIndex(({ kind, by }) => ['decided', 'reversed'].includes(kind) && by === name);
	return events.slice(0, at).findLast(({ kind }) => kind === 'noticed').data;
}

// Answers appeals: whoever was right is told so.
export class Lead {
	constructor({ sim, record, square }) {
		Object.assign(this, { sim, record, square, name: 'Lead', token: sim.grant('lead', 'Lead') });
	}

	async open() {
		return (await this.sim.must(this.token, 'GET', '/api/appeals?state=open')).appeals;
	}

	async work() {
		const truths = new Map(this.square.subjects.map(({ subject, truth }) => [subject, truth]));
		while (!this.sim.over) {
			for (const appeal of await this.open()) await this.#answer(appeal, truths.get(appeal.subject) === 'fine');
			await this.sim.wait(IDLE_S);
		}
	}

	async #answer({ appeal, case: number, subject }, right) {
		const answer = await this.sim.ask(this.token, 'POST', `/api/appeals/${appeal}/decide`, {
			outcome: right ? 'reverse' : 'uphold', ...(right ? { why: 'mistaken_facts' } : {}), facts: 'What is there', ground: 'Rule 3 again' });
		if (answer.status !== 200) {
			this.record.surprises.push(`appeal ${appeal}: ${answer.status} ${JSON.stringify(answer.body)}`);
			return;
		}
		this.record.appealed(right ? await judged(this, number) : null, subject, right ? 'reversed' : 'upheld');
	}
}
