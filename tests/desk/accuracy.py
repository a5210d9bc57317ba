# SPDX-License-Identifier: Apache-2.0
"""Accuracy of who sends notices: outcome and quality apart, what it does to the order of work, warnings, suspension, the
file for the body that awarded a flagger's status."""
import time

import lib
from lib import FACTS, check, notice, rows, run

FLAGGER = 2  # numbers of grants, in the order that lib.begin makes them
AUTHORITY = 1


def opened(desk, tokens, about, by="flagger", **changes):
    return desk.ask("POST", "/api/notices", notice(about, **{"category": "fraud", **changes}), tokens[by])[:2]


def decide(desk, tokens, case, action):
    desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])
    return desk.ask("POST", f"/api/cases/{case}/decide", {"action": action, **FACTS}, tokens["moderator"])[0]


def judge(desk, tokens, number, quality, who="moderator"):
    return desk.ask("POST", f"/api/notices/{number}/quality", {"quality": quality}, tokens[who])[:2]


def sender(desk, tokens, number=FLAGGER):
    return next(s for s in desk.ask("GET", "/api/accuracy", token=tokens["lead"])[1]["senders"] if s["id"] == number)


def step(desk, tokens, what, number=FLAGGER, who="lead", **more):
    return desk.ask("POST", f"/api/flaggers/{number}/{what}", {"reasons": "Ten of twelve said nothing.", **more},
                    tokens[who])[:2]


def at(days):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + days * 86400))


def test_apart(desk, tokens):
    _, body = opened(desk, tokens, "@kabar/1")
    decide(desk, tokens, body["case"], "dismiss")
    figures = sender(desk, tokens)
    check("accuracy: that content stayed up says nothing about the notice", figures["not_acted"] == 1 and
          figures["good"] == figures["bad"] == 0 and figures["share"] is None and figures["score"] == 0, figures)
    status, answer = judge(desk, tokens, body["notice"], "good")
    check("accuracy: a good notice about what stayed up", status == 200 and sender(desk, tokens)["good"] == 1, answer)
    check("accuracy: a quality that there is not", judge(desk, tokens, body["notice"], "nice")[0] == 422 and
          judge(desk, tokens, 999, "good")[0] == 404)
    check("accuracy: senders don't judge", judge(desk, tokens, body["notice"], "good", "flagger")[0] == 403)
    judge(desk, tokens, body["notice"], "imprecise")
    figures = sender(desk, tokens)
    check("accuracy: the last word counts", figures["good"] == 0 and figures["bad"] == 1, figures)
    _, body = opened(desk, tokens, "@kabar/2")
    decide(desk, tokens, body["case"], "remove")
    figures = sender(desk, tokens)
    check("accuracy: what was acted on counts for its sender", figures["acted"] == 1 and figures["good"] == 1, figures)
    desk.ask("POST", f"/api/cases/{body['case']}/reverse", FACTS, tokens["lead"])
    figures = sender(desk, tokens)
    check("accuracy: a reversal takes that back, and blames nobody", figures["reversed"] == 1 and figures["good"] == 0 and
          figures["bad"] == 1, figures)


def priority(desk, tokens, case):
    return desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]["priority"]


def test_priority(data, desk, tokens):
    """The same notice of a sender about whom nothing is known, who was right ten times, who was wrong."""
    other = lib.grant(data, "flagger", "Careful")
    careful = {**tokens, "flagger": other}
    plain = priority(desk, tokens, opened(desk, careful, "@other_one/1")[1]["case"])
    for post in range(2, 14):
        _, body = opened(desk, careful, f"@other_one/{post}")
        decide(desk, tokens, body["case"], "remove")
        _, body = opened(desk, tokens, f"@kabar/{post + 10}")
        decide(desk, tokens, body["case"], "dismiss")
        judge(desk, tokens, body["notice"], "unfounded")
    good = opened(desk, careful, "@other_one/20")[1]["case"]
    bad = opened(desk, tokens, "@other_one/21")[1]["case"]
    check("accuracy: who is right goes first, within bounds", 50 < priority(desk, tokens, good) - plain <= 150,
          (plain, priority(desk, tokens, good)))
    check("accuracy: who is wrong goes later, within bounds", -150 <= priority(desk, tokens, bad) - plain < -50,
          (plain, priority(desk, tokens, bad)))
    events = {case: next(e["data"] for e in desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]["events"]
                         if e["kind"] == "noticed") for case in (good, bad)}
    check("accuracy: the event says so", events[good]["standing"] > 0 > events[bad]["standing"], events)
    body = desk.ask("POST", "/api/next", {}, tokens["second"])[1]
    check("accuracy: and the reasons of the next case", [r for r in body["reasons"] if r["reason"] == "standing" and
                                                        r["points"] > 0], body.get("reasons"))
    _, body = opened(desk, tokens, "@other_one/21", "authority")
    check("accuracy: it slows nobody else's notice", priority(desk, tokens, body["case"]) > 3000)


