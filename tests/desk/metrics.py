# SPDX-License-Identifier: Apache-2.0
"""The public figures equal an independent count of what happened, by each way of asking for them."""
import collections
import csv
import io
import itertools
import re
import shutil
import socket
import tempfile

import history
from lib import Desk, FACTS, begin, change, check, fresh, notice, rows, run, wait_for

COUNTS = ("notices", "cases", "removed", "restricted", "labelled", "frozen", "warned", "dismissed", "reversed", "ended",
          "automated", "by_law", "by_terms", "not_executed", "in_time", "late", "paused", "escalated", "appeals_owner", "appeals_reporter",
          "appeals_upheld", "appeals_reversed", "appeals_changed")
TIMES = ("acknowledge", "decide", "act", "appeal")
SPANS = {"day": 10, "month": 7, "year": 4}


def expected(facts, first, last, by, only):
    """{key: row} as the desk should answer."""
    groups = collections.defaultdict(list)
    for fact in facts:
        if first <= fact["day"] <= last and all(fact[k] == v for k, v in only.items()):
            key = tuple(fact["day"][:SPANS[b]] if b in SPANS else fact[b] for b in by)
            groups[key].append(fact)
    out = {}
    for key, group in groups.items():
        row = {name: sum(f["what"] == name for f in group) for name in COUNTS}
        for name in TIMES:
            seconds = [f["seconds"] for f in group if f["what"] == name]
            row[name] = {"count": len(seconds), "median_s": history.percentile(seconds, 50),
                         "p90_s": history.percentile(seconds, 90)}
        taken = sum(row[name] for name in ("removed", "restricted", "labelled", "frozen", "warned", "dismissed"))
        row["error_percent"] = row["reversed"] * 10000 // taken / 100 if taken else None
        out[key] = row
    return out


def compare(desk, facts, first, last, by, **only):
    query = "&".join([f"from={first}", f"to={last}", f"by={','.join(by)}"] + [f"{k}={v}" for k, v in only.items()])
    status, answer, _ = desk.ask("GET", f"/square/metrics.json?{query}")
    wanted = expected(facts, first, last, by, only)
    name = f"figures by {','.join(by) or 'nothing'} {only or ''}"
    if status != 200:
        check(name, False, (status, answer))
        return
    found = {tuple(row[b] for b in by): {k: v for k, v in row.items() if k not in by} for row in answer["rows"]}
    wrong = [(key, wanted.get(key), found.get(key)) for key in set(wanted) | set(found)
             if wanted.get(key) != found.get(key)]
    check(name, not wrong and len(found) == len(answer["rows"]) and found, wrong[:1])
    check(f"{name}: in order", [tuple(row[b] for b in sorted_by(by)) for row in answer["rows"]] ==
          sorted(tuple(row[b] for b in sorted_by(by)) for row in answer["rows"]))


def sorted_by(by):
    order = [*SPANS, "lane", "category", "country", "language", "door"]
    return sorted(by, key=order.index)


def test_history():
    data = tempfile.mkdtemp(prefix="lontar-desk-")
    try:
        begin(data)[1].server.server_close()
        first, last = history.moment(2024, 2, 25), history.moment(2026, 3, 3)
        facts = history.write(data, first, last, 400, seed=6)
        desk = Desk(data)
        whole = ("2024-01-01", "2026-12-31")
        for by in ([], ["day"], ["month"], ["year"], ["lane"], ["category"], ["country"], ["language"], ["door"],
                   ["month", "lane"], ["year", "category", "lane"], ["year", "country", "language"],
                   ["day", "lane", "category", "country", "language"], ["year", "lane", "door"]):
            compare(desk, facts, *whole, by)
        compare(desk, facts, "2024-02-29", "2024-03-31", ["day"])
        compare(desk, facts, *whole, ["year"], lane="authority")
        compare(desk, facts, *whole, ["month"], category="fraud", language="id")
        compare(desk, facts, *whole, ["lane"], country="DE")
        compare(desk, facts, *whole, ["lane"], door="mail")
        test_csv(desk, facts)
        test_questions(desk)
        test_share(desk)
        test_rebuild(desk, data)
        test_pages(desk)
        desk.stop()
    finally:
        shutil.rmtree(data, ignore_errors=True)


def test_csv(desk, facts):
    text = desk.ask("GET", "/square/metrics.csv?from=2024-01-01&to=2026-12-31&by=year,lane")[1].decode()
    table = list(csv.DictReader(io.StringIO(text)))
    wanted = expected(facts, "2024-01-01", "2026-12-31", ["year", "lane"], {})
    found = {(row["span"], row["lane"]): row for row in table if not row["refusal_reason"]}
    check("the CSV says the same", set(found) == set(wanted) and all(
        int(found[k][name]) == wanted[k][name] for k in wanted for name in COUNTS) and all(
        found[k][f"{name}_p90_s"] == ("" if wanted[k][name]["p90_s"] is None else str(wanted[k][name]["p90_s"]))
        for k in wanted for name in TIMES), table[:2])


