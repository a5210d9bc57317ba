# SPDX-License-Identifier: Apache-2.0
"""Requests that are sent again because nobody heard the answer: an Idempotency-Key lets them happen once."""
import signal

import lib
from lib import Desk, change, check, notice, rows


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        def send(method, path, body=None, key="k-1", who="authority"):
            return desk.ask(method, path, body, tokens[who], headers={"Idempotency-Key": key} if key is not None else {})

        def notices():
            return rows(data, "SELECT count(*) FROM notices")[0][0]

        first = send("POST", "/api/notices", notice("@kabar/1"))
        check("repeats: the first time", first[0] == 201, first)
        again = send("POST", "/api/notices", notice("@kabar/1"))
        check("repeats: answered as the first time, and filed once", again[:2] == first[:2] and notices() == 1, again)
        check("repeats: quotes don't make it another key",
              send("POST", "/api/notices", notice("@kabar/1"), '"k-1"')[:2] == first[:2] and notices() == 1)
        other = send("POST", "/api/notices", notice("@kabar/2"))
        check("repeats: a key is not for another request", other[0] == 422 and notices() == 1, other)
        check("repeats: keys are each sender's own",
              send("POST", "/api/notices", notice("@kabar/1"), who="flagger")[0] == 201 and notices() == 2)
        check("repeats: without a key each is its own",
              send("POST", "/api/notices", notice("@kabar/1"), None)[0] == 201 and notices() == 3)
        for bad in ("", "a" * 101, "two words", 'a"b'):
            check(f"repeats: {bad[:12]!r} is no key", send("POST", "/api/notices", notice("@kabar/1"), bad)[0] == 400)
        refused = send("POST", "/api/notices", notice("@nobody_here"), "k-2")
        check("repeats: a refusal is counted once",
              send("POST", "/api/notices", notice("@nobody_here"), "k-2")[:2] == refused[:2] and
              rows(data, "SELECT sum(count) FROM desk_refusals")[0][0] == 1, refused)
        claimed = send("POST", "/api/cases/1/claim", None, "k-3", "moderator")
        check("repeats: a claim too", claimed[0] == 200 and
              send("POST", "/api/cases/1/claim", None, "k-3", "moderator")[:2] == claimed[:2])
        held = send("POST", "/api/cases/1/claim", None, "k-5", "second")
        check("repeats: a refusal that passes is not kept", held[0] == 409 and
              desk.ask("POST", "/api/cases/1/release", token=tokens["moderator"])[0] == 200 and
              send("POST", "/api/cases/1/claim", None, "k-5", "second")[0] == 200 and
              desk.ask("POST", "/api/cases/1/release", token=tokens["second"])[0] == 200 and
              desk.ask("POST", "/api/cases/1/claim", token=tokens["moderator"])[0] == 200, held)
        stored = rows(data, "SELECT sealed_answer FROM desk_repeats")
        check("repeats: what is kept is sealed", stored and not any(b"kabar" in bytes(row[0]) for row in stored), stored)
        decide = {"action": "remove", **lib.FACTS}
        done = send("POST", "/api/cases/1/decide", decide, "k-4", "moderator")
        check("repeats: a decision", done[0] == 200 and done[1]["order"]["state"] == "executed", done)
        desk.stop(signal.SIGKILL)
        desk = Desk(data, messenger.port)
        again = send("POST", "/api/cases/1/decide", decide, "k-4", "moderator")
        check("repeats: over a restart, with the order as it is now", again[:2] == done[:2] and
              rows(data, "SELECT count(*) FROM orders")[0][0] == 1, again)
        change(data, "UPDATE desk_repeats SET created_at = created_at - 86401")
        check("repeats: forgotten after a day",
              send("POST", "/api/notices", notice("@kabar/2"))[0] == 201 and
              rows(data, "SELECT count(*) FROM desk_repeats")[0][0] == 1)
        desk.stop(signal.SIGKILL)
