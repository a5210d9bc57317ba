// SPDX-License-Identifier: Apache-2.0
// A screen of its own (Xvfb) and a re-keyed Telegram Desktop on it, driven by mouse and keys as a person
// would. Knows where things are in its window of 858 by 673 points on a screen of 1100 by 800.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { rekeyedCopy } from './rekey.mjs';
import { sleep, waitFor } from './wait.mjs';

const BINARY = '/usr/bin/telegram-desktop';
const BLUE = [64, 167, 227]; // of its buttons
const NEAR = 14;

export const PLACES = {
	start: [480, 519], byPhone: [540, 573], next: [480, 487], photo: [650, 235], firstChat: [300, 174], search: [310, 112],
	firstResult: [300, 200], bottom: [699, 690], menu: [157, 113], newChannel: [246, 294],
	secondChat: [300, 240], searchHere: [824, 113], chatMenu: [944, 113], createPoll: [874, 268], firstOption: [700, 575],
	theirLast: [520, 640], myLast: [800, 640], newGroup: [228, 254], contacts: [228, 338], settings: [228, 463],
	addContact: [438, 676], firstRow: [450, 220], lastButton: [688, 676], profile: [400, 307], notifications: [400, 347],
	privacy: [400, 388], folders: [400, 470], blocked: [480, 240], sessions: [480, 281], twoSteps: [480, 362],
	endSession: [733, 480], createPassword: [549, 602], sound: [480, 312], bio: [421, 362], name: [480, 473],
	username: [480, 556], newFolder: [475, 423], addChats: [460, 348], createFolder: [688, 633], lastSeenNobody: [395, 309], saveLastSeen: [694, 646], firstReaction: [822, 373],
	manage: [874, 230], chatTitle: [600, 113], lastComments: [550, 635], secondAdmin: [473, 403], banUsers: [703, 387], saveRights: [693, 676],
};

const has = (program) => (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));

export function whatIsMissing() {
	const missing = ['Xvfb', 'xdotool', 'dbus-run-session', 'import'].filter((program) => !has(program));
	if (!existsSync(BINARY)) missing.unshift('telegram-desktop');
	return missing.length ? `not installed: ${missing.join(', ')}` : null;
}

export class Screen {
	constructor(folder, shots) {
		Object.assign(this, { folder, shots });
		mkdirSync(shots, { recursive: true });
	}

	async open() {
		// -displayfd: the X server chooses a free number and tells it.
		this.server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1100x800x24', '-nolisten', 'tcp'],
			{ stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
		let said = '';
		this.server.stdio[3].on('data', (chunk) => { said += chunk; });
		await waitFor('a screen', () => said.includes('\n'), 15000);
		this.display = `:${said.trim()}`;
	}

	#run(program, ...args) {
		return execFileSync(program, args, { env: { ...process.env, DISPLAY: this.display }, maxBuffer: 1 << 24 });
	}

	// prefix: a command that runs the rest of its line.
	startDesktop(server, prefix = []) {
		const home = join(this.folder, 'home');
		mkdirSync(home, { recursive: true, mode: 0o700 });
		const [command, ...args] = [...prefix, 'dbus-run-session', '--', rekeyedCopy(BINARY, server), '-many',
			'-workdir', `${join(this.folder, 'tdesktop')}/`];
		this.desktop = spawn(command, args, {
			stdio: 'ignore', detached: true, // a group of its own, to be ended as a whole
			env: { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home, LANG: 'C.UTF-8', DISPLAY: this.display },
		});
	}

	async stopDesktop() {
		if (!this.desktop) return;
		const ended = new Promise((done) => this.desktop.once('exit', done));
		try { process.kill(-this.desktop.pid, 'SIGTERM'); } catch { return; }
		await Promise.race([ended, sleep(8000)]);
		try { process.kill(-this.desktop.pid, 'SIGKILL'); } catch { /* it is gone */ }
		this.desktop = null;
	}

	async close() {
		await this.stopDesktop();
		this.server?.kill('SIGTERM');
	}

	shot(name) {
		this.#run('import', '-window', 'root', join(this.shots, `${name}.png`));
	}

	isBlue([x, y]) {
		const pixel = [...this.#run('import', '-window', 'root', '-crop', `1x1+${x}+${y}`, '-depth', '8', 'rgb:-')].slice(0, 3);
		return pixel.every((value, i) => Math.abs(value - BLUE[i]) <= NEAR);
	}

	async blue(what, place, wanted = true, ms = 30000) {
		await waitFor(what, async () => {
			await sleep(250);
			return this.isBlue(place) === wanted;
		}, ms);
	}

	// Buttons hear a press that lasts, on a machine that is busy.
	async click([x, y], button = '1') {
		this.#run('xdotool', 'mousemove', `${x}`, `${y}`);
		await sleep(350);
		this.#run('xdotool', 'mousedown', button);
		await sleep(150);
		this.#run('xdotool', 'mouseup', button);
		await sleep(600);
	}

	// The nth line of the menu that the right button opens.
	async choose(place, nth) {
		await this.click(place, '3');
		await sleep(600);
		this.keys(...Array.from({ length: nth }, () => 'Down'), 'Return');
		await sleep(1200);
	}

	async scrollDown([x, y]) {
		this.#run('xdotool', 'mousemove', `${x}`, `${y}`, 'click', '--repeat', '15', '--delay', '60', '5');
		await sleep(1000);
	}

	// Clicks until it helped.
	async clickUntil(what, place, helped, ms = 30000) {
		let tried = 0;
		await waitFor(what, async () => {
			if (await helped()) return true;
			if (Date.now() - tried > 4000) {
				await this.click(place);
				tried = Date.now();
			}
			await sleep(300);
			return helped();
		}, ms);
	}

	type(text) {
		this.#run('xdotool', 'type', '--delay', '70', text);
	}

	keys(...names) {
		this.#run('xdotool', 'key', '--delay', '150', ...names);
	}
}

// From the first page to the chats.
export async function signUp(s, screen, phone) {
	await screen.blue('the first page', PLACES.start);
	await screen.clickUntil('the page of the number', PLACES.start, () => screen.isBlue(PLACES.start) === false);
	await sleep(1500);
	screen.shot('0-qr');
	await screen.clickUntil('the page of the number', PLACES.byPhone, () => screen.isBlue(PLACES.next));
	screen.keys('BackSpace', 'BackSpace', 'BackSpace', 'BackSpace');
	screen.type(phone.slice(1));
	screen.shot('1-number');
	screen.keys('Return');
	const code = await s.server.code(phone, 20000);
	await sleep(2500);
	screen.type(code);
	await screen.blue('the page of the name', PLACES.photo);
	screen.type('Desktop');
	screen.keys('Tab');
	screen.type('User');
	screen.shot('2-name');
	await screen.clickUntil('the chats', PLACES.next, () => !screen.isBlue(PLACES.photo));
}