def test_questions(desk):
    for query in ("from=2024-02-30", "to=x", "from=2024-01-02&to=2024-01-01", "by=moon", "from=1999-01-01&to=2026-01-01",
                  "lane=" + "a" * 50, "from=2024-1-01", "to=9999-99-99"):
        status, answer, _ = desk.ask("GET", f"/square/metrics.json?{query}")
        check(f"figures of {query[:20]}", status == 400 and answer["error"], (status, answer))
    check("figures of what is not there", desk.ask("GET", "/square/metrics.json?category=nothing")[1]["rows"] == [])
    check("as they are asked for by nothing", desk.ask("GET", "/square/metrics.json")[0] == 200)


def test_share(desk):
    """Somebody who asks for everything, each time otherwise, has a tenth of the desk's time."""
    asked = itertools.count(1)

    def refused():
        """Of many at once on one connection: the desk is never the one who waits."""
        lines = "".join(
            f"GET /square/metrics.json?from=2017-01-01&to=2026-12-31&by=day,lane,category,country,language&n={next(asked)} "
            f"HTTP/1.1\r\nHost: desk\r\nConnection: {'close' if last else 'keep-alive'}\r\n\r\n" for last in [False] * 49 + [True])
        with socket.create_connection(("127.0.0.1", desk.port), timeout=60) as line:
            line.sendall(lines.encode())
            return re.search(rb"HTTP/1.1 503 [^\r]*\r\n(?:[^\r]+\r\n)*?Retry-After: 2\r\n", b"".join(iter(lambda: line.recv(65536), b"")))

    check("who makes the desk count all the time is put off", wait_for(refused))
    check("others go on", desk.ask("GET", "/square/ledger/checkpoint")[0] == 200 and
          desk.ask("GET", "/api/cases", token="A" * 43)[0] == 401)
    status, body, _ = desk.ask("GET", "/square/metrics.json?by=year")
    check("and so do they, a moment later", status == 200, (status, body))


def test_rebuild(desk, data):
    desk.stop()
    tables = ("metrics", "metric_cases")
    before = [rows(data, f"SELECT * FROM {t} ORDER BY 1, 2, 3") for t in tables]
    made = run("desk", "rebuild", "--data", data)
    check("facts are made again from the events", made.returncode == 0 and before[0] and before == [
        rows(data, f"SELECT * FROM {t} ORDER BY 1, 2, 3") for t in tables], made)
    desk.__init__(data)


def test_pages(desk):
    for language, title in (("en", "Moderation in figures"), ("id", "Moderasi dalam angka")):
        status, page, head = desk.ask("GET", f"/square/metrics/{language}")
        page = page.decode()
        check(f"the page in {language}", status == 200 and title in page and f'<html lang="{language}">' in page and
              "<svg" in page and "<script" not in page and "default-src 'none'" in
              head.getheader("Content-Security-Policy"), page[:300])
    check("no page in a language that it has not", desk.ask("GET", "/square/metrics/fr")[0] == 404)


def test_live():
    with fresh() as (data, desk, tokens, messenger):
        for i, (role, languages) in enumerate((("moderator", "id,en"), ("moderator", "id"), ("lead", "id,en"),
                                               ("auditor", "en"))):
            added = run("desk", "person", "add", "--data", data, "--role", role, "--sign-in", f"more{i}", "--name", f"More {i}",
                        "--lang", languages)
            check(f"staff: a {role} who reads {languages}", added.returncode == 0, added)
        for subject in ("@kabar/3", "@kabar/4", "@kabar/5"):
            case = desk.ask("POST", "/api/notices", notice(subject), tokens["authority"])[1]["case"]
            desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])
            desk.ask("POST", f"/api/cases/{case}/decide", {"action": "remove", **FACTS}, tokens["moderator"])
        desk.ask("POST", "/api/notices", notice("@kabar/6", category="fraud"), tokens["flagger"])
        desk.ask("POST", "/api/cases/1/reverse", FACTS, tokens["lead"])
        desk.ask("POST", "/api/notices", notice("@nobody_there"), tokens["flagger"])
        answer = desk.ask("GET", "/square/metrics.json?by=lane,country")[1]
        found = {(r["lane"], r["country"]): (r["notices"], r["removed"], r["reversed"], r["act"]["count"], r["in_time"],
                                             r["error_percent"]) for r in answer["rows"]}
        check("what happens is counted, by lane and the authority's country", found == {
            ("authority", "ID"): (3, 3, 1, 3, 3, 33.33), ("flagger", ""): (1, 0, 0, 0, 0, None)}, answer)
        check("refusals", answer["refusals"] == [{"lane": "flagger", "reason": "unknown", "count": 1}], answer["refusals"])
        staff = {s["language"]: s["people"] for s in answer["staff"]}
        check("staff by language, and none told apart", staff == {"id": 3, "en": None}, staff)
        everything = str(answer) + desk.ask("GET", "/square/metrics/id")[1].decode()
        check("figures name nobody", not re.search(r"kabar|Sari|Budi|Kementerian|Watch group|More", everything))
        before = rows(data, "SELECT * FROM metrics ORDER BY 1, 2, 3")
        desk.stop()
        run("desk", "rebuild", "--data", data)
        check("what was counted as it happened is what its events say", before and before == rows(
            data, "SELECT * FROM metrics ORDER BY 1, 2, 3"))
        change(data, "DELETE FROM metrics")
        change(data, "DELETE FROM desk_marks WHERE name = 'projections'")
        desk.__init__(data, messenger.port)
        check("an older database is counted as the desk starts", before == rows(
            data, "SELECT * FROM metrics ORDER BY 1, 2, 3"))


def test():
    test_history()
    test_live()
