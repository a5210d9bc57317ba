# SPDX-License-Identifier: Apache-2.0
"""One decision about many cases: shown first, decided by its token, over a restart, undone as one; over HTTP."""
import signal

import lib
import people
import work
from lib import check, rows, wait_for

SOP = """[category spam]
title = Spam
[category two]
title = Two people
two_people = yes
[work]
bulk_max = 60
bulk_undo = 1h
"""
REMOVE = {"action": "remove", "ground": "Rule four: no bulk", "facts": "The same advertisement in each."}
UNDO = {"ground": "It was a charity", "facts": "The campaign is licensed."}


def show(desk, token, **body):
    return work.post(desk, token, "bulk", **{**REMOVE, **body})


def progress(desk, token, bulk):
    return desk.ask("GET", f"/api/bulk/{bulk}", None, token)[1]


def ends(desk, token, bulk, state):
    return wait_for(lambda: (lambda seen: seen if seen["state"] == state else None)(progress(desk, token, bulk)))


def orders(data, cases, action):
    return [c for c in cases if rows(data, f"SELECT count(*) FROM orders WHERE case_id = {c} AND action = '{action}'") == [(1,)]]


def test_show(data, desk, tokens, cases):
    lead = tokens["lead"]
    check("bulk: leads alone", show(desk, tokens["moderator"], cases=cases)[0] == 403)
    for body in ({}, {"cases": []}, {"cases": ["1"]}, {"cases": [1, 1]}, {"cases": list(range(1, 62))}, {"filter": {}},
                 {"filter": {"name": "x"}}, {"filter": {"lane": 1}}, {"filter": {"category": "none"}},
                 {"cases": cases, "filter": {"lane": "flagger"}}, {"cases": cases, "action": "burn"}):
        status, answer, _ = show(desk, lead, **body)
        check(f"bulk: refuses {str(body)[:40]}", status == 422, answer)
    two = work.file(desk, tokens["flagger"], "@kabar/40", "two")
    work.post(desk, tokens["moderator"], f"cases/{cases[0]}/claim")
    status, seen, _ = show(desk, lead, cases=[*cases, two, 9999])
    check("bulk: says who, how many and what is left out", status == 201 and seen["count"] == len(cases) - 1 and
          seen["channels"] == 2 and seen["subscribers"] == 2000 and
          {s["case"]: s["why"] for s in seen["skipped"]} == {cases[0]: "somebody has claimed it", two:
                                                              "two people must agree on it", 9999: "there is no such case"}, seen)
    status, by_filter, _ = show(desk, lead, filter={"category": "spam", "lane": "flagger"})
    check("bulk: a filter selects what is free", status == 201 and [c["case"] for c in by_filter["cases"]] == cases[1:], by_filter)
    status, by_channel, _ = show(desk, lead, filter={"channel": "other_one"})
    check("bulk: also by the channel", status == 201 and by_channel["channels"] == 1, by_channel)
    lib.change(data, "UPDATE usernames SET name = 'one_that_moved_on' WHERE name = 'other_one'")
    status, by_channel, _ = show(desk, lead, filter={"channel": "One_that_moved_on"})
    check("bulk: whatever it is called now", status == 201 and by_channel["channels"] == 1, by_channel)
    status, by_channel, _ = show(desk, lead, filter={"channel": "other_one"})
    check("bulk: not who bore the name before", status == 422, by_channel)
    lib.change(data, "UPDATE usernames SET name = 'other_one' WHERE name = 'one_that_moved_on'")
    work.post(desk, tokens["moderator"], f"cases/{cases[0]}/release")
    return two


