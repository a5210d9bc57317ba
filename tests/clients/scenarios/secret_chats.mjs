// SPDX-License-Identifier: Apache-2.0
// TDLib's secret chats: one device of several accepts, both ends talk over kills and absences, either ends it, and what
// they said is nowhere on the server. A device that has no secret chats (mtcute's) bears what it is told of them.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { meet, words } from '../lib/pairs.mjs';
import { MARK } from '../lib/server.mjs';
import { Tdlib, textContent } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const BYTES_MIN = 6; // fewer occur by chance
const AWAY = 12;

const files = (folder) => readdirSync(folder).flatMap((name) => {
	const path = join(folder, name);
	if (statSync(path).isDirectory()) return files(path);
	return statSync(path).isFile() ? [path] : [];
});

// In any encoding that somebody may have chosen.
function tracesIn(data, text) {
	const plain = Buffer.from(text);
	const shapes = [plain, Buffer.from(text, 'utf16le'), Buffer.from(plain.toString('hex')),
		...[0, 1, 2].map((shift) => Buffer.from(Buffer.concat([Buffer.alloc(shift), plain]).toString('base64').slice(4, -4)))];
	return shapes.some((shape) => shape.length >= BYTES_MIN && data.includes(shape));
}

function rowsOf(server, table) {
	const code = 'import sqlite3, sys\nprint(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM " + sys.argv[2]).fetchone()[0])';
	return Number(execFileSync('python3', ['-c', code, join(server.data, 'home/home.db'), table], { encoding: 'utf8' }));
}

const chatIdOf = ({ id }) => id - 2000000000000;

