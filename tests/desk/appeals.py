# SPDX-License-Identifier: Apache-2.0
"""Appeals: by the owner with the code of the letter, by who reported against inaction; who answers them; what a reversal
and a change do to orders, strikes, the ledger and the public counts; their clock, the page, the audit."""
import re
import time
import urllib.parse

import lib
from lib import FACTS, check, notice, rows, run, wait_for

WORDS = "The post quotes a court's judgment; nobody calls for anything in it."
CODE = re.compile(r"start=appeal_([A-Za-z0-9_-]{22})")
MANY = 100000  # members for whom the SOP wants two people
ANSWER = {"ground": "It reports, it does not call", "facts": "The post quotes a court."}


def opened(desk, tokens, about, by="authority", **changes):
    return desk.ask("POST", "/api/notices", notice(about, **changes), tokens[by])[1]


def decide(desk, tokens, case, action, who="moderator", **more):
    desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens[who])
    return desk.ask("POST", f"/api/cases/{case}/decide", {"action": action, **FACTS, **more}, tokens[who])[:2]


def letter_code(data, case):
    """Of the newest letter to the owner."""
    letter = rows(data, f"SELECT letter FROM orders WHERE case_id = {case} ORDER BY id DESC LIMIT 1")[0][0]
    found = CODE.search(letter)
    return found and found.group(1)


def post(desk, code, words=WORDS):
    return desk.ask("POST", "/square/appeals", {"code": code, "words": words}, headers={"Content-Type": "application/json"})[:2]


def answer(desk, tokens, appeal, outcome, who="second", **more):
    return desk.ask("POST", f"/api/appeals/{appeal}/decide", {"outcome": outcome, **ANSWER, **more}, tokens[who])[:2]


def shown(desk, tokens, case):
    return desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]


def strikes(desk, tokens, about, **changes):
    """Of the channel, as a further case sees them."""
    return shown(desk, tokens, opened(desk, tokens, about, **changes)["case"])["strikes"]["count"]


