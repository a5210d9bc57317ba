// SPDX-License-Identifier: Apache-2.0
// Debian's Telegram Desktop, page by page: what is done to messages, search, groups and polls, contacts,
// and the settings. Judged by what others and a second device get from it, and by the server's log: only
// refusals that are known not to be seen. The pictures are for eyes, in LONTAR_SHOTS or a temporary folder.
import { strict as assert } from 'node:assert';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPhone, scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { PLACES, Screen, signUp, whatIsMissing } from '../lib/screen.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';

const missing = whatIsMissing();
if (missing) {
	console.log(`skip Telegram Desktop: ${missing}`);
	process.exit(0);
}

// Of emoji stickers and of a hidden helper that Lontar has none of; a password with an unproven e-mail
// address; a device that is new may not end others; what the libraries ask before they are logged in.
const EXPECTED = ['messages.getStickerSet 400 STICKERSET_INVALID', 'contacts.resolveUsername 400 USERNAME_NOT_OCCUPIED',
	'account.updatePasswordSettings 400 EMAIL_UNCONFIRMED_6', 'account.resetAuthorization 406 FRESH_RESET_AUTHORISATION_FORBIDDEN',
	'updates.getState 401 AUTH_KEY_UNREGISTERED'];

function refusals(log) {
	const lines = [...log.matchAll(/"event":"(method_\w+)","text":"([^"]*)"/g)];
	return [...new Set(lines.map(([, event, text]) => (event === 'method_unserved' ? `${text} is not served` : text)))];
}

