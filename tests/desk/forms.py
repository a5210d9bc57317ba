# SPDX-License-Identifier: Apache-2.0
"""The forms of notices and orders: asked for exactly what GET /api/forms says, sent back with all that is missing, answered
with what Regulation (EU) 2022/2065 and 2021/784 ask for."""
import lib
from lib import FACTS, check, notice, rows, run

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()


def order(about, **changes):
    body = {"form": "art9", "subject": about, "category": "fraud", "law": "UU 1/2024 Art. 28(1)", "language": "id",
            "reasons": "The post asks for money in the name of a bank.", "authority": "Pengadilan Negeri", "reference": "12/2026",
            "countries": ["ID"], "redress": "Pengadilan Tinggi, 14 hari", "contact": "desk@ministry.example"}
    body.update(changes)
    return {k: v for k, v in body.items() if v is not ...}


def removal(about, **changes):
    body = {"form": "tco", "subject": about, "category": "terrorism", "law": "Regulation (EU) 2021/784 Art. 3",
            "language": "en", "reasons": "It calls for an attack.", "authority": "Bundeskriminalamt", "official": "A. B., head",
            "authority_kind": "law_enforcement", "reference": "BKA-77", "issued": "2026-11-22T10:00:00Z",
            "grounds": ["incites", "threatens"], "redress": "Verwaltungsgericht, one month", "contact": "tco@bka.example"}
    body.update(changes)
    return {k: v for k, v in body.items() if v is not ...}


SAMPLES = {"art16": notice, "art9": lambda about, **more: order(about, **{"countries": ["DE"], **more}), "tco": removal}


def fields(desk, tokens):
    """Each required field, one by one and all at once, as the desk itself lists them."""
    forms = {f["form"]: f for f in desk.ask("GET", "/api/forms", token=tokens["german"])[1]["forms"]}
    check("forms: there are three", set(forms) == {"art16", "art9", "tco"}, forms.keys())
    for name, form in forms.items():
        check(f"forms: {name} is explained in both languages", form["law"] and all(
            field[about][language] for field in form["fields"] for about in ("title", "explained")
            for language in ("en", "id")), form)
        must = [field["name"] for field in form["fields"] if field["required"] == "yes"]
        full = SAMPLES[name]("@kabar/30")
        check(f"forms: {name} asks for what the sample has", set(must) <= set(full), set(must) - set(full))
        status, body, _ = desk.ask("POST", "/api/notices", {"form": name}, tokens["german"])
        check(f"forms: {name} names all that is missing at once", status == 422 and sorted(body["missing"]) == sorted(must),
              body)
        for field in form["fields"]:
            kind, key = field["kind"], field["name"]
            if field["required"] == "yes":
                status, body, _ = desk.ask("POST", "/api/notices", SAMPLES[name]("@kabar/30", **{key: ...}), tokens["german"])
                check(f"forms: {name} without {key}", status == 422 and body["missing"] == [key] and body["invalid"] == [],
                      body)
            wrong = {"time": "tomorrow", "mail": "nobody", "choice": "maybe", "choices": ["maybe"], "countries": ["XX"],
                     "switch": "yes", "true": 1, "law": "call 081234567890", "category": "nothing", "subject": "hello"}
            status, body, _ = desk.ask("POST", "/api/notices", SAMPLES[name](
                "@kabar/30", **{key: wrong.get(kind, "x" * (field.get("max", 0) + 1))}), tokens["german"])
            check(f"forms: {name} with a wrong {key}", status == 422 and key in [i["field"] for i in body["invalid"]], body)
        status, body, _ = desk.ask("POST", "/api/notices", SAMPLES[name]("@kabar/30", do_not_inform=True), tokens["german"])
        check(f"forms: {name} passes nothing over that it does not have", status == 422 and
              body["invalid"] == [{"field": "do_not_inform", "reason": "is no field of this form"}], body)
    check("forms: nothing of it left a case", "@kabar/30" not in str(rows(desk.data, "SELECT subject FROM notices")))
    status, body, _ = desk.ask("POST", "/api/notices", notice("@kabar/1", form="letter"), tokens["german"])
    check("forms: an unknown form", status == 422 and body["invalid"][0]["field"] == "form", body)
    status, body, _ = desk.ask("POST", "/api/notices", order("@kabar/1"), tokens["flagger"])
    check("forms: a flagger does not order", status == 422 and "only an authority" in body["invalid"][0]["reason"], body)


