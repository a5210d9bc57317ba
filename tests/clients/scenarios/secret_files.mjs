// SPDX-License-Identifier: Apache-2.0
// Files in TDLib's secret chats: of every size, over kills and absences, forwarded, deleted. Nobody but the two accounts gets
// one, nothing of one is on the server in clear, and what is deleted is gone from there.
import { strict as assert } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { meet } from '../lib/pairs.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const MARK = 'a line that only the two may read ';
const KIB = 1024;
const LONG_MS = 120000;
const SIZES = [1, 1023, 40 * KIB, 128 * KIB, 128 * KIB + 1, 700 * KIB, 11 * KIB * KIB];

const sha = (data) => createHash('sha256').update(data).digest('hex');
const chatIdOf = ({ id }) => id - 2000000000000;

const paths = (folder) => readdirSync(folder).flatMap((name) => {
	const path = join(folder, name);
	if (statSync(path).isDirectory()) return paths(path);
	return statSync(path).isFile() ? [path] : [];
});

function select(server, sql) {
	const code = 'import sqlite3, sys, json\nprint(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))';
	return JSON.parse(execFileSync('python3', ['-c', code, join(server.data, 'home/home.db'), sql], { encoding: 'utf8' }));
}

const count = (server, table) => select(server, `SELECT count(*) FROM ${table}`)[0][0];

await scenario({ minutes: 10 }, async (s) => {
	let a, b, stranger, chat, number = 0;

	function made(size) {
		const path = join(s.folder, `file ${number++}.bin`);
		const data = Buffer.alloc(size);
		randomBytes(size).copy(data);
		data.write(MARK.repeat(3));
		writeFileSync(path, data);
		return { path, data };
	}
	const document = (path) => ({ _: 'inputMessageDocument', document: { _: 'inputDocument', document: { _: 'inputFileLocal', path } } });

	async function sendLater(from, content, to = chat) {
		const { id } = await from.call({ _: 'sendMessage', chat_id: chatIdOf(to), input_message_content: content });
		return `${chatIdOf(to)} ${id}`;
	}
	// The file in the newest message of the chat that has one.
	async function newest(device, kind, from = chat) {
		const { messages } = await device.call({ _: 'getChatHistory', chat_id: chatIdOf(from), from_message_id: 0, offset: 0, limit: 10, only_local: true });
		return messages.find(({ content }) => content._ === kind)?.content;
	}
	async function download(device, file) {
		const done = await device.call({ _: 'downloadFile', file_id: file.id, priority: 1, offset: 0, limit: 0, synchronous: true }, LONG_MS);
		assert.ok(done.local.is_downloading_completed);
		return readFileSync(done.local.path);
	}
	async function across(from, to, size) {
		const { path, data } = made(size);
		await from.sent(await sendLater(from, document(path)), LONG_MS);
		await to.incoming('<messageDocument>');
		const got = await download(to, (await newest(to, 'messageDocument')).document.document);
		assert.equal(sha(got), sha(data), `${size} bytes`);
	}

	await s.must('A and B have a secret chat', async () => {
		a = await s.loggedIn(Tdlib, { name: 'Anna' });
		b = await s.loggedIn(Tdlib, { name: 'Bela' });
		stranger = await s.loggedIn(Mtcute, { name: 'Cahya' });
		await meet(a, b);
		chat = await a.secretChat(b.id);
		await a.secretState(chat, 'Ready');
		await b.secretState(chat, 'Ready');
	});
	await s.check(`files of ${SIZES.join(', ')} bytes go both ways, byte by byte`, async () => {
		for (const size of SIZES) {
			await across(a, b, size);
			await across(b, a, size);
		}
	});
	await s.check('the messenger is killed while one goes up, and while it comes down', async () => {
		const { path, data } = made(24 * KIB * KIB);
		const draft = await sendLater(a, document(path));
		await waitFor('some of it', () => count(s.server, 'file_parts WHERE file IN (SELECT id FROM files WHERE state = 0)') > 2);
		await s.server.killMessenger();
		await a.sent(draft, LONG_MS);
		await b.incoming('<messageDocument>');
		const { document: { document: file } } = await newest(b, 'messageDocument');
		const whole = download(b, file);
		await waitFor('some of it', async () => (await b.call({ _: 'getFile', file_id: file.id })).local.downloaded_size > 0);
		await s.server.killMessenger();
		assert.equal(sha(await whole), sha(data));
	});
	await s.check('B was away and everything was killed: the file is there', async () => {
		const { path, data } = made(300 * KIB);
		await b.reopenAfter(async () => {
			await a.sent(await sendLater(a, document(path)), LONG_MS);
			await s.server.killAll();
			await s.server.start();
		});
		await b.incoming('<messageDocument>');
		assert.equal(sha(await download(b, (await newest(b, 'messageDocument')).document.document)), sha(data));
	});
	await s.check('a voice note', async () => {
		const { path, data } = made(90 * KIB);
		const waveform = Buffer.alloc(10).toString('base64');
		await a.sent(await sendLater(a, { _: 'inputMessageVoiceNote', voice_note: { _: 'inputFileLocal', path }, duration: 3, waveform }));
		await b.incoming('<messageVoiceNote>');
		assert.equal(sha(await download(b, (await newest(b, 'messageVoiceNote')).voice_note.voice)), sha(data));
	});
	await s.check('what B cleared away on the device comes again', async () => {
		const { path, data } = made(200 * KIB);
		await a.sent(await sendLater(a, document(path)));
		await b.incoming('<messageDocument>');
		const { document: { document: file } } = await newest(b, 'messageDocument');
		for (let i = 0; i < 2; i++) {
			assert.equal(sha(await download(b, file)), sha(data));
			await b.call({ _: 'deleteFile', file_id: file.id });
		}
	});
	await s.check('nobody else gets it, whatever he says', async () => {
		const [[id]] = select(s.server, 'SELECT id FROM secret_files LIMIT 1');
		const { default: Long } = await import('long');
		for (const access_hash of [0, 1, id]) {
			await assert.rejects(() => stranger.raw({
				_: 'upload.getFile', offset: Long.ZERO ?? 0, limit: 4096,
				location: { _: 'inputEncryptedFileLocation', id: Long.fromValue(id), accessHash: Long.fromValue(access_hash) },
			}), /LOCATION_INVALID/);
		}
	});
	await s.check('nothing of any is on the server in clear', async () => {
		for (const path of paths(s.server.data)) assert.ok(!readFileSync(path).includes(MARK), path);
		assert.ok(!s.server.log.includes(MARK));
	});
	await s.check('`lontar check` opens every part, beside the running server', async () => {
		const said = s.server.command('check', '--data', s.server.data);
		assert.match(said, /^ok .*files: [1-9]\d* parts of files open, 0 do not/m);
		assert.match(said, /^ok .*file-sizes: 0/m);
		assert.match(said, /^ok .*file-holders: 0/m);
	});
	await s.check('the history is deleted for both: no key and no part is left', async () => {
		assert.ok(count(s.server, 'files') > 10);
		await a.call({ _: 'deleteChat', chat_id: chatIdOf(chat) });
		await b.secretState(chat, 'Closed');
		await waitFor(() => `nothing (${count(s.server, 'file_parts')} parts)`, () => count(s.server, 'files WHERE sealed_key IS NOT NULL') === 0 &&
			count(s.server, 'file_parts') === 0 && count(s.server, 'secret_files') === 0, LONG_MS);
		assert.deepEqual(select(s.server, "SELECT value FROM counters WHERE name = 'file_bytes'"), [[0]]);
	});
});
