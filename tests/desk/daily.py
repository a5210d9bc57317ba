# SPDX-License-Identifier: Apache-2.0
"""Each day's counts, in a public channel, once: over restarts, a messenger that is away, and days when nobody was there."""
import contextlib
import http.server
import json
import shutil
import tempfile
import threading
import time

import history
from lib import Desk, begin, change, check, rows, wait_for

DAY = 86400


class Bot(threading.Thread):
    """What the service bot says. A message that comes a second time under its request number is the same one."""

    def __init__(self):
        super().__init__(daemon=True)
        self.said, self.away = {}, False
        bot = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, answer = 200, {"ok": True, "result": True}
                if self.path.endswith("/sendMessage"):
                    message = json.loads(body)
                    bot.said.setdefault(message["request_id"], message)
                    if bot.away:  # it has heard, and nobody hears that
                        status, answer = 502, {"ok": False, "error_code": 502, "description": "away"}
                    else:
                        answer = {"ok": True, "result": {"message_id": 1}}
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                with contextlib.suppress(OSError):  # a desk that was killed does not take its answer
                    self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def run(self):
        self.server.serve_forever(poll_interval=0.05)


def sop(data, **values):
    path = f"{data}/desk/sop.ini"
    text = open(path).read()
    for name, value in values.items():
        head, tail = text.split("[daily]\n")
        lines = [f"{name} = {value}" if line.startswith(f"{name} =") else line for line in tail.split("\n")]
        text = head + "[daily]\n" + "\n".join(lines)
    with open(path, "w") as f:
        f.write(text)


def quiet(data):
    """Nothing is left to be said."""
    return rows(data, "SELECT count(*) FROM desk_outbox WHERE settled_at = 0")[0][0] == 0


def days_of(bot):
    return sorted(m["text"].split(":")[0] for m in bot.said.values())


def test():
    data = tempfile.mkdtemp(prefix="lontar-desk-")
    bot = Bot()
    bot.start()
    try:
        begin(data)[1].server.server_close()
        wait_for(lambda: time.time() % DAY < DAY - 120, 200)  # so that all of it is on one day
        today = int(time.time()) // DAY * DAY
        facts = history.write(data, today - 3 * DAY, today, 60, seed=3)
        yesterday = history.day(today - DAY)
        desk = Desk(data, bot.port)
        check("daily: off unless a channel is named", rows(data, "SELECT count(*) FROM desk_marks WHERE name ="
                                                                 " 'daily_counts'")[0][0] == 0)
        desk.stop()
        sop(data, channel="@kabar", language="id")
        bot.away = True
        desk = Desk(data, bot.port)
        wait_for(lambda: bot.said)
        desk.stop(9)
        bot.away = False
        desk = Desk(data, bot.port)
        check("daily: it is said in the end", wait_for(lambda: quiet(data)), rows(data, "SELECT * FROM desk_outbox"))
        text = next(iter(bot.said.values()))["text"]
        check("daily: once, over a messenger that is away and a desk that is killed", days_of(bot) == [yesterday], bot.said)
        check("daily: in the channel", {m["chat_id"] for m in bot.said.values()} == {"-1001000000001"}, bot.said)
        count = {what: sum(f["what"] == what and f["day"] == yesterday for f in facts)
                 for what in ("notices", "removed", "restricted", "dismissed", "labelled")}
        check("daily: in its language, with what was counted", f"{yesterday}: {count['notices']} laporan tentang kanal" in text
              and f"Dihapus: {count['removed']}. Dibatasi menurut negara: {count['restricted']}." in text and
              f"Tidak ditindak: {count['dismissed']}." in text and count["notices"], (text, count))
        desk.stop()
        change(data, "UPDATE desk_marks SET value = value - 2 WHERE name = 'daily_counts'")
        bot.said.clear()
        desk = Desk(data, bot.port)
        wanted = [history.day(today - 2 * DAY), yesterday]
        wait_for(lambda: len(bot.said) == 2 and quiet(data))
        check("daily: days when the desk was away are made up for", days_of(bot) == wanted, days_of(bot))
        desk.stop()
        change(data, "UPDATE desk_marks SET value = value - 400 WHERE name = 'daily_counts'")
        bot.said.clear()
        desk = Desk(data, bot.port)
        wait_for(lambda: len(bot.said) == 7 and quiet(data))
        check("daily: but a week at most", len(days_of(bot)) == 7 and days_of(bot)[-1] == yesterday, days_of(bot))
        desk.stop()
        sop(data, channel="@nobody_has_this")
        change(data, "UPDATE desk_marks SET value = value - 1 WHERE name = 'daily_counts'")
        desk = Desk(data, bot.port)
        check("daily: a channel that is not there is told to the operator", wait_for(
            lambda: "daily_waits" in open(f"{data}/desk.log").read()))
        desk.stop()
    finally:
        bot.server.shutdown()
        bot.server.server_close()
        shutil.rmtree(data, ignore_errors=True)
