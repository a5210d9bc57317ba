// SPDX-License-Identifier: Apache-2.0
// Bots that the operator makes: three libraries log in by their tokens, and answer who writes to them.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Telethon } from '../lib/telethon.mjs';
import { waitFor } from '../lib/wait.mjs';

const field = (name, text) => new RegExp(`^${name} (\\S+)`, 'm').exec(text)[1];

await scenario({}, async (s) => {
	const bot = (...args) => s.server.command('user', 'bot', '--data', s.server.data, ...args);
	const ayu = await s.loggedIn(Tdlib, { name: 'Ayu' });
	const hers = (username) => ayu.find(username);

	async function make(Client, username) {
		const said = bot('--name', `${Client.label} bot`, username);
		s.server.secrets.add(field('token', said).split(':')[1]);
		const device = await s.device(Client, { name: username });
		await device.loginAsBot(field('token', said));
		assert.equal(device.id, Number(field('id', said)));
		return device;
	}

	for (const Client of [Telethon, Mtcute, Tdlib]) {
		await s.check(`${Client.label}: a bot logs in by its token, is written to and answers`, async () => {
			const username = `${Client.label.toLowerCase()}_bot`;
			const device = await make(Client, username);
			const chat = await hers(username);
			assert.equal(chat.id, device.id);
			const user = await ayu.call({ _: 'getUser', user_id: device.id });
			assert.equal(user.type._, 'userTypeBot');
			assert.equal(user.type.can_join_groups, false);
			await ayu.call({ _: 'getUserFullInfo', user_id: device.id });
			await ayu.send(chat, '/start');
			await device.incoming('/start');
			await device.send({ kind: 'user', id: ayu.id }, 'It rains.');
			await ayu.incoming('It rains.');
		});
	}
	await s.check('a bot does not come into a group', async () => {
		const { id } = await hers('telethon_bot');
		await assert.rejects(ayu.call({ _: 'createNewBasicGroupChat', user_ids: [id], title: 'Rain' }), /BOT_GROUPS_BLOCKED/);
	});
	await s.check('another token logs out who had the last one', async () => {
		const [first, before] = [await s.device(Telethon), bot('moved_bot')];
		await first.loginAsBot(field('token', before));
		const after = field('token', bot('--new-token', 'moved_bot'));
		const second = await s.device(Telethon);
		await assert.rejects(second.loginAsBot(field('token', before)), /ACCESS_TOKEN_INVALID/);
		await second.loginAsBot(after);
		await waitFor('the old login to end', () => first.me().then(() => false, () => true));
		assert.equal(await first.reopen(), false);
		assert.equal((await second.me()).id, first.id);
		bot('--revoke', '@moved_bot');
		const third = await s.device(Telethon);
		await assert.rejects(third.loginAsBot(after), /ACCESS_TOKEN_INVALID/);
	});
	await s.check('names that are no bots\' are refused', async () => {
		for (const args of [['weather'], ['bot'], ['telethon_bot'], ['--revoke', 'nobody_bot'], [],
			['--revoke', '--new-token', 'telethon_bot'], ['--new-token', 'telethon_bot', 'telethon_bot']])
			assert.throws(() => bot(...args));
	});
});
