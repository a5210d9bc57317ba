# SPDX-License-Identifier: Apache-2.0
"""The auditor's command: all of it holds beside a running desk, and each promise that is broken is named."""
import os
import shutil
import sqlite3
import tempfile

import lib
from lib import check, notice, run

# What is done to the square or the ledger, and what the audit must say of it.
BROKEN = (
    ("an event that was rewritten", "UPDATE case_events SET data = replace(data, 'attack', 'picnic') WHERE kind = 'decided'",
     "was altered"),
    ("an event that was taken out", "DELETE FROM case_events WHERE kind = 'claimed'", "lacks event"),
    ("a case that was changed by hand", "UPDATE cases SET met = 1 - met WHERE id = 1",
     "case 1 is not what its events amount to"),
    ("a case that is gone", "DELETE FROM cases WHERE id = 2", "case 2 is not what its events amount to"),
    ("a decision by an authority", "UPDATE desk_grants SET role = 'authority' WHERE role = 'moderator'", "might not decide"),
    ("a decision by who was revoked", "UPDATE desk_grants SET revoked_at = 1 WHERE role = 'moderator'", "might not"),
    ("a decision by nobody", "DELETE FROM desk_grants WHERE role = 'moderator'", "is by nobody"),
    ("a case that was reopened without an appeal", "UPDATE case_events SET kind = 'reopened' WHERE kind = 'reversed'",
     "reopened without an appeal"),
    ("a case that was reopened by an authority", "UPDATE case_events SET kind = 'reopened' WHERE kind = 'noticed'",
     "might not decide appeals"),
    ("an execution by somebody", "UPDATE case_events SET actor = 3 WHERE kind = 'executed'", "the desk does that"),
    ("a kind that there is not", "UPDATE case_events SET kind = 'danced' WHERE kind = 'reversed'", "of no kind that there is"),
    ("a proposal without a claim", "UPDATE case_events SET kind = 'proposed' WHERE kind = 'reversed'",
     "proposed without a claim"),
    ("a second look that nobody began", "UPDATE case_events SET kind = 'reviewed' WHERE kind = 'reversed'",
     "a second look that there is not"),
    ("an order that the ledger does not have", "DELETE FROM ledger WHERE leaf = 1", "order 2 is not in the ledger"),
    ("an entry that says otherwise", "UPDATE ledger SET entry = replace(entry, 'restrict', 'restore') WHERE leaf = 1",
     "says otherwise"),
    ("an entry of no order", "DELETE FROM statements WHERE order_id = 1", "is of no order"),
    ("evidence that is gone", "DELETE FROM evidence WHERE case_id = 1", "evidence of case 1 is to be held, and gone"),
    ("an order that waits", "UPDATE orders SET executed_at = NULL, created_at = 1 WHERE id = 1",
     "order 1 waits to be executed"),
)


def decide(desk, tokens, about, **body):
    case = desk.ask("POST", "/api/notices", notice(about), tokens["authority"])[1]["case"]
    desk.ask("POST", f"/api/cases/{case}/claim", token=tokens["moderator"])
    return desk.ask("POST", f"/api/cases/{case}/decide", {**lib.FACTS, **body}, tokens["moderator"])[0]


def audit(data):
    return run("desk", "audit", "--data", data)


def broken(data, name, sql, said):
    copy = f"{data}-broken"
    shutil.copytree(data, copy)
    db = sqlite3.connect(f"{copy}/square/square.db")
    with db:
        db.execute(sql)
    db.close()
    result = audit(copy)
    check(f"audit: {name}", result.returncode == 1 and said in result.stdout and "FAILED" in result.stdout, result)
    shutil.rmtree(copy)


def test_never_started():
    with tempfile.TemporaryDirectory(prefix="lontar-desk-") as data:
        lib.begin(data)[1].server.server_close()
        result = audit(data)
        check("audit: a desk that was never started has no ledger yet", result.returncode == 0 and "no ledger yet" in result.stdout, result)


def test():
    test_never_started()
    with lib.fresh() as (data, desk, tokens, _):
        check("audit: of a desk that did nothing yet", audit(data).returncode == 0, audit(data))
        check("audit: a post is removed", decide(desk, tokens, "@kabar/1", action="remove") == 200)
        check("audit: a channel is restricted",
              decide(desk, tokens, "@kabar", action="restrict", countries=["ID"]) == 200)
        check("audit: a notice is dismissed", decide(desk, tokens, "@other_one", action="dismiss") == 200)
        check("audit: and one reversed", desk.ask("POST", "/api/cases/2/reverse", lib.FACTS, tokens["lead"])[0] == 200)
        lib.wait_for(lambda: lib.rows(data, "SELECT count(*) FROM statements WHERE executed_at IS NULL") == [(0,)])
        check("audit: evidence is held", desk.ask("POST", "/api/notices/1/hold", {"reasons": "Prosecution 7/2026"},
                                                  tokens["authority"])[0] == 200)
        result = audit(data)
        check("audit: all of it holds, beside the running desk", result.returncode == 0 and
              "all of it holds" in result.stdout and "3 orders, 3 entries" in result.stdout and
              "1 requests to hold evidence" in result.stdout, result)
        desk.stop()
        for name, sql, said in BROKEN:
            broken(data, name, sql, said)
        tile = f"{data}/desk/ledger/tile/0/000.p/3"
        with open(tile, "r+b") as f:
            first = f.read(1)[0]
            f.seek(0)
            f.write(bytes([first ^ 1]))
        result = audit(data)
        check("audit: a file of the ledger that was altered", result.returncode == 1 and "tile/0/000" in result.stdout, result)
        os.unlink(f"{data}/square/square.db")
        result = audit(data)
        check("audit: of nothing", result.returncode == 1 and "lontar desk" in result.stderr, result)
