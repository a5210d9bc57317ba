// SPDX-License-Identifier: Apache-2.0
// What comes in during the day, each lane through its own door, at its own hours; and what of it was taken.
import { Mtcute } from '../clients/lib/mtcute.mjs';
import { CATEGORIES } from './square.mjs';

const REPORTED = 80; // of one reader in a day; the messenger takes a hundred
const SERVICE = 777000;
const CODE = /start=appeal_([\w-]{22})/;
const LOOK_S = 120;
const TITLES = {
	terrorism: /Terrorist/, incitement: /violence or hatred/, fraud: /Fraud/, drugs: /Drugs/, privacy: /Private data/,
	pornography: /^Pornography/, copyright: /copyright/i, spam: /^Spam/,
};

export class Lanes {
	constructor({ s, sim, square, record, from, seconds }) {
		Object.assign(this, { s, sim, square, record, from, seconds });
	}

	// Times of `count` arrivals, sorted: more by day than by night.
	#times(count) {
		const times = [];
		while (times.length < count) {
			const at = this.sim.random();
			if (this.sim.random() < 0.35 + 0.65 * Math.sin(Math.PI * at)) times.push(this.from + at * this.seconds);
		}
		return times.sort((a, b) => a - b);
	}

	// Mostly about what is there; `wrong`: the share of notices about posts that are fine.
	#about(wrong) {
		const fine = this.sim.random() < wrong;
		for (;;) {
			const subject = this.sim.pick(this.square.subjects);
			if ((subject.truth === 'fine') === fine) return { subject, category: fine ? this.sim.pick(CATEGORIES) : subject.truth };
		}
	}

	async #machine(lane, token, count, wrong, law) {
		const times = this.#times(count);
		for (const [nth, time] of times.entries()) {
			await this.sim.until(time);
			const { subject, category } = this.#about(typeof wrong === 'function' ? wrong(nth / count) : wrong);
			const answer = await this.sim.ask(token, 'POST', '/api/notices', {
				subject: subject.subject, category, law, reasons: `It is ${category}, as anybody can see.`, good_faith: true,
				...(lane === 'authority' && category === 'terrorism' ? { urgent: true } : {}),
			});
			this.record.noticed(lane, category, answer, subject);
		}
	}

	authority(name, count) {
		return this.#machine('authority', this.sim.grant('authority', name, '--country', 'ID'), count, 0.1, 'UU 5/2018');
	}

	flagger(name, count, wrong) {
		return this.#machine('flagger', this.sim.grant('flagger', name), count, wrong, 'UU 1/2024');
	}

	// What must be refused: names that nobody has, and notices that lack something.
	async refused(count) {
		const token = this.sim.grant('authority', 'An office in a hurry', '--country', 'ID');
		for (const [nth, time] of this.#times(count).entries()) {
			await this.sim.until(time);
			const unknown = nth % 2 === 0;
			const answer = await this.sim.ask(token, 'POST', '/api/notices', {
				subject: unknown ? `@nobody_has_this_${nth}` : this.sim.pick(this.square.subjects).subject, category: 'spam',
				...(unknown ? { law: 'UU 1/2024' } : {}), reasons: 'It is there.', good_faith: true,
			});
			this.record.refused('authority', unknown ? 'unknown' : 'incomplete', answer);
		}
	}

	// Posts that the sensor finds.
	async sensor(count) {
		for (const time of this.#times(count)) {
			await this.sim.until(time);
			const { owner, peer, name } = this.sim.pick(this.square.channels);
			const subject = await this.square.post(owner, peer, name, true);
			this.record.noticed('sensor', 'terrorism', null, subject);
		}
	}

	// Readers report what they find by their client's menu.
	async readers(count) {
		const readers = [];
		while (readers.length < Math.max(16, Math.ceil(count / REPORTED))) readers.push(await this.s.loggedIn(Mtcute));
		const times = this.#times(count);
		let next = 0;
		await Promise.all(readers.map(async (reader) => {
			const reported = new Set(); // again, before there is an outcome, would be no notice
			while (next < count) {
				await this.sim.until(times[next++]);
				let about;
				do about = this.#about(0.4); while (reported.has(about.subject.subject));
				reported.add(about.subject.subject);
				await this.#report((query) => reader.raw(query), about);
			}
		}));
	}

	async #report(call, { subject, category }) {
		const { chats: [chat] } = await call({ _: 'contacts.resolveUsername', username: subject.name });
		const peer = { _: 'inputPeerChannel', channelId: chat.id, accessHash: chat.accessHash };
		const step = (option, message = '') => call({ _: 'messages.report', peer, id: [subject.post], option, message });
		let asked = await step(new Uint8Array());
		const choose = async (fits) => { asked = await step(asked.options.find(({ text }) => fits.test(text)).option); };
		await choose(TITLES[category]);
		while (asked._ === 'reportResultChooseOption') await choose(asked.options.length > 1 ? /./ : /accurate/);
		if (asked._ === 'reportResultAddComment') asked = await step(asked.option, 'I saw it.');
		this.record.noticed('user', category, { status: asked._ === 'reportResultReported' ? 201 : 0, body: asked }, subject);
	}

	// Owners read the letters about their channels, and appeal by the code in them: mostly where they are right.
	async owners() {
		const seen = new Map(this.square.owners.map((owner) => [owner, 0]));
		const truths = new Map(this.square.subjects.map(({ subject, truth }) => [subject, truth]));
		while (!this.sim.over) {
			for (const [owner, count] of seen) {
				const letters = owner.inbox.all(({ what, peer }) => what === 'message' && peer.id === SERVICE);
				seen.set(owner, letters.length);
				for (const { text } of letters.slice(count)) await this.#appeal(CODE.exec(text)?.[1], truths);
			}
			await this.sim.wait(LOOK_S);
		}
	}

	async #appeal(code, truths) {
		const about = code && (await this.sim.ask(null, 'GET', `/square/appeals?code=${code}`));
		// Another decision may stand by now.
		if (!about || about.status !== 200 || !about.body.may) return;
		if (this.sim.random() > (truths.get(about.body.subject) === 'fine' ? 0.8 : 0.1)) return;
		const answer = await this.sim.ask(null, 'POST', '/square/appeals', { code, words: 'Nothing of that kind is in what I wrote there.' });
		if (answer.status === 201) this.record.appeals.owner++;
		else if (answer.status !== 410 && answer.status !== 409) this.record.surprises.push(`appeal: ${answer.status} ${JSON.stringify(answer.body)}`);
	}
}
