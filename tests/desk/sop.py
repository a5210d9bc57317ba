# SPDX-License-Identifier: Apache-2.0
"""The SOP as its users meet it: checked from the command line, kept in every version, its pauses, its ladder, and the
readers' menu that is made of it."""
import datetime
import signal
import time

import lib
from lib import Desk, check, notice, rows, run, wait_for

QUICK = """[category terrorism]
title = Terrorist content
title_id = Konten terorisme
authority = 1s 6s 1s
[category other]
title = Other
[category grave]
title = Grave
decide = lead
[pause clarification]
title = Something is missing
longest = 1h
lanes = authority
asks = yes
[pause storm]
title = A storm
longest = 2s
[escalation 1]
used_percent = 50
to = lead
contact = on duty
[escalation 2]
overdue = 1s
to = operator
contact = the operator
"""


def at(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def kinds(desk, tokens, case):
    return [e["kind"] for e in desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]["events"]]


def test_check(data):
    path = f"{data}/desk/sop.ini"
    result = run("sop", "check", path)
    check("sop check: what init writes is in order", result.returncode == 0 and "in order" in result.stdout, result)
    check("sop default: prints it", run("sop", "default").stdout == open(path).read())
    bad = f"{data}/bad.ini"
    with open(bad, "w") as f:
        f.write("[category a]\ntitle = A\nharm = 1000\n[template statement.en]\ntext = {nobody}\n[pause x]\nlongest = soon\n")
    result = run("sop", "check", bad)
    lines = result.stderr.splitlines()
    check("sop check: every fault with its line", result.returncode == 1 and
          {line.split(":")[0] for line in lines} >= {"line 3", "line 5", "line 7"} and
          any("{nobody}" in line for line in lines), result)
    with open(bad, "w") as f:
        f.write(QUICK)
    result = run("sop", "check", bad)
    check("sop check: names what it lacks", result.returncode == 0 and "no category child_abuse" in result.stdout, result)
    for args in (["sop"], ["sop", "check"], ["sop", "check", f"{data}/none.ini"], ["sop", "check", data]):
        check(f"sop check: usage {args[1:]}", run(*args).returncode != 0)
    for args in (["sop", "--help"], ["sop", "check", "--help"]):
        check(f"sop: help {args}", run(*args).returncode == 0 and "Example" in run(*args).stdout)


def test_versions(data, desk, tokens, messenger):
    first = desk.ask("GET", "/api/sop", token=tokens["flagger"])[1]
    check("versions: the first", first["version"] == 1 and len(first["hash"]) == 64, first)
    check("versions: law's figures", {c["category"]: c["clocks"]["authority"]["urgent"]["decide_s"]
                                      for c in first["categories"]}["terrorism"] == 3600, first["categories"])
    sent = [at(desk.ask("POST", "/api/notices", notice(f"@kabar/{post}", category="spam", **more),
                        tokens["authority"])[1]["due"]) - time.time() for post, more in ((1, {}), (2, {"urgent": True}))]
    check("versions: an urgent notice has the urgent clock", abs(sent[0] - 86400) < 20 and abs(sent[1] - 14400) < 20, sent)
    check("versions: urgent is true or false",
          desk.ask("POST", "/api/notices", notice("@kabar/3", urgent="very"), tokens["authority"])[0] == 422)
    case = desk.ask("POST", "/api/notices", notice("@kabar/7"), tokens["authority"])[1]["case"]
    desk.stop()
    shipped = open(f"{data}/desk/sop.ini").read()
    with open(f"{data}/desk/sop.ini", "w") as f:
        f.write(QUICK + "[nothing]\nx = 1\n")
    broken = Desk(data, expect=False)
    check("versions: a wrong one is not started with", not broken.port and
          "line 27 of the SOP" in open(f"{data}/desk.log").read(), open(f"{data}/desk.log").read()[-500:])
    with open(f"{data}/desk/sop.ini", "w") as f:
        f.write(QUICK)
    desk = Desk(data, messenger.port)
    sop = desk.ask("GET", "/api/sop", token=tokens["flagger"])[1]
    check("versions: the second", sop["version"] == 2 and sop["hash"] != first["hash"], sop)
    kept = desk.ask("GET", "/api/sop/1", token=tokens["moderator"])[1]
    check("versions: the first is kept word for word", kept["text"] == shipped and not kept["in_force"] and
          kept["hash"] == first["hash"], kept)
    check("versions: there is no third", desk.ask("GET", "/api/sop/3", token=tokens["moderator"])[0] == 404)
    seen = desk.ask("GET", f"/api/cases/{case}", token=tokens["moderator"])[1]
    check("versions: the clock is the first's", seen["sop"] == 1, seen)
    desk.ask("POST", f"/api/cases/{case}/claim", token=tokens["moderator"])
    desk.ask("POST", f"/api/cases/{case}/decide", {"action": "dismiss", **lib.FACTS}, tokens["moderator"])
    seen = desk.ask("GET", f"/api/cases/{case}", token=tokens["moderator"])[1]
    check("versions: the second judged it", seen["sop"] == 2 and seen["acknowledge"]["met"] is True and
          seen["notify"]["met"] is True, seen)
    menu = rows(data, "SELECT name, language, title FROM report_categories ORDER BY position, language")
    check("the readers' menu is the SOP's", menu == [("terrorism", "", "Terrorist content"),
                                                     ("terrorism", "id", "Konten terorisme"), ("other", "", "Other"), ("grave", "", "Grave")], menu)
    return desk


