# SPDX-License-Identifier: Apache-2.0
"""A second look at a share of the decisions, by another who is not shown the first; agreement per category; how often
decisions of a person were found mistaken."""
import contextlib

import appeals
import lib
import people
from lib import FACTS, check, notice, rows, run

FIRST = {1: "remove", 2: "remove", 3: "dismiss", 4: "warn", 5: "dismiss"}  # by post
SECOND = {1: "remove", 2: "dismiss", 3: "dismiss", 4: "remove", 5: "dismiss"}


def decide(desk, tokens, about, action, who="moderator", **changes):
    case = desk.ask("POST", "/api/notices", notice(about, **changes), tokens["authority"])[1]["case"]
    desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens[who])
    status = desk.ask("POST", f"/api/cases/{case}/decide", {"action": action, **FACTS}, tokens[who])[0]
    check(f"quality: {about}: {action}", status == 200, status)
    return case


def kappa(pairs):
    """As in a textbook, by counting."""
    n = len(pairs)
    names = {name for pair in pairs for name in pair}
    same = sum(a == b for a, b in pairs) / n
    chance = sum(sum(a == x for a, _ in pairs) * sum(b == x for _, b in pairs) for x in names) / n / n
    return (same - chance) / (1 - chance)


def test_nowhere(data, desk, tokens, case):
    """No other route tells who reviews what was decided either; all of them tell somebody else."""
    appeals.post(desk, appeals.letter_code(data, case))
    def look(who):
        def ask(path):
            return str(desk.ask("GET", path, token=tokens[who])[1])
        notices = [n for n in range(1, 10) if f"'case': {case}," in ask(f"/api/notices/{n}")]
        return {"list": f"'case': {case}," in ask("/api/cases?state=decided") + ask("/api/cases?state=all") +
                ask("/api/cases?state=appealed"), "notices": bool(notices),
                "answers": any("'action'" in ask(f"/api/notices/{n}/answer") for n in (1,)),
                "appeals": f"'case': {case}," in ask("/api/appeals"),
                "appeal": "'decision':" in ask("/api/appeals/1")}
    told, hidden = look("third"), look("second")
    check("quality: it is told to others", all(told.values()), told)
    check("quality: and on no way to who reviews it", not any(hidden.values()), hidden)


def test_scope(data, desk, tokens):
    """Figures of the categories that one is competent for."""
    scoped = {}
    for name in ("fraud", "spam"):
        _, secret = people.add(data, "lead", f"of.{name}", "--categories", name)
        scoped[name] = people.start(desk, secret, f"of.{name}")[0]
    seen = {name: desk.ask("GET", "/api/quality", token=token)[1] for name, token in scoped.items()}
    check("quality: a lead of one category sees its figures", [c["category"] for c in seen["fraud"]["categories"]] ==
          ["fraud"] and next(p for p in seen["fraud"]["people"] if p["name"] == "Sari")["decisions"] == 5, seen["fraud"])
    check("quality: and none of others", seen["spam"]["categories"] == [] and
          [(p["decisions"], p["reviewed"]) for p in seen["spam"]["people"]] == [(1, 0)], seen["spam"])


def test_blind(data, desk, tokens, cases):
    check("quality: not for who decided", desk.ask("POST", "/api/reviews/next", {}, tokens["moderator"])[0] == 404)
    for role in ("authority", "flagger"):
        check(f"quality: not for {role}", desk.ask("POST", "/api/reviews/next", {}, tokens[role])[0] == 403)
    status, body, _ = desk.ask("POST", "/api/reviews/next", {}, tokens["second"])
    text = str(body)
    check("quality: what was there to see, not what was decided", status == 200 and body["evidence"] and
          body["notice_list"] and body["subject"] == "@kabar/1" and not any(
              word in text for word in (FACTS["facts"], FACTS["ground"], "'action'", "in_force", "Sari", "decided")), body)
    check("quality: the same until it is done", desk.ask("POST", "/api/reviews/next", {}, tokens["second"])[1]["review"] ==
          body["review"])
    check("quality: the case is hidden meanwhile", desk.ask("GET", f"/api/cases/{cases[1]}", token=tokens["second"])[0] ==
          403 and desk.ask("GET", f"/api/cases/{cases[1]}", token=tokens["lead"])[0] == 200)
    test_nowhere(data, desk, tokens, cases[1])
    check("quality: others get another one", desk.ask("POST", "/api/reviews/next", {}, tokens["lead"])[1]["subject"] ==
          "@kabar/2")
    path = f"/api/reviews/{body['review']}"
    check("quality: an answer of others", desk.ask("POST", path, {"action": "remove"}, tokens["lead"])[0] == 404)
    check("quality: an answer that there is not", desk.ask("POST", path, {"action": "burn"}, tokens["second"])[0] == 422)
    status, answer, _ = desk.ask("POST", path, {"action": SECOND[1], "note": "plain"}, tokens["second"])
    check("quality: done, and now shown", status == 200 and answer["first"] == "remove" and answer["agree"] is True and
          answer["case"] == cases[1] and desk.ask("GET", f"/api/cases/{cases[1]}", token=tokens["second"])[0] == 200, answer)
    check("quality: once", desk.ask("POST", path, {"action": "remove"}, tokens["second"])[0] == 409)


