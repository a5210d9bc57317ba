// SPDX-License-Identifier: Apache-2.0
// Sign-up, wrong codes, a second device, restart with the saved session, logout: for each client.
import { account } from '../lib/accounts.mjs';
import { scenario } from '../lib/cases.mjs';
import { Gramjs, Teleproto } from '../lib/gramjs.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Telethon } from '../lib/telethon.mjs';

const KINDS = [
	['TDLib', Tdlib, {}],
	['TDLib with temporary keys', Tdlib, { pfs: true }],
	['mtcute', Mtcute, {}],
	['mtcute with temporary keys', Mtcute, { pfs: true }],
	['GramJS', Gramjs, {}],
	['GramJS, obfuscated', Gramjs, { obfuscated: true }],
	['teleproto', Teleproto, {}],
	['Telethon', Telethon, {}],
];

await scenario({}, async (s) => {
	let friend;
	await s.must('the friend signs up', async () => { friend = await s.loggedIn(Mtcute); });
	for (const [label, Client, settings] of KINDS) await account(s, label, Client, settings, friend);
});