def countries(desk, tokens, data):
    before = rows(data, "SELECT coalesce(sum(count), 0) FROM desk_refusals WHERE reason = 'country'")[0][0]
    for name, token, body, field in (
            ("another country", "authority", order("@kabar/2", countries=["ID", "MY"]), "countries"),
            ("a Member State's neighbour, by a category that stays at home", "german",
             order("@kabar/2", countries=["DE", "FR"]), "countries"),
            ("outside of the Union", "german", order("@kabar/2", category="terrorism", countries=["DE", "ID"]), "countries"),
            ("the Union, by who is not of it", "authority", removal("@kabar/2"), "form")):
        status, answer, _ = desk.ask("POST", "/api/notices", body, tokens[token])
        check(f"country: an order for {name} is refused", status == 422 and answer["missing"] == [] and
              [i["field"] for i in answer["invalid"]] == [field] and "beyond" in answer["error"], answer)
        check(f"country: {name}: the answer says so", answer["answer"]["answer"] == "obstacle" and
              answer["answer"]["reason"] == "errors" and answer["answer"]["reference"] in ("12/2026", "BKA-77"), answer)
    after = rows(data, "SELECT sum(count) FROM desk_refusals WHERE reason = 'country'")[0][0]
    check("country: refusals are counted", after - before == 4, (before, after))
    status, body, _ = desk.ask("GET", "/square/counts.json")
    check("country: in public", any(r["reason"] == "country" and r["count"] == after for r in body["refusals"]), body)
    check("country: its own country is taken", desk.ask("POST", "/api/notices", order("@kabar/2"),
                                                        tokens["authority"])[0] == 201)
    check("country: the Union, where the SOP says so", desk.ask("POST", "/api/notices", order(
        "@kabar/3", category="terrorism", countries=EU), tokens["german"])[0] == 201)


def private_looks_like_nothing(desk, tokens):
    """The same words for what is private and what is not there, complete or not."""
    for name, more in (("complete", {}), ("incomplete", {"law": ..., "reasons": ...}), ("an order", {"form": "art9"})):
        answers = []
        for about in ("https://t.me/c/123456/7", "https://t.me/+AbCdEfGh", "+62 812 3456 7890", "@nobody_here", "@kabar/999"):
            status, body, _ = desk.ask("POST", "/api/notices", notice(about, **more), tokens["authority"])
            if "answer" in body:
                check(f"private: {about} is answered", about in body["answer"]["text"], body)
                body = {**body, "answer": {**body["answer"], "received": 0, "text": body["answer"]["text"].replace(about, "")}}
            answers.append((status, body))
        check(f"private: looks as if it were not there ({name})", all(a == answers[0] for a in answers) and
              answers[0][0] == 422 and "subject" in answers[0][1]["missing"], answers)


def work(desk, tokens, case, path, body=None):
    status, answer, _ = desk.ask("POST", f"/api/cases/{case}/{path}", body or {}, tokens["moderator"])
    check(f"answers: {path} case {case}", status == 200, answer)