def test_decide(data, desk, tokens, messenger, cases):
    lead = tokens["lead"]
    seen = show(desk, lead, cases=cases)[1]
    bulk, path = seen["bulk"], f"bulk/{seen['bulk']}/decide"
    other = show(desk, lead, cases=cases[:2])[1]
    check("bulk: by its own token", work.post(desk, lead, path, token=other["token"])[0] == 403 and
          work.post(desk, lead, path, token="x")[0] == 403 and work.post(desk, lead, path)[0] == 422)
    second = lib.grant(data, "lead", "Ketut")
    check("bulk: by whom it was shown to", work.post(desk, second, path, token=seen["token"])[0] == 403)
    work.post(desk, tokens["moderator"], f"cases/{cases[-1]}/notes", text="This one is different.")
    status, answer, _ = work.post(desk, lead, path, token=seen["token"])
    check("bulk: it begins", status == 202 and answer["state"] == "deciding" and lib.ISO_TIME.match(answer["undo_until"]), answer)
    check("bulk: once", work.post(desk, lead, path, token=seen["token"])[0] == 409)
    desk.stop(signal.SIGKILL)
    desk = lib.Desk(data, messenger.port)
    done = ends(desk, lead, bulk, "decided")
    check("bulk: goes on over a restart", done and done["decided"] == len(cases) - 1 and done["skipped"] == 1, done)
    check("bulk: what changed since is left out", [(c["case"], c["why"]) for c in done["cases"] if c["step"] == "skipped"] ==
          [(cases[-1], "it changed since it was shown")], done)
    check("bulk: each has its own order, once", orders(data, cases, "remove") == cases[:-1])
    case = desk.ask("GET", f"/api/cases/{cases[1]}", None, lead)[1]
    events = [(e["kind"], e["by"], e["data"].get("bulk")) for e in case["events"] if e["kind"] in ("claimed", "decided")]
    check("bulk: and its own events, with the person", events[-2:] == [("claimed", "Budi", bulk), ("decided", "Budi", bulk)] and
          case["evidence"], events)
    check("bulk: all are carried out", wait_for(lambda: rows(
        data, "SELECT count(*) FROM orders WHERE executed_at IS NULL") == [(0,)]))
    return desk, bulk, second


def test_undo(data, desk, tokens, messenger, bulk, second, cases):
    lead = tokens["lead"]
    settled = wait_for(lambda: all(desk.ask("GET", f"/api/cases/{c}", None, lead)[1]["met"] is not None for c in cases[:-1]))
    check("undo: all is noted", settled)
    check("undo: one was reversed by hand", desk.ask("POST", f"/api/cases/{cases[0]}/reverse", UNDO, lead)[0] == 200)
    check("undo: with reasons", work.post(desk, second, f"bulk/{bulk}/undo")[0] == 422)
    status, answer, _ = work.post(desk, second, f"bulk/{bulk}/undo", **UNDO)
    check("undo: it begins", status == 202 and answer["state"] == "undoing", answer)
    desk.stop(signal.SIGKILL)
    desk = lib.Desk(data, messenger.port)
    done = ends(desk, lead, bulk, "undone")
    check("undo: all but what changed since", done and done["undone"] == len(cases) - 2 and done["kept"] == 1 and
          [c["case"] for c in done["cases"] if c["step"] == "kept"] == [cases[0]], done)
    check("undo: each is restored once", orders(data, cases, "restore") == cases[:-1])
    check("undo: once", work.post(desk, lead, f"bulk/{bulk}/undo", **UNDO)[0] == 409)
    return desk


def test_dismissed(data, desk, tokens):
    """Nothing was ordered: undone, the cases are at work again with the clock that they had."""
    lead = tokens["lead"]
    cases = [work.file(desk, tokens["flagger"], f"@kabar/{n}", "spam") for n in (31, 32)]
    before = rows(data, f"SELECT id, due_at, clock_at FROM cases WHERE id >= {cases[0]} ORDER BY id")
    seen = show(desk, lead, cases=cases, action="dismiss")[1]
    work.post(desk, lead, f"bulk/{seen['bulk']}/decide", token=seen["token"])
    done = ends(desk, lead, seen["bulk"], "decided")
    check("undo: two are dismissed", done and done["decided"] == 2, done)
    work.post(desk, lead, f"bulk/{seen['bulk']}/undo", **UNDO)
    done = ends(desk, lead, seen["bulk"], "undone")
    states = rows(data, f"SELECT state FROM cases WHERE id IN ({cases[0]}, {cases[1]})")
    check("undo: and are at work again", done and done["undone"] == 2 and states == [("open",), ("open",)] and
          rows(data, f"SELECT id, due_at, clock_at FROM cases WHERE id >= {cases[0]} ORDER BY id") == before, (done, states))