def test_all(data, desk, tokens, cases):
    """The lead holds post 2; the others go to the second moderator; spam is of no sample."""
    status, body, _ = desk.ask("POST", "/api/reviews/next", {}, tokens["lead"])
    desk.ask("POST", f"/api/reviews/{body['review']}", {"action": SECOND[2]}, tokens["lead"])
    seen = []
    while True:
        status, body, _ = desk.ask("POST", "/api/reviews/next", {}, tokens["second"])
        if status != 200:
            break
        post = int(body["subject"].split("/")[1])
        seen.append(post)
        desk.ask("POST", f"/api/reviews/{body['review']}", {"action": SECOND[post]}, tokens["second"])
    check("quality: each once, and none of a category that has no sample", status == 404 and seen == [3, 4, 5], seen)
    status, body, _ = desk.ask("GET", "/api/quality", token=tokens["lead"])
    category = body["categories"][0]
    check("quality: kappa by category", status == 200 and len(body["categories"]) == 1 and category["category"] == "fraud"
          and category["reviews"] == 5 and abs(category["agreement"] - 0.6) < 1e-9 and
          abs(category["kappa"] - kappa([(FIRST[p], SECOND[p]) for p in FIRST])) < 1e-9, body)
    person = next(p for p in body["people"] if p["name"] == "Sari")
    check("quality: by person", person["decisions"] == 6 and person["reviewed"] == 5 and person["agreed"] == 3 and
          person["mistakes"] == 0 and person["error_rate"] == 0, person)
    for why, case in (("mistaken_facts", cases[1]), ("law_changed", cases[2])):
        desk.ask("POST", f"/api/cases/{case}/reverse", {**FACTS, "why": why}, tokens["lead"])
    person = next(p for p in desk.ask("GET", "/api/quality", token=tokens["lead"])[1]["people"] if p["name"] == "Sari")
    check("quality: a mistake is one, a law that changed is none", person["mistakes"] == 1 and
          person["overturned_otherwise"] == 1 and abs(person["error_rate"] - 1 / 6) < 1e-9, person)
    for role in ("moderator", "authority", "flagger"):
        check(f"quality: the figures are not for {role}", desk.ask("GET", "/api/quality", token=tokens[role])[0] == 403)


def test_lapsed(data, desk, tokens):
    """Who let a second look lie may have looked at the decision since."""
    decide(desk, tokens, "@kabar/1", "remove", category="fraud")
    first = desk.ask("POST", "/api/reviews/next", {}, tokens["second"])
    lib.change(data, "UPDATE reviews SET claimed_until = 1")
    check("quality: what was let lie is shown again", desk.ask("GET", "/api/cases/1", token=tokens["second"])[0] == 200)
    check("quality: and is no blind look any more",
          first[0] == 200 and desk.ask("POST", "/api/reviews/next", {}, tokens["second"])[0] == 404, first)
    again = desk.ask("POST", "/api/reviews/next", {}, tokens["third"])
    check("quality: another gets it", again[0] == 200 and again[1]["subject"] == "@kabar/1", again)


@contextlib.contextmanager
def sampled():
    """A desk that looks at each decision twice, but for spam."""
    with lib.fresh() as (data, desk, tokens, messenger):
        desk.stop()
        with open(f"{data}/desk/sop.ini") as f:
            sop = f.read()
        with open(f"{data}/desk/sop.ini", "w") as f:
            f.write(sop.replace("review_percent = 5", "review_percent = 100").replace(
                "title = Spam\n", "title = Spam\nreview_percent = 0\n"))
        tokens["third"] = lib.grant(data, "moderator", "Ayu")
        yield data, lib.Desk(data, messenger.port), tokens


def test():
    with sampled() as (data, desk, tokens):
        test_lapsed(data, desk, tokens)
        desk.stop()
    with sampled() as (data, desk, tokens):
        cases = {post: decide(desk, tokens, f"@kabar/{post}", action, category="fraud") for post, action in FIRST.items()}
        decide(desk, tokens, "@kabar/9", "remove", category="spam")
        test_blind(data, desk, tokens, cases)
        test_all(data, desk, tokens, cases)
        test_scope(data, desk, tokens)
        desk.stop()
        before = rows(data, "SELECT * FROM reviews ORDER BY id")
        result = run("desk", "rebuild", "--data", data)
        check("quality: the reviews can be made again", result.returncode == 0 and len(before) == 5 and
              before == rows(data, "SELECT * FROM reviews ORDER BY id"), result)
        result = run("desk", "audit", "--data", data)
        check("quality: the audit finds no fault", result.returncode == 0, result)
