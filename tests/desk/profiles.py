# SPDX-License-Identifier: Apache-2.0
"""Public profiles, bots and comments as subjects: by which names, what is frozen and ordered, what each is called, what is
refused."""
import hashlib
import json
import sqlite3
import time

import lib
from lib import check, notice, rows, run
from orders import at, decide, last_order, opened

PERSON, BOT = 1000007, 1000008
UNKNOWN = "nothing public is there"


def faces(data):
    """As the messenger keeps them while accounts bear public names."""
    db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
    with db:
        for number, name, bot in ((PERSON, "Ayu_Sari", 0), (BOT, "weather_bot", 1)):
            db.execute("INSERT INTO usernames (name, peer_kind, peer) VALUES (?, 1, ?)", (name.lower(), number))
            db.execute("INSERT INTO profiles (id, username, title, about, bot, since, restricted_everywhere)"
                       " VALUES (?, ?, ?, 'Saya menjual segala sesuatu dengan harga murah', ?, ?, 0)",
                       (number, name, f"Title of {name}", bot, int(time.time()) - 86400))
    db.close()


def report(data, number, channel, name):
    """As the messenger hands over a reader's."""
    lib.change(data, "INSERT INTO reports (id, channel, post, name, category, law, words, created_at, taken_at, case_id,"
                     " outcome_at, told_at, appeal_days) VALUES"
                     f" ({number}, {channel}, 0, '{name}', 'fraud', '', 'It took my money', {int(time.time())}, 0, 0, 0, 0, 0)")


def refused(data):
    return rows(data, "SELECT coalesce(sum(count), 0) FROM desk_refusals")[0][0]


def test_names(data, desk, tokens):
    for about in ("@ayu_sari", "https://t.me/AYU_sari", "tg://resolve?domain=ayu_sari", "https://lontar.example/ayu_sari"):
        status, answer, _ = desk.ask("POST", "/api/notices", notice(about, category="fraud"), tokens["authority"])
        check(f"profile: {about}", status == 201, answer)
    before = refused(data)
    for about in ("@person", "@ayu_sari/3", "+6281234567890", "tg://user?id=1000007", "@nobody_here"):
        status, answer, _ = desk.ask("POST", "/api/notices", notice(about, category="fraud"), tokens["authority"])
        check(f"profile: {about} is home, or nothing", status == 422 and "case" not in answer and
              answer.get("error", "").startswith(UNKNOWN), answer)
    check("profile: refusals are counted", refused(data) == before + 5, (before, refused(data)))


def test_measures(data, desk, tokens):
    case = opened(desk, tokens, "@ayu_sari", category="fraud")
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])
    seen = answer["evidence"]
    check("profile: what is public of it is frozen", status == 200 and [e["kind"] for e in seen] == ["profile"] and
          seen[0]["name"] == "Ayu_Sari" and seen[0]["title"] == "Title of Ayu_Sari" and "menjual" in seen[0]["about"], seen)
    check("profile: its language is seen", answer["language"] == "id", answer["language"])
    for action, more in (("freeze", {"until": at(3600)}),):
        status, answer = decide(desk, tokens, case, action, **more)
        check("profile: it can't be frozen", status == 422 and answer["invalid"][0]["field"] == "action", answer)
    body = {"action": "remove", **lib.FACTS}
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/preview", body, tokens["moderator"])
    check("profile: preview", status == 200 and answer["text"].startswith("This profile was removed") and
          answer["letters"]["en"].startswith("Your public profile @Ayu_Sari was removed") and
          answer["letters"]["id"].startswith("Profil publik Anda @Ayu_Sari") and
          answer["statement"]["content_type_other"] == "a public profile or bot", answer)
    status, answer = decide(desk, tokens, case, "remove")
    order = last_order(data)
    check("profile: removed", status == 200 and answer["order"]["outcome"] == "done" and
          (order["action"], order["channel"], order["post"]) == ("remove", -PERSON, 0), (answer, order))
    entry, salt = rows(data, "SELECT l.entry, c.salt FROM ledger l JOIN orders o ON o.id = l.order_id JOIN cases c ON"
                             " c.id = o.case_id ORDER BY l.leaf DESC LIMIT 1")[0]
    check("profile: the leaf is about the account", json.loads(entry)["subject"] ==
          hashlib.sha256(salt + f"account/{PERSON}".encode()).hexdigest(), entry)
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/reverse", lib.FACTS, tokens["lead"])
    check("profile: restored", status == 200 and last_order(data)["action"] == "restore" and
          last_order(data)["channel"] == -PERSON, answer)


