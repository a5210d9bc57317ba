# SPDX-License-Identifier: Apache-2.0
"""The measures that a decision can order: what each takes, what it would do, how it ends; strikes; statements; and that
each is carried out once, whenever the messenger dies."""
import contextlib
import csv
import http.server
import io
import json
import re
import sqlite3
import threading
import time

import lib
from lib import ISO_TIME, check, notice, rows, run, wait_for

TABLES = ("orders", "order_letters", "statements", "ledger", "case_events", "strikes", "evidence", "cases")


def at(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def opened(desk, tokens, about, by="authority", **changes):
    return desk.ask("POST", "/api/notices", notice(about, **changes), tokens[by])[1]["case"]


def decide(desk, tokens, case, action, who="moderator", **more):
    """(status, answer) of a case that is claimed for it."""
    desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens[who])
    return desk.ask("POST", f"/api/cases/{case}/decide", {"action": action, **lib.FACTS, **more}, tokens[who])[:2]


def last_order(data):
    names = "id, case_id, channel, post, action, countries, text, letter, ends_at"
    return dict(zip(names.split(", "), rows(data, f"SELECT {names} FROM orders ORDER BY id DESC LIMIT 1")[0]))


def test_preview(data, desk, tokens):
    case = opened(desk, tokens, "@kabar")
    db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
    with db:
        db.execute("UPDATE channels SET post_count = 40")
    db.close()
    before = {table: rows(data, f"SELECT * FROM {table}") for table in TABLES}
    until = at(86400)
    body = {"action": "restrict", "countries": ["ID", "DE"], "until": until, **lib.FACTS}
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/preview", body, tokens["moderator"])
    check("preview: who and how many", status == 200 and answer["order"] == "restrict" and answer["affects"] ==
          {"channel": "kabar", "subscribers": 1000, "posts": 40, "countries": 2}, answer)
    check("preview: what readers see", "not available in your country" in answer["text"], answer)
    for language, parts in {"en": ("Your channel @kabar was hidden", "DE,ID", until, "appeal", lib.FACTS["facts"]),
                            "id": ("Kanal Anda @kabar disembunyikan", "DE,ID", until, "keberatan",
                                   "Konten terorisme")}.items():
        check(f"preview: the letter in {language}", all(part in answer["letters"][language] for part in parts),
              answer["letters"])
    statement = answer["statement"]
    check("preview: the statement", statement["puid"] is None and statement["decision_visibility"] ==
          ["DECISION_VISIBILITY_CONTENT_DISABLED"] and statement["end_date_visibility_restriction"] == until[:10] and
          statement["territorial_scope"] == ["DE"] and statement["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
          and statement["illegal_content_legal_ground"] == "UU 5/2018 Art. 14", statement)
    for more, field in (({"action": "freeze"}, "until"), ({"action": "burn"}, "action"), ({"basis": "mood"}, "basis"),
                        ({"until": "tomorrow"}, "until"), ({"until": at(-5)}, "until"), ({"until": 5}, "until"),
                        ({"until": "2030-02-30T00:00:00Z"}, "until"), ({"until": "9999-01-01T00:00:00Z"}, "until"),
                        ({"until": "2030-01-01T24:00:00Z"}, "until"), ({"action": "remove"}, "countries"),
                        ({"action": "remove", "countries": None}, "until"), ({"countries": []}, "countries"),
                        ({"action": "freeze", "countries": ["ID"]}, "countries")):
        wrong = {**body, **({"until": None} if more == {"action": "freeze"} else {}), **more}
        status, answer, _ = desk.ask("POST", f"/api/cases/{case}/preview", wrong, tokens["moderator"])
        found = answer.get("missing", []) + [i["field"] for i in answer.get("invalid", [])]
        check(f"preview: {more} is refused", status == 422 and field in found, (status, answer))
        check(f"decide: {more} is refused", decide(desk, tokens, case, **{"action": "restrict", **wrong})[0] == 422)
    desk.ask("POST", f"/api/cases/{case}/release", {}, tokens["moderator"])
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/preview", {"action": "dismiss", **lib.FACTS},
                                 tokens["moderator"])
    check("preview: dismissing affects nobody", status == 200 and answer["order"] is None and
          answer["statement"] is None and answer["affects"]["subscribers"] == 0, answer)
    for role in ("authority", "flagger"):
        check(f"preview: not for {role}", desk.ask("POST", f"/api/cases/{case}/preview", body, tokens[role])[0] == 403)
    check("preview: no such case", desk.ask("POST", "/api/cases/999/preview", body, tokens["lead"])[0] == 404)
    after = {table: rows(data, f"SELECT * FROM {table}") for table in TABLES}
    quiet = [table for table in TABLES if table not in ("cases", "case_events", "evidence")]  # claims are written
    check("preview: nothing was written", all(before[table] == after[table] for table in quiet),
          [table for table in quiet if before[table] != after[table]])
    return case


