# SPDX-License-Identifier: Apache-2.0
"""Authorities and flaggers as the operator keeps them: what they are competent for, who writes for them and from where."""
import json
import re

import lib
import people
from lib import check, notice, rows, run


def competence(data, desk, tokens):
    def limit(role, number, to):
        return run(role, "edit", "--data", data, str(number), "--competence", to)

    others = [c["category"] for c in desk.ask("GET", "/api/sop", token=tokens["lead"])[1]["categories"]
              if c["category"] != "terrorism"]
    check("competence: it is limited", limit("authority", 1, f"{others[0]}, {others[1]}").returncode == 0)
    status, body, _ = desk.ask("POST", "/api/notices", notice("@kabar/1"), tokens["authority"])
    check("competence: a notice outside it is refused", status == 422 and body["missing"] == [] and
          body["invalid"][0]["field"] == "category" and "competence" in body["error"], body)
    check("competence: it left nothing but the count", rows(data, "SELECT count(*) FROM notices") == [(0,)] and
          rows(data, "SELECT lane, reason, count FROM desk_refusals") == [("authority", "competence", 1)])
    status, body, _ = desk.ask("POST", "/api/notices", notice("@kabar/1", category=others[1]), tokens["authority"])
    check("competence: one inside is taken", status == 201, body)
    check("competence: others are not limited",
          desk.ask("POST", "/api/notices", notice("@kabar/2"), tokens["flagger"])[0] == 201)
    for name, role, number, to in (("an unknown category", "authority", 1, "terrorism,nothing"),
                                   ("an empty one", "authority", 1, "terrorism,,spam"), ("no category", "authority", 1, ""),
                                   ("a moderator", "authority", 3, "terrorism"), ("nobody", "authority", 99, "terrorism"),
                                   ("an authority, as a flagger", "flagger", 1, "terrorism")):
        result = limit(role, number, to)
        check(f"competence: not of {name}", result.returncode == 1 and result.stderr, result)
    check("competence: what failed changed nothing",
          rows(data, "SELECT count(*) FROM desk_competences WHERE grant_id = 1") == [(2,)])
    check("competence: it is lifted", limit("authority", 1, "any").returncode == 0 and
          desk.ask("POST", "/api/notices", notice("@kabar/3"), tokens["authority"])[0] == 201)


def contacts(data):
    def edit(number, *more):
        return run("authority", "edit", "--data", data, str(number), *more)

    made = edit(1, "--name", "Kementerian Baru", "--officer", "Siti = Rahayu=@Siti_R", "--officer", "Budi=123456",
                "--mail", "Desk@Ministry.Example", "--liaison-code")
    check("contacts: they are taken", made.returncode == 0 and re.fullmatch(r"/bind [A-Z2-7]{16}\n", made.stdout), made)
    shown = run("authority", "show", "--data", data, "1").stdout
    check("contacts: they are shown", "Kementerian Baru" in shown and "officer 1\tSiti = Rahayu\t@siti_r\n" in shown and
          "officer 2\tBudi\taccount 123456\n" in shown and "mail\tdesk@ministry.example\n" in shown, shown)
    check("contacts: the code itself is kept nowhere", made.stdout.split()[1].encode() not in
          open(f"{data}/square/square.db", "rb").read())
    for name, more, why in (
            ("an officer without an account", ("--officer", "Siti"), "an officer is"),
            ("an officer without a name", ("--officer", "=@siti_r"), "an officer is"),
            ("an officer of no number", ("--officer", "Siti=-5"), "an officer is"),
            ("an officer of a bad name", ("--officer", "Siti=@a b c d"), "an officer is"),
            ("half an address", ("--mail", "desk@"), "no e-mail address"),
            ("two addresses", ("--mail", "a@b.example, c@d.example"), "no e-mail address"),
            ("its own address again", ("--mail", "DESK@ministry.example"), "already"),
            ("no country", ("--country", ""), "has a country"),
            ("a country that is none", ("--country", "Indonesia"), "ISO 3166"),
            ("an empty name", ("--name", " "), "the name has"),
            ("a key that is no file", ("--key", f"{data}/nothing.pem"), "nothing.pem"),
            ("an end of what it has not", ("--end-mail", "x@y.example"), "has no address"),
            ("an end of a stranger's officer", ("--end-officer", "9"), "no officer"),
            ("an end of a chat", ("--end-chat", "-100"), "no liaison chat")):
        result = edit(1, "--name", "Changed", *more)
        check(f"contacts: not {name}", result.returncode == 1 and why in result.stderr, result)
    check("contacts: what failed changed nothing", run("authority", "show", "--data", data, "1").stdout == shown)
    other = run("authority", "add", "--data", data, "--name", "Other", "--country", "DE", "--mail", "desk@ministry.example")
    check("contacts: nobody takes another's address", other.returncode == 1 and "already" in other.stderr, other)
    check("contacts: and who failed is not there", "Other" not in run("authority", "list", "--data", data).stdout)
    check("contacts: they end", edit(1, "--end-officer", "1", "--end-mail", "desk@ministry.example").returncode == 0)
    shown = run("authority", "show", "--data", data, "1").stdout
    check("contacts: and are gone", "siti" not in shown.lower() and "mail" not in shown and "Budi" in shown, shown)


