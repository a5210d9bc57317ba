# SPDX-License-Identifier: Apache-2.0
"""The yearly reports' figures equal an independent count of what happened in the year."""
import csv
import io
import json
import shutil
import tempfile

import history
from lib import Desk, begin, change, check, rows, run

YEAR = 2025
MEASURES = ("removed", "restricted", "labelled", "frozen", "warned")
DSA = {"terrorism": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY", "fraud": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
       "copyright": "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS"}


class Count:
    def __init__(self, facts):
        self.facts = [f for f in facts if f["day"].startswith(str(YEAR))]

    def of(self, what, **only):
        names = what if isinstance(what, tuple) else (what,)
        return sum(f["what"] in names and all(f[k] == v for k, v in only.items()) for f in self.facts)

    def median(self, what, **only):
        return history.percentile([f["seconds"] for f in self.facts if f["what"] == what and
                                   all(f[k] == v for k, v in only.items())], 50)

    def keys(self, *names, **only):
        return {tuple(f[n] for n in names) for f in self.facts if all(f[k] == v for k, v in only.items())}


def tables(report):
    return {t["id"]: [dict(zip(t["columns"], row, strict=True)) for row in t["rows"]] for t in report["tables"]}


def same(name, rows_, keys, wanted):
    found = {tuple(r[k] for k in keys): {n: v for n, v in r.items() if n not in keys} for r in rows_}
    wrong = [(k, wanted.get(k), found.get(k)) for k in set(wanted) | set(found) if wanted.get(k) != found.get(k)]
    check(name, not wrong and len(found) == len(rows_) and wanted, wrong[:2])


