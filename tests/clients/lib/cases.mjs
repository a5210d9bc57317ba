// SPDX-License-Identifier: Apache-2.0
// A scenario is a program: it names its cases, prints a line for each and ends with status 1 when one failed.
//
//     await scenario({}, async ({server, device, check}) => { await check('…', async () => {…}); });
//
// Without LONTAR_TEST_SERVER it starts a server of its own, so that one scenario can be run alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from './server.mjs';
import { DELAY_MS } from './slow_line.mjs';

const LINES_SHOWN = 24; // of what went wrong
const LINE_SHOWN = 600;
const STEPS_SHOWN = 4;
const SLOWER_MS = 100; // on a line with so much delay everything may take twice its time

let phones = 0;

// Numbers of a country that the test chooses, new in every call; never of anybody (fictional ranges are
// too small, and nothing here reaches a telephone).
export function newPhone(prefix = '+4479') {
	const salt = String(process.pid % 10000).padStart(4, '0');
	return `${prefix}${salt}${String(phones++).padStart(12 - prefix.length - 3, '0').slice(-4)}`;
}

// The message, shortened, and whence it came in these tests.
function told(error) {
	const text = String(error?.message ?? error);
	const lines = text.split('\n').map((line) => (line.length > LINE_SHOWN ? `${line.slice(0, LINE_SHOWN)}…` : line));
	const left = lines.length - LINES_SHOWN;
	const steps = String(error?.stack ?? '').split('\n').filter((line) => /^ +at .*\/tests\/clients\//.test(line))
		.map((line) => line.trim().replace(/file:.*\/tests\/clients\//, ''));
	return [...lines.slice(0, LINES_SHOWN), ...(left > 0 ? [`… ${left} lines more`] : []), ...steps.slice(0, STEPS_SHOWN)].join('\n');
}

class Scenario {
	failed = 0;
	devices = [];
	folder = mkdtempSync(join(tmpdir(), 'lontar-devices-'));

	// A client of its own state; closed at the end.
	async device(Client, settings = {}) {
		const state = join(this.folder, `device-${this.devices.length}`);
		const device = new Client(this.server, { phone: newPhone(settings.prefix), name: `User ${this.devices.length}`, state, ...settings });
		this.devices.push(device);
		this.server.secrets.add(device.phone.slice(1));
		await device.open();
		return device;
	}

	async loggedIn(Client, settings) {
		const device = await this.device(Client, settings);
		await device.login();
		return device;
	}

	async check(name, run) {
		try {
			await run();
			console.log(`ok ${name}`);
			return true;
		} catch (error) {
			this.failed++;
			console.log(`not ok ${name}`);
			// What is wrong, first and alone: a record may keep no more than its beginning.
			console.log([told(error), ...(await this.#circumstances())].join('\n').replace(/^/gm, '  '));
			return false;
		}
	}

	// What both sides knew when it failed: a failure that comes once in a hundred runs must say why at once.
	async #circumstances() {
		const devices = this.devices.map((device) => device.circumstances?.()).filter(Boolean);
		return [...devices, ...(await this.server.circumstances())];
	}

	// A step that everything after it needs.
	async must(name, run) {
		if (!(await this.check(name, run))) throw new Stop();
	}

	// A clean end, and nothing private in what the server wrote.
	async endServer() {
		await this.check('the server ends cleanly', async () => {
			const { code } = await this.server.stop();
			if (code !== 0) throw new Error(`status ${code}\n${this.server.log.slice(-3000)}`);
		});
		await this.check('nothing private on standard error', async () => {
			const { length } = this.server.leaks();
			if (length) throw new Error(`${length} private texts in the log`);
		});
		if (this.failed && process.env.LONTAR_SHOW_LOG) console.log(this.server.log.slice(-20000));
		this.server.remove();
	}

	async end() {
		await Promise.allSettled(this.devices.map((device) => device.close()));
		rmSync(this.folder, { recursive: true, force: true });
	}
}

class Stop extends Error {}

export async function scenario({ minutes = 10, options, tls, ini, serverClass = Server } = {}, run) {
	const s = new Scenario();
	minutes *= 1 + DELAY_MS / SLOWER_MS;
	const timer = setTimeout(() => {
		console.log(`not ok the scenario ended within ${minutes} minutes`);
		s.server?.process?.kill('SIGTERM');
		process.exit(1);
	}, minutes * 60000);
	try {
		s.server = new serverClass({ options, tls, ini });
		// Also when a library throws where nobody catches.
		process.once('exit', () => s.server.process?.kill('SIGTERM'));
		await s.server.start();
		await run(s);
	} catch (error) {
		if (!(error instanceof Stop)) {
			s.failed++;
			console.log('not ok the scenario ran to its end');
			console.log(told(error).replace(/^/gm, '  '));
		}
	}
	await s.end();
	if (s.server) await s.endServer();
	clearTimeout(timer);
	// TDLib's thread may outlive its last client by a moment.
	process.exit(s.failed ? 1 : 0);
}
