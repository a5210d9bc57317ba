// SPDX-License-Identifier: Apache-2.0
// TDLib through links of `lontar proxy-link`: obfuscated with a secret (dd), and in fake TLS (ee). The client's own
// addresses lead nowhere, so that nothing can go another way; then by what help.getConfig tells.
import { strict as assert } from 'node:assert';
import { get } from 'node:http';
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { scenario } from '../lib/cases.mjs';
import { Server } from '../lib/server.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { meet, words } from '../lib/pairs.mjs';
import { rekey, tdlibPath } from '../lib/rekey.mjs';
import { waitFor } from '../lib/wait.mjs';

const NOWHERE = 9; // the port of "discard": nobody listens
const MESSAGES = 50;

class Veiled extends Server {
	async init() {
		await super.init();
		this.command('proxy-link', '--data', this.data, '--new', '--site', 'www.example.org:443');
		const ini = join(this.data, 'lontar.ini');
		writeFileSync(ini, readFileSync(ini, 'utf8').replace(/^public_addresses = .*$/m,
			`public_addresses = 127.0.0.1:${NOWHERE}, [::1]:${NOWHERE}, 127.0.0.1${this.line ? `:${this.clientPort}` : ''} tls`));
	}

	secret(mark) {
		return new RegExp(`secret=(${mark}[0-9a-f]+)`).exec(this.command('proxy-link', '--data', this.data))[1];
	}

	veiled() {
		return new Promise((done, fail) => get(`http://127.0.0.1:${this.metricsPort}/metrics`, (answer) => {
			let text = '';
			answer.on('data', (chunk) => { text += chunk; });
			answer.on('end', () => done(Number(/^lontar_veiled_total (\d+)/m.exec(text)[1])));
		}).on('error', fail));
	}
}

class Proxied extends Tdlib {
	static label = 'TDLib by proxy';

	async open() {
		const ready = await super.open();
		await this.call({
			_: 'addProxy', enable: true, proxy: {
				_: 'proxy', server: '127.0.0.1', port: this.server.clientPort, type: { _: 'proxyTypeMtproto', secret: this.server.secret(this.mark) },
			},
		});
		return ready;
	}

	constructor(server, settings) {
		super(server, settings);
		this.mark = settings.mark;
	}
}

async function chat(a, b, { ab, ba }) {
	for (let i = 0; i < MESSAGES / 2; i++) {
		for (const [from, to, peer] of [[a, b, ab], [b, a, ba]]) {
			const text = words(`${i} from ${from.name}`);
			await from.send(peer, text);
			await to.incoming(text);
		}
	}
}

await scenario({ serverClass: Veiled }, async (s) => {
	rekey(tdlibPath(), join(s.server.data, 'rekeyed-libtdjson.so'), readFileSync(s.server.pem, 'utf8'), NOWHERE);
	for (const mark of ['dd', 'ee']) {
		let a;
		let b;
		let peers;
		await s.must(`${mark}: two people sign up`, async () => {
			a = await s.loggedIn(Proxied, { mark });
			b = await s.loggedIn(Proxied, { mark });
		});
		await s.must(`${mark}: contacts by number`, async () => { peers = await meet(a, b); });
		await s.check(`${mark}: ${MESSAGES} messages both ways`, () => chat(a, b, peers));
		await s.check(`${mark}: connections ${mark === 'ee' ? 'in' : 'without'} fake TLS`, async () => {
			const count = await s.server.veiled();
			assert.ok(mark === 'ee' ? count >= 2 : count === 0, `${count}`);
		});
		await s.check(`${mark}: after the server was killed`, async () => {
			await s.server.killMessenger();
			await chat(a, b, peers);
		});
	}
	await s.check('without a proxy, by the one of three public addresses that leads here: in fake TLS', async () => {
		const [a, b] = s.devices.slice(-2);
		const before = await s.server.veiled();
		for (const device of [a, b]) {
			await device.call({ _: 'disableProxy' });
			await waitFor('TDLib to try its addresses', () => device.connected);
		}
		await chat(a, b, { ab: { kind: 'user', id: b.id }, ba: { kind: 'user', id: a.id } });
		assert.ok(await s.server.veiled() > before, 'not in fake TLS');
	});
	await s.check('TDLib found nothing wrong', async () => {
		assert.deepEqual(s.devices.flatMap((device) => device.errors), []);
	});
});
