# SPDX-License-Identifier: Apache-2.0
"""Years of events as a desk would have written them, with their chains of hashes, and what happened in them: a list of
facts that the desk's figures are compared with. No table but case_events is written; `lontar desk rebuild` makes the rest."""
import calendar
import datetime
import hashlib
import json
import random
import sqlite3
import struct

from lib import run

ACTIONS = {"remove": "removed", "restrict": "restricted", "label": "labelled", "freeze": "frozen", "warn": "warned",
           "dismiss": "dismissed"}
LANES = ("sensor", "user", "flagger", "authority")
DOORS = {"sensor": ["sensor"], "user": ["in_app", "mail", ""], "flagger": ["http", "mail", "chat"], "authority": ["http", "chat", ""]}



def day(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%d")


def moment(year, month, day_of_month, second=0):
    return calendar.timegm((year, month, day_of_month, 0, 0, 0)) + second


class Case:
    def __init__(self, number):
        self.number, self.events, self.facts, self.head = number, [], [], bytes(32)
        self.lane = self.category = self.country = self.language = ""

    def event(self, kind, at, actor=0, /, **data):
        text = json.dumps(data, separators=(",", ":"), sort_keys=True).encode()
        seq = len(self.events) + 1
        numbers = struct.pack("<qqqqQ", self.number, seq, at, actor, len(kind))
        self.head = hashlib.sha256(self.head + numbers + kind.encode() + text).digest()
        self.events.append((self.number, seq, at, actor, kind, text.decode(), self.head))

    def fact(self, what, at, seconds=None, **other):
        """A fact of the case; its language is what the case ends with, its other sides are as they are now."""
        self.facts.append({"what": what, "day": day(at), "seconds": seconds, "lane": self.lane, "door": "",
                           "category": self.category, "country": self.country, **other})

    def notice(self, at, lane, category, country="", due_s=3600, door=""):
        first = not self.lane
        if first or LANES.index(lane) > LANES.index(self.lane):
            self.lane, self.category, self.country = lane, category, country
        if first:
            self.clock = at
            self.due = at + due_s
            self.fact("cases", at)
        elif lane == self.lane and category == self.category:
            self.country = country
        more = {**({"country": country} if country else {}), **({"door": door} if door else {})}
        self.event("noticed", at, 1, notice=self.number * 10 + len(self.events), reopens=False, about=category,
                   category=self.category, lane=self.lane, clock=self.clock, due=self.due, priority=1,
                   acknowledge=at + 60, notify_s=60, sop=1, **{"from": lane, **more})
        self.fact("notices", at, lane=lane, category=category, country=country, door=door)

    def decide(self, at, action, executed_after, outcome="done", basis="law"):
        self.event("claimed", at - 5, 2, until=at + 900)
        self.fact("acknowledge", at - 5, at - 5 - self.clock)
        order = self.number * 100 if action != "dismiss" else 0
        self.event("decided", at, 2, action=action, countries="", until=0, basis=basis, facts="", ground="", order=order)
        self.fact(ACTIONS[action], at)
        self.fact("decide", at, at - self.clock)
        if action != "dismiss":
            self.fact("by_" + basis, at)
        if self.lane == "sensor" and action != "dismiss":
            self.fact("automated", at)
        if not order:
            self.fact("in_time" if at <= self.due else "late", at)
            return
        done = at + executed_after
        self.event("executed", done, order=order, at=done, ms=executed_after * 1000, outcome=outcome, holds=True)
        if outcome == "done":
            self.fact("act", at, done - self.clock)
        else:
            self.fact("not_executed", done)
        self.fact("in_time" if outcome == "done" and done <= self.due else "late", at)

    def appeal(self, at, party, after, outcome):
        self.event("appealed", at, 0, appeal=self.number, party=party)
        self.fact("appeals_owner" if party == "owner" else "appeals_reporter", at)
        end = at + after
        if outcome == "reverse":
            self.event("reversed", end, 3, facts="", ground="", order=self.number * 100 + 1)
            self.fact("reversed", end)
        self.event("appeal_decided", end, 3, appeal=self.number, outcome=outcome, left=0)
        self.fact({"reverse": "appeals_reversed", "uphold": "appeals_upheld"}[outcome], end)
        self.fact("appeal", end, after)


def random_case(number, at, categories, dice):
    case = Case(number)
    language = dice.choice(["id", "en", "ar", ""])
    case.event("opened", at, channel=number, post=0, name="x", salt="00" * 32, previous=0,
               **({"language": language} if language else {}))
    for i in range(dice.choice([1, 1, 1, 2, 3])):
        lane = dice.choice(LANES)
        country = dice.choice(["ID", "DE"]) if lane == "authority" else ""
        case.notice(at + i * 7, lane, dice.choice(categories), country, dice.choice([3600, 86400]),
                    dice.choice(DOORS[lane]))
    action = dice.choice(list(ACTIONS))
    case.decide(at + dice.randrange(60, 90000), action, dice.randrange(1, 20),
                "done" if dice.random() < 0.95 else "no such channel", dice.choice(["law", "terms"]))
    last = case.events[-1][2]
    if dice.random() < 0.3:
        case.appeal(last + dice.randrange(1000, 400000), dice.choice(["owner", "owner", "reader", "sender"]),
                    dice.randrange(600, 900000), dice.choice(["reverse", "uphold", "uphold"]))
    if language and dice.random() < 0.2:  # somebody corrects it: all of the case counts for that
        language = "jv"
        case.event("released", last + 2000000, 2, language=language)
    for fact in case.facts:
        fact["language"] = language
    return case


def write(data, begin, end, count, seed, categories=("terrorism", "fraud", "copyright")):
    """Cases begun between the two times. Returns all facts; the desk must not run."""
    dice = random.Random(seed)
    cases = [random_case(1000 + i, dice.randrange(begin, end), categories, dice) for i in range(count)]
    db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
    with db:
        db.executemany("INSERT INTO case_events (case_id, seq, at, actor, kind, data, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
                       [event for case in cases for event in case.events])
    db.close()
    made = run("desk", "rebuild", "--data", data)
    if made.returncode != 0:
        raise SystemExit(f"the history can't be read: {made.stderr}")
    return [fact for case in cases for fact in case.facts]


def percentile(values, percent):
    """Nearest rank; None of nothing."""
    values = sorted(values)
    return values[max(0, -(-len(values) * percent // 100) - 1)] if values else None
