// SPDX-License-Identifier: Apache-2.0
// Messenger and desk get no memory once at every site that asks for some while they start and are used: until no new site is seen
// any more. A site is the innermost frames of the stack (lack.c). What must hold afterwards is what lack.mjs asks for.
//
//     node tests/faults/lack_sites.mjs [MINUTES]
import { strict as assert } from 'node:assert';
import { scenario, newPhone } from '../clients/lib/cases.mjs';
import { Desk } from '../clients/lib/desk.mjs';
import { Mtcute } from '../clients/lib/mtcute.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';
import { LackingServer, Load, PROGRAMS } from './lacking.mjs';

const MINUTES = Number(process.argv[2] ?? 0); // 0: until there are no more
const LONGEST = 300; // minutes
const QUIET_MS = 20000; // without a new site: there are no more
const END_MS = 150; // a program that ends does so by then
const TOLD_EVERY = 200;
const PAGES = ['/s/lacking_one', '/s/lacking_one/2', '/s/lacking_one/rss'];
const DESK_PAGES = ['/', '/square/', '/square/openapi.json', '/square/metrics.json?by=day', '/square/metrics.csv?by=day', '/square/metrics/en',
	'/square/ledger/checkpoint', '/square/ledger/proof/0', '/api/forms', '/api/cases', '/api/cases/1', '/api/queues', '/api/appeals', '/api/sop',
	'/api/accuracy', '/api/quality', '/api/people', '/api/log'];

async function page(url, options = {}) {
	const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(5000) });
	assert.ok(answer.status < 600);
	await answer.arrayBuffer();
}

// Everybody who asks for something else than the writers do.
function visitors(s, load) {
	const { server } = s, desk = new Desk(server);
	const token = { moderator: desk.grant('moderator', 'Made'), lead: desk.grant('lead', 'Lead'), flagger: desk.grant('flagger', 'Flags') };
	let number = 0, newest = load.post.id;
	load.also('a newcomer', async () => {
		const device = new Mtcute(server, { phone: newPhone(), name: 'New', state: `${s.folder}/new-${number++}` });
		await device.open();
		try {
			await device.login();
			await device.dialogs();
			const channel = await device.join('lacking_one');
			await device.history(channel, 20);
			await device.leave(channel);
			await device.logout();
		} finally {
			await device.close();
		}
	});
	load.also('the owner', async () => {
		const { owner, channel } = load;
		const post = await owner.send(channel, `something more, ${number++}`);
		await owner.edit(channel, post.id, 'something else');
		newest = post.id;
		await owner.dialogs();
		await owner.raw({ _: 'updates.getState' });
		await owner.raw({ _: 'account.getAuthorizations' });
		await owner.raw({ _: 'help.getConfig' });
		await owner.raw({ _: 'contacts.search', q: 'lacking', limit: 10 });
		await owner.memberCount(channel);
	});
	load.also('a reader of pages', async () => {
		for (const path of PAGES) await page(`http://127.0.0.1:${server.port}${path}`);
		for (const path of DESK_PAGES) await page(`http://127.0.0.1:${server.deskPort}${path}`, { headers: { authorization: `Bearer ${token.lead}` } });
		await page(`http://127.0.0.1:${server.metricsPort}/metrics`);
	});
	load.also('a moderator', async () => {
		await desk.ask(token.flagger, 'POST', '/api/notices', {
			subject: `@lacking_one/${newest}`, category: 'terrorism', law: 'Act No. 5 of 2018', reasons: 'It calls for violence.', good_faith: true });
		const { body } = await desk.ask(token.moderator, 'POST', '/api/next', { off_duty: true });
		if (!body.case) return;
		const said = { ground: 'Rule 3 of the terms', facts: 'What the post says' };
		const action = body.subject === '@lacking_one/2' ? 'dismiss' : 'remove';
		await desk.must(200, token.moderator, 'POST', `/api/cases/${body.case}/decide`, { action, ...said });
		if (action === 'remove')
			await desk.must(200, token.lead, 'POST', `/api/cases/${body.case}/reverse`, { ...said, why: 'mistaken_facts' });
	});
}

async function everySite(s, load) {
	const { server } = s;
	const since = () => PROGRAMS.map((program) => server.refused(program));
	const until = Date.now() + (MINUTES || LONGEST) * 60000;
	const told = { sites: 0, bad: 0 };
	let restarts = 0, ends = 0;
	while (Date.now() < until) {
		const before = since();
		for (const program of PROGRAMS) server.refuseAtNewSite(program);
		const began = Date.now();
		while (Date.now() < began + QUIET_MS && since().every((count, i) => count === before[i])) await sleep(10);
		const sites = since();
		if (sites.every((count, i) => count === before[i])) {
			await load.goesOn('when no new site was seen');
			if (since().every((count, i) => count === before[i])) return { sites, ends, whole: true };
		}
		await sleep(END_MS);
		// So that nobody waits for the supervisor, who waits longer each time.
		const ended = server.judgeEnds();
		for (; told.bad < server.bad.length; told.bad++) console.log(server.bad[told.bad].replace(/^/gm, '# '));
		ends += ended;
		if (ended) {
			await server.killAll();
			for (const program of PROGRAMS) server.refuseAtNewSite(program);
			await server.start();
			restarts++;
		}
		if (Math.floor((sites[0] + sites[1]) / TOLD_EVERY) > told.sites) {
			told.sites = Math.floor((sites[0] + sites[1]) / TOLD_EVERY);
			console.log(`# ${sites[0]} sites of the messenger, ${sites[1]} of the desk; ${restarts} times started again; ${load}`);
			server.refuseNothing();
			await load.goesOn(`after ${sites[0] + sites[1]} sites`);
		}
	}
	return { sites: since(), ends, whole: false };
}

await scenario({ minutes: 20 + (MINUTES || LONGEST), serverClass: LackingServer }, async (s) => {
	let load;
	await s.must('pairs meet, a channel is public, an authority writes notices, others come', async () => {
		load = await Load.begin(s);
		visitors(s, load);
		await load.goesOn('before any lack');
	});
	await s.must('memory is refused once at every site', async () => {
		const { sites, ends, whole } = await everySite(s, load);
		s.server.refuseNothing();
		await load.goesOn('in the end');
		await load.end();
		console.log(`${whole ? 'all' : `in ${MINUTES || LONGEST} minutes`} ${sites[0]} sites of the messenger, ${sites[1]} of the desk; ${ends} times a program ended; ${load}`);
		assert.ok(whole || MINUTES);
	});
	await load.judge(s);
});
