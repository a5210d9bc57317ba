// SPDX-License-Identifier: Apache-2.0
// A community of an owner, five admins and two hundred members in two channels, a discussion group and a forum, which TDLib
// manages through every screen that it has for that; what one does, the others hear.
import { scenario } from '../lib/cases.mjs';
import { people } from '../lib/community/people.mjs';
import { posts } from '../lib/community/posts.mjs';
import { rights } from '../lib/community/rights.mjs';
import { settings } from '../lib/community/settings.mjs';
import { World } from '../lib/community/world.mjs';

await scenario({ minutes: 4, ini: { server: { stranger_calls_per_s: 0 } } }, async (s) => {
	const w = new World(s);
	await people(w);
	await rights(w);
	await posts(w);
	await settings(w);
});