def test_owner(data, desk, tokens):
    case = opened(desk, tokens, "@kabar/1")["case"]
    decide(desk, tokens, case, "remove")
    code = letter_code(data, case)
    check("appeals: the owner's letter has a code", code)
    languages = rows(data, "SELECT letter FROM order_letters")
    check("appeals: in every language the same", all(code in letter for letter, in languages) and languages, languages)
    check("appeals: the desk keeps its keyed hash alone", rows(
        data, "SELECT count(*) FROM appeal_codes WHERE length(hash) = 32") == [(1,)] and not any(
        code in str(row) for table in ("case_events", "statements", "appeal_codes", "ledger")
        for row in rows(data, f"SELECT * FROM {table}")))
    status, body, _ = desk.ask("GET", f"/square/appeals?code={code}")
    check("appeals: who has the code sees what it is about", status == 200 and body["may"] and body["action"] == "remove"
          and body["subject"] == "@kabar/1" and body["appeal"] is None, body)
    for wrong in ("", "x", code[:-1], code[:-1] + ("A" if code[-1] != "A" else "B"), "A" * 22, "A" * 5000, "%00"):
        check(f"appeals: another code, {wrong[:8]}", desk.ask("GET", f"/square/appeals?code={wrong}")[0] == 404 and
              post(desk, wrong)[0] == 404)
    for words, why in (("", "none"), ("too short", "short"), ("x" * 4001, "long"), ("a\x01" + "b" * 40, "binary")):
        check(f"appeals: words that are {why}", post(desk, code, words)[0] == 422)
    check("appeals: no JSON", desk.ask("POST", "/square/appeals", raw=b"[", headers={"Content-Type": "application/json"})[0]
          == 400)
    status, body = post(desk, code)
    check("appeals: it is taken", status == 201 and body["case"] == case and lib.ISO_TIME.match(body["due"]), body)
    appeal = body["appeal"]
    check("appeals: the case is appealed", shown(desk, tokens, case)["state"] == "appealed" and desk.ask(
        "GET", "/api/cases?state=appealed", token=tokens["lead"])[1]["cases"][0]["case"] == case)
    check("appeals: one at a time", post(desk, code)[0] == 409)
    status, body, _ = desk.ask("GET", "/api/appeals", token=tokens["second"])
    item = body["appeals"][0]
    check("appeals: the queue", status == 200 and len(body["appeals"]) == 1 and item["appeal"] == appeal and
          item["party"] == "owner" and item["action"] == "remove" and not item["overdue"] and item["yours_to_decide"] and
          item["acknowledge"]["done"] is None, item)
    check("appeals: not for who decided", not desk.ask("GET", "/api/appeals", token=tokens["moderator"])[1]["appeals"][0][
        "yours_to_decide"])
    for role in ("authority", "flagger"):
        check(f"appeals: the queue is not for {role}", desk.ask("GET", "/api/appeals", token=tokens[role])[0] == 403)
    check("appeals: nor may they claim it", desk.ask("POST", f"/api/appeals/{appeal}/claim", {}, tokens["moderator"])[0] ==
          403 and answer(desk, tokens, appeal, "uphold", "moderator")[0] == 403)
    status, body, _ = desk.ask("POST", f"/api/appeals/{appeal}/claim", {}, tokens["second"])
    check("appeals: claimed by another, with the words and the decision", status == 200 and body["words"] == WORDS and
          body["decision"] == {"facts": FACTS["facts"], "ground": FACTS["ground"]} and body["acknowledge"]["met"] is True,
          body)
    check("appeals: one claims at a time", desk.ask("POST", f"/api/appeals/{appeal}/claim", {}, tokens["lead"])[0] == 409)
    for more, field in (({"outcome": "burn"}, "outcome"), ({"outcome": "reverse"}, "why"), ({"facts": ""}, "facts"),
                        ({"outcome": "reverse", "why": "mood"}, "why"), ({"outcome": "uphold", "why": "too_harsh"}, "why"),
                        ({"outcome": "change", "why": "too_harsh"}, "action"),
                        ({"outcome": "change", "why": "too_harsh", "action": "dismiss"}, "action")):
        status, body, _ = desk.ask("POST", f"/api/appeals/{appeal}/decide", {"outcome": "uphold", **ANSWER, **more},
                                   tokens["second"])
        check(f"appeals: an answer with a wrong {field}: {more}", status == 422 and field in body["missing"] +
              [i["field"] for i in body["invalid"]], body)
    before = rows(data, "SELECT count(*) FROM ledger")[0][0]
    check("appeals: a strike before", strikes(desk, tokens, "@kabar/2") == 1)
    status, body = answer(desk, tokens, appeal, "reverse", why="mistaken_facts")
    check("appeals: reversed and executed", status == 200 and body["outcome"] == "reverse" and body["decide"]["met"] is True
          and body["order"]["action"] == "restore" and wait_for(
              lambda: shown(desk, tokens, case)["order"]["state"] == "executed"), body)
    now = shown(desk, tokens, case)
    check("appeals: the case is decided", now["state"] == "decided" and now["action"] == "reverse" and not now["in_force"],
          now)
    check("appeals: no strike after", strikes(desk, tokens, "@kabar/2") == 0)
    check("appeals: the ledger has the reversal", rows(data, "SELECT count(*) FROM ledger")[0][0] == before + 1)
    letter = rows(data, f"SELECT letter FROM orders WHERE case_id = {case} AND action = 'restore'")[0][0]
    check("appeals: the owner is told, with the reasons", ANSWER["facts"] in letter and not CODE.search(letter), letter)
    status, body, _ = desk.ask("GET", f"/square/appeals?code={code}")
    check("appeals: the code shows the outcome", body["appeal"]["outcome"] == "reverse" and not body["may"] and
          body["appeal"]["ground"] == ANSWER["ground"], body)
    check("appeals: no second one", post(desk, code)[0] == 409 and answer(desk, tokens, appeal, "uphold")[0] == 409)
    counts = wait_for(lambda: [r for r in desk.ask("GET", "/square/counts.json")[1]["rows"] if r["restored"]])
    check("appeals: the public counts say restored", counts, counts)


