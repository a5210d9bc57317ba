# SPDX-License-Identifier: Apache-2.0
"""Measures that need two people: proposed, approved, refused, judged blind, left to a lead; over HTTP."""
import hashlib
import json
import sqlite3
import struct

import lib
import work
from lib import check, rows, run

SOP = """[category open_eyes]
title = Two people
two_people = yes
[category blind]
title = Two people, blind
two_people = yes
blind = yes
[category spam]
title = Spam
[roles]
two_people_members = 5000
"""
REMOVE = {"action": "remove", "ground": "Rule one, clause two", "facts": "Secret words of the first."}


def claim(desk, token, case):
    return work.post(desk, token, f"cases/{case}/claim")


def decide(desk, token, case, **body):
    return work.post(desk, token, f"cases/{case}/decide", **{**REMOVE, **body})


def show(desk, token, case):
    return desk.ask("GET", f"/api/cases/{case}", None, token)


def orders(data, case):
    return rows(data, f"SELECT action FROM orders WHERE case_id = {case}")


def propose(desk, tokens, post, category, **body):
    case = work.file(desk, tokens["flagger"], f"@kabar/{post}", category)
    claim(desk, tokens["moderator"], case)
    return case, decide(desk, tokens["moderator"], case, **body)


def test_approve(desk, tokens, data):
    case, (status, body, _) = propose(desk, tokens, 1, "open_eyes")
    check("propose: nothing is done yet", status == 202 and body["needs"] == "approval" and body["clock_runs"] and
          body["state"] == "open" and not orders(data, case), body)
    check("propose: who proposed it can't take it", claim(desk, tokens["moderator"], case)[0] == 409 and
          work.post(desk, tokens["moderator"], f"cases/{case}/approve")[0] == 403)
    check("propose: nor does the next case give it", work.post(desk, tokens["moderator"], "next")[1]["case"] is None)
    check("approve: not without a claim", work.post(desk, tokens["second"], f"cases/{case}/approve")[0] == 409)
    found = work.post(desk, tokens["second"], "next")[1]
    check("approve: another is given it", found["case"] == case and
          {"reason": "second", "points": 100} in found["reasons"], found)
    second = show(desk, tokens["second"], case)[1]["second"]
    check("approve: sees what is proposed, and by whom", second["proposal"]["facts"] == REMOVE["facts"] and
          second["proposal"]["by"] == "Sari", second)
    check("approve: does not decide beside it", decide(desk, tokens["second"], case)[0] == 409)
    status, body, _ = work.post(desk, tokens["second"], f"cases/{case}/approve")
    check("approve: it is carried out", status == 200 and body["action"] == "remove" and
          body["order"]["state"] == "executed" and orders(data, case) == [("remove",)], body)
    check("approve: once", work.post(desk, tokens["second"], f"cases/{case}/approve")[0] == 409)
    decided = [e for e in show(desk, tokens["lead"], case)[1]["events"] if e["kind"] == "decided"][0]
    ids = {name: number for number, name in rows(data, "SELECT id, name FROM desk_grants")}
    check("approve: both are in the event", decided["by"] == "Wayan" and decided["data"]["proposed_by"] == ids["Sari"],
          decided)
    case = work.file(desk, tokens["flagger"], "@kabar/2", "open_eyes")
    claim(desk, tokens["moderator"], case)
    check("dismissing needs one", decide(desk, tokens["moderator"], case, action="dismiss")[0] == 200)
    case = work.file(desk, tokens["flagger"], "@kabar/3", "spam")
    claim(desk, tokens["moderator"], case)
    check("other categories need one", decide(desk, tokens["moderator"], case)[0] == 200)
    lib.change(data, "UPDATE channels SET members = 5000 WHERE id = 1000000002")
    case = work.file(desk, tokens["flagger"], "@other_one/3", "spam")
    claim(desk, tokens["moderator"], case)
    check("a channel with many readers needs two", decide(desk, tokens["moderator"], case)[0] == 202)
    check("withdraw: by who proposed it", work.post(desk, tokens["lead"], f"cases/{case}/withdraw")[0] == 403)
    status, body, _ = work.post(desk, tokens["moderator"], f"cases/{case}/withdraw")
    check("withdraw: as before", status == 200 and body["needs"] is None and body["second"] is None and
          claim(desk, tokens["moderator"], case)[0] == 200, body)


