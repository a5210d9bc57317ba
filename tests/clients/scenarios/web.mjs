// SPDX-License-Identifier: Apache-2.0
// The browser's library over WebSocket in TLS, against TDLib without.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { MtcuteWeb } from '../lib/mtcute_web.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { chatBothWays, editText, meet, readEachOther, sameHistory, sendEntities } from '../lib/pairs.mjs';

await scenario({ tls: true }, async (s) => {
	let web, other, peers;
	await s.must('mtcute web signs up over WebSocket in TLS', async () => { web = await s.loggedIn(MtcuteWeb); });
	await s.must('TDLib signs up, they become contacts', async () => {
		other = await s.loggedIn(Tdlib);
		peers = await meet(web, other);
	});
	await s.check('it was in TLS', async () => assert.ok(await s.server.metric('lontar_tls_handshakes_total') > 0));
	await s.check('they write to each other', () => chatBothWays(web, other, peers));
	await s.check('entities arrive', () => sendEntities(web, other, peers.ab));
	await s.check('read marks arrive', () => readEachOther(web, other, peers));
	await s.check('an edit arrives', () => editText(other, web, peers.ba));
	await s.check('both have the same history', () => sameHistory(web, other, peers));
	await s.check('with temporary keys it signs up as well', async () => {
		assert.ok((await (await s.device(MtcuteWeb, { pfs: true })).login()).isNew);
	});
	await s.check('it opens again with its saved session, and logs out', async () => {
		assert.ok(await web.reopen());
		await web.logout();
	});
});