def test_kinds(data, desk, tokens):
    """Which reversal keeps the strike; a change takes the lesser measure's place."""
    for number, (why, kept) in enumerate((("too_harsh", 1), ("wrong_ground", 0), ("new_information", 0), ("law_changed", 0))):
        case = opened(desk, tokens, f"@other_one/{number + 1}", category="fraud")["case"]
        decide(desk, tokens, case, "remove")
        appeal = post(desk, letter_code(data, case))[1]["appeal"]
        check(f"appeals: {why}", answer(desk, tokens, appeal, "reverse", why=why)[0] == 200)
        check(f"appeals: {why} leaves {kept} strikes", rows(
            data, f"SELECT count(*) FROM strikes WHERE case_id = {case}") == [(kept,)])
    case = opened(desk, tokens, "@other_one/11", category="spam")["case"]
    decide(desk, tokens, case, "remove")
    code = letter_code(data, case)
    appeal = post(desk, code)[1]["appeal"]
    status, body = answer(desk, tokens, appeal, "change", why="too_harsh", action="label")
    now = shown(desk, tokens, case)
    check("appeals: changed to a lesser measure", status == 200 and now["action"] == "label" and now["in_force"] and
          now["state"] == "decided" and body["order"]["action"] == "label", (body, now["action"]))
    check("appeals: both are orders, in order", [a for a, in rows(
        data, f"SELECT action FROM orders WHERE case_id = {case} ORDER BY id")] == ["remove", "restore", "label"])
    check("appeals: one strike, of the new measure", rows(
        data, f"SELECT action FROM strikes WHERE case_id = {case}") == [("label",)])
    new = letter_code(data, case)
    check("appeals: the new measure has a code of its own", new and new != code and
          desk.ask("GET", f"/square/appeals?code={new}")[1]["may"])
    case = opened(desk, tokens, "@other_one/12", category="spam")["case"]
    decide(desk, tokens, case, "warn")
    appeal = post(desk, letter_code(data, case))[1]["appeal"]
    check("appeals: against a warning", answer(desk, tokens, appeal, "reverse", why="mistaken_facts")[0] == 200 and
          rows(data, f"SELECT count(*) FROM strikes WHERE case_id = {case}") == [(0,)])
    case = opened(desk, tokens, "@other_one/13", category="spam")["case"]
    decide(desk, tokens, case, "remove")
    code = letter_code(data, case)
    appeal = post(desk, code)[1]["appeal"]
    check("appeals: upheld", answer(desk, tokens, appeal, "uphold")[0] == 200)
    now = shown(desk, tokens, case)
    check("appeals: and it holds", now["state"] == "decided" and now["in_force"] and now["action"] == "remove", now)
    letter = rows(data, f"SELECT letter FROM orders WHERE case_id = {case} AND action = 'ask'")
    check("appeals: and the owner is told why", len(letter) == 1 and "The decision stands" in letter[0][0] and
          ANSWER["ground"] in letter[0][0], letter)
    check("appeals: as often as the SOP says", post(desk, code)[0] == 409)
    case = opened(desk, tokens, "@other_one/14", category="spam")["case"]
    decide(desk, tokens, case, "remove")
    code = letter_code(data, case)
    desk.ask("POST", f"/api/cases/{case}/reverse", {**FACTS, "why": "mistaken_facts"}, tokens["lead"])
    check("appeals: what was lifted already", post(desk, code)[0] == 410)
    check("appeals: a reversal may say why, of the kinds there are", desk.ask(
        "POST", f"/api/cases/{case}/reverse", {**FACTS, "why": "x"}, tokens["lead"])[0] == 422)


def test_counts(data, desk):
    """What was decided otherwise later was decided all the same."""
    def counted():
        counts = desk.ask("GET", "/square/counts.json")[1]
        return sum(row["dismissed"] for row in counts["rows"]), counts["in_time"], counts["late"]

    wanted = tuple(rows(data, f"SELECT count(*) FROM metrics WHERE what = '{what}'")[0][0]
                   for what in ("dismissed", "in_time", "late"))
    left = rows(data, "SELECT count(*) FROM cases WHERE action = 'dismiss'")[0][0]
    check("appeals: dismissals that did not last stay counted", wanted[0] > left and wait_for(lambda: counted() == wanted),
          (wanted, left, counted()))


