// SPDX-License-Identifier: Apache-2.0
// What stock clients ask when they start and when their user opens one page after the other: nothing of it
// may meet a method that the server does not serve, and TDLib must get an answer to each of its questions.
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from '../lib/cases.mjs';
import { Gramjs } from '../lib/gramjs.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { ROOT, Server } from '../lib/server.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Telethon } from '../lib/telethon.mjs';
import { sleep } from '../lib/wait.mjs';

// Questions of a user's whole day, and what the answer must hold.
const none = (list) => (answer) => assert.deepEqual(answer[list], []);
const any = () => {};
const QUESTIONS = [
	[{ _: 'getInstalledStickerSets', sticker_type: { _: 'stickerTypeRegular' } }, none('sets')],
	[{ _: 'getInstalledStickerSets', sticker_type: { _: 'stickerTypeMask' } }, none('sets')],
	[{ _: 'getInstalledStickerSets', sticker_type: { _: 'stickerTypeCustomEmoji' } }, none('sets')],
	[{ _: 'getArchivedStickerSets', sticker_type: { _: 'stickerTypeRegular' }, offset_sticker_set_id: 0, limit: 10 }, none('sets')],
	[{ _: 'getTrendingStickerSets', sticker_type: { _: 'stickerTypeRegular' }, offset: 0, limit: 10 }, none('sets')],
	[{ _: 'getTrendingStickerSets', sticker_type: { _: 'stickerTypeCustomEmoji' }, offset: 0, limit: 10 }, none('sets')],
	[{ _: 'getRecentStickers', is_attached: false }, none('stickers')],
	[{ _: 'getFavoriteStickers' }, none('stickers')],
	[{ _: 'getSavedAnimations' }, none('animations')],
	[{ _: 'searchStickerSets', sticker_type: { _: 'stickerTypeRegular' }, query: 'cat' }, none('sets')],
	[{ _: 'searchEmojis', text: 'cat', input_language_codes: ['en'] }, any],
	[{ _: 'getEmojiCategories', type: { _: 'emojiCategoryTypeDefault' } }, none('categories')],
	[{ _: 'getEmojiCategories', type: { _: 'emojiCategoryTypeRegularStickers' } }, none('categories')],
	[{ _: 'getDefaultChatPhotoCustomEmojiStickers' }, any],
	[{ _: 'getDefaultProfilePhotoCustomEmojiStickers' }, any],
	[{ _: 'getDefaultEmojiStatuses' }, any],
	[{ _: 'getRecentEmojiStatuses' }, any],
	[{ _: 'getInstalledBackgrounds', for_dark_theme: false }, none('backgrounds')],
	[{ _: 'getSavedNotificationSounds' }, none('notification_sounds')],
	[{ _: 'getAutoDownloadSettingsPresets' }, (answer) => assert.ok(answer.high.max_video_file_size > 0)],
	[{ _: 'getAutosaveSettings' }, none('exceptions')],
	[{ _: 'getAvailableGifts' }, none('gifts')],
	[{ _: 'loadActiveStories', story_list: { _: 'storyListMain' } }, 'Not found'], // the end of the list
	[{ _: 'getSupportName' }, 'USER_INVALID'],
	[{ _: 'getDeepLinkInfo', link: 'tg://nothing' }, 'Not Found'],
	[{ _: 'getCountries' }, (answer) => assert.ok(answer.countries.length > 200)],
	[{ _: 'getCountryCode' }, any],
	[{ _: 'getApplicationConfig' }, any],
	[{ _: 'getApplicationDownloadLink' }, (answer) => assert.match(answer.url, /Lontar/)],
	[{ _: 'setOption', name: 'localization_target', value: { _: 'optionValueString', value: 'tdesktop' } }, any],
	[{ _: 'getLocalizationTargetInfo', only_local: false }, (answer) => assert.equal(answer.language_packs[0].native_name, 'Bahasa Indonesia')],
	[{ _: 'getLanguagePackInfo', language_pack_id: 'id' }, (answer) => assert.equal(answer.plural_code, 'id')],
	[{ _: 'getLanguagePackStrings', language_pack_id: 'id', keys: [] }, (answer) => assert.equal(answer.strings.length, 2)],
	[{ _: 'getSupportUser' }, 'USER_INVALID'],
	[{ _: 'getTimeZones' }, any],
	[{ _: 'getChatFolderChatsToLeave', chat_folder_id: 2 }, 'Chat folder not found'],
	[{ _: 'getUserProfilePhotos', user_id: 0, offset: 0, limit: 10 }, none('photos')],
	[{ _: 'getPremiumFeatures', source: { _: 'premiumSourceSettings' } }, any],
	[{ _: 'getBusinessChatLinks' }, none('links')],
	[{ _: 'getOwnedBots' }, any],
	[{ _: 'getCreatedPublicChats', type: { _: 'publicChatTypeHasUsername' } }, any],
	[{ _: 'getInactiveSupergroupChats' }, none('chat_ids')],
	[{ _: 'getSuitableDiscussionChats' }, none('chat_ids')],
];

const schema = JSON.parse(readFileSync(join(ROOT, 'tests/node_modules/mtcute-core-228/tl/api-schema.json'), 'utf8'));
const names = new Map(schema.e.map((e) => [(e.id >>> 0).toString(16).padStart(8, '0'), e.name]));

// Names of the methods that were refused as unserved since the last time.
let read = 0;
function unserved(server) {
	const seen = new Set();
	const log = server.log.slice(read);
	read = server.log.length;
	for (const line of log.split('\n')) {
		const found = /"method_unserved","text":"([^"]+)"/.exec(line);
		if (found) seen.add(names.get(found[1]) ?? found[1]);
	}
	return [...seen].sort();
}

// With a language pack, as an operator puts it there.
class ServerWithPack extends Server {
	async init() {
		await super.init();
		mkdirSync(join(this.data, 'lang/tdesktop'), { recursive: true });
		writeFileSync(join(this.data, 'lang/tdesktop/id.strings'), '"@native_name" = "Bahasa Indonesia";\n"lng_x" = "Halo";\n'
			+ '"lng_n#one" = "{count} obrolan";\n"lng_n#other" = "{count} obrolan";\n');
	}
}

await scenario({ ini: { log: { level: 'debug' } }, serverClass: ServerWithPack }, async (s) => {
	const tdlib = await s.loggedIn(Tdlib);
	await tdlib.online();
	const me = await tdlib.call({ _: 'getMe' });
	await sleep(1500);
	await s.check(`${Tdlib.label} starts without a question that is not served`, async () => {
		assert.deepEqual(unserved(s.server), []);
	});
	for (const [question, wanted] of QUESTIONS) {
		const query = structuredClone(question);
		if (query.user_id === 0) query.user_id = me.id;
		await s.check(`TDLib's ${query._}`, async () => {
			if (typeof wanted === 'string') await assert.rejects(tdlib.call(query), new RegExp(wanted));
			else wanted(await tdlib.call(query));
		});
	}
	await s.check('none of its questions is unserved', async () => assert.deepEqual(unserved(s.server), []));
	for (const Client of [Mtcute, Gramjs, Telethon]) {
		await s.check(`${Client.label} starts without a question that is not served`, async () => {
			const device = await s.loggedIn(Client);
			await device.dialogs();
			assert.deepEqual(unserved(s.server), []);
		});
	}
});
