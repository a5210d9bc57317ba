# SPDX-License-Identifier: Apache-2.0
"""What the parts of the desk's suite share: a square that scripts fill, a desk on it, a stand-in for the messenger.

A part is a module beside this one with a function test(); suite.py runs them all, and `suite.py PROGRAM PART` one alone.
"""
import contextlib
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

import openapi_file

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=0")  # looking for leaks needs ptrace, which the wall forbids
ISO_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
passed, failed, told = 0, [], set()
STRICT = True  # an answer that is not as docs/openapi.json has it fails


def check(name, condition, seen=""):
    global passed
    if condition:
        passed += 1
        print(f"ok {name}", flush=True)
    else:
        failed.append(name)
        print(f"not ok {name}: {str(seen)[:2000]}", flush=True)


def wait_for(look, seconds=120):
    """What look gave last: as soon as it is true, or when the time is over."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def is_moment(answer):
    """There were too many passwords to look at in this second."""
    return answer.status == 429 and answer.getheader("Retry-After") == "1"


class Messenger(threading.Thread):
    """Executes orders in the square as the messenger does, when it is told that there are some."""

    def __init__(self, data):
        super().__init__(daemon=True)
        self.path, self.calls, self.said, self.outcome = f"{data}/square/square.db", [], [], "done"
        messenger = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                messenger.calls.append(self.path)
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path.endswith("/sendMessage"):
                    messenger.said.append(json.loads(sent))
                messenger.run_orders()
                body = b'{"ok":true,"result":true}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):  # who asked may have been stopped
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def run_orders(self):
        db, now = sqlite3.connect(self.path, timeout=60), int(time.time() * 1000)
        with db:
            for number, case, action in db.execute("SELECT id, case_id, action FROM orders WHERE executed_at IS NULL"
                                                   " ORDER BY id").fetchall():
                db.execute("UPDATE orders SET executed_at = ?, outcome = ? WHERE id = ?", (now, self.outcome, number))
                if action == "restore":
                    db.execute("UPDATE orders SET ended_at = ?, ended_by = ? WHERE case_id = ? AND id < ?"
                               " AND ended_at IS NULL", (now, number, case, number))
        db.close()

    def end_orders(self, now=None):
        """As its upkeep does each second. How many ended."""
        db = sqlite3.connect(self.path, timeout=60)
        now = now or time.time()
        with db:
            count = db.execute("UPDATE orders SET ended_at = ?, ended_by = 0 WHERE ends_at <= ? AND ended_at IS NULL"
                               " AND outcome = 'done'", (int(now * 1000), int(now))).rowcount
        db.close()
        return count

    def run(self):
        self.server.serve_forever()


def understood(method, path, answer, content):
    """The body of an answer, parsed when it is JSON; it must be as docs/openapi.json has it."""
    kind = (answer.getheader("Content-Type") or "").split(";")[0]
    body = json.loads(content) if kind == "application/json" else content
    wrong = openapi_file.problem(method, path, answer.status, kind, body)
    if wrong and STRICT:
        check(f"{method} {path} answers as docs/openapi.json has it", False, wrong)
    elif wrong and wrong not in told:
        told.add(wrong)
        print(f"docs/openapi.json: {wrong}", flush=True)
    return body


class Desk:
    started = []

    def __init__(self, data, messenger_port=0, expect=True, more=()):
        self.data = data
        read, write = os.pipe()
        self.log = open(f"{data}/desk.log", "a+b")
        self.process = subprocess.Popen(
            [PROGRAM, "--data", data, "--port", "0", "--messenger-port", str(messenger_port), "--ready-fd", str(write),
             *more],
            stdout=subprocess.DEVNULL, stderr=self.log, pass_fds=[write])
        Desk.started.append(self.process)
        os.close(write)
        with os.fdopen(read) as ready:
            line = ready.readline()
        self.port = int(line[5:]) if line.startswith("port=") else 0
        if expect and not self.port:
            raise SystemExit(f"lontar-desk did not start: {open(self.log.name).read()}")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(20)

    def ask(self, method, path, body=None, token=None, raw=None, headers=None, again=200):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        data = raw if raw is not None else (json.dumps(body).encode() if body is not None else None)
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        body_of_it = understood(method, path, answer, content)
        # The public figures have used up their share of the desk's time, or the looks at passwords theirs.
        if again > 0 and (answer.status == 503 and answer.getheader("Retry-After") or is_moment(answer)):
            time.sleep(0.2)
            return self.ask(method, path, body, token, raw, headers, again - 1)
        return answer.status, body_of_it, answer


def run(*args):
    return subprocess.run([PROGRAM, *args], capture_output=True, text=True, timeout=60)


def grant(data, role, name, *more):
    if role == "authority" and "--country" not in more:
        more = (*more, "--country", "ID")
    if role in ("authority", "flagger"):
        result = run(role, "add", "--data", data, "--name", name, *more)
    else:
        result = run("desk", "grant", "--data", data, "--role", role, "--name", name, *more)
    check(f"grant {role}", result.returncode == 0 and len(result.stdout.strip()) == 43, result)
    return result.stdout.strip()


def fill(data):
    """Two public channels and a public name of a person, as the messenger would have written them."""
    db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
    now = int(time.time())
    with db:
        for number, name in ((1000000001, "kabar"), (1000000002, "other_one")):
            db.execute("INSERT INTO usernames (name, peer_kind, peer) VALUES (?, 3, ?)", (name, number))
            db.execute("INSERT INTO channels (id, title, about, username, broadcast, date, pts, top_id, members,"
                       " restricted_everywhere) VALUES (?, ?, 'about it', ?, 1, ?, 1, 2, 1000, 0)",
                       (number, f"Title of {name}", name, now))
            for post in range(1, 41):
                add_post(db, number, post, f"text {post} of {name}", now - 100)
        db.execute("INSERT INTO usernames (name, peer_kind, peer) VALUES ('person', 1, 1000001)")
    db.close()


def add_post(db, channel, post, text, now):
    db.execute("INSERT INTO posts (channel, id, date, edit_date, action, body, text, views)"
               " VALUES (?, ?, ?, 0, 0, x'', ?, 0)", (channel, post, now, text))
    db.execute("INSERT INTO channel_events (channel, pts, pts_count, kind, post, date) VALUES (?, ?, 1, 0, ?, ?)",
               (channel, post + 100, post, now))


def notice(about, **changes):
    body = {"subject": about, "category": "terrorism", "law": "UU 5/2018 Art. 14",
            "reasons": "It calls for an attack on a named place.", "good_faith": True}
    body.update(changes)
    return {k: v for k, v in body.items() if v is not ...}


def rows(data, sql):
    db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
    out = db.execute(sql).fetchall()
    db.close()
    return out


def change(data, sql):
    db = sqlite3.connect(f"{data}/square/square.db", timeout=60)
    with db:
        db.execute(sql)
    db.close()


FACTS = {"ground": "Terrorist content, Art. 14", "facts": "Post 3 calls for an attack."}


def begin(data):
    """(tokens, messenger): who works here, a filled square, and who executes orders."""
    tokens = {"authority": grant(data, "authority", "Kementerian", "--country", "ID"),
              "flagger": grant(data, "flagger", "Watch group"),
              "moderator": grant(data, "moderator", "Sari", "--lang", "id,en"),
              "second": grant(data, "moderator", "Wayan", "--lang", "id"),
              "lead": grant(data, "lead", "Budi")}
    fill(data)
    with open(f"{data}/desk/service.token", "w") as f:
        f.write("777000:test-token")
    messenger = Messenger(data)
    messenger.start()
    return tokens, messenger


@contextlib.contextmanager
def fresh():
    """(data, desk, tokens, messenger): a desk of its own on a filled square; all of it is gone afterwards."""
    data = tempfile.mkdtemp(prefix="lontar-desk-")
    messenger = desk = None
    try:
        tokens, messenger = begin(data)
        desk = Desk(data, messenger.port)
        yield data, desk, tokens, messenger
    finally:
        if desk and desk.process.poll() is None:
            desk.process.kill()
            desk.process.wait()
        if messenger:
            messenger.server.shutdown()
            messenger.server.server_close()
        shutil.rmtree(data, ignore_errors=True)


def results():
    """Prints the sum; the exit status."""
    print(f"desk: {passed} passed, {len(failed)} failed")
    return 1 if failed else 0