def test_inaction(data, desk, tokens):
    filed = opened(desk, tokens, "@kabar/5", "flagger", category="fraud")
    number, case = filed["notice"], filed["case"]

    def appeal(words=WORDS, who="flagger"):
        return desk.ask("POST", f"/api/notices/{number}/appeal", {"words": words}, tokens[who])[:2]

    check("appeals: nothing is decided yet", appeal()[0] == 409)
    decide(desk, tokens, case, "dismiss")
    check("appeals: of others' notices", appeal(who="authority")[0] == 404)
    check("appeals: without words", appeal("")[0] == 422 and appeal("short")[0] == 422)
    status, body = appeal()
    check("appeals: by who sent the notice", status == 201, body)
    check("appeals: once", appeal()[0] == 409)
    check("appeals: not by who dismissed it", answer(desk, tokens, body["appeal"], "uphold", "moderator")[0] == 403)
    status, body = answer(desk, tokens, body["appeal"], "reverse", why="wrong_ground")
    now = shown(desk, tokens, case)
    check("appeals: the case is open again, with a new clock", status == 200 and now["state"] == "open" and
          now["met"] is None and now["clock"] >= now["notice_list"][0]["received"] and not now["overdue"], now)
    check("appeals: and can be decided", decide(desk, tokens, case, "remove", "second")[0] == 200)
    check("appeals: a measure is nothing to appeal against for who asked for it", appeal()[0] == 410)

    filed = opened(desk, tokens, "@kabar/6", "flagger", category="fraud")
    number, case = filed["notice"], filed["case"]
    decide(desk, tokens, case, "dismiss")
    status, body = answer(desk, tokens, appeal()[1]["appeal"], "change", why="wrong_ground", action="restrict",
                          countries=["ID"])
    now = shown(desk, tokens, case)
    check("appeals: decided otherwise at once", status == 200 and now["action"] == "restrict" and now["in_force"], body)
    check("appeals: the dismissal is overturned", rows(
        data, f"SELECT overturned FROM rulings WHERE case_id = {case} AND action = 'dismiss'") == [("wrong_ground",)])


def test_reader(data, desk, tokens):
    lib.change(data, "INSERT INTO reports (id, channel, post, name, category, law, words, created_at, taken_at, case_id,"
                     " outcome_at, told_at, appeal_days) VALUES (1, 1000000001, 7, 'kabar', 'spam', '', 'spam', "
                     f"{int(time.time())}, 0, 0, 0, 0, 0), (2, 1000000001, 7, 'kabar', 'spam', '', 'more spam', "
                     f"{int(time.time())}, 0, 0, 0, 0, 0)")
    case = wait_for(lambda: rows(data, "SELECT case_id FROM reports WHERE id = 2 AND case_id > 0"))[0][0]
    decide(desk, tokens, case, "dismiss")
    contacts = [c for c, in rows(data, "SELECT contact FROM reports ORDER BY id")]
    codes = [CODE.search(c).group(1) for c in contacts if CODE.search(c)]
    check("appeals: each reader hears a code of their own", len(set(codes)) == 2, contacts)
    status, body = post(desk, codes[0])
    check("appeals: a reader appeals", status == 201, body)
    status, other = post(desk, codes[1])
    check("appeals: and another", status == 201 and other["appeal"] != body["appeal"], other)
    check("appeals: with one of them answered the case is appealed still", answer(
        desk, tokens, body["appeal"], "uphold")[0] == 200 and shown(desk, tokens, case)["state"] == "appealed")
    check("appeals: with both it is decided", answer(desk, tokens, other["appeal"], "uphold", "lead")[0] == 200 and
          shown(desk, tokens, case)["state"] == "decided")
    lib.change(data, "INSERT INTO reports (id, channel, post, name, category, law, words, created_at, taken_at, case_id,"
                     " outcome_at, told_at, appeal_days) VALUES (3, 1000000001, 17, 'kabar', 'spam', '', 'spam', "
                     f"{int(time.time())}, 0, 0, 0, 0, 0), (4, 1000000001, 17, 'kabar', 'spam', '', 'more spam', "
                     f"{int(time.time())}, 0, 0, 0, 0, 0)")
    case = wait_for(lambda: rows(data, "SELECT case_id FROM reports WHERE id = 4 AND case_id > 0"))[0][0]
    decide(desk, tokens, case, "dismiss")
    contacts = [c for c, in rows(data, "SELECT contact FROM reports WHERE id > 2 ORDER BY id")]
    appeals = [post(desk, CODE.search(c).group(1))[1]["appeal"] for c in contacts]
    answers = [answer(desk, tokens, a, "reverse", why="mistaken_facts")[0] for a in appeals]
    check("appeals: two readers were right, the case begins anew once", answers == [200, 200] and rows(
        data, f"SELECT count(*) FROM case_events WHERE case_id = {case} AND kind = 'reopened'") == [(1,)], answers)