def test_end(data, desk, tokens, messenger, case):
    status, answer = decide(desk, tokens, case, "restrict", countries=["ID"], until=at(3600))
    order = answer["order"]
    check("restrict with an end", status == 200 and ISO_TIME.match(order["until"]) and order["outcome"] == "done", answer)
    check("the order has it", last_order(data)["ends_at"] == rows(data, "SELECT ends_at FROM statements")[-1][0] and
          last_order(data)["ends_at"] > time.time() + 3500, last_order(data))
    check("a letter in each other language", [r[0] for r in rows(
        data, f"SELECT language FROM order_letters WHERE order_id = {order['id']}")] == ["id"])
    leaves = rows(data, "SELECT count(*) FROM ledger")[0][0]
    check("nothing ends before its time", messenger.end_orders() == 0)
    check("its time is over", messenger.end_orders(time.time() + 3601) == 1)
    wait_for(lambda: desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]["order"].get("ended"))
    shown = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]
    kinds = [event["kind"] for event in shown["events"]]
    check("it ended by itself: an event, and nothing is in force", kinds.count("ended") == 1 and not shown["in_force"],
          (kinds, shown["in_force"]))
    entries = [json.loads(e) for (e,) in rows(data, "SELECT entry FROM ledger ORDER BY leaf")]
    check("and a leaf", len(entries) == leaves + 1 and entries[-1]["action"] == "end" and
          entries[-1]["order"] == order["id"] and entries[-1]["until"] == order["until"], entries[-1])
    wait_for(lambda: run("ledger", "verify", data).returncode == 0)
    check("the ledger verifies", run("ledger", "verify", data).returncode == 0)
    check("there is nothing to reverse", desk.ask("POST", f"/api/cases/{case}/reverse", lib.FACTS, tokens["lead"])[0] == 409)
    check("a new notice opens a new case", opened(desk, tokens, "@kabar") != case)


def test_kinds(data, desk, tokens, messenger):
    case = opened(desk, tokens, "@other_one/3", category="fraud")
    status, answer = decide(desk, tokens, case, "label", basis="terms")
    order = last_order(data)
    check("label", status == 200 and (order["action"], order["post"]) == ("label", 3) and "warn" in order["text"], order)
    opened(desk, tokens, "@other_one/3", category="fraud")
    status, answer = decide(desk, tokens, case, "freeze", until=at(7200))
    order = last_order(data)
    check("freeze is about the channel", status == 200 and (order["action"], order["post"], order["channel"]) ==
          ("freeze", 0, 1000000002) and "takes no new posts" in order["letter"] and "channel @other_one" in order["letter"],
          order)
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/reverse", lib.FACTS, tokens["lead"])
    check("a reversal lifts both", status == 200 and rows(
        data, f"SELECT count(*) FROM orders WHERE case_id = {case} AND ended_at IS NULL AND action <> 'restore'") == [(0,)],
        answer)
    messenger.end_orders(time.time() + 9000)
    time.sleep(1.5)  # a look of the desk at what ended
    kinds = [e["kind"] for e in desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]["events"]]
    check("what was reversed does not end a second time", "ended" not in kinds, kinds)
    case = opened(desk, tokens, "@other_one/4", category="fraud")
    status, answer = decide(desk, tokens, case, "warn")
    order = last_order(data)
    check("warn: a letter", status == 200 and order["action"] == "warn" and "Nothing was removed" in order["letter"], order)
    check("warn: nothing to reverse", desk.ask("POST", f"/api/cases/{case}/reverse", lib.FACTS, tokens["lead"])[0] == 409)


