# SPDX-License-Identifier: Apache-2.0
"""Queues, the next best case, claims and what people of the desk say to one another, over HTTP."""
import datetime
import re
import time
import urllib.parse

import lib
from lib import check, notice, rows, run, wait_for

SOP = """[category terrorism]
title = Terrorist content
harm = 90
disturbing = yes
authority = 15m 1h 24h
[category spam]
title = Spam
harm = 10
[category grave]
title = Grave
decide = lead
[work]
claims_max = 3
disturbing_max = 2
disturbing_span = 1h
disturbing_pause = 30m
[appeal]
address = http://desk.example
"""


def at(seconds):
    return datetime.datetime.fromtimestamp(time.time() + seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def restart(desk, data, messenger, sop):
    desk.stop()
    with open(f"{data}/desk/sop.ini", "w") as f:
        f.write(sop)
    return lib.Desk(data, messenger.port)


def post(desk, token, path, /, **body):
    return desk.ask("POST", f"/api/{path}", body, token)


def file(desk, token, subject, category="spam", **more):
    status, body, _ = desk.ask("POST", "/api/notices", notice(subject, category=category, **more), token)
    assert status == 201, body
    return body["case"]


def listed(desk, token, query=""):
    status, body, _ = desk.ask("GET", f"/api/cases{query}", None, token)
    assert status == 200, body
    return [c["case"] for c in body["cases"]], body["next"]


def test_lists(desk, tokens):
    cases = [file(desk, tokens["authority"], f"@kabar/{n}", "terrorism") for n in range(1, 4)]
    cases += [file(desk, tokens["flagger"], f"@other_one/{n}") for n in range(1, 4)]
    me = tokens["moderator"]
    check("list: in the order of work", listed(desk, me) == (cases, None), listed(desk, me))
    pages, after = [], ""
    while after is not None:
        page, after = listed(desk, me, f"?limit=2&after={after}" if after else "?limit=2")
        pages.append(page)
    check("list: page by page", sum(pages, []) == cases and max(map(len, pages)) == 2, pages)
    pages, after = [], ""
    while after is not None:
        page, after = listed(desk, me, f"?state=all&limit=4&after={after}" if after else "?state=all&limit=4")
        pages += page
    check("list: all, newest first", pages == cases[::-1], pages)
    for query, expected in (("lane=flagger", cases[3:]), ("category=terrorism", cases[:3]), ("country=ID", cases[:3]),
                            ("language=id", []), ("unclaimed=1", cases), ("mine=1", []), ("overdue=1", []),
                            ("needs=approval", []), ("state=waiting", []), ("state=escalated", []),
                            (f"due_before={at(7200)}", cases[:3]), (f"due_after={at(7200)}", cases[3:]),
                            ("order=due", cases), ("lane=flagger&category=terrorism", [])):
        found = listed(desk, me, f"?{query}")[0]
        check(f"list: {query.split('=')[0]}", found == expected, (query, found))
    for query in ("state=none", "order=age", "limit=0", "limit=201", "after=1.2", "after=1.2.3.4", "after=x.1.1",
                  "due_before=soon", "needs=tea", "after=9999999999999999999.1.1"):
        check(f"list: refuses {query}", desk.ask("GET", f"/api/cases?{query}", None, me)[0] == 400)
    queues = desk.ask("GET", "/api/queues", None, me)[1]
    seen = [(q["lane"], q["category"], q["cases"], q["unclaimed"], q["overdue"]) for q in queues["queues"]]
    check("queues: counts", seen == [("authority", "terrorism", 3, 3, 0), ("flagger", "spam", 3, 3, 0)] and
          queues["cases"] == 6 and queues["waiting"] == 0 and lib.ISO_TIME.match(queues["queues"][0]["oldest_due"]), queues)
    return cases


def test_next(desk, tokens, cases):
    first = post(desk, tokens["moderator"], "next")[1]
    second = post(desk, tokens["second"], "next")[1]
    check("next: two people never get the same", {first["case"], second["case"]} == set(cases[:2]), (first, second))
    check("next: what is hard to look at is covered", all(e["view"] == {"blur": True, "greyscale": True}
                                                          for e in first["evidence"]), first["evidence"])
    reasons = {r["reason"]: r["points"] for r in first["reasons"]}
    check("next: the reasons add up", sum(reasons.values()) == first["score"] and reasons["lane"] == 450 and
          reasons["harm"] == 270 and reasons["notices"] == 5, first["reasons"])
    third = post(desk, tokens["moderator"], "next")[1]
    check("next: the last of them", third["case"] == cases[2], third)
    fourth = post(desk, tokens["moderator"], "next")[1]
    check("next: then what is less urgent, in order", fourth["case"] == cases[3], fourth)
    me = desk.ask("GET", "/api/me/work", None, tokens["moderator"])[1]
    check("work: one's own figures", len(me["held"]) == 3 and me["claims_max"] == 3 and me["day"]["deeds"] == {"claimed": 3}
          and me["disturbing"]["paused_until"], me)
    full = post(desk, tokens["moderator"], "next")
    check("load: no more than the SOP allows", full[0] == 409 and "as many cases" in full[1]["error"], full)
    check("load: also by number", post(desk, tokens["moderator"], f"cases/{cases[4]}/claim")[0] == 409)
    post(desk, tokens["moderator"], f"cases/{third['case']}/release")
    paused = post(desk, tokens["moderator"], f"cases/{third['case']}/claim")
    check("load: a pause after disturbing cases", paused[0] == 409 and "pause" in paused[1]["error"], paused)
    other = post(desk, tokens["moderator"], "next")[1]
    check("load: other cases go on", other["case"] == cases[4] and not any(e["view"]["blur"] for e in other["evidence"]), other)
    post(desk, tokens["moderator"], f"cases/{cases[4]}/release")
    post(desk, tokens["moderator"], f"cases/{cases[3]}/release")
    check("next: an officer gets none", post(desk, tokens["authority"], "next")[0] == 403)
    return first["case"]


def test_claims(desk, tokens, data, mine):
    me, other = tokens["moderator"], tokens["second"]
    ids = {name: number for number, name in rows(data, "SELECT id, name FROM desk_grants")}
    before = rows(data, f"SELECT claimed_until FROM cases WHERE id = {mine}")[0][0]
    lib.wait_for(lambda: time.time() > before - 15 * 60 + 1)  # a lease counts whole seconds
    status, body, _ = post(desk, me, f"cases/{mine}/renew")
    check("renew: the lease is longer", status == 200 and
          rows(data, f"SELECT claimed_until FROM cases WHERE id = {mine}")[0][0] > before, body)
    check("renew: by its holder alone", post(desk, other, f"cases/{mine}/renew")[0] == 409)
    due = rows(data, f"SELECT due_at FROM cases WHERE id = {mine}")[0][0]
    late = datetime.datetime.fromtimestamp(due, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    for until, expected in ((late, 409), (at(-5), 409), (None, 422), ("soon", 422)):
        check(f"snooze: never past due ({expected})", post(desk, me, f"cases/{mine}/snooze", until=until)[0] == expected)
    for who, expected in ((ids["Kementerian"], 409), (999, 404), ("x", 422), (ids["Sari"], 409), (ids["Budi"], 200)):
        check(f"hand: to who can take it ({expected})", post(desk, me, f"cases/{mine}/hand", person=who)[0] == expected)
    check("hand: it is theirs now", post(desk, me, f"cases/{mine}/renew")[0] == 409 and
          post(desk, tokens["lead"], f"cases/{mine}/renew")[0] == 200)
    status, body, _ = post(desk, tokens["lead"], f"cases/{mine}/snooze", until=at(600))
    check("snooze: nobody holds it", status == 200 and "claimed_by" not in body and body["snoozed"], body)
    check("snooze: nobody is given it", post(desk, other, "next")[1]["case"] not in (None, mine))
    check("snooze: who wants it takes it", post(desk, tokens["lead"], f"cases/{mine}/claim")[0] == 200)
    grave = file(desk, tokens["flagger"], "@kabar/20", "grave")
    post(desk, tokens["lead"], f"cases/{grave}/claim")
    status, body, _ = post(desk, tokens["lead"], f"cases/{grave}/hand", person=ids["Sari"])
    check("hand: not to whom the SOP does not name", status == 409 and "SOP" in body["error"], body)
    check("hand: a lead takes it from others", post(desk, tokens["lead"], f"cases/{grave}/hand", person=ids["Budi"])[0] == 409)
    post(desk, tokens["lead"], f"cases/{grave}/release")


def test_talk(desk, tokens, case, plain):
    lead, me = tokens["lead"], tokens["moderator"]
    check("note: written", post(desk, me, f"cases/{case}/notes", text="Look at the forwarded part.")[0] == 201)
    check("note: by who sees cases alone", post(desk, tokens["flagger"], f"cases/{case}/notes", text="x")[0] == 403)
    check("note: not empty", post(desk, me, f"cases/{case}/notes", text=" ")[0] == 422)
    check("opinion: nobody asked", post(desk, me, f"cases/{case}/opinions", opinion="dismiss", text="x")[0] == 409)
    check("opinion: asked by the holder alone", post(desk, me, f"cases/{case}/ask", question="?")[0] == 409)
    check("opinion: asked", post(desk, lead, f"cases/{case}/ask", question="Is it a quotation?")[0] == 201)
    check("opinion: found in the list", listed(desk, me, "?opinion=1")[0] == [case])
    check("opinion: not one's own", post(desk, lead, f"cases/{case}/opinions", opinion="remove", text="x")[0] == 403)
    check("opinion: a measure", post(desk, me, f"cases/{case}/opinions", opinion="burn", text="x")[0] == 422)
    check("opinion: given", post(desk, me, f"cases/{case}/opinions", opinion="dismiss", text="It quotes a court.")[0] == 201)
    seen = desk.ask("GET", f"/api/cases/{case}", None, lead)[1]
    check("opinion: shown to the decider", [(o.get("question"), o.get("opinion"), o["by"]) for o in seen["opinions"]] ==
          [("Is it a quotation?", None, "Budi"), (None, "dismiss", "Sari")] and not seen["opinion_asked"], seen["opinions"])
    check("note: shown", [(n["text"], n["by"]) for n in seen["notes"]] == [("Look at the forwarded part.", "Sari")], seen["notes"])
    check("language: a tag", post(desk, me, f"cases/{case}/language", language="Indonesian language")[0] == 422)
    check("language: corrected", post(desk, me, f"cases/{case}/language", language="id")[0] == 201)
    check("language: it is in that queue", listed(desk, me, "?language=id")[0] == [case])
    queues = desk.ask("GET", "/api/queues", None, me)[1]["queues"]
    check("language: and counted there", [q["cases"] for q in queues if q["language"] == "id"] == [1], queues)
    post(desk, me, f"cases/{plain}/language", language="id")
    status, body, _ = post(desk, tokens["second"], "next")
    check("language: who reads it gets it first", body["case"] == plain and
          {"reason": "language", "points": 200} in body["reasons"], body)


def test_language(desk, tokens, data):
    """Found when a case is opened: of a post, and of a channel what its newest posts say."""
    words = "Pemerintah mengatakan bahwa saluran tersebut telah diblokir karena menyebarkan konten kepada masyarakat."
    lib.change(data, f"UPDATE posts SET text = '{words}' WHERE channel = 1000000002 AND id IN (30, 35, 36, 37, 38, 39, 40)")
    lib.change(data, "UPDATE posts SET text = '+62 812' WHERE channel = 1000000001 AND id = 30")
    post_case = file(desk, tokens["flagger"], "@other_one/30")
    channel_case = file(desk, tokens["flagger"], "@other_one")
    unknown = file(desk, tokens["flagger"], "@kabar/30")
    seen = [desk.ask("GET", f"/api/cases/{c}", None, tokens["lead"])[1] for c in (post_case, channel_case, unknown)]
    check("language: found in a post, and in a channel", [c["language"] for c in seen] == ["id", "id", None],
          [c["language"] for c in seen])
    event = [e for e in seen[0]["events"] if e["kind"] == "language"]
    check("language: by the desk itself", len(event) == 1 and event[0]["by"] == "the desk", event)


def answer(desk, code, text, language="en"):
    return desk.ask("POST", "/square/answer", raw=urllib.parse.urlencode({"code": code, "text": text, "lang": language}).encode(),
                    headers={"Content-Type": "application/x-www-form-urlencoded"})


def test_contact(desk, tokens, data):
    """A question to the owner, whom the desk does not know, by a letter with a code."""
    case = file(desk, tokens["flagger"], "@kabar/35")
    me = tokens["lead"]
    check("contact: by the holder alone", post(desk, me, f"cases/{case}/contact", question="Why?")[0] == 409)
    post(desk, me, f"cases/{case}/claim")
    check("contact: a question", post(desk, me, f"cases/{case}/contact")[0] == 422)
    status, body, _ = post(desk, me, f"cases/{case}/contact", question="Is <b>this</b> your own text?")
    check("contact: asked", status == 201, body)
    order = wait_for(lambda: rows(data, f"SELECT id, letter, channel FROM orders WHERE case_id = {case} AND action = 'ask' AND"
                                  " executed_at IS NOT NULL"))
    check("contact: the messenger hands the letter over", len(order) == 1 and "Is <b>this</b> your own text?" in order[0][1] and
          order[0][2] == 1000000001, order)
    code = re.search(r"http://desk[.]example/square/answer[?]code=([\w-]+)", order[0][1])[1]
    check("contact: by the service bot or on the page", f"start=answer_{code}, http://" in order[0][1], order[0][1])
    check("contact: also in Indonesian", code in rows(
        data, f"SELECT letter FROM order_letters WHERE order_id = {order[0][0]}")[0][0])
    status, page, _ = desk.ask("GET", f"/square/answer?code={code}&lang=id")
    check("contact: the page asks", status == 200 and b"&lt;b>this" in page and b"Pertanyaan" in page, page)
    for wrong in ("x" * 22, "", code[:-1]):
        check("contact: by its code alone", desk.ask("GET", f"/square/answer?code={wrong}")[0] == 404 and
              answer(desk, wrong, "Yes.")[0] == 404)
    for wrong in ("", " ", "x" * 5001):
        check(f"contact: an answer of {len(wrong)} characters is none", answer(desk, code, wrong)[0] == 422)
    status, page, _ = answer(desk, code, "Ya, dari pengadilan.")
    check("contact: answered", status == 200 and b"has arrived" in page, page)
    check("contact: once", answer(desk, code, "And more.")[0] == 200)
    seen = desk.ask("GET", f"/api/cases/{case}", None, me)[1]
    check("contact: shown to who works on it", [(c.get("question"), c.get("text"), c["by"]) for c in seen["contacts"]] ==
          [("Is <b>this</b> your own text?", None, "Budi"), (None, "Ya, dari pengadilan.", "the owner")], seen["contacts"])
    check("contact: nothing is in force because of it", "in_force" not in seen and seen["order"] is None, seen)
    check("contact: no code of an appeal", desk.ask("GET", f"/square/appeals?code={code}")[0] == 404)
    post(desk, me, f"cases/{case}/release")


def test_rebuild(data, desk):
    tables = ("case_work", "work_deeds", "cases", "case_clocks")
    before = [rows(data, f"SELECT * FROM {t} ORDER BY 1, 2, 3, 4") for t in tables]
    desk.stop()
    result = run("desk", "rebuild", "--data", data)
    after = [rows(data, f"SELECT * FROM {t} ORDER BY 1, 2, 3, 4") for t in tables]
    check("rebuild: the same rows", result.returncode == 0 and before == after and before[0], result)
    result = run("desk", "audit", "--data", data)
    check("audit: nothing is wrong", result.returncode == 0, result)


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        desk = restart(desk, data, messenger, SOP)
        cases = test_lists(desk, tokens)
        mine = test_next(desk, tokens, cases)
        test_claims(desk, tokens, data, mine)
        test_talk(desk, tokens, mine, cases[5])
        test_language(desk, tokens, data)
        test_contact(desk, tokens, data)
        test_rebuild(data, desk)
