#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole suite of the desk, with no home database anywhere: only lontar-desk runs, on a square that these scripts
fill. A stand-in for the messenger executes orders. Usage: suite.py PATH-OF-lontar-desk [PART...]"""
import hashlib
import importlib
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from lib import (Desk, FACTS, ISO_TIME, PROGRAM, add_post, begin, check, grant, notice, results, rows, run, wait_for)


def test_program():
    for args in (["--help"], ["desk", "--help"], ["ledger", "--help"], ["desk", "grant", "--help"],
                 ["desk", "grants", "--help"], ["desk", "revoke", "--help"], ["ledger", "verify", "--help"]):
        result = run(*args)
        check(f"help: {args}", result.returncode == 0 and "Example" in result.stdout, result)
    check("usage: no arguments", run().returncode == 2)
    symbols = subprocess.run(["nm", "-C", PROGRAM], capture_output=True, text=True).stdout
    own = [line for line in symbols.splitlines() if re.search(r" [tTbBdD] (home_|vault_|store_open|store_home|seal_)", line)]
    check("wall: no symbol of the home is linked in", symbols and not own, own[:5])


def test_wall(data):
    desk = Desk(data)
    status = open(f"/proc/{desk.process.pid}/status").read()
    check("wall: no new privileges", "NoNewPrivs:\t1" in status)
    check("wall: calls are filtered", "Seccomp:\t2" in status)
    check("wall: it runs with no home database", not os.path.exists(f"{data}/home"))
    check("stops on request", desk.stop() == 0)
    os.mkdir(f"{data}/home")
    with open(f"{data}/home/home.db", "w") as f:
        f.write("secret")
    desk = Desk(data)
    check("wall: with a home beside it, which it can't open, it starts", desk.port)
    desk.stop()
    shutil.rmtree(f"{data}/home")
    os.mkdir(f"{data}/desk/home")
    with open(f"{data}/desk/home/home.db", "w") as f:
        f.write("secret")
    os.symlink("desk/home", f"{data}/home")
    desk = Desk(data, expect=False)
    check("wall: it refuses to start when it can read the home database",
          desk.process.wait(10) == 1 and b"can read" in open(desk.log.name, "rb").read())
    os.unlink(f"{data}/home")
    shutil.rmtree(f"{data}/desk/home")


def test_access(desk, tokens):
    paths = (("GET", "/api/cases"), ("GET", "/api/cases/1"), ("POST", "/api/cases/1/claim"), ("GET", "/api/sop"),
             ("POST", "/api/notices"), ("POST", "/api/cases/1/decide"), ("POST", "/api/cases/1/reverse"))
    for method, path in paths:
        body = notice("@kabar") if method == "POST" else None
        for wrong in (None, "x", "A" * 43, "A" * 5000):
            status, answer, head = desk.ask(method, path, body, wrong)
            check(f"{method} {path} without a valid token", status == 401 and "error" in answer and
                  head.getheader("WWW-Authenticate") == "Bearer", (status, answer))
    status, _, _ = desk.ask("GET", "/api/sop", headers={"Authorization": f"Basic {tokens['lead']}"})
    check("another scheme than Bearer", status == 401, status)
    for role in ("authority", "flagger"):
        for method, path in paths[:3]:
            check(f"{role} may not {path}", desk.ask(method, path, {}, tokens[role])[0] == 403)
    for role in ("moderator", "lead"):
        check(f"{role} sends no notices", desk.ask("POST", "/api/notices", notice("@kabar"), tokens[role])[0] == 403)
    status, sop, _ = desk.ask("GET", "/api/sop", token=tokens["flagger"])
    check("the SOP", status == 200 and {"terrorism", "child_abuse", "fraud", "privacy", "copyright", "illegal"} <=
          {c["category"] for c in sop["categories"]} and all(
        c["clock_hours"] == {"authority": 1, "flagger": 4, "user": 24, "sensor": 24} for c in sop["categories"]
        if c["urgent"]), sop)


def test_hostile(desk, tokens):
    token = tokens["authority"]
    for name, raw in (("empty", b""), ("garbage", b"\x00\xff\x80{"), ("array", b"[]"), ("number", b"1"),
                      ("cut", b'{"subject":"@kabar"'), ("twice", b'{"law":"a","law":"b"}'), ("latin1", b'{"law":"\xe9"}'),
                      ("deep", b"[" * 30000), ("deep object", b'{"a":' * 9000), ("NUL", b'{"law":"a\\u0000b"}')):
        status, answer, _ = desk.ask("POST", "/api/notices", token=token, raw=raw)
        check(f"body: {name}", status == 400 and "error" in answer, (status, answer))
    for size in (65537, 200000, 3000000):
        try:
            status = desk.ask("POST", "/api/notices", token=token, raw=b'{"a":"' + b"x" * size + b'"}')[0]
        except (BrokenPipeError, ConnectionResetError):
            status = 413  # it answered and closed before it took all
        check(f"body of {size} bytes", status == 413, status)
    for name, wrong in (("type", 5), ("list", ["@kabar"]), ("object", {}), ("too long", "@" + "a" * 600),
                        ("control", "@ka\u0007bar")):
        status, answer, _ = desk.ask("POST", "/api/notices", notice(wrong), token)
        check(f"subject of wrong {name}", status == 422, (status, answer))
    for path in ("/api/cases/0", "/api/cases/99999", "/api/cases/-1", "/api/cases/1e3", "/api/cases/" + "9" * 30,
                 "/api/nothing", "/api/cases/1/claim/x"):
        status = desk.ask("GET", path, token=tokens["lead"])[0]
        check(f"GET {path}", status == 404, status)
    check("a wrong method", desk.ask("DELETE", "/api/cases/1", token=tokens["lead"])[0] == 405)
    check("a wrong state", desk.ask("GET", "/api/cases?state=x%00", token=tokens["lead"])[0] == 400)
    for path in ("/square/ledger/../ledger.key", "/square/ledger/..%2fledger.key", "/square/ledger/%2e%2e/ledger.key",
                 "/square/ledger/tile/../../ledger.key", "/square/ledger/tile/0", "/square/ledger/tile//",
                 "/square/ledger/tile/.hidden", "/square/ledger/tile/0/000.new", "/square/ledger/", "/desk/ledger.key"):
        status, content, _ = desk.ask("GET", path)
        check(f"GET {path}", status in (400, 404), (status, content))
    for raw in (b"\x00" * 100, b"GET / HTTP/9.9\r\n\r\n", b"POST /api/notices HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                b"A" * 100000, b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500 + b"\r\n"):
        with socket.create_connection(("127.0.0.1", desk.port), 5) as s:
            try:
                s.sendall(raw)
                s.shutdown(socket.SHUT_WR)
                s.recv(10)
            except OSError:
                pass
    check("it still answers after garbage", desk.ask("GET", "/")[0] == 200)


def test_gate(desk, tokens, data):
    token = tokens["authority"]
    before = sum(n for (n,) in rows(data, "SELECT count FROM desk_refusals"))
    refused = 0
    for field in ("subject", "category", "law", "reasons", "good_faith"):
        for value in (..., None, "", "   ") if field != "good_faith" else (..., None, False):
            status, answer, _ = desk.ask("POST", "/api/notices", notice("@kabar", **{field: value}), token)
            refused += 1
            check(f"without {field} ({value!r})", status == 422 and field in answer["missing"] and answer["error"],
                  (status, answer))
    status, answer, _ = desk.ask("POST", "/api/notices", {}, token)
    refused += 1
    check("everything that is missing is named", status == 422 and sorted(answer["missing"]) ==
          ["category", "good_faith", "law", "reasons", "subject"], answer)
    for law in ("@somebody", "see https://x.example/y", "call 081234567890", "t.me/joinchat"):
        status, answer, _ = desk.ask("POST", "/api/notices", notice("@kabar", law=law), token)
        refused += 1
        check(f"law is publishable: {law}", status == 422 and answer["invalid"][0]["field"] == "law", answer)
    check("unknown category", desk.ask("POST", "/api/notices", notice("@kabar", category="nothing"), token)[0] == 422)
    refused += 1
    private = ("https://t.me/c/123456/7", "https://t.me/+AbCdEfGh", "https://t.me/joinchat/AbCdEf", "+62 812 3456 7890",
               "tg://join?invite=abc", "tg://resolve?phone=6281234", "tg://user?id=5", "tg://privatepost?channel=1&post=2",
               "https://t.me/+6281234567", "https://lontar.example/c/55/1")
    for subject in private:
        status, answer, _ = desk.ask("POST", "/api/notices", notice(subject), token)
        refused += 1
        check(f"private: {subject}", status == 422 and answer["missing"] == ["subject"] and "public" in answer["error"],
              (status, answer))
    for subject in ("@nobody_here", "@person", "https://t.me/nobody_here/5", "@kabar/999"):
        status, answer, _ = desk.ask("POST", "/api/notices", notice(subject), token)
        refused += 1
        check(f"unknown: {subject}", status == 422 and answer["missing"] == ["subject"], (status, answer))
    for subject in ("kabar", "@", "@a/b", "@kabar/0", "@kabar/12x", "https://t.me", "https://t.me/", "hello world"):
        status, answer, _ = desk.ask("POST", "/api/notices", notice(subject), token)
        refused += 1
        check(f"unclear: {subject}", status == 422, (status, answer))
    after = sum(n for (n,) in rows(data, "SELECT count FROM desk_refusals"))
    # Those of test_hostile are counted too, before this.
    check("every refusal is counted", after - before == refused, (before, after, refused))
    reasons = dict(rows(data, "SELECT reason, sum(count) FROM desk_refusals GROUP BY reason"))
    check("refusals by reason", reasons.get("private") == len(private) and reasons.get("unknown") == 4, reasons)
    check("no case came of it", rows(data, "SELECT count(*) FROM cases") == [(0,)])


def test_subjects(desk, tokens):
    forms = ("@kabar/3", "@KABAR/3", "https://t.me/kabar/3", "http://lontar.example/kabar/3?single", "t.me/s/kabar/3",
             "tg://resolve?domain=kabar&post=3", " @kabar/3 ")
    cases = {desk.ask("POST", "/api/notices", notice(f), tokens["flagger"])[1].get("case") for f in forms}
    check("all forms of a subject fold into one case", len(cases) == 1 and None not in cases, cases)
    return cases.pop(), len(forms)


def seconds(text):
    import calendar
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def lasts(until, began, length_s):
    """Whether what began between then and now ends that much later."""
    return int(began) <= seconds(until) - length_s <= time.time()


def test_case(desk, tokens, data, messenger):
    post_case, count = test_subjects(desk, tokens)
    began = time.time()
    status, answer, _ = desk.ask("POST", "/api/notices", notice("@kabar"), tokens["authority"])
    case = answer["case"]
    check("a notice is received", status == 201 and ISO_TIME.match(answer["due"]) and answer["notice"] and
          case != post_case, answer)
    check("an authority's clock: 1 h", lasts(answer["due"], began, 3600), answer)
    status, answer, _ = desk.ask("POST", "/api/notices", notice("@other_one"), tokens["flagger"])
    other = answer["case"]
    check("a flagger's clock: 4 h", lasts(answer["due"], began, 4 * 3600), answer)
    status, answer, _ = desk.ask("GET", "/api/cases?state=open", token=tokens["moderator"])
    order = [c["case"] for c in answer["cases"]]
    check("the list is in the order of work", order[0] == case and sorted(order) == sorted([case, post_case, other]),
          answer)
    by_number = {c["case"]: c for c in answer["cases"]}
    check("notices were folded", by_number[post_case]["notices"] == count, by_number[post_case])
    shown = json.dumps(desk.ask("GET", f"/api/cases/{case}", token=tokens["moderator"])[1])
    check("a moderator sees no reporter", "Kementerian" not in shown, shown)
    shown = json.dumps(desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1])
    check("a lead sees the reporter", "Kementerian" in shown, shown)

    # Claims
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/decide", {"action": "remove", **FACTS}, tokens["moderator"])
    check("who has not claimed can't decide", status == 409, (status, answer))
    began = time.time()
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])
    check("a claim", status == 200 and answer["claimed_by"] == "Sari" and
          lasts(answer["until"], began, 900), (status, answer))
    texts = [e.get("text") for e in answer["evidence"]]
    check("evidence is frozen at the claim", answer["evidence"][0]["title"] == "Title of kabar" and
          "text 40 of kabar" in texts and len(texts) == 21, answer["evidence"])
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["second"])
    check("a second claim", status == 409 and answer["claimed_by"] == "Sari" and ISO_TIME.match(answer["until"]), answer)
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/decide", {"action": "remove", **FACTS}, tokens["second"])
    check("another's claim: no decision", status == 409 and answer["claimed_by"] == "Sari", answer)
    check("another can't release it", desk.ask("POST", f"/api/cases/{case}/release", {}, tokens["second"])[0] == 403)
    check("the claimer releases", desk.ask("POST", f"/api/cases/{case}/release", {}, tokens["moderator"])[0] == 200)
    check("released: another claims", desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["second"])[0] == 200)
    check("a lead releases", desk.ask("POST", f"/api/cases/{case}/release", {}, tokens["lead"])[0] == 200)
    check("claimed again", desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])[0] == 200)
    db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
    with db:
        db.execute("UPDATE posts SET text = 'changed later' WHERE channel = 1000000001 AND id = 40")
    db.close()
    evidence = desk.ask("GET", f"/api/cases/{case}", token=tokens["moderator"])[1]["evidence"]
    check("evidence does not change with the post", "text 40 of kabar" in [e.get("text") for e in evidence])

    # Decisions that are not whole
    for name, body in (("no action", FACTS), ("unknown action", {"action": "burn", **FACTS}),
                       ("no ground", {"action": "remove", "facts": "x"}), ("no facts", {"action": "remove", "ground": "x"}),
                       ("restrict nowhere", {"action": "restrict", **FACTS}),
                       ("restrict empty", {"action": "restrict", "countries": [], **FACTS}),
                       ("restrict ZZ", {"action": "restrict", "countries": ["ID", "ZZ"], **FACTS}),
                       ("restrict id", {"action": "restrict", "countries": ["id"], **FACTS}),
                       ("restrict text", {"action": "restrict", "countries": "ID", **FACTS}),
                       ("restrict number", {"action": "restrict", "countries": [5], **FACTS}),
                       ("remove somewhere", {"action": "remove", "countries": ["ID"], **FACTS}),
                       ("facts too long", {"action": "remove", "ground": "x", "facts": "x" * 1501})):
        status, answer, _ = desk.ask("POST", f"/api/cases/{case}/decide", body, tokens["moderator"])
        check(f"decision: {name}", status == 422 and (answer["missing"] or answer["invalid"]), (status, answer))
    check("nothing was ordered", rows(data, "SELECT count(*) FROM orders") == [(0,)])

    # restrict, a second notice, remove, reversal
    began = time.time()
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/decide",
                                 {"action": "restrict", "countries": ["MY", "ID", "ID"], **FACTS}, tokens["moderator"])
    check("restrict is executed", status == 200 and answer["order"]["state"] == "executed" and
          answer["order"]["outcome"] == "done" and answer["order"]["countries"] == ["ID", "MY"], answer)
    # It was executed within the second that the desk waits with its answer; how soon is told as it was.
    check("at once", 0 <= answer["order"]["after_ms"] <= (time.time() - began) * 1000 + 1, answer)
    check("the clock was met", answer["met"] is True, answer)
    order = rows(data, "SELECT channel, post, action, countries, text, reason, letter FROM orders ORDER BY id")[-1]
    check("the order", order[:4] == (1000000001, 0, "restrict", "ID,MY") and order[5] == "terrorism", order)
    letter = order[6]
    for part in ("@kabar", "hidden from readers", "ID,MY", FACTS["facts"], FACTS["ground"], f"Case {case}", "appeal",
                 "public authority"):
        check(f"the letter says: {part}", part in letter, letter)
    check("the letter names nobody", "Sari" not in letter and "Kementerian" not in letter, letter)
    check("a decided case can't be decided again", desk.ask(
        "POST", f"/api/cases/{case}/decide", {"action": "remove", **FACTS}, tokens["moderator"])[0] == 409)
    status, answer, _ = desk.ask("POST", "/api/notices", notice("https://t.me/kabar"), tokens["flagger"])
    check("a second notice folds into the same case", status == 201 and answer["case"] == case and
          answer["state"] == "open", answer)
    check("it is claimed again", desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["second"])[0] == 200)
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/decide", {"action": "remove", **FACTS}, tokens["second"])
    check("remove is executed", status == 200 and answer["order"]["action"] == "remove" and
          answer["order"]["state"] == "executed", answer)
    status, answer, _ = desk.ask("POST", "/api/notices", notice("@kabar"), tokens["authority"])
    check("a notice about what is removed stays with the case", answer["case"] == case and answer["state"] == "decided",
          answer)
    status, answer, _ = desk.ask("GET", f"/api/notices/{answer['notice']}", token=tokens["authority"])
    check("who sent it learns what became of it", status == 200 and answer["action"] == "remove", answer)
    check("others do not", desk.ask("GET", "/api/notices/1", token=tokens["authority"])[0] == 404)
    reverse = {"ground": "The appeal was right.", "facts": "The post quotes a news report."}
    check("who decided can't reverse", desk.ask("POST", f"/api/cases/{case}/reverse", reverse, tokens["second"])[0] == 403)
    check("a reversal needs its grounds", desk.ask("POST", f"/api/cases/{case}/reverse", {}, tokens["lead"])[0] == 422)
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/reverse", reverse, tokens["moderator"])
    check("another moderator reverses", status == 200 and answer["order"]["action"] == "restore" and
          answer["order"]["state"] == "executed", (status, answer))
    check("a reversal is not reversed", desk.ask("POST", f"/api/cases/{case}/reverse", reverse, tokens["lead"])[0] == 409)
    status, answer, _ = desk.ask("POST", "/api/notices", notice("@kabar"), tokens["authority"])
    check("after a reversal a notice opens a new case", answer["case"] != case, answer)

    # Dismissal: without an order it writes none, with one in force it lifts it
    desk.ask("POST", f"/api/cases/{other}/claim", {}, tokens["lead"])
    orders = rows(data, "SELECT count(*) FROM orders")
    status, answer, _ = desk.ask("POST", f"/api/cases/{other}/decide", {"action": "dismiss", **FACTS}, tokens["lead"])
    check("dismiss", status == 200 and answer["met"] is True and "order" not in answer and
          rows(data, "SELECT count(*) FROM orders") == orders, answer)
    desk.ask("POST", f"/api/cases/{post_case}/claim", {}, tokens["lead"])
    status, answer, _ = desk.ask("POST", f"/api/cases/{post_case}/decide",
                                 {"action": "restrict", "countries": ["DE"], **FACTS}, tokens["lead"])
    check("a post is restricted by country", status == 200 and answer["order"]["countries"] == ["DE"], answer)
    desk.ask("POST", "/api/notices", notice("@kabar/3"), tokens["flagger"])
    desk.ask("POST", f"/api/cases/{post_case}/claim", {}, tokens["lead"])
    status, answer, _ = desk.ask("POST", f"/api/cases/{post_case}/decide", {"action": "remove", **FACTS}, tokens["lead"])
    check("a post is removed", status == 200 and rows(data, "SELECT post FROM orders ORDER BY id DESC LIMIT 1") ==
          [(3,)], answer)
    again = desk.ask("POST", "/api/notices", notice("@other_one"), tokens["flagger"])[1]["case"]
    check("after a dismissal a notice opens a new case", again != other, again)
    desk.ask("POST", f"/api/cases/{again}/claim", {}, tokens["lead"])
    desk.ask("POST", f"/api/cases/{again}/decide", {"action": "restrict", "countries": ["DE"], **FACTS}, tokens["lead"])
    desk.ask("POST", "/api/notices", notice("@other_one"), tokens["flagger"])
    desk.ask("POST", f"/api/cases/{again}/claim", {}, tokens["lead"])
    status, answer, _ = desk.ask("POST", f"/api/cases/{again}/decide", {"action": "dismiss", **FACTS}, tokens["lead"])
    check("dismissing lifts the restriction", status == 200 and answer["order"]["action"] == "restore", answer)
    messenger.outcome = "no such channel"
    again = desk.ask("POST", "/api/notices", notice("@other_one"), tokens["flagger"])[1]["case"]
    desk.ask("POST", f"/api/cases/{again}/claim", {}, tokens["lead"])
    status, answer, _ = desk.ask("POST", f"/api/cases/{again}/decide", {"action": "remove", **FACTS}, tokens["lead"])
    check("an order that could not be executed is told as such", status == 200 and answer["met"] is False and
          answer["order"]["outcome"] == "no such channel", answer)
    check("and nothing is in force", desk.ask("POST", f"/api/cases/{again}/reverse", reverse, tokens["second"])[0] == 409)
    messenger.outcome = "done"
    check("the messenger was called with the service bot's token",
          "/bot777000:test-token/executeOrders" in messenger.calls and
          all(call.startswith("/bot777000:test-token/") for call in messenger.calls),
          set(messenger.calls))


def test_lease(desk, tokens, data):
    status, answer, _ = desk.ask("POST", "/api/notices", notice("@other_one/5"), tokens["flagger"])
    case = answer["case"]
    desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])
    db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
    with db:  # as if its quarter of an hour were over
        db.execute("UPDATE cases SET claimed_until = ? WHERE id = ?", (int(time.time()) - 1, case))
    db.close()
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/decide", {"action": "dismiss", **FACTS}, tokens["moderator"])
    check("a claim that ran out decides nothing", status == 409, (status, answer))
    check("and is free for others", desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["second"])[0] == 200)


def test_messenger_away(data, tokens, messenger):
    desk = Desk(data, 1)  # nothing listens on port 1
    case = desk.ask("POST", "/api/notices", notice("@other_one/7"), tokens["authority"])[1]["case"]
    desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["lead"])
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/decide", {"action": "remove", **FACTS}, tokens["lead"])
    check("messenger away: the order waits and the answer says so", status == 200 and
          answer["order"]["state"] == "waiting" and answer["met"] is None, answer)
    check("killed, not stopped", desk.stop(signal.SIGKILL) == -9)
    desk = Desk(data, messenger.port)
    wait_for(lambda: desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]["order"]["state"] == "executed")
    state = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]
    check("after a restart it is executed", state["order"]["state"] == "executed" and state["met"] is True, state["order"])
    return desk


def test_ledger(desk, data):
    folder = f"{data}/desk/ledger"
    orders = rows(data, "SELECT count(*) FROM orders")[0][0]
    check("a leaf per order and reversal", rows(data, "SELECT count(*) FROM ledger")[0][0] == orders and orders >= 6, orders)
    entries = [json.loads(e) for (e,) in rows(data, "SELECT entry FROM ledger ORDER BY leaf")]
    everything = json.dumps(entries)
    check("leaves name nobody and nothing", not re.search(r"kabar|other_one|Sari|Budi|Kementerian|1000000001|attack", everything),
          everything)
    salt = rows(data, "SELECT salt FROM cases WHERE id = %d" % entries[0]["case"])[0][0]
    check("the subject's hash opens with the owner's key", entries[0]["subject"] ==
          hashlib.sha256(salt + b"channel/1000000001").hexdigest(), entries[0])
    key = run("ledger", "key", "--data", data).stdout.strip()
    check("the public page shows the key", key.encode() in desk.ask("GET", "/square/")[1])
    for source in (folder, data, f"http://127.0.0.1:{desk.port}/square/ledger"):
        for more in ([], ["--key", key]):
            result = run("ledger", "verify", *more, source)
            check(f"verify {source.split(':')[0][-12:]}", result.returncode == 0 and f"{orders} leaves" in result.stdout, result)
    wrong = run("ledger", "verify", "--key", key[:-6] + "AAAAA=", folder)
    check("verify with another key fails", wrong.returncode == 1, wrong)
    tamper(folder)
    missing(folder)


def tamper(folder):
    files = [os.path.join(d, f) for d, _, names in os.walk(folder) for f in names]
    check("there are tiles and entries", any("/entries/" in f for f in files) and any("/tile/0/" in f for f in files), files)
    for path in files:
        name = os.path.relpath(path, folder)
        original = open(path, "rb").read()
        places = range(len(original)) if len(original) <= 64 else range(0, len(original), max(1, len(original) // 24))
        if name == "verifier":
            continue
        for at in list(places) + [len(original) - 1]:
            changed = bytearray(original)
            changed[at] ^= 1
            open(path, "wb").write(changed)
            result = run("ledger", "verify", folder)
            if result.returncode != 1 or f"BAD  {name}:" not in result.stdout:
                check(f"a changed byte {at} of {name} is detected and named", False, result.stdout)
                break
        else:
            check(f"changed bytes of {name} are detected and named", True)
        open(path, "wb").write(original)
    check("as it was, it verifies", run("ledger", "verify", folder).returncode == 0)


def missing(folder):
    count = int(open(f"{folder}/checkpoint").read().split("\n")[1])
    path = f"{folder}/tile/0/000.p/{count}"
    os.rename(path, path + "x")
    result = run("ledger", "verify", folder)
    check("a missing tile is detected and named", result.returncode == 1 and f"tile/0/000.p/{count}: is missing" in
          result.stdout, result.stdout)
    os.rename(path + "x", path)


def test_public(desk, data):
    for path, kind in (("/", "text/html"), ("/square/", "text/html"), ("/square/style.css", "text/css"),
                       ("/square/counts.csv", "text/csv"), ("/square/ledger/checkpoint", "text/plain")):
        status, content, head = desk.ask("GET", path)
        check(f"GET {path}", status == 200 and kind in head.getheader("Content-Type") and len(content) < 10240,
              (status, len(content)))
        check(f"{path}: a strict policy", "default-src 'none'" in head.getheader("Content-Security-Policy"))
    notices = rows(data, "SELECT count(*) FROM notices")[0][0]
    # The counts are kept for two seconds.
    wait_for(lambda: sum(r["notices"] for r in desk.ask("GET", "/square/counts.json")[1]["rows"]) == notices)
    page = desk.ask("GET", "/square/")[1].decode()
    check("the page has a table and a drawing and no script", "<table>" in page and "<svg" in page and "<script" not in page)
    names = re.search(r"kabar|other_one|Sari|Budi|Kementerian", page + json.dumps(desk.ask("GET", "/square/counts.json")[1]))
    check("the public pages name nobody", not names, names)
    counts = desk.ask("GET", "/square/counts.json")[1]
    check("counts add up: notices", sum(r["notices"] for r in counts["rows"]) == notices, counts)
    for action, name in (("remove", "removed"), ("restrict", "restricted"), ("restore", "restored")):
        wanted = rows(data, f"SELECT count(*) FROM orders WHERE action = '{action}'")[0][0]
        check(f"counts add up: {name}", sum(r[name] for r in counts["rows"]) == wanted, counts)
    check("time from notice to action", all(r["median_s"] is not None for r in counts["rows"] if r["removed"]), counts)
    refusals = sum(n for (n,) in rows(data, "SELECT count FROM desk_refusals"))
    check("counts add up: refusals", sum(r["count"] for r in counts["refusals"]) == refusals, counts)
    csv = desk.ask("GET", "/square/counts.csv")[1].decode().split("\r\n")
    check("the CSV has the same rows", len(csv) - 2 == len(counts["rows"]) + len(counts["refusals"]), csv)
    check("/square goes to /square/", desk.ask("GET", "/square")[2].getheader("Location") == "/square/")


def test_rebuild(data):
    before = rows(data, "SELECT * FROM cases ORDER BY id")
    # test_lease set one row by hand; what the events say is what counts.
    result = run("desk", "rebuild", "--data", data)
    after = rows(data, "SELECT * FROM cases ORDER BY id")
    check("the cases can be made again from their events", result.returncode == 0 and after == before, result)
    db = sqlite3.connect(f"{data}/square/square.db")
    with db:
        db.execute("UPDATE case_events SET data = replace(data, 'remove', 'removf') WHERE kind = 'decided'")
    result = run("desk", "rebuild", "--data", data)
    check("an altered event is detected", result.returncode == 1 and "was altered" in result.stderr, result)
    with db:
        db.execute("UPDATE case_events SET data = replace(data, 'removf', 'remove') WHERE kind = 'decided'")
    db.close()
    check("and nothing was changed by that", rows(data, "SELECT * FROM cases ORDER BY id") == before)


def test_ledger_promise(data):
    """A desk whose database says other things than what was signed must not go on."""
    db = sqlite3.connect(f"{data}/square/square.db")
    kept = db.execute("SELECT * FROM ledger ORDER BY leaf DESC LIMIT 1").fetchone()
    with db:
        db.execute("DELETE FROM ledger WHERE leaf = ?", (kept[0],))
    desk = Desk(data, expect=False)
    check("an older database than the ledger: it does not start", desk.process.wait(10) == 1)
    with db:
        db.execute("INSERT INTO ledger VALUES (?, ?, ?, ?)", (kept[0], kept[1], kept[2].replace(b"remove", b"remOve").replace(
            b"restore", b"restOre"), kept[3]))
    desk = Desk(data, expect=False)
    check("another leaf than the signed one: it does not start", desk.process.wait(10) == 1)
    with db:
        db.execute("UPDATE ledger SET entry = ? WHERE leaf = ?", (kept[2], kept[0]))
    db.close()
    shutil.rmtree(f"{data}/desk/ledger/tile")
    desk = Desk(data)
    desk.stop()
    check("lost tiles are made again", run("ledger", "verify", data).returncode == 0)


def test_sensor(data, messenger, tokens):
    with open(f"{data}/desk/sensor.txt", "w") as f:
        f.write("# phrases\nterrorism\tBuy the Bomb now\n")
    desk = Desk(data, messenger.port)
    disguised = ["listen: BUY the b\u043e\u200bmb, n\u043ew! now", "listen: buy  THE b\u043em\u200bb -- n\u043ew"]

    def publish(*posts):  # Cyrillic letters and a zero-width space in them
        db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
        with db:
            for post in posts:
                add_post(db, 1000000002, post, disguised[post % 2], int(time.time()))
        db.close()

    def found():
        cases = desk.ask("GET", "/api/cases", token=tokens["lead"])[1]["cases"]
        return {c["subject"]: c["notices"] for c in cases if c["lane"] == "sensor"}

    publish(50, 51)
    wait_for(lambda: len(found()) == 2)
    check("the sensor files notices about disguised phrases", set(found()) == {"@other_one/50", "@other_one/51"}, found())
    # Twice it has looked again since, and found what was new.
    for post in (52, 53):
        publish(post)
        wait_for(lambda: f"@other_one/{post}" in found())
    check("each once", sorted(found().values()) == [1, 1, 1, 1], found())
    desk.stop()
    with open(f"{data}/desk/sensor.txt", "w") as f:
        f.write("no tab here\n")
    desk = Desk(data, expect=False)
    check("a sensor list that can't be read: it says so and does not start", desk.process.wait(10) == 1 and
          b"line 1" in open(desk.log.name, "rb").read())
    os.unlink(f"{data}/desk/sensor.txt")


def test_grants(data, tokens, messenger):
    desk = Desk(data, messenger.port)
    listed = run("desk", "grants", "--data", data).stdout
    check("grants are listed without tokens", "Sari" in listed and not any(t in listed for t in tokens.values()), listed)
    raw = open(f"{data}/square/square.db", "rb").read()
    check("tokens are stored as hashes only", not any(t.encode() in raw for t in tokens.values()))
    number = [line.split("\t")[0] for line in listed.splitlines() if "Sari" in line][0]
    check("revoke", run("desk", "revoke", "--data", data, number).returncode == 0)
    check("a revoked token is refused at once", desk.ask("GET", "/api/cases", token=tokens["moderator"])[0] == 401)
    check("revoke twice", run("desk", "revoke", "--data", data, number).returncode == 1)
    for args in (["--role", "king", "--name", "x"], ["--role", "lead", "--name", ""], ["--role", "lead", "--name", "x", "--lang", "a b"]):
        check(f"grant {args}", run("desk", "grant", "--data", data, *args).returncode == 1)
    desk.stop()


def test_log(data):
    log = open(f"{data}/desk.log", "rb").read().decode()
    check("no content, name or token in the log", not re.search(
        r"attack|Sari|Kementerian|text \d+ of|test-token", log), log[-500:])
    check("no sanitizer complained", not re.search(r"Sanitizer|runtime error", log), log[-2000:])


def main():
    data = tempfile.mkdtemp(prefix="lontar-desk-")
    try:
        test_program()
        tokens, messenger = begin(data)
        test_wall(data)
        desk = Desk(data, messenger.port)
        test_access(desk, tokens)
        test_hostile(desk, tokens)
        test_gate(desk, tokens, data)
        test_case(desk, tokens, data, messenger)
        test_lease(desk, tokens, data)
        desk.stop()
        desk = test_messenger_away(data, tokens, messenger)
        test_ledger(desk, data)
        test_public(desk, data)
        desk.stop()
        test_rebuild(data)
        test_ledger_promise(data)
        test_sensor(data, messenger, tokens)
        test_grants(data, tokens, messenger)
        test_log(data)
        check("there never was a home database", not os.path.exists(f"{data}/home"))
    finally:
        for process in Desk.started:
            if process.poll() is None:
                process.kill()
        shutil.rmtree(data, ignore_errors=True)


def parts():
    """The modules beside this one that have a test(), each on desks of its own."""
    folder = os.path.dirname(os.path.abspath(__file__))
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py"):
            with open(os.path.join(folder, name)) as f:
                if "\ndef test():" in f.read():
                    yield name[:-3]


asked = sys.argv[2:]
if not asked:
    main()
for part in asked or parts():
    importlib.import_module(part).test()
sys.exit(results())