def answers(desk, tokens):
    def filed(body, token="german"):
        status, answer, _ = desk.ask("POST", "/api/notices", body, tokens[token])
        check(f"answers: {body['subject']} is taken", status == 201 and answer["form"] == body.get("form", "art16"), answer)
        return answer["notice"], answer["case"]

    def answer(number, token="german", query=""):
        status, body, _ = desk.ask("GET", f"/api/notices/{number}/answer{query}", token=tokens[token])
        check(f"answers: of notice {number}", status == 200, body)
        return body

    number, case = filed(removal("@kabar/10", location="0:35 of the video"))
    body = answer(number)
    check("answers: first a receipt", body["answer"] == "receipt" and body["reference"] == "BKA-77" and body["due"] in
          body["text"], body)
    work(desk, tokens, case, "claim")
    status, seen, _ = desk.ask("GET", f"/api/cases/{case}", token=tokens["moderator"])
    check("answers: who decides sees the form", seen["notice_list"][0]["form"] == "tco" and
          seen["notice_list"][0]["fields"]["grounds"] == ["incites", "threatens"] and
          seen["notice_list"][0]["fields"]["location"] == "0:35 of the video", seen["notice_list"])
    check("answers: but not who sent it", not set(seen["notice_list"][0]["fields"]) & {"authority", "official", "contact"},
          seen["notice_list"])
    status, seen, _ = desk.ask("GET", f"/api/cases/{case}", token=tokens["lead"])
    check("answers: a lead does", seen["notice_list"][0]["fields"]["authority"] == "Bundeskriminalamt", seen["notice_list"])
    check("answers: the database alone does not say it", b"Bundeskriminalamt" not in
          open(f"{desk.data}/square/square.db", "rb").read() + open(f"{desk.data}/square/square.db-wal", "rb").read())
    for reason, told in (("clarification", "information"), ("manifest_error", "errors")):
        work(desk, tokens, case, "pause", {"reason": reason, "question": f"Which one ({reason})?"})
        body = answer(number)
        check(f"answers: Annex III, {told}", body["answer"] == "obstacle" and body["reason"] == told and
              body["explanation"] == f"Which one ({reason})?" and "Annex III" in body["law"] and body["since"] and
              f"Which one ({reason})?" in body["text"] and "Bundeskriminalamt" in body["text"], body)
        status, _, _ = desk.ask("POST", f"/api/notices/{number}/clarification", {"text": "The second."}, tokens["german"])
        check("answers: it is cleared up", status == 200 and answer(number)["answer"] == "receipt", status)
        work(desk, tokens, case, "claim")
    work(desk, tokens, case, "pause", {"reason": "force_majeure"})
    body = answer(number)
    check("answers: Annex III, force majeure", body["reason"] == "impossible" and "force majeure" in body["text"], body)
    work(desk, tokens, case, "claim")
    work(desk, tokens, case, "decide", {"action": "remove", **FACTS})
    body = lib.wait_for(lambda: next((b for b in [answer(number)] if b["answer"] == "effect"), None))
    check("answers: Annex II: what, when, everywhere", body and body["action"] == "remove" and body["executed"] in body["text"]
          and body["all_member_states"] is True and "Annex II" in body["law"] and "removed" in body["text"], body)
    body = answer(number, query="?language=id")
    check("answers: in another language", "dihapus" in body["text"] and "{" not in body["text"], body)
    check("answers: nobody's name is in it", "Sari" not in str(body), body)
    status, shown, _ = desk.ask("GET", f"/api/notices/{number}", token=tokens["german"])
    status, proof, _ = desk.ask("GET", shown["proof"])
    check("answers: the receipt of the ledger is linked", status == 200 and proof.startswith(b"c2sp.org/tlog-proof@v1\n"),
          shown)
    check("answers: not to others", desk.ask("GET", f"/api/notices/{number}/answer", token=tokens["authority"])[0] == 404)
    check("answers: a wrong language", desk.ask("GET", f"/api/notices/{number}/answer?language=%00", token=tokens["german"])
          [0] == 400)

    number, case = filed(order("@kabar/11", countries=["ID"]), "authority")
    work(desk, tokens, case, "claim")
    work(desk, tokens, case, "decide", {"action": "restrict", "countries": ["ID"], **FACTS})
    body = lib.wait_for(lambda: next((b for b in [answer(number, "authority")] if b["answer"] == "effect"), None))
    check("answers: effect of an order, in its language", body and body["countries"] == ["ID"] and
          body["law"].endswith("Article 9(1)") and "aksesnya ditutup (ID)" in body["text"], body)
    desk.ask("POST", f"/api/cases/{case}/reverse", FACTS, tokens["lead"])
    body = answer(number, "authority")
    check("answers: lifted again", body["answer"] == "no_effect" and body["action"] == "reverse" and
          body["ground"] == FACTS["ground"], body)

    number, case = filed(notice("@kabar/12"), "flagger")
    work(desk, tokens, case, "claim")
    work(desk, tokens, case, "decide", {"action": "dismiss", **FACTS})
    body = answer(number, "flagger")
    check("answers: nothing was done, and why", body["answer"] == "no_effect" and FACTS["ground"] in body["text"] and
          FACTS["facts"] not in str(body), body)


def told_in_the_chat(desk, tokens, data, messenger):
    """An order that came by the liaison chat: Annex III and II go back there, word for word as the document has them."""
    status, body, _ = desk.ask("POST", "/api/notices", removal("@kabar/15"), tokens["german"])
    number, case = body["notice"], body["case"]
    lib.change(data, f"INSERT INTO notice_chats (notice, chat, language) VALUES ({number}, -100777, 'en')")

    def told(what):
        """The letter of the document is said."""
        text = desk.ask("GET", f"/api/notices/{number}/answer?language=en", token=tokens["german"])[1]["text"]
        said = lib.wait_for(lambda: [m["text"] for m in messenger.said if str(m["chat_id"]) == "-100777" and
                                     m["text"].startswith(text)])
        check(f"told: {what}", said and what in said[0], (text, said))

    work(desk, tokens, case, "claim")
    work(desk, tokens, case, "pause", {"reason": "force_majeure"})
    told("force majeure")
    work(desk, tokens, case, "claim")
    work(desk, tokens, case, "pause", {"reason": "manifest_error", "question": "Which?"})
    told("manifest errors")
    work(desk, tokens, case, "claim")
    work(desk, tokens, case, "decide", {"action": "remove", **FACTS})
    lib.wait_for(lambda: desk.ask("GET", f"/api/notices/{number}/answer", token=tokens["german"])[1]["answer"] == "effect")
    told("Annex II")