def test_dsa(report, count):
    t = tables(report)
    check("dsa: which year", report["report"] == "dsa" and report["from"] == f"{YEAR}-01-01" and
          report["to"] == f"{YEAR}-12-31", report)
    same("dsa: orders by category and State", t["orders"], ("category", "country"), {
        (c, n): {"dsa_category": DSA[c], "received": count.of("notices", lane="authority", category=c, country=n),
                 "measures": count.of(MEASURES, lane="authority", category=c, country=n),
                 "dismissed": count.of("dismissed", lane="authority", category=c, country=n),
                 "acknowledge_median_s": count.median("acknowledge", lane="authority", category=c, country=n),
                 "act_median_s": count.median("act", lane="authority", category=c, country=n)}
        for c, n in count.keys("category", "country", lane="authority")})
    same("dsa: notices by category", t["notices"], ("category", "lane"), {
        (c, lane): {"dsa_category": DSA[c], "received": count.of("notices", lane=lane, category=c),
                    "measures": count.of(MEASURES, lane=lane, category=c),
                    "by_law": count.of("by_law", lane=lane, category=c),
                    "by_terms": count.of("by_terms", lane=lane, category=c),
                    "dismissed": count.of("dismissed", lane=lane, category=c),
                    "decide_median_s": count.median("decide", lane=lane, category=c), "processed_automatically": 0}
        for c, lane in count.keys("category", "lane") if lane in ("user", "flagger")})
    same("dsa: the ways that notices came", t["doors"], ("lane", "door"), {
        (lane, door): {"received": count.of("notices", lane=lane, door=door)} for lane, door in count.keys("lane", "door", what="notices")})
    same("dsa: on own initiative", t["own_initiative"], ("category",), {
        (c,): {"dsa_category": DSA[c], "detected_automatically": True,
               **{m: count.of(m, lane="sensor", category=c) for m in (*MEASURES, "by_law", "by_terms")}}
        for (c,) in count.keys("category", lane="sensor")})
    same("dsa: restrictions by type", t["restrictions"], ("restriction",),
         {(m,): {"number": count.of(m)} for m in MEASURES})
    same("dsa: complaints", t["complaints"], ("category",), complaints(count, count.keys("category")))
    found, wrong = count.of((*MEASURES, "dismissed"), lane="sensor"), count.of("reversed", lane="sensor")
    same("dsa: automation", t["automation"], ("purpose",), {
        ("detection",): {"notices": count.of("notices", lane="sensor"), "decisions": found,
                         "measures": count.of(MEASURES, lane="sensor"), "dismissed": count.of("dismissed", lane="sensor"),
                         "reversed": wrong, "error_percent": wrong * 10000 // found / 100},
        ("decision",): {"notices": 0, "decisions": 0, "measures": 0, "dismissed": 0, "reversed": 0,
                        "error_percent": None}})
    same("dsa: suspensions", t["suspensions"], ("indicator",), {
        ("suspensions_for_illegal_content",): {"number": count.of("frozen")},
        ("suspensions_for_unfounded_notices",): {"number": 2},
        ("suspensions_for_unfounded_complaints",): {"number": 0}})
    check("dsa: what is not known is said to be so", all(r["number"] is None for r in t["disputes"] + t["recipients"]) and
          len(t["disputes"]) == 4 and len(report["tables"]) == 13, t)


def complaints(count, categories):
    return {(c,): {"by_owners": count.of("appeals_owner", category=c),
                   "by_reporters": count.of("appeals_reporter", category=c),
                   "upheld": count.of("appeals_upheld", category=c), "reversed": count.of("appeals_reversed", category=c),
                   "changed": 0, "answer_median_s": count.median("appeal", category=c)} for (c,) in categories}


def test_tco(report, count):
    t = tables(report)
    same("tco: items by lane", t["items"], ("lane",), {
        (lane,): {"notices": count.of("notices", lane=lane, category="terrorism"),
                  "removed": count.of("removed", lane=lane, category="terrorism"),
                  "restricted": count.of("restricted", lane=lane, category="terrorism"),
                  "orders_not_executed": count.of("not_executed", lane=lane, category="terrorism"),
                  "acknowledge_median_s": count.median("acknowledge", lane=lane, category="terrorism"),
                  "act_median_s": count.median("act", lane=lane, category="terrorism")}
        for (lane,) in count.keys("lane", category="terrorism")})
    same("tco: complaints", t["complaints"], ("category",), complaints(count, {("terrorism",)}))
    same("tco: reinstated", t["reinstated"], ("indicator",), {
        ("reversed",): {"number": count.of("reversed", category="terrorism")},
        ("reversed_after_complaint",): {"number": count.of("appeals_reversed", category="terrorism")},
        ("reinstated_by_a_court",): {"number": None}})


def test_forms(data, desk):
    for kind in ("dsa", "tco"):
        printed = {f: run("desk", "report", kind, "--data", data, "--year", str(YEAR), "--format", f).stdout
                   for f in ("json", "csv", "html")}
        report = json.loads(printed["json"])
        for form in printed:
            status, public, head = desk.ask("GET", f"/square/reports/{YEAR}/{kind}.{form}")
            public = public if form == "json" else public.decode().replace("\r\n", "\n") + "\n"
            check(f"{kind}.{form}: the public one is what the command prints", status == 200 and
                  public == (report if form == "json" else printed[form]), (status, str(public)[:200]))
        lines = list(csv.DictReader(io.StringIO(printed["csv"])))
        wanted = [(t["id"], str(n + 1), column, value) for t in report["tables"] for n, row in enumerate(t["rows"])
                  for column, value in zip(t["columns"], row)]
        found = [(line["table"], line["line"], line["column"], line["value"]) for line in lines]
        check(f"{kind}: the CSV has every figure", [w[:3] for w in wanted] == [f[:3] for f in found] and all(
            f[3] == {True: "yes", False: "no", None: ""}.get(w[3], str(w[3])) for w, f in zip(wanted, found)
            if not isinstance(w[3], (float, int)) or isinstance(w[3], bool)) and all(
            float(f[3]) == w[3] for w, f in zip(wanted, found) if isinstance(w[3], (float, int)) and
            not isinstance(w[3], bool)), lines[:3])
        check(f"{kind}: the page has no script", "<table" in printed["html"] and "<script" not in printed["html"])
    for path in ("2025/dsa.xml", "2025/other.json", "1999/dsa.json", "9999/dsa.json", "x/dsa.json", "2025/dsa"):
        check(f"no report {path}", desk.ask("GET", f"/square/reports/{path}")[0] == 404)
    for args in (["dsa"], ["dsa", "--year", "1999"], ["dsa", "--year", "2025", "--format", "pdf"], ["--year", "2025"]):
        check(f"report {args}", run("desk", "report", "--data", data, *args).returncode == 2)


def test():
    data = tempfile.mkdtemp(prefix="lontar-desk-")
    try:
        begin(data)[1].server.server_close()
        facts = history.write(data, history.moment(YEAR - 1, 11, 1), history.moment(YEAR + 1, 2, 1), 500, seed=60)
        count = Count(facts)
        begins, ends = history.moment(YEAR, 1, 1), history.moment(YEAR + 1, 1, 1)
        for at in (begins - 1, begins, ends - 1, ends):
            change(data, "INSERT INTO desk_log SELECT coalesce(max(seq), 0) + 1, "
                         f"{at}, 1, 'sender_suspended', 2, '{{}}', x'00' FROM desk_log")
        desk = Desk(data)
        test_dsa(desk.ask("GET", f"/square/reports/{YEAR}/dsa.json")[1], count)
        test_tco(desk.ask("GET", f"/square/reports/{YEAR}/tco.json")[1], count)
        test_forms(data, desk)
        check("nothing was counted twice", rows(data, "SELECT count(*) FROM metrics")[0][0] == len(facts))
        desk.stop()
    finally:
        shutil.rmtree(data, ignore_errors=True)
