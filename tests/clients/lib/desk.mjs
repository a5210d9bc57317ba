// SPDX-License-Identifier: Apache-2.0
// The desk's HTTP API, as an authority, a flagger or a moderator uses it.
import { PATIENCE_MS } from './wait.mjs';

export class Desk {
	constructor(server) {
		this.server = server;
	}

	grant(role, name, ...more) {
		const add = ['authority', 'flagger'].includes(role) ? [role, 'add'] : ['desk', 'grant', '--role', role];
		const said = this.server.command(...add, '--data', this.server.data, '--name', name, ...more);
		return said.trim().split('\n').at(-1).trim();
	}

	// {status, body}
	async ask(token, method, path, body) {
		const answer = await fetch(`http://127.0.0.1:${this.server.deskPort}${path}`, {
			method, headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS),
		});
		const text = await answer.text();
		return { status: answer.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
	}

	async must(status, token, method, path, body) {
		const answer = await this.ask(token, method, path, body);
		if (answer.status !== status)
			throw new Error(`${method} ${path} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
		return answer.body;
	}

	notice(token, subject) {
		return this.must(201, token, 'POST', '/api/notices', {
			subject, category: 'terrorism', law: 'Act No. 5 of 2018', reasons: 'The channel calls for violence.', good_faith: true,
		});
	}

	async decide(token, number, decision) {
		return this.must(200, token, 'POST', `/api/cases/${number}/decide`, {
			ground: 'Section 2 of the rules', facts: 'Posts that call for violence', ...decision,
		});
	}
}