def own_notices(desk, tokens):
    def listed(query="", token="german"):
        status, body, _ = desk.ask("GET", f"/api/notices{query}", token=tokens[token])
        check(f"own: {query}", status == 200, body)
        return body

    mine = listed()["notices"]
    check("own: newest first, all one's own", len(mine) == 2 and [n["subject"] for n in mine] == ["@kabar/10", "@kabar/3"],
          mine)
    check("own: by form", [n["subject"] for n in listed("?form=tco")["notices"]] == ["@kabar/10"])
    check("own: by state", [n["subject"] for n in listed("?state=open")["notices"]] == ["@kabar/3"])
    check("own: by category", listed("?category=fraud")["notices"] == [])
    check("own: a moderator has none", listed(token="moderator")["notices"] == [])
    for post in range(1, 121):
        desk.ask("POST", "/api/notices", notice(f"@other_one/{post % 40 + 1}"), tokens["second_flagger"])
    first = listed(token="second_flagger")
    rest = listed(f"?before={first['next']}", token="second_flagger")
    numbers = [n["notice"] for n in first["notices"] + rest["notices"]]
    check("own: in pages", len(first["notices"]) == 100 and len(rest["notices"]) == 20 and rest["next"] is None and
          numbers == sorted(numbers, reverse=True) and len(set(numbers)) == 120, (first["next"], len(numbers)))


def holds(desk, tokens, data):
    """Regulation (EU) 2021/784, Article 6; that the end of evidence obeys is tests/unit/desk/test_clocks.c's."""
    number = desk.ask("POST", "/api/notices", removal("@kabar/20"), tokens["german"])[1]["notice"]

    def hold(token, body, about=number):
        return desk.ask("POST", f"/api/notices/{about}/hold", body, tokens[token])

    status, first, _ = hold("german", {"reasons": "Proceedings 7/2026"})
    check("holds: six months", status == 200 and lib.ISO_TIME.match(first["held_until"]), first)
    status, body, _ = hold("german", {"reasons": "Longer", "days": 366})
    check("holds: longer on request", status == 200 and body["held_until"] > first["held_until"], body)
    status, again, _ = hold("lead", {"reasons": "A letter of the court", "days": 1})
    check("holds: never shorter", status == 200 and again["held_until"] == body["held_until"], again)
    for about in (f"/api/notices/{number}", f"/api/cases/{body['case']}"):
        shown = desk.ask("GET", about, token=tokens["german" if "notices" in about else "moderator"])[1]
        check(f"holds: {about} shows it", shown["held_until"] == body["held_until"], shown)
    for days in (0, -1, 367, "5", 1.5, 10 ** 19):
        status, answer, _ = hold("german", {"reasons": "R", "days": days})
        check(f"holds: not for {days} days", status in (400, 422), answer)
    check("holds: reasons are asked for", hold("german", {})[1]["missing"] == ["reasons"])
    check("holds: not about others' notices", hold("authority", {"reasons": "R"})[0] == 404)
    check("holds: not for a flagger", hold("flagger", {"reasons": "R"})[0] == 403)
    lib.change(data, "UPDATE case_clocks SET evidence = 0 WHERE case_id = 1")
    lib.change(data, "UPDATE cases SET state = 'closed' WHERE id = 1")
    first = rows(data, "SELECT id FROM notices WHERE case_id = 1")[0][0]
    check("holds: not of what is gone", hold("lead", {"reasons": "R"}, first)[0] == 409)


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        tokens["german"] = run("authority", "add", "--data", data, "--name", "BKA", "--country", "DE").stdout.strip()
        tokens["second_flagger"] = lib.grant(data, "flagger", "Another group")
        fields(desk, tokens)
        countries(desk, tokens, data)
        private_looks_like_nothing(desk, tokens)
        answers(desk, tokens)
        own_notices(desk, tokens)
        holds(desk, tokens, data)
        told_in_the_chat(desk, tokens, data, messenger)