await scenario({ minutes: 14 }, async (s) => {
	let a, b, other, bystander, peers, chat, winner;
	const said = [];
	const say = async (from, to, text) => {
		const words_ = words(text);
		said.push(words_);
		const sent = await from.send(chat, words_);
		await to.incoming(words_);
		return sent;
	};

	await s.must('A, and B with two devices of TDLib and one of mtcute', async () => {
		a = await s.loggedIn(Tdlib, { name: 'Anna' });
		b = await s.loggedIn(Tdlib, { name: 'Bela' });
		other = await s.loggedIn(Tdlib, { name: 'Bela', phone: b.phone });
		bystander = await s.loggedIn(Mtcute, { name: 'Bela', phone: b.phone });
		peers = await meet(a, b);
	});
	await s.must('both devices of B accept: one has the chat, with the same key as A', async () => {
		chat = await a.secretChat(b.id);
		const mine = await a.secretState(chat, 'Ready');
		winner = await waitFor('one of them', () => [b, other].find((device) => device.secretChats.get(chat.id)?.state._ === 'secretChatStateReady'));
		const theirs = await winner.secretState(chat, 'Ready');
		assert.equal(Buffer.from(mine.key_hash, 'base64').toString('hex'), Buffer.from(theirs.key_hash, 'base64').toString('hex'));
		assert.ok(mine.key_hash.length > 0);
	});
	await s.check('messages both ways reach the device that has the chat, and no other', async () => {
		const loser = winner === b ? other : b;
		await say(a, winner, 'first of A');
		await say(winner, a, 'first of B');
		for (let i = 0; i < 20; i++) await Promise.all([say(a, winner, `A ${i}`), say(winner, a, `B ${i}`)]);
		await waitFor('the loser to give up', () => loser.secretChats.get(chat.id)?.state._ !== 'secretChatStatePending');
		assert.notEqual(loser.secretChats.get(chat.id)?.state._, 'secretChatStateReady');
		await say(a, winner, 'after the loser gave up');
		for (const device of [loser, bystander]) assert.equal(device.inbox.all((e) => e.text?.includes('of A')).length, 0);
	});
	await s.check('the device without secret chats goes on', async () => {
		const text = words('to the cloud');
		await a.send(peers.ab, text);
		await bystander.incoming(text);
	});
	await s.check('read marks and typing', async () => {
		const { id } = await say(a, winner, 'to be read');
		await winner.read(chat);
		await a.wasRead(chat, id);
		await winner.type(chat);
		await a.typing(chat);
	});
	await s.check('the timer of self-destruction, a screenshot, a deletion for both', async () => {
		await a.call({ _: 'setChatMessageAutoDeleteTime', chat_id: chatIdOf(chat), message_auto_delete_time: 60 });
		await winner.incoming('<messageChatSetMessageAutoDeleteTime>');
		await say(a, winner, 'for a minute');
		await winner.call({ _: 'openChat', chat_id: chatIdOf(chat) });
		const [seen] = await winner.history(chat, 1);
		await winner.call({
			_: 'viewMessages', chat_id: chatIdOf(chat), message_ids: [seen.id * 2 ** 20], force_read: true,
			source: { _: 'messageSourceScreenshot' },
		});
		await a.incoming('<messageScreenshotTaken>');
		await winner.call({ _: 'closeChat', chat_id: chatIdOf(chat) });
		await a.call({ _: 'setChatMessageAutoDeleteTime', chat_id: chatIdOf(chat), message_auto_delete_time: 0 });
		await winner.incoming('<messageChatSetMessageAutoDeleteTime>');
		const { id } = await say(a, winner, 'to be deleted');
		await a.call({ _: 'deleteMessages', chat_id: chatIdOf(chat), message_ids: [id * 2 ** 20], revoke: true });
		await winner.inbox.wait('a deletion', (e) => e.what === 'deletion' && e.peer.id === chat.id);
	});
	await s.check('the messenger killed, then everything: both go on', async () => {
		await s.server.killMessenger();
		await Promise.all([say(a, winner, 'after a kill'), say(winner, a, 'after a kill')]);
		const during = words('sent into a dead server');
		said.push(during);
		await s.server.killAll();
		const draft = await a.sendLater(chat, during);
		await s.server.start();
		await a.sent(draft);
		await winner.incoming(during);
		await Promise.all([say(a, winner, 'after all'), say(winner, a, 'after all')]);
	});
	await s.check('one side away, over a kill: everything in order, then nothing waits', async () => {
		const sent = [];
		await winner.reopenAfter(async () => {
			for (let i = 0; i < AWAY; i++) {
				sent.push(words(`away ${i}`));
				await a.send(chat, sent.at(-1));
			}
			assert.ok(rowsOf(s.server, 'secret_queue') >= AWAY);
			await s.server.killAll();
			await s.server.start();
		});
		said.push(...sent);
		for (const text of sent) await winner.incoming(text);
		const history = (await winner.history(chat, AWAY)).map(({ text }) => text).reverse();
		assert.deepEqual(history, sent);
		await say(winner, a, 'back');
		// By asking what is new a device says what it has.
		for (const device of [a, winner]) await device.reopenAfter(() => {});
		await waitFor(() => `empty queues (${rowsOf(s.server, 'secret_queue')} wait)`, () => rowsOf(s.server, 'secret_queue') === 0);
		await say(a, winner, 'with nothing left behind');
	});
	await s.check('B ends it, A hears of it, and a new one has a new key', async () => {
		const old = a.secretChats.get(chat.id).key_hash;
		await winner.call({ _: 'closeSecretChat', secret_chat_id: chat.id });
		await a.secretState(chat, 'Closed');
		chat = await a.secretChat(b.id);
		assert.notEqual((await a.secretState(chat, 'Ready')).key_hash, old);
		winner = await waitFor('one of them', () => [b, other].find((device) => device.secretChats.get(chat.id)?.state._ === 'secretChatStateReady'));
		await say(a, winner, 'in a new chat');
	});
	await s.check('A ends it while B is away: B hears of it when he is back', async () => {
		await winner.reopenAfter(async () => {
			await a.call({ _: 'closeSecretChat', secret_chat_id: chat.id });
			await waitFor('the end on the server', () => rowsOf(s.server, 'secret_chats WHERE state = 4') > 0);
		});
		await winner.secretState(chat, 'Closed');
	});
	await s.check('asked while B is away, accepted when he is back', async () => {
		await winner.close();
		const gone = winner;
		const rest = gone === b ? other : b;
		await rest.close();
		chat = await a.secretChat(b.id);
		await waitFor('the request on the server', () => rowsOf(s.server, 'secret_chats WHERE state = 2') > 0);
		assert.ok(await gone.open());
		await gone.online();
		await a.secretState(chat, 'Ready');
		winner = gone;
		await say(a, winner, 'accepted late');
		await say(winner, a, 'answered late');
		assert.ok(await rest.open());
		await rest.online();
		await say(a, winner, 'and the other device took nothing away');
	});
	await s.check('B logs that device out: the chat is over for A, and nothing of it is left for B', async () => {
		await winner.logout();
		await a.secretState(chat, 'Closed');
		await waitFor('no chat that is not over', () => rowsOf(s.server, 'secret_chats WHERE state < 4') === 0);
		await a.reopen();
		await waitFor('empty queues', () => rowsOf(s.server, 'secret_queue') === 0);
	});
	await s.check('nothing of what was said is in any file, nor in the log', async () => {
		assert.ok(said.length > 60);
		for (const path of files(s.server.data)) {
			const data = readFileSync(path);
			for (const text of said) assert.ok(!tracesIn(data, text), `${path} has a message`);
			assert.ok(!tracesIn(data, MARK), `${path} has the mark`);
		}
		assert.ok(!tracesIn(Buffer.from(s.server.log), MARK));
	});
});
