// SPDX-License-Identifier: Apache-2.0
// Debian's Telegram Desktop has a community handed to it, with two hundred members, five admins, a channel and its discussion
// group, and goes through the pages that an owner has for them. Judged by what a second device of the owner gets from it, and
// by the server's log; the pictures are for eyes, in LONTAR_SHOTS or a temporary folder.
import { strict as assert } from 'node:assert';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPhone, scenario } from '../lib/cases.mjs';
import { Crowd } from '../lib/crowd.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { PLACES, Screen, signUp, whatIsMissing } from '../lib/screen.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';

const missing = whatIsMissing();
if (missing) {
	console.log(`skip Telegram Desktop: ${missing}`);
	process.exit(0);
}

// Of emoji stickers and a helper that Lontar has none of; what libraries ask before they are logged in; switches that it
// sends as they were when it closes a page.
const EXPECTED = ['messages.getStickerSet 400 STICKERSET_INVALID', 'updates.getState 401 AUTH_KEY_UNREGISTERED',
	'contacts.resolveUsername 400 USERNAME_NOT_OCCUPIED', 'channels.toggleAntiSpam 400 CHAT_NOT_MODIFIED',
	'channels.toggleParticipantsHidden 400 CHAT_NOT_MODIFIED'];
const SIZE = 200;
const [GROUP, CHANNEL] = [PLACES.firstChat, PLACES.secondChat];
const marked = (id) => -(1000000000000 + id);

function refusals(log) {
	const lines = [...log.matchAll(/"event":"(method_\w+)","text":"([^"]*)"/g)];
	return [...new Set(lines.map(([, event, text]) => (event === 'method_unserved' ? `${text} is not served` : text)))];
}

