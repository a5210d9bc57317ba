# SPDX-License-Identifier: Apache-2.0
"""Requests signed with a key of a grant (RFC 9421), made as docs/desk-api.md shows it: by openssl alone."""
import base64
import hashlib
import json
import os
import subprocess
import time

import lib
from lib import check, notice, run

counter = 0


def key_pair(folder, name):
    private, public = f"{folder}/{name}.key", f"{folder}/{name}.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    return private, public


def signed(desk, private, method, path, body=None, keyid="key-1", created=None, nonce=True, sent=None, host=None, **more):
    """The answer to a signed request. sent: the body that is sent instead of the one that was signed."""
    global counter
    counter += 1
    text = json.dumps(body).encode() if body is not None else b""
    path, _, query = path.partition("?")
    covered = {"@method": method, "@authority": (host or f"127.0.0.1:{desk.port}").lower(), "@path": path}
    headers = {"Host": host} if host else {}
    if query:
        covered["@query"] = "?" + query
    if text:
        headers["Content-Digest"] = f"sha-256=:{base64.b64encode(hashlib.sha256(text).digest()).decode()}:"
        covered["content-digest"] = headers["Content-Digest"]
    params = "(" + " ".join(f'"{name}"' for name in covered) + f");created={created or int(time.time())};keyid=\"{keyid}\""
    if nonce:
        params += f';nonce="{nonce if nonce is not True else counter}"'
    base = "".join(f'"{name}": {value}\n' for name, value in covered.items()) + f'"@signature-params": {params}'
    file = f"{os.path.dirname(private)}/base"
    with open(file, "w") as out:
        out.write(base)
    raw = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", private, "-in", file], check=True,
                         capture_output=True).stdout
    headers |= {"Signature-Input": f"sig={params}", "Signature": f"sig=:{base64.b64encode(raw).decode()}:"}
    return desk.ask(method, path + ("?" + query if query else ""), raw=sent or text or None, headers=headers, **more)


def test_for_another():
    """What an authority signs for another server is not taken here."""
    with lib.fresh() as (data, desk, _, messenger):
        mine, public = key_pair(data, "mine")
        run("authority", "edit", "--data", data, "1", "--key", public)

        def asked(host=None):
            status, body, _ = signed(desk, mine, "GET", "/api/sop", host=host)
            return status, body.get("error")

        check("signed: for localhost", asked()[0] == 200 and asked(f"localhost:{desk.port}")[0] == 200)
        for host in ("desk.example", "127.0.0.1.desk.example", "localhost.example:80"):
            status, why = asked(host)
            check(f"signed: for {host}, by a desk without an address", status == 401 and "no address" in why, why)
        desk.stop()
        with open(f"{data}/desk/sop.ini") as f:
            sop = f.read()
        with open(f"{data}/desk/sop.ini", "w") as f:
            f.write(sop.replace("\naddress =\n", "\naddress = https://Desk.example/\n"))
        desk = lib.Desk(data, messenger.port)
        for host in ("desk.example", "DESK.Example", "desk.example:443"):
            check(f"signed: for its address as {host}", asked(host)[0] == 200, asked(host))
        for host in (None, "desk.example:444", "desk.example.org", "other.example", "desk.example:80"):
            status, why = asked(host)
            check(f"signed: not for {host or 'localhost'}", status == 401 and "another @authority" in why, why)
        desk.stop()


def test():
    test_for_another()
    with lib.fresh() as (data, desk, tokens, _):
        def edit(role, number, *more):
            return run(role, "edit", "--data", data, str(number), *more)

        mine, public = key_pair(data, "mine")
        other, other_public = key_pair(data, "other")
        made = edit("authority", 1, "--key", public)
        check("signed: a key is given to an authority", made.returncode == 0 and made.stdout == "key-1\n", made)
        made = edit("flagger", 2, "--key", other_public)
        check("signed: another to a flagger", made.stdout == "key-2\n", made)
        check("signed: a private key is none", edit("authority", 1, "--key", mine).returncode == 1)
        check("signed: no key without an authority", edit("authority", 2, "--key", public).returncode == 1 and
              edit("authority", 99, "--key", public).returncode == 1)
        listed = run("authority", "show", "--data", data, "1").stdout
        check("signed: it is shown", "key-1\t" in listed and "key-2" not in listed, listed)

        status, body, _ = signed(desk, mine, "POST", "/api/notices", notice("@kabar/3"))
        check("signed: a notice", status == 201 and body["case"] == 1, body)
        reporter = lib.rows(data, "SELECT reporter FROM notices")
        check("signed: it is the grant's", reporter == [(1,)], reporter)
        status, body, _ = signed(desk, mine, "GET", f"/api/notices/{body['notice']}", nonce=False)
        check("signed: reading needs no nonce", status == 200 and body["subject"] == "@kabar/3", body)
        status, body, _ = signed(desk, other, "GET", "/api/sop?x=1", keyid="key-2")
        check("signed: a query is covered", status == 200 and body["categories"], body)
        status, body, _ = signed(desk, mine, "GET", "/api/cases")
        check("signed: the role's rights hold", status == 403, body)

        now = int(time.time())
        for name, why, more in (
                ("a key that is not his", "does not fit", {"keyid": "key-2"}),
                ("an unknown key", "no key", {"keyid": "key-9"}),
                ("an old signature", "older", {"created": now - 400}),
                ("one of the future", "future", {"created": now + 400}),
                ("none without a nonce", "nonce", {"nonce": False}),
                ("another body", "content-digest", {"sent": b'{"subject": "@kabar/4"}'})):
            status, body, answer = signed(desk, mine, "POST", "/api/notices", notice("@kabar/5"), **more)
            check(f"signed: {name} is refused", status == 401 and why in body["error"], body)
        status, body, _ = signed(desk, mine, "POST", "/api/notices", notice("@kabar/5"), token=tokens["authority"])
        check("signed: a token beside it is refused", status == 400, body)
        first = signed(desk, mine, "POST", "/api/notices", notice("@kabar/6"), nonce="once")
        again = signed(desk, mine, "POST", "/api/notices", notice("@kabar/6"), nonce="once")
        check("signed: a request can't be repeated", first[0] == 201 and again[0] == 401 and
              "used before" in again[1]["error"], again)
        check("signed: half of the headers is refused",
              desk.ask("GET", "/api/sop", headers={"Signature": "sig=:AAAA:"})[0] == 401)
        check("signed: what was refused left nothing", lib.rows(data, "SELECT count(*) FROM notices") == [(2,)])

        check("signed: a second key of one grant", edit("authority", 1, "--key", other_public).stdout == "key-3\n")
        check("signed: the old one ends", edit("authority", 1, "--end-key", "key-1").returncode == 0 and
              edit("authority", 1, "--end-key", "key-1").returncode == 1 and
              edit("authority", 1, "--end-key", "key-2").returncode == 1)
        status, body, _ = signed(desk, mine, "GET", "/api/sop")
        check("signed: it is refused at once", status == 401 and "ended" in body["error"], body)
        check("signed: the new one serves", signed(desk, other, "GET", "/api/sop", keyid="key-3")[0] == 200)
        run("authority", "end", "--data", data, "1")
        status, body, _ = signed(desk, other, "GET", "/api/sop", keyid="key-3")
        check("signed: until the grant is revoked", status == 401 and "revoked" in body["error"], body)
