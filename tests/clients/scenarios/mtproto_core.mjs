// SPDX-License-Identifier: Apache-2.0
// @mtproto/core: an account, its authorization taken to four more DCs, a chat with mtcute, and the same over
// a killed messenger and a restarted server. It reckons in plain JavaScript, a second or two for each key.
import { strict as assert } from 'node:assert';
import { account } from '../lib/accounts.mjs';
import { scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { MtprotoCore } from '../lib/mtproto_core.mjs';
import { wholePair } from '../lib/pairs.mjs';
import { overRestarts } from '../lib/restart.mjs';

const LABEL = MtprotoCore.label;

const at = (device, dcId, method, params = {}) => device.client.call(method, params, { dcId, syncAuth: false });

async function copies(s) {
	let device, other;
	await s.must(`${LABEL}: exports its authorization to four DCs and imports it there`, async () => {
		device = await s.loggedIn(MtprotoCore);
		assert.deepEqual(device.copies.map(({ dc, answer }) => `${dc} ${answer}`).sort(), [1, 3, 4, 5].map((dc) => `${dc} auth.authorization`));
	});
	await s.check(`${LABEL}: each of them is logged in to the account`, async () => {
		for (const dc of [1, 3, 4, 5]) {
			const [me] = await at(device, dc, 'users.getUsers', { id: [{ _: 'inputUserSelf' }] });
			assert.equal(Number(me.id), device.id);
		}
	});
	await s.check(`${LABEL}: each is a login of its own`, async () => {
		const { authorizations } = await device.raw('account.getAuthorizations');
		assert.equal(authorizations.length, 5);
		assert.equal(new Set(authorizations.map(({ hash }) => hash)).size, 5);
	});
	await s.check(`${LABEL}: what was exported serves one account, once`, async () => {
		const refused = { error_message: 'AUTH_BYTES_INVALID' };
		const copy = await at(device, 2, 'auth.exportAuthorization', { dc_id: 4 });
		other = await s.device(MtprotoCore);
		await assert.rejects(at(other, 2, 'auth.importAuthorization', { id: device.id + 1, bytes: copy.bytes }), refused);
		assert.equal((await at(other, 2, 'auth.importAuthorization', { id: copy.id, bytes: copy.bytes }))._, 'auth.authorization');
		await assert.rejects(at(device, 3, 'auth.importAuthorization', { id: copy.id, bytes: copy.bytes }), refused);
	});
	return device;
}

// Four keys at once: on a busy machine they may take it more than the minute after which a server puts out who has none.
const PATIENT = { server: { newcomer_s: 600 } };

await scenario({ minutes: 14, ini: PATIENT }, async (s) => {
	let friend;
	await s.must('the friend signs up', async () => { friend = await s.loggedIn(Mtcute); });
	await account(s, LABEL, MtprotoCore, {}, friend);
	await wholePair(s, await copies(s), friend, `${LABEL} and ${Mtcute.label}`);
	await overRestarts(s, [{ label: LABEL, Client: MtprotoCore, Partner: Mtcute }]);
});