await scenario({ minutes: 8, ini: { log: { level: 'debug' }, server: { stranger_calls_per_s: 0 } } }, async (s) => {
	const shots = process.env.LONTAR_SHOTS ?? mkdtempSync(join(tmpdir(), 'lontar-shots-'));
	const screen = new Screen(s.folder, shots);
	const phone = newPhone();
	const admins = [];
	let second, news, talk, last;
	console.log(`pictures: ${shots}`);
	const shotOf = async (name, ms = 1800) => {
		await sleep(ms);
		screen.shot(name);
	};
	const away = async () => {
		screen.keys('Escape', 'Escape', 'Escape', 'Escape', 'Escape');
		await sleep(800);
	};
	const input = ({ id, accessHash }) => ({ _: 'inputChannel', channelId: id, accessHash });
	const make = async (fields) => (await second.raw({ _: 'channels.createChannel', about: 'boats and weather', ...fields })).chats.find(({ title }) => title === fields.title);

	async function found() {
		news = await make({ title: 'Harbour news', broadcast: true });
		talk = await make({ title: 'Harbour talk', megagroup: true });
		await second.raw({ _: 'channels.updateUsername', channel: input(news), username: 'lontar_harbour' });
		await second.raw({ _: 'channels.updateUsername', channel: input(talk), username: 'lontar_talk' });
		await second.raw({ _: 'channels.setDiscussionGroup', broadcast: input(news), group: input(talk) });
		const crowd = new Crowd(s);
		await crowd.open();
		const join = async (call, username) => {
			const { chats: [it] } = await call({ _: 'contacts.resolveUsername', username });
			await call({ _: 'channels.joinChannel', channel: input(it) });
		};
		await crowd.come(SIZE, async (call) => { for (const name of ['lontar_harbour', 'lontar_talk']) await join(call, name); });
		for (const name of ['Dewi', 'Gita', 'Sari', 'Hana', 'Eka']) {
			const admin = await s.loggedIn(Mtcute, { name });
			for (const username of ['lontar_harbour', 'lontar_talk']) await admin.join(username);
			await admin.send({ kind: 'channel', id: talk.id }, `${name} is here`);
			admins.push(admin);
		}
		await second.client.getHistory(marked(talk.id), { limit: 20 });
		for (const [i, { id }] of admins.entries())
			for (const it of [news, talk])
				await second.client.editAdminRights({ chatId: marked(it.id), userId: id, rank: it === talk ? `rank ${i}` : '',
					rights: { changeInfo: i === 0, deleteMessages: true, banUsers: i < 3, inviteUsers: true, postMessages: it === news, pinMessages: it === talk } });
		await second.client.banChatMember({ chatId: marked(talk.id), participantId: crowd.people[0].id }).catch(() => null);
		for (let i = 0; i < 3; i++) last = await second.send({ kind: 'channel', id: news.id }, `Post number ${i}`);
	}

	try {
		await s.must('Telegram Desktop signs up', async () => {
			s.server.secrets.add(phone.slice(1));
			await screen.open();
			screen.startDesktop(s.server);
			await signUp(s, screen, phone);
			second = await s.loggedIn(Mtcute, { phone });
		});
		await s.must('two hundred come into its channel and its group', found);
		const open = async (chat, name, places) => {
			await away();
			for (const place of [chat, PLACES.chatMenu, PLACES.manage]) await screen.click(place);
			await shotOf(`${name}-manage`);
			await screen.scrollDown([550, 500]);
			for (const [page, place] of Object.entries(places)) {
				await screen.click(place);
				await shotOf(`${name}-${page}`, 2500);
				screen.keys('Escape');
				await sleep(800);
			}
		};
		await s.check('it shows both, and a post with its comments', async () => {
			await shotOf('10-chats', 8000); // its notices go
			await screen.click(GROUP);
			await shotOf('11-group');
			await screen.click(PLACES.chatTitle);
			await shotOf('12-members');
			await away();
			await screen.click(CHANNEL);
			await shotOf('13-channel');
			await screen.click(PLACES.lastComments);
			await sleep(1500);
			screen.type('A comment');
			screen.keys('Return');
			await waitFor('the comment', async () => {
				const { messages } = await second.raw({ _: 'channels.getMessages', channel: input(news), id: [{ _: 'inputMessageID', id: last.id }] });
				return messages[0].replies?.replies === 1;
			}, 15000);
			await shotOf('14-comments');
		});
		await s.check('the pages of the group: permissions, links, members, what was done', async () => {
			await open(GROUP, '20-group', { reactions: [500, 354], permissions: [500, 394], links: [500, 432], members: [500, 511] });
			const { invites } = await second.raw({ _: 'messages.getExportedChatInvites', peer: { _: 'inputPeerChannel', channelId: talk.id, accessHash: talk.accessHash },
				adminId: { _: 'inputUserSelf' }, limit: 10 });
			assert.equal(invites.filter((link) => link.permanent).length, 1);
			await screen.click([500, 548]);
			await shotOf('21-actions', 2500);
		});
		await s.check('it changes what an admin may', async () => {
			await open(GROUP, '30-group', {});
			await screen.click([500, 471]);
			await shotOf('31-admins', 2500);
			await screen.click(PLACES.secondAdmin);
			await sleep(1500);
			await screen.click(PLACES.banUsers);
			await shotOf('32-rights', 800);
			await screen.click(PLACES.saveRights);
			await waitFor('what it took', async () => {
				const member = await second.client.getChatMember({ chatId: marked(talk.id), userId: admins[0].id });
				return member.permissions?.banUsers === false;
			}, 15000);
			await shotOf('33-admins');
		});
		await s.check('the pages of the channel: discussion, links, admins, subscribers, who was removed', () =>
			open(CHANNEL, '40-channel', { discussion: [500, 241], links: [500, 394], admins: [500, 432], subscribers: [500, 471], removed: [500, 511] }));
		await s.check('nothing was refused that it shows', () => {
			assert.deepEqual(refusals(s.server.log).filter((line) => !EXPECTED.includes(line)), []);
		});
	} finally {
		screen.shot('last');
		await screen.close();
	}
});