def test_several(desk, tokens, messenger):
    """What ends leaves what else the case ordered, and that can be reversed."""
    case = opened(desk, tokens, "@other_one", category="privacy")
    decide(desk, tokens, case, "restrict", countries=["ID"])
    opened(desk, tokens, "@other_one", category="privacy")
    decide(desk, tokens, case, "freeze", until=at(3600))
    messenger.end_orders(time.time() + 3601)
    wait_for(lambda: desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]["order"].get("ended"))
    shown = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]
    check("the restriction goes on when the freeze ends", shown["order"]["ended"] and shown["in_force"], shown["order"])
    messenger.outcome = "a fault of the server"
    opened(desk, tokens, "@other_one", category="privacy")
    status, answer = decide(desk, tokens, case, "label")
    messenger.outcome = "done"
    shown = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]
    check("and when another measure fails", answer["order"]["outcome"] != "done" and shown["in_force"], shown)
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/reverse", lib.FACTS, tokens["second"])
    check("it can be reversed", status == 200 and answer["order"]["action"] == "restore", answer)
    shown = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]
    check("then nothing holds", not shown["in_force"], shown)


def strikes(desk, tokens, case):
    return desk.ask("GET", f"/api/cases/{case}", token=tokens["moderator"])[1]["strikes"]


def test_strikes(data, desk, tokens):
    first = opened(desk, tokens, "@other_one/11", category="copyright")
    check("strikes: none, and the first measure", strikes(desk, tokens, first) ==
          {"category": "copyright", "count": 0, "days": 90, "next": "warn"}, strikes(desk, tokens, first))
    decide(desk, tokens, first, "warn")
    second = opened(desk, tokens, "@other_one/12", category="copyright")
    check("strikes: one, and the next", strikes(desk, tokens, second)["next"] == "freeze" and
          strikes(desk, tokens, second)["count"] == 1, strikes(desk, tokens, second))
    decide(desk, tokens, second, "remove")
    check("strikes: the owner is told", "before this one: 1, in the last 90 days" in rows(
        data, "SELECT letter FROM orders ORDER BY id DESC LIMIT 1")[0][0])
    third = opened(desk, tokens, "@other_one/13", category="copyright")
    check("strikes: two, and the last", strikes(desk, tokens, third)["next"] == "remove" and
          strikes(desk, tokens, third)["count"] == 2)
    check("strikes: per category", strikes(desk, tokens, opened(desk, tokens, "@other_one/14", category="spam"))["count"]
          == 0)
    check("strikes: a category's own ladder", strikes(
        desk, tokens, opened(desk, tokens, "@other_one/15"))["next"] == "remove")
    desk.ask("POST", f"/api/cases/{second}/reverse", lib.FACTS, tokens["lead"])
    check("strikes: what is reversed is none", strikes(desk, tokens, third)["count"] == 1)
    decide(desk, tokens, third, "dismiss")
    check("strikes: nor is what is dismissed", strikes(
        desk, tokens, opened(desk, tokens, "@other_one/16", category="copyright"))["count"] == 1)


