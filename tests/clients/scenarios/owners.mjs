// SPDX-License-Identifier: Apache-2.0
// A supergroup is given away, by TDLib: with the two-step password, and not by who has just set it or has just come.
// And left by its owner, who may come back for a week.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const PASSWORD = 'sambal matah';
const WEEK_S = 7 * 86400;

// What takes a week takes a row here, while nobody has the database.
function makeOld(data) {
	const sql = ['UPDATE passwords SET changed_at = changed_at - ?', 'UPDATE auth_keys SET login_at = login_at - ?',
		'UPDATE channel_heirs SET due_at = due_at - ?'];
	execFileSync('python3', ['-c', 'import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\nfor sql in sys.argv[3:]: db.execute(sql, (int(sys.argv[2]),))\ndb.commit()',
		join(data, 'home/home.db'), String(WEEK_S), ...sql]);
}

await scenario({}, async (s) => {
	let anna, ben, chat, id;
	s.server.secrets.add(PASSWORD);
	const give = (password) => anna.call({ _: 'transferChatOwnership', chat_id: chat, user_id: ben.id, password });
	const standing = async (who) => (await who.call({ _: 'getSupergroup', supergroup_id: id })).status._;

	await s.must('an owner and an admin', async () => {
		[anna, ben] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		({ type: { supergroup_id: id }, id: chat } = await anna.call({ _: 'createNewSupergroupChat', title: 'Kitchen', description: '', is_channel: false }));
		const { invite_link: link } = await anna.call({ _: 'replacePrimaryChatInviteLink', chat_id: chat });
		await ben.call({ _: 'joinChatByInviteLink', invite_link: link });
		await anna.incoming('<messageChatJoinByLink>');
		await anna.call({ _: 'setChatMemberStatus', chat_id: chat, member_id: { _: 'messageSenderUser', user_id: ben.id }, status: {
			_: 'chatMemberStatusAdministrator', can_be_edited: true, rights: { _: 'chatAdministratorRights', can_restrict_members: true } } });
		await waitFor('the admin', async () => (await standing(ben)) === 'chatMemberStatusAdministrator');
	});
	await s.check('it takes a password, and that takes a week', async () => {
		assert.equal((await anna.call({ _: 'canTransferOwnership' }))._, 'canTransferOwnershipResultPasswordNeeded');
		await anna.call({ _: 'setPassword', old_password: '', new_password: PASSWORD, new_hint: '', set_recovery_email_address: false, new_recovery_email_address: '' });
		assert.equal((await anna.call({ _: 'canTransferOwnership' }))._, 'canTransferOwnershipResultPasswordTooFresh');
		await assert.rejects(give(PASSWORD), /PASSWORD_TOO_FRESH_/);
	});
	await s.check('a week later the password gives it away', async () => {
		await s.server.stop();
		makeOld(s.server.data);
		await s.server.start();
		await waitFor('the result', async () => (await anna.call({ _: 'canTransferOwnership' }))._ === 'canTransferOwnershipResultOk');
		await assert.rejects(give('another'), /PASSWORD_HASH_INVALID/);
		await give(PASSWORD);
		await waitFor('the owner', async () => (await standing(ben)) === 'chatMemberStatusCreator');
		await waitFor('the admin', async () => (await standing(anna)) === 'chatMemberStatusAdministrator');
		await assert.rejects(give(PASSWORD), /rights|CHAT_ADMIN_REQUIRED/);
	});
	await s.check('the owner leaves, all hear whose it will be, and it is his again when he comes back', async () => {
		assert.equal((await ben.call({ _: 'getChatOwnerAfterLeaving', chat_id: chat })).id, anna.id);
		await ben.call({ _: 'leaveChat', chat_id: chat });
		await anna.incoming('<messageChatOwnerLeft>');
		await waitFor('him gone', async () => (await standing(ben)) === 'chatMemberStatusLeft');
		await ben.call({ _: 'joinChat', chat_id: chat });
		await waitFor('the owner', async () => (await standing(ben)) === 'chatMemberStatusCreator');
	});
	await s.check('he leaves, and a week later another owns it', async () => {
		await ben.call({ _: 'leaveChat', chat_id: chat });
		await anna.incoming('<messageChatOwnerLeft>');
		await s.server.stop();
		makeOld(s.server.data);
		await s.server.start();
		await anna.incoming('<messageChatOwnerChanged>');
		await waitFor('the owner', async () => (await standing(anna)) === 'chatMemberStatusCreator');
	});
});