def test_two_people(data, desk, tokens):
    """Who answers takes no measure alone that the SOP wants two people for."""
    case = opened(desk, tokens, "@kabar/20", category="spam")["case"]
    decide(desk, tokens, case, "remove")
    appeal = post(desk, letter_code(data, case))[1]["appeal"]
    lib.change(data, f"UPDATE channels SET members = {MANY} WHERE id = 1000000001")
    status, body = answer(desk, tokens, appeal, "change", why="too_harsh", action="label")
    check("appeals: no change alone where two must agree", status == 409 and "two people" in body["error"] and
          [a for a, in rows(data, f"SELECT action FROM orders WHERE case_id = {case}")] == ["remove"], body)
    check("appeals: a reversal needs one", answer(desk, tokens, appeal, "reverse", why="too_harsh")[0] == 200)
    lib.change(data, "UPDATE channels SET members = 1000 WHERE id = 1000000001")


def test_who_decides(data, desk, tokens):
    """In a category that the SOP leaves to leads, who answers takes no measure either, unless a lead."""
    case = opened(desk, tokens, "@kabar/21", category="copyright")["case"]
    status, body = decide(desk, tokens, case, "remove", who="lead")
    appeal = post(desk, letter_code(data, case))[1]["appeal"]
    status, body = answer(desk, tokens, appeal, "change", why="too_harsh", action="label")
    check("appeals: no change by whom the SOP does not let decide", status == 403 and "lets others" in body["error"] and
          [a for a, in rows(data, f"SELECT action FROM orders WHERE case_id = {case}")] == ["remove"], body)
    check("appeals: upholding and reversing are theirs", answer(desk, tokens, appeal, "reverse", why="too_harsh")[0] == 200)


def test_superseded(data, desk, tokens):
    """An appeal is against one decision: an answer touches no other."""
    def acts():
        return [a for a, in rows(data, f"SELECT action FROM orders WHERE case_id = {case} AND action <> 'ask' ORDER BY id")]

    case = opened(desk, tokens, "@kabar/21", category="spam")["case"]
    decide(desk, tokens, case, "label")
    appeal = post(desk, letter_code(data, case))[1]["appeal"]
    desk.ask("POST", f"/api/cases/{case}/reverse", {**FACTS, "why": "mistaken_facts"}, tokens["lead"])
    check("appeals: lifted meanwhile: no change", answer(
        desk, tokens, appeal, "change", why="too_harsh", action="label")[0] == 409)
    status, body = answer(desk, tokens, appeal, "reverse", why="mistaken_facts")
    check("appeals: lifted meanwhile: said, not done twice", status == 200 and body["outcome"] == "reverse" and
          acts() == ["label", "restore"] and shown(desk, tokens, case)["state"] == "decided", (body, acts()))
    case = opened(desk, tokens, "@kabar/22", category="spam")["case"]
    decide(desk, tokens, case, "label")
    appeal = post(desk, letter_code(data, case))[1]["appeal"]
    opened(desk, tokens, "@kabar/22", category="spam")
    check("appeals: decided anew meanwhile", decide(desk, tokens, case, "remove", "second")[0] == 200)
    for who in ("second", "lead"):
        check(f"appeals: the new decision is not lifted by {who}", answer(
            desk, tokens, appeal, "reverse", who, why="too_harsh")[0] == 409 and acts() == ["label", "remove"], acts())
    check("appeals: but can be told that the old one was right", answer(desk, tokens, appeal, "uphold")[0] == 200)