def pause(desk, case, token, **body):
    return desk.ask("POST", f"/api/cases/{case}/pause", body, token)


def test_pause(desk, tokens):
    sent = desk.ask("POST", "/api/notices", notice("@kabar/8"), tokens["authority"])[1]
    case, due = sent["case"], at(sent["due"])
    status = pause(desk, case, tokens["moderator"], reason="storm")[0]
    check("pause: only who claimed it", status == 409, status)
    check("pause: no officer", pause(desk, case, tokens["authority"], reason="storm")[0] == 403)
    desk.ask("POST", f"/api/cases/{case}/claim", token=tokens["moderator"])
    for name, body in (("no reason", {}), ("another reason", {"reason": "lunch"}),
                       ("no question", {"reason": "clarification"})):
        check(f"pause: {name}", pause(desk, case, tokens["moderator"], **body)[0] == 422)
    began = time.time()
    status, answer, _ = pause(desk, case, tokens["moderator"], reason="clarification", question="Which part of it?")
    check("pause: it waits", status == 200 and answer["state"] == "waiting", answer)
    check("pause: not twice", pause(desk, case, tokens["lead"], reason="storm")[0] == 409)
    mine = desk.ask("GET", f"/api/notices/{sent['notice']}", token=tokens["authority"])[1]
    check("pause: who sent it is asked", mine["state"] == "waiting" and
          mine["waiting"]["question"] == "Which part of it?", mine)
    waiting = [c["case"] for c in desk.ask("GET", "/api/cases?state=waiting", token=tokens["lead"])[1]["cases"]]
    at_work = [c["case"] for c in desk.ask("GET", "/api/cases", token=tokens["lead"])[1]["cases"]]
    check("pause: it is in its own list", case in waiting and case not in at_work, (waiting, at_work))
    check("pause: nobody else answers", desk.ask("POST", f"/api/notices/{sent['notice']}/clarification", {"text": "x"},
                                                 tokens["flagger"])[0] == 404)
    time.sleep(2)
    status, answer, _ = desk.ask("POST", f"/api/notices/{sent['notice']}/clarification", {"text": "All."},
                                 tokens["authority"])
    check("pause: the answer makes the clock run, and moves its end", status == 200 and answer["state"] == "open" and
          2 <= at(answer["due"]) - due <= time.time() - began + 1, (answer, due))
    check("pause: nothing is asked now", desk.ask("POST", f"/api/notices/{sent['notice']}/clarification", {"text": "x"},
                                                  tokens["authority"])[0] == 409)
    check("pause: its events", kinds(desk, tokens, case)[-2:] == ["paused", "resumed"], kinds(desk, tokens, case))
    status = pause(desk, case, tokens["lead"], reason="storm")[0]
    check("pause: the longest is of all together", status == 409, status)
    return case


