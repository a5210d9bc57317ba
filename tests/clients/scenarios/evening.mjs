// SPDX-License-Identifier: Apache-2.0
// An evening of three people on five devices of TDLib: everything that one does with an account, private chats and a
// group. After each step all devices of each person must agree; once a device is away and catches up, once the
// messenger is killed, and at the end devices that were not there before must have what the others have.
import { scenario } from '../lib/cases.mjs';
import { beingLeftAlone, gettingKnown, goingHome } from '../lib/evening/account.mjs';
import { group } from '../lib/evening/group.mjs';
import { lists, meanwhile } from '../lib/evening/lists.mjs';
import { Evening } from '../lib/evening/people.mjs';
import { contents, marks, savedMessages, scheduledHasCome, suddenEnd, texts } from '../lib/evening/talk.mjs';

await scenario({}, async (s) => {
	const e = new Evening(s);
	await s.must('three people log in, two of them twice', async () => {
		for (const person of e.people) await person.settle(await person.newDevice(s));
		for (const person of [e.anna, e.budi]) await person.settle(await person.newDevice(s));
		await e.agree();
	});
	await gettingKnown(e);
	await texts(e);
	await marks(e);
	await contents(e);
	await savedMessages(e);
	await scheduledHasCome(e);
	const away = await e.goes(e.budi);
	await group(e);
	await meanwhile(e);
	await e.comesBack(e.budi, away);
	await suddenEnd(e);
	await lists(e);
	await beingLeftAlone(e);
	await goingHome(e);
});
