# SPDX-License-Identifier: Apache-2.0
"""Hostile requests: refused clearly, nothing written, nobody else held up, and nothing to learn about what is private.

LONTAR_HOSTILE=100000 sends so many instead of some hundreds; LONTAR_SEED chooses others.
"""
import gzip
import json
import os
import random
import socket
import statistics
import time

import lib
import signed as signing
from lib import Desk, check, notice, rows

COUNT = int(os.environ.get("LONTAR_HOSTILE", "600"))
SEED = int(os.environ.get("LONTAR_SEED", "1"))
MEMORY_KIB = 64 * 1024  # more than that nobody's requests may leave behind (not asked of a build with sanitizers)

# Kinds of private things, each in words that might tell whether it is there.
PRIVATE = ["@no_such_channel", "@person_not_there", "https://t.me/c/1000000001/3", "https://t.me/+AbCdEfGhIjKlMnOp",
           "tg://join?invite=AbCdEfGhIjKlMnOp", "https://t.me/joinchat/AbCdEfGhIjKl", "tg://user?id=1000001"]


class Raw:
    """A connection on which anything may be said. The desk may end it: then there is another."""

    def __init__(self, desk):
        self.desk, self.socket = desk, None

    def say(self, data):
        """Status and body; (0, b"") where it was hung up without a word."""
        for _ in range(2):
            try:
                if not self.socket:
                    self.socket = socket.create_connection(("127.0.0.1", self.desk.port), 10)
                self.socket.sendall(data)
                return self.hear()
            except (ConnectionError, TimeoutError):
                self.close()
        return 0, b""

    def hear(self):
        head = b""
        while b"\r\n\r\n" not in head:
            more = self.socket.recv(65536)
            if not more:
                if head:
                    raise AssertionError(f"half an answer: {head[:200]}")
                raise ConnectionResetError
            head += more
        head, _, body = head.partition(b"\r\n\r\n")
        fields = {name.strip().lower(): value.strip() for name, _, value in
                  (line.partition(b":") for line in head.split(b"\r\n")[1:])}
        while len(body) < int(fields.get(b"content-length", b"0")):
            body += self.socket.recv(65536)
        if fields.get(b"connection", b"").lower() == b"close":
            self.close()
        return int(head.split()[1]), body

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None


