// SPDX-License-Identifier: Apache-2.0
// TDLib over a killed messenger and a restarted server, also with temporary keys, on its test DC and with the
// secrets of proxy links.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { overRestarts } from '../lib/restart.mjs';
import { newKey, proxySection, secretOf } from '../lib/secrets.mjs';
import { Tdlib } from '../lib/tdlib.mjs';

const key = newKey();

await scenario({ ini: proxySection(key) }, async (s) => {
	await overRestarts(s, [
		{ label: 'TDLib', Client: Tdlib },
		{ label: 'TDLib with temporary keys', Client: Tdlib, settings: { pfs: true } },
		{ label: 'TDLib on a test DC', Client: Tdlib, settings: { testDc: true } },
		{ label: 'TDLib with a secret (dd)', Client: Tdlib, settings: { secret: secretOf('dd', key) } },
		{ label: 'TDLib with a secret (ee)', Client: Tdlib, settings: { secret: secretOf('ee', key) } },
		{ label: 'TDLib with a secret (ee) and temporary keys', Client: Tdlib, settings: { secret: secretOf('ee', key), pfs: true } },
	]);
	await s.check('fake TLS was what it came in', async () => assert.ok((await s.server.metric('lontar_veiled_total')) >= 4));
});
