// SPDX-License-Identifier: Apache-2.0
// Telethon over a killed messenger and a restarted server, in each of its TCP modes and with the secrets of
// proxy links: dd is padded obfuscation, ee the same in fake TLS.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { overRestarts } from '../lib/restart.mjs';
import { newKey, proxySection, secretOf } from '../lib/secrets.mjs';
import { Telethon } from '../lib/telethon.mjs';

const MODES = ['full', 'abridged', 'intermediate', 'obfuscated', 'obfuscated intermediate', 'obfuscated padded'];

const HOPELESS_MS = 30000; // after which one who is not served gives up, if the library doesn't before
const key = newKey();

await scenario({ ini: proxySection(key) }, async (s) => {
	await overRestarts(s, [
		...MODES.map((mode) => ({ label: `Telethon, ${mode}`, Client: Telethon, settings: { mode } })),
		...['dd', 'ee'].map((mode) => ({ label: `Telethon with a secret (${mode})`, Client: Telethon, settings: { mode, secret: secretOf(mode, key) } })),
	]);
	await s.check('fake TLS was what it came in', async () => assert.ok((await s.server.metric('lontar_veiled_total')) >= 2));
	for (const mode of ['dd', 'ee']) {
		await s.check(`Telethon with a secret that is not the server's (${mode}) is not served`, async () => {
			const other = s.device(Telethon, { mode, secret: secretOf(mode, newKey()), patience: HOPELESS_MS });
			await assert.rejects(other, /ConnectionError|IncompleteRead|waited/);
		});
	}
});