def test_steps(desk, tokens):
    figures = sender(desk, tokens)
    check("accuracy: a warning is suggested", figures["suggests"] == "warn" and figures["score"] < 0 and
          0 <= figures["low"] <= figures["share"] <= figures["high"] <= 1, figures)
    check("accuracy: a warning goes first", step(desk, tokens, "suspend", until=at(10))[0] == 409)
    for who in ("moderator", "flagger"):
        check(f"accuracy: {who} warns nobody", step(desk, tokens, "warn", who=who)[0] == 403)
    check("accuracy: with reasons", desk.ask("POST", f"/api/flaggers/{FLAGGER}/warn", {}, tokens["lead"])[0] == 422)
    check("accuracy: nobody else is warned", step(desk, tokens, "warn", 3)[0] == 404 and step(desk, tokens, "warn", 99)[0] == 404)
    status, body = step(desk, tokens, "warn")
    check("accuracy: warned", status == 200 and body["warned"] and body["suggests"] == "suspend", body)
    for until in (None, at(-1), at(91)):
        check(f"accuracy: suspended until {until}", step(desk, tokens, "suspend", until=until)[0] == 422)
    status, body = step(desk, tokens, "suspend", until=at(30))
    check("accuracy: suspended after it", status == 200 and body["suspended"] and body["suggests"] is None, body)
    status, body = opened(desk, tokens, "@kabar/39")
    check("accuracy: its notices are not dealt with", status == 403 and body["until"], body)
    status, body = step(desk, tokens, "resume")
    check("accuracy: until somebody lifts it", status == 200 and body["suspended"] is None and
          opened(desk, tokens, "@kabar/39")[0] == 201, body)
    check("accuracy: nothing to lift", step(desk, tokens, "resume")[0] == 409)
    step(desk, tokens, "warn", AUTHORITY)
    check("accuracy: an authority is warned, not suspended", step(desk, tokens, "suspend", AUTHORITY, until=at(5))[0] == 409)


def test_file(data, desk, tokens):
    path = f"/api/flaggers/{FLAGGER}/file"
    status, file, _ = desk.ask("GET", path, token=tokens["flagger"])
    check("accuracy: the file, for who it is about", status == 200 and [s["step"] for s in file["steps"]] ==
          ["resumed", "suspended", "warned"] and len(file["notices"]) == 14 and {n["quality"] for n in file["notices"]} ==
          {None, "imprecise", "unfounded"}, file)
    check("accuracy: not for others", desk.ask("GET", path, token=tokens["authority"])[0] == 403 and
          desk.ask("GET", path, token=tokens["moderator"])[0] == 403)
    check("accuracy: names nobody of the desk", not any(name in str(file) for name in ("Sari", "Budi", "Wayan")))
    status, text, head = desk.ask("GET", path + "?format=text", token=tokens["lead"])
    check("accuracy: as text", status == 200 and head.getheader("Content-Type") == "text/plain; charset=utf-8" and
          b"Ten of twelve said nothing." in text and text.count(b"unfounded") == 12, text)
    counted = rows(data, "SELECT lane, reason, count FROM desk_refusals WHERE reason = 'suspended'")
    check("accuracy: what was refused is counted", counted == [("flagger", "suspended", 1)], counted)


def test_sensor(data, desk, tokens, messenger):
    desk.stop()
    with open(f"{data}/desk/sensor.txt", "w") as f:
        f.write("fraud\tdouble your money\n")
    desk = lib.Desk(data, messenger.port)
    lib.change(data, "INSERT INTO posts (channel, id, date, edit_date, action, body, text, views) VALUES (1000000001, 50,"
                     f" {int(time.time())}, 0, 0, x'', 'double your money', 0)")
    lib.change(data, "INSERT INTO channel_events (channel, pts, pts_count, kind, post, date) VALUES (1000000001, 150, 1, 0,"
                     f" 50, {int(time.time())})")
    case = lib.wait_for(lambda: [c["case"] for c in desk.ask("GET", "/api/cases", token=tokens["lead"])[1]["cases"]
                                 if c["subject"] == "@kabar/50"])[0]
    decide(desk, tokens, case, "remove")
    rules = desk.ask("GET", "/api/accuracy", token=tokens["lead"])[1]["rules"]
    check("accuracy: each rule of the sensor", len(rules) == 1 and rules[0]["rule"].startswith("text:fraud:") and
          rules[0]["good"] == 1 and "money" not in str(rules), rules)
    desk.stop()


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        desk.stop()
        with open(f"{data}/desk/sop.ini") as f:
            sop = f.read()
        with open(f"{data}/desk/sop.ini", "w") as f:
            f.write(sop.replace("suspend_after_days = 14", "suspend_after_days = 0"))
        desk = lib.Desk(data, messenger.port)
        test_apart(desk, tokens)
        test_priority(data, desk, tokens)
        test_steps(desk, tokens)
        test_file(data, desk, tokens)
        test_sensor(data, desk, tokens, messenger)
        before = rows(data, "SELECT * FROM verdicts ORDER BY notice")
        result = run("desk", "rebuild", "--data", data)
        check("accuracy: the verdicts can be made again", result.returncode == 0 and before and
              before == rows(data, "SELECT * FROM verdicts ORDER BY notice"), result)
        result = run("desk", "audit", "--data", data)
        check("accuracy: the audit finds no fault", result.returncode == 0, result)
