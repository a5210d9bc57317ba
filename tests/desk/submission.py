# SPDX-License-Identifier: Apache-2.0
"""Statements of reasons reach the EU's transparency database, each once, whatever happens on the way. The database is a
stand-in on loopback that answers as its own API does (201, 422 with existing_puids or errors by statement)."""
import http.server
import json
import os
import threading

import lib
from lib import Desk, check, notice, rows, run, wait_for

TOKEN = "12|secret-token-of-the-platform"


class Database(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.taken, self.calls, self.tokens, self.fault, self.refused = {}, [], set(), None, set()
        database = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                database.tokens.add(self.headers["Authorization"])
                status, answer = database.answer(body["statements"])
                database.calls.append((status, len(body["statements"])))
                if status == 0:
                    return  # as a line that breaks: it has taken them, and nobody hears
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def answer(self, statements):
        if self.fault == "away":
            return 503, {"message": "Service Unavailable"}
        if self.fault == "token":
            return 403, {"message": "Unauthorized"}
        wrong = {f"statement_{i}": {"decision_facts": ["is too long"]} for i, s in enumerate(statements)
                 if s["puid"] in self.refused}
        if wrong:
            return 422, {"errors": wrong}
        existing = [s["puid"] for s in statements if s["puid"] in self.taken]
        if existing:
            return 422, {"message": "not unique", "errors": {"puid": ["not unique"], "existing_puids": existing}}
        for s in statements:
            self.taken[s["puid"]] = s
        return (0, None) if self.fault == "breaks" else (201, {"statements": statements})

    def run(self):
        self.server.serve_forever(poll_interval=0.05)


def decide(desk, tokens, about, action="remove", lane="flagger", **more):
    case = desk.ask("POST", "/api/notices", notice(about), tokens[lane])[1]["case"]
    desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/decide", {"action": action, **lib.FACTS, **more},
                                 tokens["moderator"])
    return answer["order"]["id"] if status == 200 else None


def settings(data, database, mode=0o600):
    path = f"{data}/desk/dsa.ini"
    with open(path, "w") as f:
        f.write(f"[database]\nurl = http://127.0.0.1:{database.port}/api/v1/statements\ntoken = {TOKEN}\n")
    os.chmod(path, mode)


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        database = Database()
        database.start()
        more = ["--fetch", f"127.0.0.1:{database.port}"]
        orders = [decide(desk, tokens, f"@kabar/{n}") for n in range(1, 4)]
        warned = decide(desk, tokens, "@kabar/4", "warn")
        elsewhere = decide(desk, tokens, "@kabar/5", "restrict", countries=["ID"])
        check("submission: orders were carried out", all(orders) and warned and elsewhere)
        desk.stop()

        settings(data, database, 0o644)
        desk = Desk(data, messenger.port, expect=False, more=more)
        check("submission: a token that others can read stops the desk", desk.process.wait(10) == 1 and
              "can be read by others" in open(f"{data}/desk.log").read())
        settings(data, database)
        desk = Desk(data, messenger.port, more=more)
        wait_for(lambda: len(database.taken) == 3)
        check("submission: what was carried out before is sent, several at once", len(database.taken) == 3 and
              database.calls == [(201, 3)] and database.tokens == {f"Bearer {TOKEN}"}, database.calls)
        check("submission: they are what the export has", {s["puid"]: s for s in desk.ask(
            "GET", "/api/statements.json", token=tokens["lead"])[1]["statements"]
            if s["territorial_scope"]} == database.taken)
        check("submission: warnings, and measures outside of Europe, are not its concern", rows(
            data, f"SELECT count(*) FROM statements WHERE order_id IN ({warned}, {elsewhere}) AND submitted = 3")[0][0] == 2)

        database.fault = "breaks"
        decide(desk, tokens, "@kabar/6")
        wait_for(lambda: len(database.taken) == 4)
        desk.stop(9)
        database.fault = None
        desk = Desk(data, messenger.port, more=more)
        check("submission: one that was taken unheard is not there twice", wait_for(lambda: rows(
            data, "SELECT count(*) FROM statements WHERE submitted = 1")[0][0] == 4) and len(database.taken) == 4 and
            database.calls[-1] == (422, 1), database.calls)

        database.fault = "away"
        known = set(database.taken)
        wrong = decide(desk, tokens, "@kabar/7")
        wait_for(lambda: database.calls[-1][0] == 503)
        decide(desk, tokens, "@kabar/8")
        statements = desk.ask("GET", "/api/statements.json", token=tokens["lead"])[1]["statements"]
        puid = next(s["puid"] for s in statements if s["puid"].endswith(f"-{wrong}"))
        database.refused, database.fault = {puid}, None
        wait_for(lambda: len(set(database.taken) - known) == 1)
        check("submission: one that is refused holds up no other", len(set(database.taken) - known) == 1 and
              puid not in database.taken, database.calls[-3:])
        wait_for(lambda: rows(data, "SELECT count(*) FROM statements WHERE submitted = 0 AND outcome = 'done'")[0][0] == 0)
        check("submission: and is not sent again and again", rows(
            data, f"SELECT submitted FROM statements WHERE order_id = {wrong}")[0][0] == 2 and
            "statement_refused" in open(f"{data}/desk.log").read())

        database.fault = "token"
        decide(desk, tokens, "@kabar/9")
        wait_for(lambda: database.calls[-1][0] == 403)
        database.fault = None
        check("submission: what waited for a new token goes out", wait_for(lambda: rows(
            data, "SELECT count(*) FROM statements WHERE submitted = 0 AND outcome = 'done'")[0][0] == 0))
        desk.stop()
        log = open(f"{data}/desk.log").read()
        raw = open(f"{data}/square/square.db", "rb").read()
        check("submission: the token is in no log and no database", TOKEN not in log and TOKEN.encode() not in raw)
        result = run("desk", "audit", "--data", data)
        check("submission: the audit finds no fault", result.returncode == 0, result)
