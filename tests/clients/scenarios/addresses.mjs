// SPDX-License-Identifier: Apache-2.0
// help.getConfig with several addresses, of which the first leads nowhere and one is for fake TLS: TDLib takes them all, and
// goes by the one with a secret where the others fail.
import { strict as assert } from 'node:assert';
import { get } from 'node:http';
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { scenario } from '../lib/cases.mjs';
import { Server } from '../lib/server.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { chatBothWays, meet } from '../lib/pairs.mjs';
import { waitFor } from '../lib/wait.mjs';

class Many extends Server {
	async init() {
		await super.init();
		this.command('proxy-link', '--data', this.data, '--new', '--site', 'www.example.org:443');
		const ini = join(this.data, 'lontar.ini');
		writeFileSync(ini, readFileSync(ini, 'utf8').replace(/^public_addresses = .*$/m,
			'public_addresses = 127.0.0.9:9, [::1]:9, 127.0.0.1 tls'));
	}

	veiled() {
		return new Promise((done, fail) => get(`http://127.0.0.1:${this.metricsPort}/metrics`, (answer) => {
			let text = '';
			answer.on('data', (chunk) => { text += chunk; });
			answer.on('end', () => done(Number(/^lontar_veiled_total (\d+)/m.exec(text)[1])));
		}).on('error', fail));
	}
}

await scenario({ minutes: 3, serverClass: Many }, async (s) => {
	let a;
	let b;
	let peers;
	await s.must('two people sign up by the built-in addresses', async () => {
		a = await s.loggedIn(Tdlib);
		b = await s.loggedIn(Tdlib);
		peers = await meet(a, b);
		await chatBothWays(a, b, peers);
	});
	await s.check('later connections go by the address with a secret', async () => {
		for (const device of [a, b]) assert.ok(await device.reopen());
		await waitFor('fake TLS', () => s.server.veiled().then((count) => count > 0), 30000);
		await chatBothWays(a, b, peers);
	});
	await s.check('TDLib found nothing wrong', async () => {
		assert.deepEqual(s.devices.flatMap((device) => device.errors), []);
	});
});