def test_statements(data, desk, tokens):
    for path in ("/api/statements.json", "/api/statements.csv"):
        for role in ("authority", "flagger", "moderator"):
            check(f"{path}: not for {role}", desk.ask("GET", path, token=tokens[role])[0] == 403)
    status, answer, _ = desk.ask("GET", "/api/statements.json", token=tokens["lead"])
    wanted = rows(data, "SELECT count(*) FROM statements WHERE outcome = 'done' AND action NOT IN ('warn', 'restore')")
    check("statements: all that restrict", status == 200 and len(answer["statements"]) == wanted[0][0] > 3 and
          answer["next"] is None, answer)
    puids = set()
    for s in answer["statements"]:
        puids.add(s["puid"])
        illegal = s["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
        check(f"statement {s['puid']} is as the database wants it",
              re.fullmatch(r"[a-zA-Z0-9-_]{1,500}", s["puid"]) and s["category"].startswith("STATEMENT_CATEGORY_") and
              bool(s["decision_visibility"]) != bool(s["decision_provision"]) and s["decision_facts"] and
              all(re.fullmatch(r"\d{4}-\d\d-\d\d", s[name]) for name in ("content_date", "application_date")) and
              bool(s["illegal_content_legal_ground"] and s["illegal_content_explanation"]) == illegal and
              bool(s["incompatible_content_ground"] and s["incompatible_content_explanation"]) != illegal and
              s["content_type"] and s["source_type"].startswith("SOURCE_") and s["automated_detection"] in ("Yes", "No")
              and s["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED", s)
    check("no two are alike", len(puids) == len(answer["statements"]))
    frozen = [s for s in answer["statements"] if s["decision_provision"]]
    check("a freeze is a suspension with an end", frozen and frozen[0]["decision_provision"] ==
          "DECISION_PROVISION_PARTIAL_SUSPENSION" and frozen[0]["end_date_service_restriction"], frozen)
    status, content, head = desk.ask("GET", "/api/statements.csv", token=tokens["lead"])
    table = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    check("the CSV has the same", status == 200 and "text/csv" in head.getheader("Content-Type") and
          [row["puid"] for row in table] == [s["puid"] for s in answer["statements"]] and all(
              json.loads(row["content_type"]) == s["content_type"] and row["decision_facts"] == s["decision_facts"]
              for row, s in zip(table, answer["statements"])), content[:300])
    some = int(answer["statements"][0]["puid"].rsplit("-", 1)[1])
    rest = desk.ask("GET", f"/api/statements.json?after={some}", token=tokens["lead"])[1]["statements"]
    check("after an order", rest == answer["statements"][1:], len(rest))
    for wrong in ("x", "-1", "1e3"):
        check(f"after={wrong}", desk.ask("GET", f"/api/statements.json?after={wrong}", token=tokens["lead"])[0] == 400)


class Dying(threading.Thread):
    """A messenger that dies after so many lines of its work: before the commit, or before it confirms."""

    def __init__(self, data, port, commits):
        super().__init__(daemon=True)
        dying = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                if not self.path.endswith("/executeOrders"):  # what people write: there is nothing
                    with contextlib.suppress(OSError):  # who asked may have been killed
                        self.send_response(200)
                        self.send_header("Content-Length", "23")
                        self.end_headers()
                        self.wfile.write(b'{"ok":true,"result":[]}')
                    return
                db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
                done = db.execute("UPDATE orders SET executed_at = ?, outcome = 'done' WHERE executed_at IS NULL",
                                  (int(time.time() * 1000),)).rowcount
                if commits:
                    db.commit()
                    dying.executed += done
                db.close()  # without a commit: rolled back, as after a crash
                dying.killed.set()
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.executed, self.killed = 0, threading.Event()
        self.server = wait_for(lambda: self.listen(port, Handler))

    @staticmethod
    def listen(port, handler):
        """None while a connection of somebody else on this machine happens to go out from this port."""
        with lib.contextlib.suppress(OSError):
            return http.server.HTTPServer(("127.0.0.1", port), handler)

    def run(self):
        while not self.killed.is_set():
            self.server.handle_request()
        self.server.server_close()


def test_dying(data, tokens, port):
    for number, commits in enumerate((False, True)):
        dying = Dying(data, port, commits)
        dying.start()
        desk = lib.Desk(data, port)
        try:
            case = opened(desk, tokens, f"@kabar/{20 + number}")
            status, answer = decide(desk, tokens, case, "remove")
            check(f"messenger dies, committed={commits}: the answer says what is known", status == 200 and
                  answer["order"]["state"] == ("executed" if commits else "waiting"), answer)
            dying.join(20)
            check("it died", dying.killed.is_set())
            again = Dying(data, port, True)
            again.start()
            wait_for(lambda: desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]["order"]["state"] == "executed")
            shown = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]
            check("it is executed once", dying.executed + again.executed == 1 and
                  [e["kind"] for e in shown["events"]].count("executed") == 1 and shown["met"] is True,
                  (dying.executed, again.executed, shown["order"]))
            again.killed.set()
            with lib.contextlib.suppress(OSError):
                lib.http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("POST", "/")
            again.join(5)
        finally:
            desk.stop()


def test_audit(data):
    result = run("desk", "audit", "--data", data)
    check("the audit finds no fault", result.returncode == 0, result)


def test_rebuild(data):
    before = {table: rows(data, f"SELECT * FROM {table} ORDER BY 1") for table in ("cases", "strikes")}
    result = run("desk", "rebuild", "--data", data)
    after = {table: rows(data, f"SELECT * FROM {table} ORDER BY 1") for table in ("cases", "strikes")}
    check("cases and strikes can be made again", result.returncode == 0 and before == after and before["strikes"],
          (result, before["strikes"], after["strikes"]))


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        case = test_preview(data, desk, tokens)
        test_end(data, desk, tokens, messenger, case)
        test_kinds(data, desk, tokens, messenger)
        test_several(desk, tokens, messenger)
        test_strikes(data, desk, tokens)
        test_statements(data, desk, tokens)
        desk.stop()
        messenger.server.shutdown()
        messenger.server.server_close()
        test_dying(data, tokens, messenger.port)
        test_rebuild(data)
        test_audit(data)
