// SPDX-License-Identifier: Apache-2.0
// The community: who is in it, its chats, and how one looks at them. What TDLib keeps of chats and supergroups
// comes by updates alone, so that looking there is hearing; full information and members it asks for.
import { textContent } from '../tdlib.mjs';
import { waitFor } from '../wait.mjs';

export const user = ({ id }) => ({ _: 'messageSenderUser', user_id: id });
export const status = (name, fields = {}) => ({ _: `chatMemberStatus${name}`, ...fields });
export const filter = (name, fields = {}) => ({ _: `supergroupMembersFilter${name}`, ...fields });
export const admin = (...rights) => status('Administrator', {
	can_be_edited: true, rights: { _: 'chatAdministratorRights', can_manage_chat: true, ...Object.fromEntries(rights.map((right) => [right, true])) },
});
export const textOf = (message) => message.content.text?.text ?? `<${message.content._}>`;
export const ALL_RIGHTS = ['can_change_info', 'can_delete_messages', 'can_invite_users', 'can_restrict_members', 'can_pin_messages', 'can_promote_members',
	'can_manage_topics', 'can_manage_video_chats', 'can_manage_tags'];
export const MAY = ['can_send_basic_messages', 'can_send_audios', 'can_send_documents', 'can_send_photos', 'can_send_videos', 'can_send_video_notes',
	'can_send_voice_notes', 'can_send_polls', 'can_send_other_messages', 'can_add_link_previews', 'can_react_to_messages', 'can_edit_tag',
	'can_invite_users', 'can_pin_messages', 'can_create_topics'];
export const permissions = (...without) => ({
	_: 'chatPermissions', can_change_info: false, ...Object.fromEntries(MAY.map((right) => [right, !without.includes(right)])),
});

const PAGE = 100; // more of a history or of members is answered in pages

export class World {
	chats = {}; // {chat, id, title} by name
	admins = {}; // by what they are for

	constructor(s) {
		this.s = s;
	}

	async make(name, title, fields) {
		const made = await this.owner.call({ _: 'createNewSupergroupChat', title, description: '', is_channel: false, is_forum: false, ...fields });
		this.chats[name] = { chat: made.id, id: made.type.supergroup_id, title };
		return this.chats[name];
	}

	chat(who, { chat }) {
		return who.call({ _: 'getChat', chat_id: chat });
	}

	supergroup(who, { id }) {
		return who.call({ _: 'getSupergroup', supergroup_id: id });
	}

	full(who, { id }) {
		return who.call({ _: 'getSupergroupFullInfo', supergroup_id: id });
	}

	sees(who, what, it, fits, ms) {
		let last;
		return waitFor(() => `${what} at ${who.name}: ${JSON.stringify(last)}`, async () => {
			last = await this.full(who, it);
			return fits(last);
		}, ms);
	}

	hears(who, what, it, fits, ms) {
		let chat, group;
		return waitFor(() => `${what} at ${who.name}: ${JSON.stringify(group)} ${JSON.stringify(chat)}`, async () => {
			[chat, group] = [await this.chat(who, it), await this.supergroup(who, it)];
			return fits(chat, group);
		}, ms);
	}

	// What of a chat comes with the full information alone, which TDLib asks for anew when somebody wants it or has the
	// chat open; an update only tells it that what it has is old.
	shows(who, what, it, fits, ms) {
		let chat;
		return waitFor(() => `${what} at ${who.name}: ${JSON.stringify(chat)}`, async () => {
			await this.full(who, it);
			chat = await this.chat(who, it);
			return fits(chat);
		}, ms);
	}

	async member(who, { chat }, other) {
		return who.call({ _: 'getChatMember', chat_id: chat, member_id: user(other) });
	}

	setStatus(who, { chat }, other, value) {
		return who.call({ _: 'setChatMemberStatus', chat_id: chat, member_id: user(other), status: value });
	}

	// Every page of them: {members, total}.
	async members(who, { id }, wanted, limit = PAGE) {
		const members = [];
		for (;;) {
			const page = await who.call({ _: 'getSupergroupMembers', supergroup_id: id, filter: wanted, offset: members.length, limit });
			members.push(...page.members);
			if (page.members.length === 0 || members.length >= page.total_count) return { members, total: page.total_count };
		}
	}

	// Asked for, as a screen of members does: who joins by a link or a name is announced to nobody. TDLib guesses on
	// from messages about comers that reach it after the answer.
	async counts(who, it, count) {
		let seen;
		await waitFor(() => `${count} members at ${who.name}: ${seen}`, async () => {
			const { total_count: total } = await who.call({ _: 'getSupergroupMembers', supergroup_id: it.id, filter: filter('Recent'), offset: 0, limit: 1 });
			seen = [total, (await this.supergroup(who, it)).member_count, (await this.full(who, it)).member_count];
			return seen.every((each) => each === count);
		});
	}

	async idsOf(who, it, wanted) {
		return (await this.members(who, it, wanted)).members.map(({ member_id }) => member_id.user_id).sort((a, b) => a - b);
	}

	async history(who, { chat }, limit = PAGE) {
		const messages = [];
		while (messages.length < limit) {
			const page = await who.call({ _: 'getChatHistory', chat_id: chat, from_message_id: messages.at(-1)?.id ?? 0, offset: 0,
				limit: Math.min(PAGE, limit - messages.length), only_local: false });
			if (page.messages.length === 0) break;
			messages.push(...page.messages);
		}
		return messages;
	}

	found(who, it, words) {
		return waitFor(`"${words}" at ${who.name}`, async () =>
			(await this.history(who, it, 30)).find((m) => textOf(m) === words && !m.sending_state));
	}

	// As the server acknowledged it.
	async say(who, { chat }, words, fields = {}) {
		const [message] = await who.post({ _: 'sendMessage', chat_id: chat, input_message_content: textContent(words), ...fields });
		return message;
	}

	// Every page of the log.
	async logOf(who, { chat }, kinds, { limit = 100, ...more } = {}) {
		const events = [];
		for (;;) {
			const page = await who.call({ _: 'getChatEventLog', chat_id: chat, query: '', user_ids: [], from_event_id: events.at(-1)?.id ?? 0, limit,
				filters: { _: 'chatEventLogFilters', ...Object.fromEntries(kinds.map((kind) => [kind, true])) }, ...more });
			if (page.events.length === 0) return events;
			events.push(...page.events);
		}
	}

	async read(who, { chat }) {
		const [last] = await this.history(who, { chat }, 1);
		await who.call({ _: 'viewMessages', chat_id: chat, message_ids: [last.id], force_read: true, source: { _: 'messageSourceChatHistory' } });
		await who.call({ _: 'readAllChatMentions', chat_id: chat });
	}

	message(who, { chat }, id) {
		return who.call({ _: 'getMessage', chat_id: chat, message_id: id });
	}
}