def request(body=b"", method="POST", path="/api/notices", headers=(), length=None):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Junk:
    """Requests that must be refused, of one kind after another."""

    def __init__(self, tokens, replay):
        self.tokens, self.dice, self.replay = tokens, random.Random(SEED), replay
        self.kinds = [self.bytes_, self.encodings, self.nested, self.types, self.oversized, self.bent, self.packed, self.strangers,
                      self.private, self.forms, self.heads, self.paths, self.replayed]

    def next(self, nth):
        kind = self.kinds[nth % len(self.kinds)]
        return kind.__name__, kind()

    def own(self, body, **more):
        return request(body, headers=[f"Authorization: Bearer {self.tokens['flagger']}", *more.pop("headers", ())], **more)

    def bytes_(self):
        return self.own(self.dice.randbytes(self.dice.randrange(1, 3000)))

    def encodings(self):
        text = json.dumps(notice("@kabar/1"))
        return self.own(self.dice.choice([
            text.encode("utf-16"), text.encode("utf-32"), text.replace("attack", "attac\u00e9").encode("latin-1"),
            text.replace("attack", "\\ud800").encode(), text.replace("attack", "\\u0000").encode(), b"\xef\xbb\xbf" + text.encode(),
            text.encode().replace(b"attack", b"\xc0\xaf"), text.encode().replace(b"attack", b"\xed\xa0\x80"),
            text.encode().replace(b"attack", b"\xf4\x90\x80\x80")]))

    def nested(self):
        depth = self.dice.randrange(100, 30000)
        return self.own(self.dice.choice([b"[" * depth, b'{"subject":' * (depth // 5), b"[" * depth + b"]" * depth,
                                          b'{"reasons":' * 3000 + b"1" + b"}" * 3000]))

    def types(self):
        wrong = self.dice.choice([None, 1, 1.5e300, -1, True, [], {}, [["@kabar/1"]], {"@": "kabar"}, "", " ", "\t\n"])
        field = self.dice.choice(["subject", "category", "law", "reasons", "good_faith"])
        if field == "good_faith" and wrong is True:
            wrong = "true"
        return self.own(json.dumps(notice("@kabar/1", **{field: wrong})).encode())

    def oversized(self):
        field, size = self.dice.choice([("subject", 5000), ("law", 201), ("reasons", 5001), ("category", 3000), ("reasons", 2000000)])
        body = json.dumps(notice("@kabar/1", **{field: "x" * size})).encode()
        return self.own(body)

    def bent(self):
        body = bytearray(json.dumps(notice("@kabar/1")).encode())
        del body[self.dice.randrange(1, len(body) - 1):]  # never a whole form
        return self.own(bytes(body))

    def packed(self):
        bomb = gzip.compress(b" " * 1000000)
        return self.own(bomb, headers=["Content-Encoding: gzip"])

    def strangers(self):
        token = self.dice.choice(["", "x", "A" * 43, "A" * 5000, self.tokens["flagger"][:-1], self.tokens["flagger"] + "A",
                                  self.tokens["flagger"].swapcase(), "\xff" * 20])
        body = json.dumps(notice("@kabar/1")).encode()
        return request(body, headers=[self.dice.choice(["Authorization: Bearer ", "Authorization: Basic ", "Cookie: desk="]) + token])

    def private(self):
        return self.own(json.dumps(notice(self.dice.choice(PRIVATE))).encode())

    def forms(self):
        body = notice("@kabar/1")
        extra = self.dice.choice(["reporter", "lane", "case", "id", "__proto__", "members", "Subject", "urgent "])
        body[extra] = self.dice.choice([1, "authority", [], None])
        return self.own(json.dumps(body).encode())

    def heads(self):
        body = json.dumps(notice("@kabar/1")).encode()
        return self.dice.choice([
            lambda: self.own(body, length=-1), lambda: self.own(body, length="1e3"), lambda: self.own(body, length=10 ** 12),
            lambda: self.own(body, headers=["Content-Length: 3"]), lambda: self.own(body, headers=["X-Long: " + "x" * 70000]),
            lambda: self.own(body, headers=[f"X-{i}: y" for i in range(400)]), lambda: self.own(body, headers=["Transfer-Encoding: chunked"]),
            lambda: self.own(body, headers=["Bad header"]), lambda: self.own(body, headers=["Idempotency-Key: a b"]),
            lambda: b"POST /api/notices HTTP/9.9\r\n\r\n", lambda: b"\x16\x03\x01\x02\x00\x01" + bytes(64) + b"\r\n\r\n"])()

    def paths(self):
        path = self.dice.choice(["/api/../api/notices", "/api/notices/" + "9" * 40, "/api/notices/1%00", "/api/notices/-1", "/api/cases/1/decide",
                                 "/api/%2e%2e/desk/people.key", "/square/ledger/../../people.key", "/square/ledger/tile/0/../../../sop.ini",
                                 "/api/notices/" + "a" * 9000, "/api/people", "/api/log", "/api/statements.json", "/api/case\xff"])
        return self.own(b"{}", method=self.dice.choice(["GET", "POST", "DELETE", "PATCH", "BREW"]), path=path)

    def replayed(self):
        return self.replay


def replayable(desk, folder, data):
    """The bytes of a signed request that the desk has taken once."""
    private, public = signing.key_pair(folder, "hostile")
    made = lib.run("flagger", "edit", "--data", data, "2", "--key", public)
    kept = {}
    ask = desk.ask

    def listen(method, path, raw=None, headers=None, **more):
        kept["request"] = request(raw, method, path, [f"{name}: {value}" for name, value in headers.items()])
        kept["request"] = kept["request"].replace(b"Host: 127.0.0.1", f"Host: 127.0.0.1:{desk.port}".encode())
        return ask(method, path, raw=raw, headers=headers, **more)

    desk.ask = listen
    answer = signing.signed(desk, private, "POST", "/api/notices", notice("@kabar/30"), keyid=made.stdout.strip().split()[-1])
    desk.ask = ask
    check("hostile: a signed request is taken once", answer[0] == 201, answer)
    return kept["request"]


def memory_kib(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def refused(status, body):
    """In words, or (what is no HTTP at all) by hanging up."""
    if status == 0:
        return True
    if not 400 <= status < 500 and status not in (501, 505):
        return False
    return not body or body[:1] != b"{" or bool(json.loads(body)["error"])


def test():
    with lib.fresh() as (data, desk, tokens, _):
        junk = Junk(tokens, replayable(desk, data, data))
        raw, memory, taken, wrong, taken_ms = Raw(desk), 0, 0, {}, {}
        for nth in range(COUNT):
            kind, data_sent = junk.next(nth)
            began = time.perf_counter()
            status, body = raw.say(data_sent)
            taken_ms.setdefault(kind, []).append(1000 * (time.perf_counter() - began))
            if kind in ("heads", "paths", "bytes_"):
                raw.close()  # what follows may be taken for the rest of it
            if not refused(status, body):
                wrong.setdefault(kind, (status, body[:300], data_sent[:600]))
            if nth % 200 == 199:
                good = desk.ask("POST", "/api/notices", notice(f"@kabar/{taken % 20 + 1}"), tokens["authority"])
                taken += good[0] == 201
            if nth == COUNT // 4:
                memory = memory_kib(desk.process)
        for kind in junk.kinds:
            name = kind.__name__
            check(f"hostile: {name} are refused", name not in wrong, wrong.get(name))
        check("hostile: between them notices are taken", taken == COUNT // 200, taken)
        written = rows(data, "SELECT (SELECT count(*) FROM notices), (SELECT count(*) FROM case_events WHERE kind = 'noticed'),"
                             " (SELECT count(*) FROM case_events WHERE actor > 0 AND kind NOT IN ('opened', 'noticed'))")[0]
        check("hostile: nothing else was written", written == (taken + 1, taken + 1, 0), written)
        if b"AddressSanitizer" not in open(lib.PROGRAM, "rb").read():
            check("hostile: memory stays", memory_kib(desk.process) < memory + MEMORY_KIB, (memory, memory_kib(desk.process)))
        check("hostile: the desk never fell", desk.process.poll() is None and desk.stop() == 0)
        log = open(desk.log.name).read()
        check("hostile: nothing of it is in the log", not any(word in log for word in ("kabar", "attack", tokens["flagger"])) and
              '"level":"error"' not in log, log[-2000:])
        print("# ms: " + ", ".join(f"{kind} {statistics.median(ms):.1f}" for kind, ms in taken_ms.items()))
        desk = Desk(data)
        answers = {}
        for subject in PRIVATE:
            status, body, _ = desk.ask("POST", "/api/notices", notice(subject), tokens["authority"])
            answers[subject] = (status, json.dumps(body, sort_keys=True))
        check("hostile: what is private and what is not there are refused alike", len(set(answers.values())) == 1, answers)
        others = [desk.ask("GET", f"/api/notices/{number}", token=tokens["flagger"])[:2] for number in (2, 3, 99999)]
        check("hostile: other people's notices and none are the same", len({json.dumps(answer) for answer in others}) == 1, others)
        desk.stop()
