// SPDX-License-Identifier: Apache-2.0
// A day on the desk through its public interfaces: readers, flaggers, authorities and a sensor send what they found, twelve
// moderators work through it, processes are killed, and in the evening the public figures equal a count made beside them.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scenario } from '../clients/lib/cases.mjs';
import { Mtcute } from '../clients/lib/mtcute.mjs';
import { BUILD, Server } from '../clients/lib/server.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';
import { Lanes } from './lanes.mjs';
import { Lead, Moderator } from './moderators.mjs';
import { Record } from './record.mjs';
import { Sim } from './sim.mjs';
import { PHRASE, Square } from './square.mjs';

const HOUR_S = 3600;
const QUIET_LOOKS = 10;    // in the evening, half a second apart: nothing is left to do
const SUBJECTS_READ = 300; // of those decided about, at the end
const START = Date.parse('2027-03-01T00:30:00Z');
const CLOCK = join(BUILD, 'tests/day/day_clock.so');

const { values: options } = parseArgs({ options: {
	subjects: { type: 'string', default: '20000' }, notices: { type: 'string', default: '5000' }, hours: { type: 'string', default: '22' },
	minutes: { type: 'string', default: '15' }, kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' },
	help: { type: 'boolean' },
} });

if (options.help) {
	console.log(`./dev day [--subjects 20000] [--notices 5000] [--hours 22] [--minutes 15] [--kills 200] [--seed 1]

A day of so many hours at the desk in so many minutes: so many public posts, notices over all lanes, twelve moderators, and so
many kill -9 of desk and messenger. Prints what it saw; the status is 1 if a figure or an order is not as it must be.`);
	process.exit(0);
}
const want = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, Number(value)]));
const speed = Math.round((want.hours * 60) / want.minutes);

// This process and all that it starts live in that day.
if (!process.env.LONTAR_DAY_CLOCK) {
	const { status } = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env: { ...process.env,
		LD_PRELOAD: CLOCK, LONTAR_DAY_CLOCK: `${process.hrtime.bigint()} ${BigInt(START) * 1000000n} ${speed}` } });
	process.exit(status ?? 1);
}

class DayServer extends Server {
	async init() {
		await super.init();
		writeFileSync(join(this.data, 'desk/sensor.txt'), `terrorism\t${PHRASE}\n`);
	}
}

function moderators(sim, record) {
	const shifts = { morning: [[0, 9]], day: [[8, 17]], evening: [[16, 24]] };
	return Array.from({ length: 12 }, (_, i) => new Moderator({
		sim, record, name: `Moderator ${i + 1}`, languages: ['id,en', 'id', 'en'][i % 3], hours: Object.values(shifts)[i % 3],
		pace: [60, 90, 120, 180][i % 4], errors: 0.05,
	}));
}

// One of the two at a time, whichever it is; both come back by themselves.
async function kill(server, sim, count, seconds) {
	for (let i = 0; i < count; i++) {
		await sim.wait((seconds / count) * (0.5 + sim.random()));
		const pid = server.child(sim.random() < 0.5 ? 'desk' : 'messenger');
		if (pid) process.kill(pid, 'SIGKILL');
		else i--;
	}
}

const openCases = async (sim, lead) => (await sim.must(lead, 'GET', '/api/cases?state=open')).cases;

// What readers see of a subject is what was decided last.
async function asDecided(reader, subject, action) {
	const peer = await reader.find(subject.name);
	const seen = await reader.raw({ _: 'channels.getMessages', channel: { _: 'inputChannel', channelId: peer.id,
		accessHash: (await reader.raw({ _: 'contacts.resolveUsername', username: subject.name })).chats[0].accessHash },
	id: [{ _: 'inputMessageID', id: subject.post }] });
	const text = seen.messages[0].message ?? '';
	return text.includes(`truth=${subject.truth}`) === (action !== 'remove') || `${subject.subject} after ${action}: ${text}`;
}

