# SPDX-License-Identifier: Apache-2.0
"""Receipts of the ledger, as an owner or a court uses them: made by the desk and from the files, checked offline."""
import re
import subprocess

import lib
from lib import check, notice, run


def decide(desk, tokens, about, action, **more):
    case = desk.ask("POST", "/api/notices", notice(about), tokens["authority"])[1]["case"]
    desk.ask("POST", f"/api/cases/{case}/claim", token=tokens["moderator"])
    return desk.ask("POST", f"/api/cases/{case}/decide", {"action": action, **lib.FACTS, **more}, tokens["moderator"])[0]


def checked(key, text, *more):
    return subprocess.run([lib.PROGRAM, "ledger", "check", "--key", key, *more, "-"], input=text, capture_output=True,
                          text=True, timeout=60)


def test():
    with lib.fresh() as (data, desk, tokens, _):
        for post in range(1, 6):
            check(f"receipts: an order about post {post}", decide(desk, tokens, f"@kabar/{post}", "remove") == 200)
        check("receipts: an order about the channel",
              decide(desk, tokens, "@kabar", "restrict", countries=["ID"]) == 200)
        key = run("ledger", "key", "--data", data).stdout.strip()
        status, text, _ = desk.ask("GET", "/square/ledger/proof/5")
        text = text.decode()
        check("receipts: the desk makes one", status == 200 and text.startswith("c2sp.org/tlog-proof@v1\n"), text)
        made = run("ledger", "proof", "5", f"{data}/desk/ledger")
        check("receipts: so does who has the files", made.returncode == 0 and made.stdout == text, made)
        result = checked(key, text)
        check("receipts: it holds", result.returncode == 0 and 'action     "restrict"' in result.stdout, result)

        letter = lib.rows(data, "SELECT letter FROM orders ORDER BY id DESC LIMIT 1")[0][0]
        secret = re.search(r"\b[0-9a-f]{64}\b", letter).group()
        result = checked(key, text, "--subject", "channel/1000000001", "--secret", secret)
        check("receipts: the letter's secret opens its subject", result.returncode == 0 and
              "it is about channel/1000000001" in result.stdout, result)
        result = checked(key, text, "--subject", "channel/1000000002", "--secret", secret)
        check("receipts: and no other", result.returncode == 1 and "is not about" in result.stderr, result)
        for name, wrong in (("another number", text.replace("index 5", "index 4")),
                            ("another size", re.sub(r"\n6\n", "\n7\n", text)),
                            ("another entry", re.sub(r"extra \S+", "extra e30=", text)),
                            ("no text at all", "")):
            result = checked(key, wrong)
            check(f"receipts: {name} is refused", result.returncode == 1 and not result.stdout, result)
        other = checked(key.replace("lontar-ledger/", "other-ledger/"), text)
        check("receipts: under another ledger's key it does not hold", other.returncode == 1, other)
        for path in ("6", "-1", "05", "x", "99999999999999999999", ""):
            check(f"receipts: there is none of entry {path!r}",
                  desk.ask("GET", f"/square/ledger/proof/{path}")[0] == 404)
        check("receipts: usage", run("ledger", "check").returncode == 2 and run("ledger", "proof", "x", ".").returncode == 2)