def officers_who_sign_in(data, desk, tokens):
    """What an officer sends is the authority's; all of its officers see it, and their names stay with what they did."""
    def officer(name, *more):
        return run("desk", "person", "add", "--data", data, "--role", "authority", "--sign-in", name, "--name", name, *more)

    for name, more in (("of nobody", ()), ("of a flagger", ("--of", "2")), ("of a word", ("--of", "x")),
                       ("of who is not there", ("--of", "99"))):
        result = officer("nobody", *more)
        check(f"officers: not {name}", result.returncode == 1 and "--of NUMBER" in result.stderr, result)
    result = run("desk", "person", "add", "--data", data, "--role", "lead", "--sign-in", "lead", "--name", "L", "--of", "1")
    check("officers: a lead is none", result.returncode == 1 and "--of" in result.stderr, result)
    sessions = {}
    for name in ("siti", "budi"):
        made = officer(name, "--of", "1")
        sessions[name], _, _ = people.start(desk, made.stdout.strip(), name)
    status, body, _ = desk.ask("POST", "/api/notices", notice("@kabar/21"), sessions["siti"])
    check("officers: one sends a notice", status == 201, body)
    number = body["notice"]
    check("officers: it is the authority's", rows(data, f"SELECT reporter, lane FROM notices WHERE id = {number}") ==
          [(1, "authority")])
    siti = rows(data, "SELECT id FROM people WHERE sign_in = 'siti'")[0][0]
    event = rows(data, f"SELECT actor, data FROM case_events WHERE case_id = {body['case']} AND kind = 'noticed'")[0]
    check("officers: the record has who did it", event[0] == 1 and json.loads(event[1])["officer"] == siti, event)
    for name, token in (("a colleague", sessions["budi"]), ("the authority's program", tokens["authority"])):
        status, body, _ = desk.ask("GET", f"/api/notices/{number}", token=token)
        check(f"officers: {name} sees it", status == 200 and body["subject"] == "@kabar/21", body)
        check(f"officers: and lists it ({name})", number in [n["notice"] for n in desk.ask(
            "GET", "/api/notices", token=token)[1]["notices"]])
    status, body, _ = desk.ask("GET", f"/api/notices/{number}/answer", token=sessions["budi"])
    check("officers: and its answer", status == 200 and body["answer"] == "receipt", body)
    check("officers: a flagger does not", desk.ask("GET", f"/api/notices/{number}", token=tokens["flagger"])[0] == 404)
    me = desk.ask("GET", "/api/me", token=sessions["siti"])[1]
    check("officers: it says whose they are", me["acts_for"] == 1, me)
    run("authority", "edit", "--data", data, "1", "--competence", "fraud")
    status, body, _ = desk.ask("POST", "/api/notices", notice("@kabar/22"), sessions["siti"])
    check("officers: the authority's competence is theirs", status == 422 and "competence" in body["error"], body)
    check("officers: no key signs for a person", run("authority", "edit", "--data", data, str(siti), "--name", "X")
          .returncode == 1)
    check("officers: the audit holds", run("desk", "audit", "--data", data).returncode == 0)
    run("authority", "end", "--data", data, "1")
    check("officers: they end with the authority", desk.ask("GET", "/api/me", token=sessions["siti"])[0] == 401)


def tokens_of_it(data, desk, tokens):
    made = run("flagger", "edit", "--data", data, "2", "--new-token")
    check("a new token is printed alone", made.returncode == 0 and len(made.stdout.strip()) == 43, made)
    check("the old one is refused", desk.ask("GET", "/api/sop", token=tokens["flagger"])[0] == 401)
    check("the new one serves", desk.ask("GET", "/api/sop", token=made.stdout.strip())[0] == 200)
    check("it ends", run("flagger", "end", "--data", data, "2").returncode == 0 and
          desk.ask("GET", "/api/sop", token=made.stdout.strip())[0] == 401)
    check("it ends once", run("flagger", "end", "--data", data, "2").returncode == 1)
    kinds = [(kind, person) for kind, person in rows(data, "SELECT kind, person FROM desk_log ORDER BY seq")]
    check("all of it is in the log, without words", ("added", 1) in kinds and ("changed", 1) in kinds and
          ("secret", 2) in kinds and ("ended", 2) in kinds, kinds)
    text = "".join(row[0] for row in rows(data, "SELECT data FROM desk_log"))
    check("and nobody's name or address", "Siti" not in text and "ministry" not in text, text)


def usage(data):
    for role in ("authority", "flagger"):
        for args in ((), ("add",), ("list",), ("show",), ("edit",), ("end",)):
            result = run(role, *args, "--help")
            check(f"help: {role} {' '.join(args)}", result.returncode == 0 and f"Example: lontar {role} " in result.stdout and
                  "%" not in result.stdout, result)
        for args in ((), ("wrong",), ("show", "--data", data), ("show", "--data", data, "x"), ("list",),
                     ("end", "--data", data, "1", "2")):
            result = run(role, *args)
            check(f"usage: {role} {' '.join(args)}", result.returncode == 2 and not result.stdout, result)
        refused = run("desk", "grant", "--data", data, "--role", role, "--name", "N")
        check(f"usage: no bare token for {role}", refused.returncode == 1 and f"lontar {role} add" in refused.stderr, refused)
    check("usage: an authority has a country",
          "has a country" in run("authority", "add", "--data", data, "--name", "N").stderr)


def test():
    with lib.fresh() as (data, desk, tokens, _):
        competence(data, desk, tokens)
        contacts(data)
        tokens_of_it(data, desk, tokens)
        usage(data)
    with lib.fresh() as (data, desk, tokens, _):
        officers_who_sign_in(data, desk, tokens)