def test_bot(data, desk, tokens):
    case = opened(desk, tokens, "@weather_bot", category="fraud")
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])
    check("bot: what is public of it is frozen", [e["kind"] for e in answer["evidence"]] == ["bot"], answer)
    status, answer = decide(desk, tokens, case, "restrict", countries=["ID"], until=at(3600))
    order = last_order(data)
    check("bot: restricted in a country", status == 200 and order["channel"] == -BOT and order["countries"] == "ID" and
          order["text"].startswith("This bot is not available in your country") and
          order["letter"].startswith("Your bot @weather_bot was hidden"), order)
    case = opened(desk, tokens, "@weather_bot", category="fraud")
    status, answer = decide(desk, tokens, case, "label")
    check("bot: warned of", status == 200 and "warn of this bot" in last_order(data)["text"], last_order(data))
    shown = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]
    check("bot: strikes are its own", shown["strikes"]["category"] == "fraud", shown["strikes"])


def test_reports(data, desk, tokens):
    report(data, 901, -PERSON, "Ayu_Sari")
    report(data, 902, -1000099, "gone_one")
    lib.wait_for(lambda: rows(data, "SELECT count(*) FROM reports WHERE taken_at = 0")[0][0] == 0)
    case = rows(data, "SELECT case_id FROM reports WHERE id = 901")[0][0]
    shown = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])[1]
    check("a reader's report about a profile", shown["subject"] == "@Ayu_Sari" and shown["lane"] == "user", shown)
    doors = dict(rows(data, "SELECT door, count(*) FROM metrics WHERE what = 'notices' GROUP BY door"))
    check("each notice is counted by the door that it came by", doors["in_app"] == 1 and doors["http"] >= 4 and
          set(doors) == {"in_app", "http"}, doors)
    check("a reader's report about a name that is gone", rows(data, "SELECT case_id, outcome FROM reports WHERE id = 902") ==
          [(0, "gone")], rows(data, "SELECT * FROM reports WHERE id = 902"))


def discussed(data):
    """Post 12 of @kabar is discussed in @other_one, post 13 in a group that is private."""
    lib.change(data, "UPDATE posts SET discussion = 1000000002, discussion_post = 5 WHERE channel = 1000000001 AND id = 12")
    lib.change(data, "UPDATE posts SET discussion = 1000000099, discussion_post = 5 WHERE channel = 1000000001 AND id = 13")
    lib.change(data, "UPDATE posts SET thread = 5 WHERE channel = 1000000002 AND id = 34")


def test_comments(data, desk, tokens):
    before = dict(rows(data, "SELECT reason, sum(count) FROM desk_refusals GROUP BY reason"))
    for about in ("https://t.me/kabar/12?comment=34", "https://lontar.example/kabar/12?single&comment=34#x",
                  "tg://resolve?domain=kabar&post=12&comment=34"):
        status, answer, _ = desk.ask("POST", "/api/notices", notice(about, category="fraud"), tokens["authority"])
        check(f"comment: {about}", status == 201, answer)
    case = rows(data, "SELECT max(id) FROM cases")[0][0]
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])
    check("comment: a post of the group", answer["subject"] == "@other_one/34" and answer["notices"] == 3 and
          answer["evidence"][-1]["text"] == "text 34 of other_one", answer)
    seen = []
    for about in ("https://t.me/kabar/13?comment=34", "https://t.me/kabar/12?comment=33", "https://t.me/kabar/14?comment=34"):
        status, answer, _ = desk.ask("POST", "/api/notices", notice(about, category="fraud"), tokens["authority"])
        seen.append(answer)
        check(f"comment: {about} is not public", status == 422 and answer["missing"] == ["subject"] and
              "discusses" in answer["error"], answer)
    check("comment: private and missing ones are refused in the same words", seen[0] == seen[1] == seen[2], seen)
    after = dict(rows(data, "SELECT reason, sum(count) FROM desk_refusals GROUP BY reason"))
    check("comment: refusals are counted as what they are", after["private"] == before.get("private", 0) + 1 and
          after["unknown"] == before.get("unknown", 0) + 2, (before, after))
    status, answer, _ = desk.ask("POST", "/api/notices", notice("https://t.me/kabar/12?comment=x"), tokens["authority"])
    check("comment: no number", status == 422 and answer["invalid"][0]["field"] == "subject", answer)


def test():
    with lib.fresh() as (data, desk, tokens, _):
        faces(data)
        test_names(data, desk, tokens)
        test_measures(data, desk, tokens)
        test_bot(data, desk, tokens)
        test_reports(data, desk, tokens)
        discussed(data)
        test_comments(data, desk, tokens)
        desk.stop()
        result = run("desk", "audit", "--data", data)
        check("profiles: the audit finds no fault", result.returncode == 0, result)
