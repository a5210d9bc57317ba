# SPDX-License-Identifier: Apache-2.0
"""People of the desk: the first sign-in, passwords and one-time codes, sessions, limits, scope, the log."""
import base64
import hashlib
import hmac
import http.client
import json
import re
import struct
import time

import lib
from lib import check, notice, run, understood

PASSWORD = "correct horse battery"


def add(data, role, sign_in, *more):
    result = run("desk", "person", "add", "--data", data, "--role", role, "--sign-in", sign_in, "--name", sign_in.title(),
                 *more)
    check(f"people: add {role} {sign_in}", result.returncode == 0 and len(result.stdout.strip()) == 43, result)
    return int(re.search(r"person (\d+)", result.stderr).group(1)), result.stdout.strip()


def totp(secret, step=None):
    step = int(time.time()) // 30 if step is None else step
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[19] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


def ask_from(desk, address, method, path, body=None, headers=None):
    """From another address of this machine: as another place is seen."""
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=60, source_address=(address, 0))
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers or {})
        answer = connection.getresponse()
        return answer.status, understood(method, path, answer, answer.read()), answer
    finally:
        connection.close()


def sign_in(desk, name, address="127.0.0.1", **fields):
    headers = {"X-Lontar-Desk": "1"} if fields.get("cookie") else None
    answers = []

    def taken():
        """The desk looks at some passwords a second: a fast machine is told to try again in a second."""
        answers.append(ask_from(desk, address, "POST", "/api/session", {"sign_in": name, **fields}, headers))
        return not lib.is_moment(answers[-1][2])
    lib.wait_for(taken)
    return answers[-1]


spent = {}  # the code that each second factor was confirmed with


def step_before():
    """The step before this one, which is not about to end: the desk takes its code for some seconds more."""
    lib.wait_for(lambda: time.time() % 30 < 18)
    return int(time.time()) // 30 - 1


def enrol(desk, token):
    """(secret, recovery codes); the code of the step before was used for it."""
    secret = desk.ask("POST", "/api/me/totp", {"password": PASSWORD}, token)[1]["secret"]
    spent[secret] = totp(secret, step_before())
    status, body, _ = desk.ask("POST", "/api/me/totp/confirm", {"code": spent[secret]}, token)
    check("people: a second factor is confirmed", status == 200 and len(body["recovery_codes"]) == 10, body)
    return secret, body["recovery_codes"]


def start(desk, secret, name):
    """A session of somebody new, with a second factor."""
    token = sign_in(desk, name, secret=secret, password=PASSWORD)[1]["session"]
    return token, *enrol(desk, token)


def test_first(desk, data):
    _, secret = add(data, "moderator", "sari", "--lang", "id,en-GB")
    status, body, _ = sign_in(desk, "sari", secret=secret, password="too short")
    check("people: a short password is refused, and the secret still holds", status == 422, body)
    check("people: a wrong secret", sign_in(desk, "sari", secret="x" * 43, password=PASSWORD)[0] == 401)
    status, body, _ = sign_in(desk, "sari", secret=secret, password=PASSWORD)
    check("people: the first sign-in", status == 201 and len(body["session"]) == 43, body)
    token = body["session"]
    check("people: the secret counts once", sign_in(desk, "sari", secret=secret, password=PASSWORD)[0] == 401)
    status, me, _ = desk.ask("GET", "/api/me", token=token)
    check("people: me", status == 200 and me["role"] == "moderator" and me["must_enrol"] and
          me["languages"] == ["id", "en-GB"], me)
    status, body, _ = desk.ask("GET", "/api/cases", token=token)
    check("people: nobody works without a second factor", status == 403 and "second factor" in body["error"], body)
    check("people: a secret for the authenticator needs the password",
          desk.ask("POST", "/api/me/totp", {"password": "wrong password"}, token)[0] == 403)
    check("people: confirming needs a secret first",
          desk.ask("POST", "/api/me/totp/confirm", {"code": "123456"}, token)[0] == 409)
    status, body, _ = desk.ask("POST", "/api/me/totp", {"password": PASSWORD}, token)
    check("people: the address for an authenticator", status == 200 and re.fullmatch(
        r"otpauth://totp/Lontar:sari\?secret=[A-Z2-7]{32}&issuer=Lontar", body["url"]), body)
    check("people: a wrong code confirms nothing",
          desk.ask("POST", "/api/me/totp/confirm", {"code": "12345"}, token)[0] == 403)
    totp_secret, recovery = enrol(desk, token)
    check("people: and works then", desk.ask("GET", "/api/cases", token=token)[0] == 200)
    return token, totp_secret, recovery