def test_page(data, desk, tokens):
    case = opened(desk, tokens, "@kabar/8", category="spam")["case"]
    decide(desk, tokens, case, "remove", facts="<script>alert(1)</script> & more")
    code = letter_code(data, case)
    status, page, head = desk.ask("GET", f"/square/appeal?code={code}")
    page = page.decode()
    check("appeals: a page with a form, without script", status == 200 and "<form method=\"post\"" in page and
          "<script" not in page and "&lt;script>" in page and "form-action 'self'" in head.getheader(
              "Content-Security-Policy") and head.getheader("Cache-Control") == "no-store", page)
    page = desk.ask("GET", f"/square/appeal?code={code}", headers={"Accept-Language": "id-ID,en"})[1].decode()
    check("appeals: in Indonesian too", "<html lang=\"id\">" in page and "Kirim keberatan" in page, page)
    status, page, _ = desk.ask("GET", "/square/appeal?code=%22%3E%3Cb%3E")
    check("appeals: a page for a wrong code", status == 404 and b"<b>" not in page and b"<form" not in page, page)

    def send(**fields):
        return desk.ask("POST", "/square/appeals", raw=urllib.parse.urlencode(fields).encode(),
                        headers={"Content-Type": "application/x-www-form-urlencoded"})

    status, page, _ = send(code=code, words="short", lang="id")
    check("appeals: the form says what is wrong", status == 422 and b"paling sedikit 20 karakter" in page and
          b"<form" in page, page)
    status, _, head = send(code=code, words=WORDS + " <b>", lang="id")
    check("appeals: sent by the form", status == 303 and head.getheader("Location") ==
          f"/square/appeal?code={code}&lang=id", (status, head.getheader("Location")))
    page = desk.ask("GET", head.getheader("Location"))[1].decode()
    check("appeals: the page says it has arrived", "Keberatan Anda diterima" in page and "&lt;b>" in page and
          "<form" not in page, page)
    appeal = desk.ask("GET", "/api/appeals", token=tokens["lead"])[1]["appeals"][0]["appeal"]
    answer(desk, tokens, appeal, "uphold")
    page = desk.ask("GET", f"/square/appeal?code={code}&lang=en")[1].decode()
    check("appeals: and the answer", "The decision stands" in page and ANSWER["facts"] in page, page)


def test_time(data, desk, tokens):
    case = opened(desk, tokens, "@kabar/9", category="spam")["case"]
    decide(desk, tokens, case, "remove")
    code = letter_code(data, case)
    lib.change(data, f"UPDATE appeal_codes SET until_at = {int(time.time()) - 1} WHERE case_id = {case}")
    check("appeals: when its time is over", post(desk, code)[0] == 410)


def test_records(data):
    tables = ("cases", "appeals", "rulings", "strikes", "case_clocks")
    before = {table: rows(data, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}
    result = run("desk", "rebuild", "--data", data)
    after = {table: rows(data, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}
    check("appeals: all of it can be made again", result.returncode == 0 and before == after and before["appeals"],
          [t for t in tables if before[t] != after[t]])
    result = run("desk", "audit", "--data", data)
    check("appeals: the audit finds no fault", result.returncode == 0 and "appeals" in result.stdout, result)


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        desk.stop()
        with open(f"{data}/desk/sop.ini") as f:
            sop = f.read()
        with open(f"{data}/desk/sop.ini", "w") as f:
            f.write(sop.replace("two_people_members = 0", f"two_people_members = {MANY}").replace(
                "[category copyright]\n", "[category copyright]\ndecide = lead\n"))
        desk = lib.Desk(data, messenger.port)
        test_owner(data, desk, tokens)
        test_kinds(data, desk, tokens)
        test_inaction(data, desk, tokens)
        test_counts(data, desk)
        test_reader(data, desk, tokens)
        test_two_people(data, desk, tokens)
        test_who_decides(data, desk, tokens)
        test_superseded(data, desk, tokens)
        test_page(data, desk, tokens)
        test_time(data, desk, tokens)
        desk.stop()
        test_records(data)