await scenario({ minutes: 8, ini: { log: { level: 'debug' } } }, async (s) => {
	const shots = process.env.LONTAR_SHOTS ?? mkdtempSync(join(tmpdir(), 'lontar-shots-'));
	const screen = new Screen(s.folder, shots);
	const phone = newPhone();
	let friend, other, second, peer, otherPeer;
	console.log(`pictures: ${shots}`);

	const history = (who, of) => who.client.getHistory(of.id, { limit: 5 });
	// The newest message that the friend has with it, when it is as wanted.
	const newest = (what, wanted, who = friend, of = peer) => waitFor(what, async () => {
		const [message] = await history(who, of);
		return message && wanted(message) ? message : null;
	}, 20000);
	const self = { _: 'inputUserSelf' };
	const ask = (request) => second.raw(request);
	const shotOf = async (name, ms = 1500) => {
		await sleep(ms);
		screen.shot(name);
	};
	const away = async () => { // to the list of chats
		screen.keys('Escape', 'Escape', 'Escape', 'Escape', 'Escape');
		await sleep(800);
	};
	const menu = async (...places) => {
		await away();
		for (const place of [PLACES.menu, ...places]) {
			await screen.click(place);
			await sleep(1000);
		}
	};
	const page = async (name, place) => {
		await screen.click(place);
		await shotOf(name);
		screen.keys('Escape');
		await sleep(600);
	};

	try {
		await s.must('Telegram Desktop signs up, with the page of the QR code before', async () => {
			s.server.secrets.add(phone.slice(1));
			[friend, other] = [await s.loggedIn(Mtcute, { name: 'Anna' }), await s.loggedIn(Mtcute, { name: 'Berta' })];
			await screen.open();
			screen.startDesktop(s.server);
			await signUp(s, screen, phone);
			second = await s.loggedIn(Mtcute, { phone });
			peer = await friend.findByPhone(phone);
			otherPeer = await other.findByPhone(phone);
			await other.send(otherPeer, 'Hello from Berta');
			await friend.send(peer, 'Hello from Anna, with a banana');
			await shotOf('10-chats', 8000); // its notices go
		});
		await s.check('it sends, replies and edits', async () => {
			await screen.click(PLACES.firstChat);
			await sleep(1500);
			await screen.choose(PLACES.theirLast, 1);
			screen.type('A reply');
			screen.keys('Return');
			await newest('the reply', (m) => m.text === 'A reply' && m.replyToMessage?.id);
			await sleep(1500);
			await screen.choose(PLACES.myLast, 2);
			screen.keys('End');
			screen.type(', edited');
			screen.keys('Return');
			await newest('the edit', (m) => m.text === 'A reply, edited' && m.editDate);
			await shotOf('11-edited');
		});
		await s.check('it pins, reacts and forwards', async () => {
			await screen.choose(PLACES.myLast, 3);
			screen.keys('Return');
			const filter = { _: 'inputMessagesFilterPinned' };
			await waitFor('the pinned message', async () => (await second.client.searchMessages({ chatId: friend.id, filter })).length === 1, 15000);
			await shotOf('12-pinned');
			await screen.click(PLACES.myLast, '3');
			await shotOf('13-menu', 800);
			await screen.click(PLACES.firstReaction); // its picture is a file: an empty place until there are files
			await newest('the reaction', (m) => m.reactions?.reactions.length === 1);
			await sleep(1000);
			await screen.choose(PLACES.myLast, 5);
			screen.shot('14-forward');
			screen.type('Berta');
			await sleep(1500);
			screen.keys('Return');
			await sleep(1500);
			screen.shot('14-forward-to');
			screen.keys('Return', 'Return');
			await newest('the forwarded message', (m) => m.forward, other, otherPeer);
			await shotOf('15-forwarded');
		});
		await s.check('it deletes for both', async () => {
			screen.keys('Escape');
			await screen.click(PLACES.firstChat);
			await sleep(1500);
			screen.type('To be deleted');
			screen.keys('Return');
			const gone = await newest('what is to go', (m) => m.text === 'To be deleted', other, otherPeer);
			await sleep(1500);
			await screen.choose(PLACES.myLast, 6);
			screen.shot('16-delete');
			screen.keys('Return');
			await newest('its end', (m) => m.id !== gone.id, other, otherPeer);
		});
		await s.check('it finds messages, in a chat and in all', async () => {
			await screen.click(PLACES.secondChat);
			await screen.click(PLACES.searchHere);
			screen.type('banana');
			await shotOf('20-search-here', 2500);
			await away();
			await screen.click(PLACES.search);
			screen.type('hello');
			await shotOf('21-search-all', 3000);
		});
		await s.check('it adds a contact, makes a group with it, and a poll there', async () => {
			await menu(PLACES.contacts);
			screen.shot('30-contacts');
			await screen.click(PLACES.addContact);
			await sleep(1500);
			screen.type('Berta');
			screen.keys('Tab');
			screen.type('Contact');
			screen.keys('Tab', 'ctrl+a');
			screen.type(other.phone);
			await shotOf('31-contact');
			screen.keys('Return');
			await waitFor('the contact', async () => (await second.contacts()).includes(other.id), 15000);
			await menu(PLACES.newGroup);
			screen.type('Desktop group');
			screen.keys('Return');
			await sleep(1500);
			screen.type('Berta');
			await sleep(1500);
			await screen.click(PLACES.firstRow);
			await shotOf('32-group');
			await screen.click(PLACES.lastButton);
			const group = await waitFor('the group', async () => {
				for await (const { peer: it } of other.client.iterDialogs({ limit: 5 })) if (it.displayName === 'Desktop group') return it;
				return null;
			}, 15000);
			await sleep(1500);
			await screen.click(PLACES.chatMenu);
			await sleep(600);
			await screen.click(PLACES.createPoll);
			await sleep(1000);
			screen.type('Which one?');
			screen.keys('Tab');
			screen.type('First');
			screen.keys('Tab');
			screen.type('Second');
			await shotOf('33-poll');
			await screen.click(PLACES.lastButton);
			await newest('the poll', (m) => m.media?.type === 'poll', other, group);
			await sleep(1500);
			await screen.click(PLACES.firstOption);
			await newest('a vote', (m) => m.media?.voters === 1, other, group);
			await shotOf('34-voted');
		});
		await s.check('it archives a chat', async () => {
			await away();
			await screen.choose(PLACES.secondChat, 2);
			await shotOf('40-archived');
			await waitFor('the chat in the archive', async () => {
				for await (const dialog of second.client.iterDialogs({ archived: 'only', limit: 5 })) return dialog;
				return null;
			}, 15000);
		});
		await s.check('its pages of privacy open, and one is changed', async () => {
			await menu(PLACES.settings);
			screen.shot('50-settings');
			await screen.click(PLACES.privacy);
			await sleep(1000);
			screen.shot('51-privacy');
			await page('52-blocked', PLACES.blocked);
			await page('53-sessions', PLACES.sessions);
			await screen.scrollDown([480, 500]);
			for (const [i, y] of [211, 252, 294, 335, 376, 417].entries()) await page(`54-privacy-${i}`, [480, y]);
			await screen.click([480, 252]);
			await sleep(1000);
			await screen.click(PLACES.lastSeenNobody);
			await shotOf('55-last-seen', 500);
			await screen.click(PLACES.saveLastSeen);
			await shotOf('55-warned', 1000);
			screen.keys('Return');
			await waitFor('nobody sees when it was there', async () => {
				const { rules } = await ask({ _: 'account.getPrivacy', key: { _: 'inputPrivacyKeyStatusTimestamp' } });
				return rules.some(({ _ }) => _ === 'privacyValueDisallowAll');
			}, 15000);
			await shotOf('56-changed');
		});
		await s.check('it shows its devices; a new one may not end others', async () => {
			await menu(PLACES.settings, PLACES.privacy, PLACES.sessions);
			await screen.click(PLACES.endSession);
			await shotOf('57-end-session', 800);
			screen.keys('Return');
			await waitFor('the refusal', () => s.server.log.includes('FRESH_RESET_AUTHORISATION_FORBIDDEN'), 15000);
			await shotOf('58-not-ended');
			assert.equal((await second.me()).id, peer.id);
		});
		await s.check('it sets a password with an e-mail address', async () => {
			await menu(PLACES.settings, PLACES.privacy, PLACES.twoSteps);
			screen.shot('60-two-steps');
			await screen.click(PLACES.createPassword);
			await sleep(1500);
			screen.type('secret77');
			screen.keys('Tab');
			screen.type('secret77');
			screen.keys('Return');
			await sleep(1500);
			screen.type('the usual');
			screen.keys('Return');
			await sleep(1500);
			screen.type('me@lontar.example');
			screen.keys('Return');
			const code = await s.server.code('me@lontar.example', 20000);
			await sleep(1500);
			screen.shot('61-code');
			screen.type(code);
			await waitFor('the password', async () => {
				const { hasPassword, hasRecovery } = await ask({ _: 'account.getPassword' });
				return hasPassword && hasRecovery;
			}, 15000);
			await shotOf('62-password');
		});
		await s.check('it changes its notifications, bio, name and username', async () => {
			await menu(PLACES.settings, PLACES.notifications);
			screen.shot('70-notifications');
			await page('71-sound', PLACES.sound);
			await menu(PLACES.settings, PLACES.profile);
			await screen.click(PLACES.bio);
			screen.type('A bio');
			await screen.click(PLACES.name);
			await sleep(1000);
			screen.keys('ctrl+a');
			screen.type('Deskie');
			await shotOf('72-name');
			screen.keys('Return', 'Return');
			await sleep(1500);
			await screen.click(PLACES.username);
			await sleep(1000);
			screen.type('deskuser');
			await shotOf('73-username', 2500);
			screen.keys('Return');
			await shotOf('74-profile', 2000);
			await away();
			await waitFor('name, bio and username', async () => {
				const { fullUser, users } = await ask({ _: 'users.getFullUser', id: self });
				return fullUser.about === 'A bio' && users[0].firstName === 'Deskie' && users[0].username === 'deskuser';
			}, 15000);
		});
		await s.check('it makes a folder', async () => {
			await menu(PLACES.settings, PLACES.folders);
			screen.shot('63-folders');
			await screen.click(PLACES.newFolder);
			await sleep(1500);
			screen.type('Friends');
			await screen.click(PLACES.addChats);
			await sleep(1500);
			screen.type('Anna');
			await sleep(1500);
			screen.keys('Return');
			await shotOf('64-folder-chats');
			await screen.click(PLACES.lastButton);
			await sleep(1000);
			await screen.click(PLACES.createFolder);
			await shotOf('65-folder');
			await away();
			await waitFor('the folder', async () => (await ask({ _: 'messages.getDialogFilters' })).filters.length === 2, 15000);
			await shotOf('66-with-folder');
		});
		await s.check('nothing was refused that it shows', () => {
			assert.deepEqual(refusals(s.server.log).filter((line) => !EXPECTED.includes(line)), []);
		});
	} finally {
		screen.shot('last');
		await screen.close();
	}
});