def test_codes(desk, secret, recovery):
    check("people: no code", sign_in(desk, "sari", password=PASSWORD)[0] == 401)
    check("people: a code counts once", sign_in(desk, "sari", password=PASSWORD, code=spent[secret])[0] == 401)
    code = totp(secret)
    status, body, _ = sign_in(desk, "sari", password=PASSWORD, code=code)
    check("people: password and code", status == 201, body)
    check("people: not the same code again", sign_in(desk, "sari", password=PASSWORD, code=code)[0] == 401)
    check("people: a wrong password with a code", sign_in(desk, "sari", password="x" * 12, code=totp(secret))[0] == 401)
    spelled = recovery[0].lower().replace("-", " ")
    status, body, _ = sign_in(desk, "sari", password=PASSWORD, code=spelled)
    check("people: a recovery code, however it is typed", status == 201, body)
    check("people: counts once", sign_in(desk, "sari", password=PASSWORD, code=recovery[0])[0] == 401)
    me = desk.ask("GET", "/api/me", token=body["session"])[1]
    check("people: nine are left", me["recovery_codes"] == 9, me)


def test_guessed_enrolment(desk, data):
    """A session that was stolen before its second factor was confirmed guesses no code."""
    _, secret = add(data, "moderator", "nyoman")
    token = sign_in(desk, "nyoman", secret=secret, password=PASSWORD)[1]["session"]
    secret = desk.ask("POST", "/api/me/totp", {"password": PASSWORD}, token)[1]["secret"]
    near = {totp(secret, int(time.time()) // 30 + step) for step in range(-3, 4)}
    wrong = [code for code in (f"{number:06d}" for number in range(100)) if code not in near][:21]
    answers = [ask_from(desk, "127.0.0.77", "POST", "/api/me/totp/confirm", {"code": code},
                        {"Authorization": f"Bearer {token}"})[0] for code in wrong]
    check("people: codes of a new second factor are not guessed without end", answers == [403] * 20 + [429], answers)
    check("people: nor is the right one taken then", ask_from(
        desk, "127.0.0.77", "POST", "/api/me/totp/confirm", {"code": totp(secret)}, {"Authorization": f"Bearer {token}"})[0] == 429)


def test_sessions(desk, recovery):
    check("people: another site's page signs no browser in", ask_from(
        desk, "127.0.0.1", "POST", "/api/session", {"sign_in": "sari", "password": PASSWORD, "cookie": True})[0] == 403)
    status, body, answer = sign_in(desk, "sari", password=PASSWORD, code=recovery[1], cookie=True)
    cookie = answer.getheader("Set-Cookie") or ""
    check("people: a browser's session is in a cookie alone", status == 201 and "session" not in body and
          re.fullmatch(r"__Host-lontar-desk=[\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict", cookie), (body, cookie))
    kept = {"Cookie": "other=1; " + cookie.split(";")[0]}
    check("people: it reads", desk.ask("GET", "/api/me", headers=kept)[0] == 200)
    check("people: it changes nothing without the header", desk.ask("DELETE", "/api/session", headers=kept)[0] == 403)
    kept["X-Lontar-Desk"] = "1"
    for site in ("cross-site", "same-site"):
        check(f"people: nor from {site}",
              desk.ask("DELETE", "/api/session", headers={**kept, "Sec-Fetch-Site": site})[0] == 403)
    status, _, answer = desk.ask("DELETE", "/api/session", headers={**kept, "Sec-Fetch-Site": "same-origin"})
    check("people: signing out takes the cookie away", status == 200 and "Max-Age=0" in answer.getheader("Set-Cookie"))
    check("people: and ends the session", desk.ask("GET", "/api/me", headers=kept)[0] == 401)
    token = sign_in(desk, "sari", password=PASSWORD, code=recovery[2])[1]["session"]
    other = sign_in(desk, "sari", password=PASSWORD, code=recovery[3])[1]["session"]
    check("people: a new password needs the old one", desk.ask(
        "POST", "/api/me/password", {"password": "not this one", "new_password": "another horse"}, token)[0] == 403)
    check("people: a new password",
          desk.ask("POST", "/api/me/password", {"password": PASSWORD, "new_password": "another horse"}, token)[0] == 200)
    check("people: ends the other sessions", desk.ask("GET", "/api/me", token=other)[0] == 401 and
          desk.ask("GET", "/api/me", token=token)[0] == 200)
    check("people: the old password is none", sign_in(desk, "sari", password=PASSWORD, code=recovery[4])[0] == 401)
    check("people: and took no code", sign_in(desk, "sari", password="another horse", code=recovery[4])[0] == 201)
    return token


def test_ages(desk, data, token):
    person = lib.rows(data, "SELECT id FROM people WHERE sign_in = 'sari'")[0][0]
    lib.change(data, f"UPDATE desk_sessions SET seen_at = seen_at - 1790 WHERE person = {person}")
    check("people: half an hour idle is not over yet", desk.ask("GET", "/api/me", token=token)[0] == 200)
    lib.change(data, f"UPDATE desk_sessions SET seen_at = seen_at - 1801 WHERE person = {person}")
    check("people: then it is", desk.ask("GET", "/api/me", token=token)[0] == 401)
    check("people: and asking again does not bring it back", desk.ask("GET", "/api/me", token=token)[0] == 401)
    now = int(time.time())
    lib.change(data, f"UPDATE desk_sessions SET seen_at = {now}, created_at = {now} - 36001 WHERE person = {person}")
    check("people: ten hours are the longest", desk.ask("GET", "/api/me", token=token)[0] == 401)


def test_places(desk, data, lead):
    _, secret = add(data, "analyst", "dewi")
    token, _, recovery = start(desk, secret, "dewi")
    check("people: from another address", ask_from(
        desk, "127.0.0.9", "GET", "/api/me", headers={"Authorization": f"Bearer {token}"})[0] == 200)
    log = desk.ask("GET", "/api/log", token=lead)[1]
    check("people: a lead does not see the log", "log" not in log, log)
    kinds = [k for (k,) in lib.rows(data, "SELECT kind FROM desk_log ORDER BY seq DESC LIMIT 1")]
    check("people: a second address is noted", kinds == ["second_address"], kinds)
    person = lib.rows(data, "SELECT id FROM people WHERE sign_in = 'dewi'")[0][0]
    status, body, _ = desk.ask("DELETE", f"/api/people/{person}/sessions", token=lead)
    check("people: a lead ends others' sessions", status == 200 and body["ended"] == 1, body)
    check("people: they are over", desk.ask("GET", "/api/me", token=token)[0] == 401)
    check("people: nobody's", desk.ask("DELETE", "/api/people/999/sessions", token=lead)[0] == 404)
    token = sign_in(desk, "dewi", password=PASSWORD, code=recovery[0])[1]["session"]
    check("people: end", run("desk", "person", "end", "--data", data, str(person)).returncode == 0)
    check("people: at once", desk.ask("GET", "/api/me", token=token)[0] == 401)
    check("people: and cannot come back", sign_in(desk, "dewi", password=PASSWORD, code=recovery[1])[0] == 401)
    check("people: end twice", run("desk", "person", "end", "--data", data, str(person)).returncode == 1)


def test_scope(desk, data, tokens):
    person, secret = add(data, "moderator", "tari", "--categories", "fraud", "--countries", "ID")
    token, _, _ = start(desk, secret, "tari")
    cases, notices = {}, {}
    for category, about in (("fraud", "@kabar"), ("terrorism", "@other_one"), ("fraud", "@kabar/7")):
        sent = desk.ask("POST", "/api/notices", notice(about, category=category), tokens["authority"])[1]
        cases[about], notices[about] = sent["case"], sent["notice"]
    listed = [c["subject"] for c in desk.ask("GET", "/api/cases", token=token)[1]["cases"]]
    check("scope: other categories are not listed", sorted(listed) == ["@kabar", "@kabar/7"], listed)
    other = cases["@other_one"]
    check("scope: nor shown, nor claimed", desk.ask("GET", f"/api/cases/{other}", token=token)[0] == 403 and
          desk.ask("POST", f"/api/cases/{other}/claim", token=token)[0] == 403)
    for about, status in (("@kabar", 200), ("@other_one", 404)):
        check(f"scope: the notice about {about}", desk.ask("GET", f"/api/notices/{notices[about]}", token=token)[0] == status)
    for about in ("@kabar", "@kabar/7"):
        check(f"scope: {about} is claimed", desk.ask("POST", f"/api/cases/{cases[about]}/claim", token=token)[0] == 200)
    decide = f"/api/cases/{cases['@kabar']}/decide"
    for name, body in (("everybody", {"action": "remove"}), ("another country", {"action": "restrict", "countries": ["DE"]}),
                       ("one more country", {"action": "restrict", "countries": ["DE", "ID"]})):
        status, answer, _ = desk.ask("POST", decide, {**lib.FACTS, **body}, token)
        check(f"scope: no measure for {name}", status == 403 and "countries" in answer["error"], answer)
    status, answer, _ = desk.ask("POST", decide, {**lib.FACTS, "action": "restrict", "countries": ["ID"]}, token)
    check("scope: within it there is one", status == 200, answer)
    for categories, count in (("fraud", 1), ("terrorism", 0)):
        number, secret = add(data, "lead", f"lead.{categories}", "--categories", categories)
        lead = start(desk, secret, f"lead.{categories}")[0]
        rows = desk.ask("GET", "/api/statements.json", token=lead)[1]["statements"]
        check(f"scope: statements of {categories}", len(rows) == count, rows)
        check("scope: end", run("desk", "person", "end", "--data", data, str(number)).returncode == 0)
    status, answer, _ = desk.ask("POST", f"/api/cases/{cases['@kabar/7']}/decide", {**lib.FACTS, "action": "dismiss"}, token)
    check("scope: dismissing has no country", status == 200, answer)
    case = desk.ask("GET", f"/api/cases/{cases['@kabar']}", token=tokens["lead"])[1]
    check("people: what they did has their name", [e["by"] for e in case["events"] if e["kind"] == "decided"] == ["Tari"], case)
    for who, countries in ((tokens["lead"], ["DE", "ID"]), (token, ["ID"])):
        desk.ask("POST", "/api/notices", notice("@kabar", category="fraud"), tokens["authority"])
        desk.ask("POST", f"/api/cases/{cases['@kabar']}/claim", token=who)
        status, answer, _ = desk.ask("POST", decide, {**lib.FACTS, "action": "restrict", "countries": countries}, who)
        check(f"scope: the same case once more for {countries}", status == 200, answer)
    desk.ask("POST", "/api/notices", notice("@kabar", category="fraud"), tokens["authority"])
    desk.ask("POST", f"/api/cases/{cases['@kabar']}/claim", token=token)
    status, answer, _ = desk.ask("POST", decide, {**lib.FACTS, "action": "dismiss"}, token)
    check("scope: nor is lifted what holds in other countries", status == 403 and "countries" in answer["error"], answer)
    check("people: set", run("desk", "person", "set", "--data", data, str(person), "--categories", "").returncode == 0)
    check("scope: holds at once", desk.ask("GET", f"/api/cases/{other}", token=token)[0] == 200)


def test_guessing(desk, data):
    _, secret = add(data, "lead", "budi")
    sign_in(desk, "budi", secret=secret, password=PASSWORD)

    def tries(name, address, count):
        seen = []
        for _ in range(count):
            time.sleep(0.13)  # the desk looks at eight passwords a second
            seen.append(sign_in(desk, name, address=address, password="wrong password")[0])
        return seen

    answers = {name: sign_in(desk, name, "127.0.1.1", password="wrong password")[:2] for name in ("budi", "nobody")}
    check("people: an unknown name is answered as a known one", answers["budi"] == answers["nobody"] and
          answers["budi"][0] == 401, answers)
    check("people: many wrong passwords shut the name", tries("budi", "127.0.1.2", 20)[-1] == 429)
    status, _, answer = sign_in(desk, "budi", "127.0.1.3", password=PASSWORD)
    check("people: for the right one, too", status == 429 and answer.getheader("Retry-After") == "900")
    check("people: an unknown name as well", tries("nobody", "127.0.1.4", 20)[-1] == 429)
    seen = tries("other", "127.0.1.2", 2)
    check("people: and the address", seen == [401, 429], seen)
    lib.change(data, "UPDATE desk_tries SET since = since - 901")
    time.sleep(0.5)
    check("people: a quarter of an hour later it is open", sign_in(desk, "budi", "127.0.1.3", password=PASSWORD)[0] == 201)


def test_log(desk, data, admin):
    status, body, _ = desk.ask("GET", "/api/log", token=admin)
    kinds = {e["kind"] for e in body["log"]}
    check("log: all kinds", status == 200 and kinds >= {"added", "changed", "ended", "signed_in", "refused", "second_address",
          "signed_out", "sessions_ended", "password", "second_factor"}, kinds)
    check("log: pages", desk.ask("GET", f"/api/log?after={body['log'][-1]['entry']}", token=admin)[1]["log"] == [])
    result = run("desk", "audit", "--data", data)
    check("log: the audit looks at it", result.returncode == 0 and "entries of the desk's log" in result.stdout, result)
    lib.change(data, "UPDATE desk_log SET person = 1 WHERE kind = 'ended'")
    result = run("desk", "audit", "--data", data)
    check("log: an entry that was altered", result.returncode == 1 and "of the desk's log was altered" in result.stdout, result)


def test_secrets(data, secrets):
    raw = b"".join(open(f"{data}/square/square.db{end}", "rb").read() for end in ("", "-wal")) + open(
        f"{data}/desk.log", "rb").read()
    found = [s for s in secrets if s.encode() in raw]
    found += [s for s in secrets if re.fullmatch("[A-Z2-7]{16,32}", s) and base64.b32decode(s) in raw]
    check("people: no secret is stored or logged as it is", not found, found)
    log = open(f"{data}/desk.log", "rb").read()
    check("people: no address in the log", not re.search(rb"127\.0\.[01]\.[1-9]", log.replace(b"127.0.0.1", b"")))


def test_typed(data):
    for args in (["--sign-in", "X"], ["--sign-in", "a b"], ["--sign-in", "ok", "--lang", "e"], ["--sign-in", "ok", "--shifts",
                 "mon 25:00-26:00"], ["--sign-in", "ok", "--categories", "nothing"], ["--sign-in", "ok", "--countries", "XX"],
                 ["--sign-in", "ok", "--regions", "ID-"], ["--sign-in", "sari"], []):
        result = run("desk", "person", "add", "--data", data, "--role", "lead", "--name", "N", *args)
        check(f"people: add {args} is refused", result.returncode == 1 and not result.stdout, result)
    check("people: a role that is none", run("desk", "person", "add", "--data", data, "--role", "king", "--name", "N",
                                             "--sign-in", "ok").returncode == 1)
    listed = run("desk", "person", "list", "--data", data).stdout
    check("people: list", "sari\tmoderator\tSari\tid,en-GB" in listed, listed)


def test():
    with lib.fresh() as (data, desk, tokens, _):
        token, secret, recovery = test_first(desk, data)
        test_typed(data)
        test_codes(desk, secret, recovery)
        session = test_sessions(desk, recovery)
        test_ages(desk, data, session)
        lib.change(data, "DELETE FROM desk_tries")
        time.sleep(2)
        test_places(desk, data, tokens["lead"])
        test_scope(desk, data, tokens)
        _, first = add(data, "admin", "ayu")
        admin, _, _ = start(desk, first, "ayu")
        check("people: an admin sees no case", desk.ask("GET", "/api/cases", token=admin)[0] == 403)
        people = desk.ask("GET", "/api/people", token=admin)[1]["people"]
        check("people: who is here", {p["sign_in"] for p in people} == {"sari", "tari", "ayu"}, people)
        lib.change(data, "DELETE FROM desk_tries")
        time.sleep(2)
        test_guessing(desk, data)
        lib.change(data, "DELETE FROM desk_tries")
        time.sleep(2)
        test_guessed_enrolment(desk, data)
        test_log(desk, data, admin)
        test_secrets(data, [token, secret, recovery[5], recovery[5].replace("-", ""), PASSWORD, first])