def test_undo_after_more(data, desk, tokens):
    """What somebody decided since is theirs: undoing takes back the bulk's own decision alone."""
    lead = tokens["lead"]
    case = work.file(desk, tokens["flagger"], "@kabar/33", "spam")
    number = rows(data, f"SELECT id FROM notices WHERE case_id = {case}")[0][0]
    seen = show(desk, lead, cases=[case], action="dismiss")[1]
    work.post(desk, lead, f"bulk/{seen['bulk']}/decide", token=seen["token"])
    ends(desk, lead, seen["bulk"], "decided")
    words = "It is an advertisement, in fifty channels at once."
    status, body, _ = work.post(desk, tokens["flagger"], f"notices/{number}/appeal", words=words)
    check("undo: its sender appeals", status == 201, body)
    status, body, _ = work.post(desk, tokens["second"], f"appeals/{body['appeal']}/decide", outcome="reverse",
                                why="wrong_ground", **UNDO)
    check("undo: and is right", status == 200, body)
    work.post(desk, tokens["moderator"], f"cases/{case}/claim")
    check("undo: dismissed again by hand", work.post(
        desk, tokens["moderator"], f"cases/{case}/decide", action="dismiss", **UNDO)[0] == 200)
    work.post(desk, lead, f"bulk/{seen['bulk']}/undo", **UNDO)
    done = ends(desk, lead, seen["bulk"], "undone")
    check("undo: that stays", done and done["kept"] == 1 and rows(
        data, f"SELECT state FROM cases WHERE id = {case}") == [("decided",)], done)


def test_scope(data, desk, tokens):
    """A lead of other categories learns nothing of a selection's cases, and undoes none of them."""
    lead, (_, secret) = tokens["lead"], people.add(data, "lead", "dewi", "--categories", "two")
    dewi = people.start(desk, secret, "dewi")[0]
    case = work.file(desk, tokens["flagger"], "@kabar/34", "spam")
    seen = show(desk, lead, cases=[case])[1]
    work.post(desk, lead, f"bulk/{seen['bulk']}/decide", token=seen["token"])
    check("scope: decided", ends(desk, lead, seen["bulk"], "decided")["decided"] == 1)
    status, body, _ = show(desk, dewi, cases=[case])
    check("scope: not even that it is decided", body["skipped"] == [
        {"case": case, "why": "it is outside of your categories"}] and body["count"] == 0, body)
    body = progress(desk, dewi, seen["bulk"])
    check("scope: nothing of it in the progress", body["cases"] == [] and body["decided"] == 0, body)
    check("scope: undone by another", work.post(desk, dewi, f"bulk/{seen['bulk']}/undo", **UNDO)[0] == 202)
    done = ends(desk, lead, seen["bulk"], "undone")
    check("scope: it is kept", done and done["kept"] == 1 and not orders(data, [case], "restore"), done)
    flagger = rows(data, "SELECT id FROM desk_grants WHERE role = 'flagger'")[0][0]
    file = f"/api/flaggers/{flagger}/file"
    subjects = [[n["subject"] for n in desk.ask("GET", file, None, who)[1]["notices"]] for who in (lead, dewi, tokens["flagger"])]
    check("scope: nor in the sender's file", "@kabar/34" in subjects[0] and subjects[1] == [] and
          subjects[2] == subjects[0], subjects)
    case = work.file(desk, tokens["flagger"], "@kabar/35", "spam")
    work.post(desk, lead, f"cases/{case}/pause", reason="clarification", question="Which one?")
    waiting = [desk.ask("GET", "/api/queues", None, who)[1]["waiting"] for who in (lead, dewi)]
    check("scope: nor in what waits", waiting == [1, 0], waiting)


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        desk = work.restart(desk, data, messenger, SOP)
        cases = [work.file(desk, tokens["flagger"], f"@{name}/{n}") for name in ("kabar", "other_one") for n in range(1, 21)]
        test_show(data, desk, tokens, cases)
        desk, bulk, second = test_decide(data, desk, tokens, messenger, cases)
        desk = test_undo(data, desk, tokens, messenger, bulk, second, cases)
        test_dismissed(data, desk, tokens)
        test_undo_after_more(data, desk, tokens)
        test_scope(data, desk, tokens)
        work.test_rebuild(data, desk)