def test_longest(desk, tokens):
    case = desk.ask("POST", "/api/notices", notice("@kabar/9"), tokens["authority"])[1]["case"]
    check("longest: a lead needs no claim", pause(desk, case, tokens["lead"], reason="storm")[0] == 200)
    seen = wait_for(lambda: "resumed" in kinds(desk, tokens, case))
    check("longest: the desk ends it", seen, kinds(desk, tokens, case))
    flagged = desk.ask("POST", "/api/notices", notice("@kabar/10"), tokens["flagger"])[1]["case"]
    status = pause(desk, flagged, tokens["lead"], reason="clarification", question="?")[0]
    check("longest: not for cases of another lane", status == 409, status)
    pause(desk, flagged, tokens["lead"], reason="storm")
    status, answer, _ = desk.ask("POST", f"/api/cases/{flagged}/claim", token=tokens["moderator"])
    check("longest: a claim ends it too", status == 200 and "waiting" not in answer, answer)
    return case


def test_who_decides(desk, tokens):
    case = desk.ask("POST", "/api/notices", notice("@kabar/11", category="grave"), tokens["flagger"])[1]["case"]
    check("who decides: a moderator may not", desk.ask("POST", f"/api/cases/{case}/claim", token=tokens["moderator"])[0] == 403)
    check("who decides: a lead may", desk.ask("POST", f"/api/cases/{case}/claim", token=tokens["lead"])[0] == 200)
    case = desk.ask("POST", "/api/notices", notice("@kabar/12", category="other"), tokens["flagger"])[1]["case"]
    desk.ask("POST", f"/api/cases/{case}/claim", token=tokens["moderator"])
    desk.ask("POST", "/api/notices", notice("@kabar/12", category="grave"), tokens["authority"])
    check("who decides: nor when it became grave meanwhile", desk.ask(
        "POST", f"/api/cases/{case}/decide", {"action": "remove", **lib.FACTS}, tokens["moderator"])[0] == 403)


def test_ladder(data, desk, tokens, case, messenger):
    seen = wait_for(lambda: kinds(desk, tokens, case).count("escalated") == 2, 40)
    shown = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]
    steps = [(e["data"]["step"], e["data"]["to"], e["by"]) for e in shown["events"] if e["kind"] == "escalated"]
    check("ladder: each step once, by the desk", seen and steps == [(1, "lead", "the desk"), (2, "operator", "the desk")],
          shown["events"])
    check("ladder: escalated, and still at work", shown["state"] == "escalated" and shown["overdue"] and
          case in [c["case"] for c in desk.ask("GET", "/api/cases", token=tokens["moderator"])[1]["cases"]], shown)
    desk.stop(signal.SIGKILL)
    desk = Desk(data, messenger.port)
    time.sleep(7)
    check("ladder: not again after a crash", kinds(desk, tokens, case).count("escalated") == 2)
    desk.ask("POST", f"/api/cases/{case}/claim", token=tokens["moderator"])
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/decide", {"action": "remove", **lib.FACTS}, tokens["moderator"])
    check("ladder: it is decided as any other", status == 200 and answer["state"] == "decided" and
          answer["met"] is False, answer)
    return desk


def test_rebuild(data, desk):
    desk.stop()
    before = (rows(data, "SELECT * FROM case_clocks ORDER BY case_id"), rows(data, "SELECT * FROM cases ORDER BY id"))
    result = run("desk", "rebuild", "--data", data)
    after = (rows(data, "SELECT * FROM case_clocks ORDER BY case_id"), rows(data, "SELECT * FROM cases ORDER BY id"))
    check("clocks are made again from the events to the same bytes", result.returncode == 0 and before == after and
          before[0], result)


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        test_check(data)
        desk = test_versions(data, desk, tokens, messenger)
        test_pause(desk, tokens)
        case = test_longest(desk, tokens)
        test_who_decides(desk, tokens)
        desk = test_ladder(data, desk, tokens, case, messenger)
        test_rebuild(data, desk)