await scenario({ minutes: want.minutes * 2 + 30, serverClass: DayServer }, async (s) => {
	const sim = new Sim({ server: s.server, speed, seed: want.seed });
	const record = new Record();
	const square = new Square(s, sim);
	const lead = new Lead({ sim, record, square });
	const seconds = want.hours * HOUR_S;
	let from, staff;
	await s.must(`${want.subjects} posts in public channels`, () => square.fill(want.subjects));
	await s.must('the day', async () => {
		from = sim.now;
		const lanes = new Lanes({ s, sim, square, record, from, seconds });
		staff = moderators(sim, record);
		const working = [...staff.map((moderator) => moderator.work(from)), lead.work(), lanes.owners()];
		const part = (share) => Math.round(want.notices * share);
		const coming = [lanes.readers(part(0.6)), lanes.flagger('A watch group', part(0.15), 0.1),
			lanes.flagger('One that turns bad', part(0.1), (passed) => (passed < 0.5 ? 0.1 : 0.9)),
			lanes.authority('A ministry', part(0.12)), lanes.sensor(Math.min(150, part(0.03))), lanes.refused(part(0.02))];
		const [done] = await Promise.all([Promise.all(coming), kill(s.server, sim, want.kills, seconds)]);
		// What is decided last may still be appealed.
		for (let quiet = 0; quiet < QUIET_LOOKS; await sleep(500))
			quiet = (await openCases(sim, lead.token)).length + (await lead.open()).length ? 0 : quiet + 1;
		sim.over = true;
		await Promise.all(working);
		return done;
	});
	await s.check('every answer was the one expected', () => assert.deepEqual(record.surprises.slice(0, 5), []));
	await s.check('the public figures equal the count beside them', async () => {
		let seen = {};
		const { counts } = await waitFor(() => `all notices in the counts, ${JSON.stringify(seen)} of ${JSON.stringify(record.noticesByLane)}`, async () => {
			const found = (await sim.must(null, 'GET', '/square/counts.json'));
			seen = {};
			for (const { lane, notices } of found.rows) seen[lane] = (seen[lane] ?? 0) + notices;
			return Object.values(seen).reduce((sum, count) => sum + count, 0) >= record.noticeCount && { counts: found };
		});
		record.compare(counts);
		record.compareAppeals(await sim.must(null, 'GET', '/square/metrics.json'));
		console.log(`# ${record.noticeCount} notices, ${record.orderCount} orders, ${JSON.stringify(record.appeals)} appeals`);
	});
	await s.check('who turned bad stands behind who did not', async () => {
		const { senders } = await sim.must(lead.token, 'GET', '/api/accuracy');
		const score = (name) => senders.find((sender) => sender.name === name).score;
		assert.ok(score('One that turns bad') < score('A watch group'), JSON.stringify(senders));
	});
	await s.check('each order was executed, and stands once in the ledger', async () => {
		const ledger = join(s.server.data, 'desk/ledger');
		s.server.command('ledger', 'verify', ledger);
		assert.equal(Number(readFileSync(join(ledger, 'checkpoint'), 'utf8').split('\n')[1]), record.orderCount);
	});
	await s.check('nobody was idle while a clock ran out that they could have kept', async () => {
		const late = [...record.cases].filter(([, { met }]) => met === false);
		console.log(`# ${late.length} of ${record.cases.size} cases were late, ${record.lost} claims ran out, ${record.pauses} minutes were pauses, ${sim.retries} requests were sent again`);
		for (const [number] of late) {
			const { opened, events } = await lateness(sim, lead.token, number);
			const claimed = events.find(({ kind }) => kind === 'claimed').at;
			for (const { idle, name } of staff)
				assert.ok(!idle.some(([a, b]) => a > opened && b < claimed), `${name} had nothing to do while case ${number} waited`);
		}
	});
	await s.check('what readers see is what was decided last', async () => {
		const reader = await s.loggedIn(Mtcute);
		const bySubject = new Map(square.subjects.map((subject) => [subject.subject, subject]));
		const some = [...record.standing].filter((_, i, all) => i % Math.ceil(all.length / SUBJECTS_READ) === 0);
		for (const [subject, action] of some) assert.equal(await asDecided(reader, bySubject.get(subject), action), true);
	});
	await s.check('the auditor finds nothing, and everything derived can be made again', async () => {
		s.server.command('desk', 'audit', '--data', s.server.data);
		s.server.command('desk', 'rebuild', '--data', s.server.data);
	});
	await s.check('the same events give the same ledger', async () => {
		const folder = join(s.server.data, 'desk/ledger'), kept = join(s.folder, 'ledger');
		await s.server.stop();
		cpSync(folder, kept, { recursive: true });
		rmSync(folder, { recursive: true });
		await s.server.start();
		await waitFor('the ledger to be made again', () => { try { return readFileSync(join(folder, 'checkpoint')).equals(readFileSync(join(kept, 'checkpoint'))); } catch { return false; } });
		const files = (path) => readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(path.length)).sort();
		// Of the last tile of a level the kept one has a form for each time it grew.
		for (const name of files(folder)) assert.ok(readFileSync(join(folder, name)).equals(readFileSync(join(kept, name))), name);
	});
});

async function lateness(sim, lead, number) {
	const found = await sim.must(lead, 'GET', `/api/cases/${number}`);
	const events = found.events.map((event) => ({ ...event, at: Date.parse(event.at) / 1000 }));
	return { opened: events[0].at, events };
}
