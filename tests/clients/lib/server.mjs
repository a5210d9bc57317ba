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
import { DELAY_MS, SlowLine } from './slow_line.mjs';
import { PATIENCE_MS, waitFor, within } from './wait.mjs';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const BUILD = process.env.LONTAR_BUILD ?? join(ROOT, 'build');

// Text that tests put into private messages begins with this, so that a leak is easy to find.
export const MARK = 'qzmark';

const LOG_LINES_SHOWN = 12;

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

	// Where clients connect to, and are told to: the server itself, or a slow line to it.
	get clientPort() {
		return this.linePort ?? this.port;
	}

	async #layLine() {
		if (!DELAY_MS || this.line) return;
		this.linePort = await freePort();
		this.line = new SlowLine(() => this.port);
		await this.line.open(this.linePort);
	}

	get pem() {
		return join(this.data, 'server.pub.pem');
	}

	// The metrics have a fixed port, which another server on this machine may hold.
	async init() {
		this.command('init', '--data', this.data);
		this.metricsPort = await freePort();
		const told = this.line ? { public_addresses: `127.0.0.1:${this.linePort}` } : {};
		this.#configure({ ...this.ini, server: { ...told, ...this.ini.server }, metrics: { port: this.metricsPort } });
		if (this.ini.login?.terms) writeFileSync(join(this.data, this.ini.login.terms), 'Be kind.');
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

	// The ports stay, so that clients find the server again.
	async start() {
		await this.#layLine();
		if (!existsSync(join(this.data, 'lontar.ini'))) await this.init();
		this.port ||= await freePort();
		this.deskPort ||= await freePort();
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
		await within(PATIENCE_MS, 'the ready line', ready);
	}

	#line(line, done) {
		const ready = /^ready port=(\d+) desk=(\d+)$/.exec(line);
		const code = /^(?:code phone|email address)=(\S+) code=(\d+)$/.exec(line);
		if (ready) {
			[this.port, this.deskPort] = [Number(ready[1]), Number(ready[2])];
			done();
		}
		if (code) {
			this.codes.push({ phone: code[1], code: code[2] });
			// Five digits alone occur in port numbers and times; the number is a sure sign.
			this.secrets.add(code[1].replace('+', ''));
		}
	}

	// The oldest code for the number or e-mail address that nobody took yet.
	async code(phone, ms) {
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

	// Processes, counters that are not 0, and the last it wrote.
	async circumstances() {
		const children = childrenOf(this.process.pid).map(({ pid, args }) => `${pid} ${args[0].split('/').pop()} ${args[1] ?? ''}`);
		const counters = await within(5000, 'the metrics', fetch(`http://127.0.0.1:${this.metricsPort}/metrics`))
			.then((page) => page.text(), (error) => `no metrics: ${error.message}`);
		return [`server ${this.process.pid} on port ${this.port}; children: ${children.join(', ')}`,
			...(this.line ? [String(this.line)] : []),
			counters.split('\n').filter((line) => !/^#|_bucket| 0$|^$/.test(line)).map((line) => line.replace(/^lontar_/, '')).join(', '),
			...this.log.trimEnd().split('\n').slice(-LOG_LINES_SHOWN)];
	}

	child(name) {
		return childrenOf(this.process.pid).find(({ args }) =>
			(name === 'messenger' ? args[1] === 'messenger' : args[0].endsWith(`/lontar-${name}`)))?.pid;
	}

	// The supervisor starts the messenger again by itself; this waits until it listens.
	async killMessenger() {
		const before = this.child('messenger');
		process.kill(before, 'SIGKILL');
		await waitFor('another messenger', () => {
			const now = this.child('messenger');
			return now && now !== before;
		});
		await waitFor('a listening messenger', () => listens(this.port));
	}

	// With the keeper the messenger is started again too.
	async killKeeper() {
		const before = [this.child('keeper'), this.child('messenger')];
		process.kill(before[0], 'SIGKILL');
		await waitFor('another keeper and messenger', () => {
			const now = [this.child('keeper'), this.child('messenger')];
			return now.every((pid, i) => pid && pid !== before[i]);
		});
		await waitFor('a listening messenger', () => listens(this.port));
	}

	// The children must not outlive it: two messengers on one store would be wrong.
	async killSupervisor() {
		const children = childrenOf(this.process.pid).map(({ pid }) => pid);
		this.process.kill('SIGKILL');
		await this.ended;
		await waitFor('its children to end', () => !children.some((pid) => existsSync(`/proc/${pid}`)));
	}

	async killAll() {
		const pids = [this.process.pid, ...childrenOf(this.process.pid).map(({ pid }) => pid)];
		for (const pid of pids) {
			try { process.kill(pid, 'SIGKILL'); } catch { /* it went with its parent */ }
		}
		await this.ended;
		await waitFor('the port to be free', async () => !(await listens(this.port)));
	}

	async stop() {
		if (this.process.exitCode === null && this.process.signalCode === null) {
			this.process.kill('SIGTERM');
			await within(PATIENCE_MS, 'the end of the server', this.ended).catch(async (error) => {
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
		this.line?.close();
		if (this.ownsData) rmSync(this.data, { recursive: true, force: true });
	}

	command(...args) {
		return execFileSync(join(BUILD, 'lontar'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	}
}

// None of those that the system gives to connections: while a server is down, somebody's connection, or what is left of
// one for a minute, may have any of them, and the server could not come back to its own.
const [LOW, HIGH] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
const [FROM, TO] = LOW > 20000 ? [10000, LOW] : [HIGH + 1, 65536];

function isFree(port) {
	return new Promise((done, fail) => {
		const socket = createServer().once('error', (error) => (error.code === 'EADDRINUSE' ? done(false) : fail(error)));
		socket.listen(port, '127.0.0.1', () => socket.close(() => done(true)));
	});
}

async function freePort() {
	for (;;) {
		const port = FROM + Math.floor(Math.random() * (TO - FROM));
		if (await isFree(port)) return port;
	}
}

async function listens(port) {
	return new Promise((done) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => { socket.destroy(); done(true); });
		socket.once('error', () => done(false));
	});
}
