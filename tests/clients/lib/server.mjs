// SPDX-License-Identifier: Apache-2.0
// A Lontar of its own in a temporary folder: starts it, hands out login codes, kills it, starts it again.
// Owns the process tree and the folder. What the server writes on standard error is kept and searched
// for private text when the server stops: nothing of it may be there.
import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within, waitFor } from './wait.mjs';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const BUILD = process.env.LONTAR_BUILD ?? join(ROOT, 'build');
const READY_MS = 30000;
const STOP_MS = 15000;

// Text that tests put into private messages begins with this, so that a leak is easy to find.
export const MARK = 'qzmark';

function childrenOf(pid) {
	const found = [];
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
			const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
			if (parent === pid) found.push({ pid: Number(name), args: readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0') });
		} catch { /* it ended meanwhile */ }
	}
	return found;
}

export class Server {
	constructor({ data = null, options = [], tls = false, ini = {} } = {}) {
		this.ownsData = !data;
		this.data = data ?? mkdtempSync(join(tmpdir(), 'lontar-test-'));
		this.options = options;
		this.tls = tls; // with a certificate of its own making
		this.ini = ini; // {section: {key: value}}
		this.port = 0;
		this.deskPort = 0;
		this.codes = []; // {phone, code}, oldest first; taken codes leave
		this.secrets = new Set();
		this.log = '';
	}

	static async start(settings) {
		const server = new Server(settings);
		await server.start();
		return server;
	}

	get pem() {
		return join(this.data, 'server.pub.pem');
	}

	// The metrics have a fixed port, which another server on this machine may hold.
	async init() {
		this.command('init', '--data', this.data);
		this.metricsPort = await freePort();
		this.#configure({ ...this.ini, metrics: { port: this.metricsPort } });
		if (!this.tls) return;
		execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
			'-subj', '/CN=localhost', '-keyout', join(this.data, 'tls.key'), '-out', join(this.data, 'tls.pem')], { stdio: 'ignore' });
		this.#configure({ tls: { certificate: 'tls.pem', key: 'tls.key' } });
	}

	#configure(wanted) {
		const ini = join(this.data, 'lontar.ini');
		let section = '';
		const lines = readFileSync(ini, 'utf8').split('\n').map((line) => {
			section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
			const key = /^(\w+) =/.exec(line)?.[1];
			return wanted[section]?.[key] === undefined ? line : `${key} = ${wanted[section][key]}`;
		});
		writeFileSync(ini, lines.join('\n'));
	}

	// After the first start the ports stay, so that clients find the server again.
	async start() {
		if (!existsSync(join(this.data, 'lontar.ini'))) await this.init();
		this.process = spawn(join(BUILD, 'lontar'), ['serve', '--data', this.data, '--port', String(this.port),
			'--desk-port', String(this.deskPort), '--listen', this.listen ?? 'loopback', '--codes', 'console',
			...this.options], { stdio: ['ignore', 'pipe', 'pipe'] });
		const child = this.process;
		this.ended = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
		child.stderr.on('data', (chunk) => { this.log += chunk; });
		let rest = '';
		const ready = new Promise((done, fail) => {
			child.stdout.on('data', (chunk) => {
				rest += chunk;
				const lines = rest.split('\n');
				rest = lines.pop();
				for (const line of lines) this.#line(line, done);
			});
			child.once('error', fail);
			child.once('exit', (code) => fail(new Error(`the server ended with ${code}:\n${this.log.slice(-2000)}`)));
		});
		await within(READY_MS, 'the ready line', ready);
	}

	#line(line, done) {
		const ready = /^ready port=(\d+) desk=(\d+)$/.exec(line);
		const code = /^code phone=(\+\d+) code=(\d+)$/.exec(line);
		if (ready) {
			[this.port, this.deskPort] = [Number(ready[1]), Number(ready[2])];
			done();
		}
		if (code) {
			this.codes.push({ phone: code[1], code: code[2] });
			// Five digits alone occur in port numbers and times; the number is a sure sign.
			this.secrets.add(code[1].slice(1));
		}
	}

	// The oldest code for the number that nobody took yet.
	async code(phone, ms = 10000) {
		const take = () => {
			const at = this.codes.findIndex((entry) => entry.phone === phone);
			return at < 0 ? null : this.codes.splice(at, 1)[0].code;
		};
		return waitFor(`a code for ${phone}`, take, ms);
	}

	// A counter of the messenger that runs now: each begins at 0.
	async metric(name) {
		const page = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
		return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(page)[1]);
	}

	child(name) {
		return childrenOf(this.process.pid).find(({ args }) =>
			(name === 'messenger' ? args[1] === 'messenger' : args[0].endsWith('lontar-desk')))?.pid;
	}

	// The supervisor starts the messenger again by itself; this waits until it listens.
	async killMessenger() {
		const before = this.child('messenger');
		process.kill(before, 'SIGKILL');
		await waitFor('another messenger', () => {
			const now = this.child('messenger');
			return now && now !== before;
		}, 10000);
		await waitFor('a listening messenger', () => listens(this.port), 10000);
	}

	async killAll() {
		const pids = [this.process.pid, ...childrenOf(this.process.pid).map(({ pid }) => pid)];
		for (const pid of pids) {
			try { process.kill(pid, 'SIGKILL'); } catch { /* it went with its parent */ }
		}
		await this.ended;
		await waitFor('the port to be free', async () => !(await listens(this.port)), 10000);
	}

	async stop() {
		if (this.process.exitCode === null && this.process.signalCode === null) {
			this.process.kill('SIGTERM');
			await within(STOP_MS, 'the end of the server', this.ended).catch(async (error) => {
				await this.killAll();
				throw error;
			});
		}
		return this.ended;
	}

	// The private things that standard error shows; empty when the wall holds.
	leaks() {
		const found = [...this.secrets].filter((secret) => this.log.includes(secret));
		return this.log.includes(MARK) ? [...found, MARK] : found;
	}

	remove() {
		if (this.ownsData) rmSync(this.data, { recursive: true, force: true });
	}

	command(...args) {
		return execFileSync(join(BUILD, 'lontar'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	}
}

function freePort() {
	return new Promise((done, fail) => {
		const socket = createServer().once('error', fail).listen(0, '127.0.0.1', () => {
			const { port } = socket.address();
			socket.close(() => done(port));
		});
	});
}

async function listens(port) {
	return new Promise((done) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => { socket.destroy(); done(true); });
		socket.once('error', () => done(false));
	});
}