def test_refuse(desk, tokens, data):
    case, _ = propose(desk, tokens, 10, "open_eyes", action="restrict", countries=["ID"])
    claim(desk, tokens["second"], case)
    check("refuse: with reasons", work.post(desk, tokens["second"], f"cases/{case}/refuse")[0] == 422)
    status, body, _ = work.post(desk, tokens["second"], f"cases/{case}/refuse", reasons="It is a quotation.")
    check("refuse: a lead decides", status == 200 and body["needs"] == "lead" and body["second"]["objection"]["reasons"] ==
          "It is a quotation." and not orders(data, case), body)
    for who in ("moderator", "second"):
        check(f"refuse: not the {who}", claim(desk, tokens[who], case)[0] == 409)
    check("refuse: the list finds it", work.listed(desk, tokens["lead"], "?needs=lead")[0] == [case])
    check("refuse: and the lead is given it", work.post(desk, tokens["lead"], "next")[1]["case"] == case)
    status, body, _ = decide(desk, tokens["lead"], case, action="warn")
    check("refuse: the lead breaks the tie alone", status == 200 and orders(data, case) == [("warn",)], body)
    case = work.file(desk, tokens["flagger"], "@kabar/11", "open_eyes")
    claim(desk, tokens["lead"], case)
    decide(desk, tokens["lead"], case)
    claim(desk, tokens["second"], case)
    work.post(desk, tokens["second"], f"cases/{case}/refuse", reasons="No.")
    check("refuse: a lead is no judge of their own proposal", claim(desk, tokens["lead"], case)[0] == 409)
    other = lib.grant(data, "lead", "Ketut")
    check("refuse: another lead is", claim(desk, other, case)[0] == 200 and
          decide(desk, other, case, action="dismiss")[0] == 200)


def test_blind(desk, tokens, data):
    case, (status, body, _) = propose(desk, tokens, 20, "blind")
    check("blind: who proposed it sees it", status == 202 and body["second"]["proposal"]["facts"] == REMOVE["facts"], body)
    work.post(desk, tokens["lead"], f"cases/{case}/notes", text="A note.")
    for who in ("second", "lead"):
        raw = str(show(desk, tokens[who], case)[1])
        check(f"blind: the {who} sees neither who nor what", "Secret words" not in raw and "Sari" not in raw and
              "'by': 'Budi'" not in raw and "A note." in raw, raw)
    claim(desk, tokens["second"], case)
    check("blind: it is not approved, but judged", work.post(desk, tokens["second"], f"cases/{case}/approve")[0] == 409)
    status, body, _ = decide(desk, tokens["second"], case, facts="Words of the second.")
    check("blind: the same measure is carried out", status == 200 and orders(data, case) == [("remove",)], body)
    decided = [e for e in show(desk, tokens["second"], case)[1]["events"] if e["kind"] == "decided"][0]["data"]
    check("blind: with the words of the first, and the second's beside", decided["facts"] == REMOVE["facts"] and
          decided["second"]["facts"] == "Words of the second.", decided)
    for number, (first, second) in enumerate((({}, {"action": "dismiss"}), ({}, {"action": "warn"}),
                                              ({"action": "restrict", "countries": ["ID"]},
                                               {"action": "restrict", "countries": ["ID", "MY"]}))):
        case, _ = propose(desk, tokens, 21 + number, "blind", **first)
        claim(desk, tokens["second"], case)
        status, body, _ = decide(desk, tokens["second"], case, **second)
        check(f"blind: {first} and {second} go to a lead", status == 200 and body["needs"] == "lead" and
              body["second"]["objection"]["action"] == second["action"] and not orders(data, case), body)
    lead = show(desk, tokens["lead"], case)[1]["second"]
    check("blind: the lead sees both", lead["proposal"]["countries"] == "ID" and lead["objection"]["countries"] == "ID,MY", lead)
    ends = ["2030-01-01T00:00:00Z", "2029-01-01T00:00:00Z"]
    case, _ = propose(desk, tokens, 30, "blind", action="label", until=ends[0])
    claim(desk, tokens["second"], case)
    status, body, _ = decide(desk, tokens["second"], case, action="label", until=ends[1])
    check("blind: of two ends the earlier holds", body.get("order", {}).get("until") == ends[1], body)


def test_audit(data):
    """Whoever writes into the database that one person was both, and makes the chain anew, is found all the same."""
    case, seq, text = rows(data, "SELECT case_id, seq, data FROM case_events WHERE kind = 'decided' AND data LIKE"
                                 " '%proposed_by%' ORDER BY case_id LIMIT 1")[0]
    proposer = json.loads(text)["proposed_by"]
    db = sqlite3.connect(f"{data}/square/square.db")
    with db:
        db.execute("UPDATE case_events SET actor = ? WHERE case_id = ? AND seq = ?", (proposer, case, seq))
        head = bytes(32)
        for number, at, actor, kind, content in db.execute(
                "SELECT seq, at, actor, kind, data FROM case_events WHERE case_id = ? ORDER BY seq", (case,)).fetchall():
            head = hashlib.sha256(head + struct.pack("<qqqqQ", case, number, at, actor, len(kind)) + kind.encode() +
                                  content.encode()).digest()
            db.execute("UPDATE case_events SET hash = ? WHERE case_id = ? AND seq = ?", (head, case, number))
        db.execute("UPDATE cases SET head_hash = ?, decided_by = ? WHERE id = ?", (head, proposer, case))
    db.close()
    result = run("desk", "audit", "--data", data)
    check("audit: who proposed it did not agree to it", result.returncode == 1 and
          f"event {seq} of case {case}: who proposed it agreed to it" in result.stdout + result.stderr, result)


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        desk = work.restart(desk, data, messenger, SOP)
        test_approve(desk, tokens, data)
        test_refuse(desk, tokens, data)
        test_blind(desk, tokens, data)
        work.test_rebuild(data, desk)
        test_audit(data)
