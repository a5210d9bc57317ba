# SPDX-License-Identifier: Apache-2.0
"""The direct line of an authority, against a stand-in for the messenger's Bot API that breaks off and a desk that is killed:
each update has its effect once, each message is sent once. With stock clients: tests/clients/scenarios/liaison.mjs."""
import http.server
import json
import random
import re
import signal
import threading
import time

import lib
from lib import change, check, rows, run, wait_for

SITI, BUDI, ANNA = 5001, 5002, 5900
UPDATES, KILLS = 30, 6


class Bot(threading.Thread):
    """What was sent to the bot, until it is confirmed; what the bot said. breaks: how often an answer is lost, of ten."""

    def __init__(self, port=0):
        super().__init__(daemon=True)
        self.updates, self.last, self.said, self.by_request, self.edits, self.breaks = [], 0, [], {}, [], 0
        self.lock, bot = threading.Lock(), self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                method = self.path.rsplit("/", 1)[1]
                sent = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
                status, answer = 200, getattr(bot, method)(sent)
                if isinstance(answer, str):
                    status, answer = 400, {"ok": False, "error_code": 400, "description": answer}
                else:
                    answer = {"ok": True, "result": answer}
                if bot.breaks > random.randrange(10):
                    self.close_connection = True
                    return
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                """A desk that was killed does not take its answer."""

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]

    def run(self):
        self.server.serve_forever()

    def getUpdates(self, sent):
        with self.lock:
            if sent["offset"] > self.last + 1:  # as src/core/bots/bot_updates.h has it
                return "Bad Request: OFFSET_AHEAD"
            self.updates = [one for one in self.updates if one["update_id"] >= sent["offset"]]
            if self.updates:
                return self.updates[:sent["limit"]]
        time.sleep(0.1)
        return []

    def sendMessage(self, sent):
        with self.lock:
            request = sent["request_id"]
            if request not in self.by_request:
                self.said.append(sent)
                self.by_request[request] = {"message_id": 1000 + len(self.said)}
            return self.by_request[request]

    def editMessageText(self, sent):
        self.edits.append(sent)
        return {"message_id": sent["message_id"]}

    def answerCallbackQuery(self, _):
        return True

    def setMyCommands(self, _):
        return True

    def executeOrders(self, _):
        return {"executed": [], "more": False}

    def put(self, **update):
        with self.lock:
            self.last += 1
            self.updates.append({"update_id": self.last, **update})

    def message(self, text, person=SITI, chat=None, language="en", **more):
        chat = chat or person
        self.put(message={"message_id": self.last + 1, "from": {"id": person, "is_bot": False, "language_code": language},
                          "chat": {"id": chat, "type": "private" if chat == person else "group"}, "text": text, **more})

    def press(self, data, person=SITI, message=1):
        self.put(callback_query={"id": str(self.last + 10 ** 17), "from": {"id": person, "is_bot": False}, "data": data,
                                 "message": {"message_id": message, "chat": {"id": person, "type": "private"}}})

    def texts(self, chat=SITI):
        return [one["text"] for one in self.said if one["chat_id"] == str(chat)]

    def shown(self, pattern, chat=SITI):
        """The newest text, sent or edited, that has it."""
        both = self.said + self.edits
        return wait_for(lambda: next((one for one in reversed(both_of(self)) if one["chat_id"] == str(chat) and
                                      re.search(pattern, one["text"])), None)) or [one["text"] for one in both_of(self)]


def both_of(bot):
    return bot.said + bot.edits


def button(shown, word):
    if isinstance(shown, list):
        return "none"
    for row in shown.get("reply_markup", {}).get("inline_keyboard", []):
        for one in row:
            if word in one["callback_data"]:
                return one["callback_data"]
    return "none"


def refusals(data):
    return {reason: count for reason, count in rows(data, "SELECT reason, sum(count) FROM desk_refusals GROUP BY reason")}


def test_words(data, bot):
    bot.message("@kabar", person=BUDI)
    bot.message("hello?", person=BUDI)
    bot.message("halo", person=BUDI + 1, language="id-ID")
    check("who is no officer hears what the bot is for", not isinstance(bot.shown("moderation desk", BUDI), list))
    check("in Indonesian who speaks it", not isinstance(bot.shown("meja moderasi", BUDI + 1), list))
    bot.message("/cases", person=BUDI + 2)
    check("commands of the line are not theirs", not isinstance(bot.shown("no direct line", BUDI + 2), list))
    check("once a minute", len(bot.texts(BUDI)) == 1, bot.texts(BUDI))
    bot.message("@nobody_there/3")
    check("what is not there is refused, and named", not isinstance(bot.shown("@nobody_there/3: nothing public"), list))
    bot.message("https://t.me/+AbCdEfGhIjKlMnOp")
    check("what is private, in the same words", not isinstance(bot.shown(r"t.me/\+AbC\S+ nothing public"), list))
    check("both are counted as over HTTP", wait_for(lambda: refusals(data) == {"unknown": 1, "private": 1}), refusals(data))
    bot.press("n:send:99:")
    check("a button of no dialogue does nothing", not isinstance(bot.shown("no longer waiting"), list) and
          rows(data, "SELECT count(*) FROM notices") == [(0,)])
    for number, hostile in enumerate((None, "", "x", [], {"message": 3}, {"message": {"chat": {"id": "5"}}},
                                      {"callback_query": {"id": [], "data": 1}})):
        bot.put(**(hostile if isinstance(hostile, dict) else {"message": hostile}))
    bot.message("/case 12345678901234567890")
    check("hostile updates are passed over", not isinstance(bot.shown("no case of this number"), list))


def test_kills(data, bot, desk):
    """Desk and answers die at random; the dialogue goes on, and what was asked is answered once each."""
    before = len(bot.texts())
    bot.breaks = 2
    for number in range(UPDATES):
        bot.message(f"/case {10 ** 6 + number}")
    for _ in range(KILLS):
        time.sleep(random.random() * 0.4)  # at any point of its work
        desk.stop(signal.SIGKILL)
        desk = lib.Desk(data, bot.port)
    check("every update is answered", wait_for(lambda: len(bot.texts()) - before >= UPDATES, 120), len(bot.texts()) - before)
    bot.message("t.me/kabar/1")
    bot.press(button(bot.shown("Which category"), ":category:"))
    desk.stop(signal.SIGKILL)
    desk = lib.Desk(data, bot.port)
    bot.press(button(bot.shown("Which law"), ":law:"))
    shown = bot.shown("Is it urgent|Why is it against")
    if button(shown, ":urgent:") != "none":
        bot.press(button(shown, ":urgent:"))
    bot.shown("Why is it against")
    desk.stop(signal.SIGKILL)
    desk = lib.Desk(data, bot.port)
    bot.message("It takes money.")
    bot.press(button(bot.shown("By sending it"), ":send:"))
    check("it ends with a receipt", not isinstance(bot.shown("part of case 1 "), list), both_of(bot)[-3:])
    bot.press(button(bot.shown("By sending it"), ":send:"))
    bot.message("/cancel")
    check("sent twice it is one notice", not isinstance(bot.shown("nothing to drop"), list) and
          rows(data, "SELECT count(*) FROM notices") == [(1,)])
    bot.breaks = 0
    check("nothing is left to say", wait_for(
        lambda: rows(data, "SELECT count(*) FROM desk_outbox WHERE settled_at = 0") == [(0,)], 60))
    numbered = [text for text in bot.texts()[before:] if "no case of this number" in text]
    check("each is answered once", len(numbered) == UPDATES, len(numbered))
    return desk


def test_case(data, bot, desk, tokens):
    token = tokens["moderator"]
    check("a claim is told", desk.ask("POST", "/api/cases/1/claim", token=token)[0] == 200 and
          not isinstance(bot.shown("Case 1 .*somebody at the desk"), list))
    desk.ask("POST", "/api/cases/1/pause", {"reason": "clarification", "question": "Which one?"}, token)
    check("a question too", not isinstance(bot.shown("Which one\\?"), list))
    bot.message("/answer 1 The first.")
    check("its answer resumes the clock", not isinstance(bot.shown("Case 1 goes on"), list) and
          desk.ask("GET", "/api/cases/1", token=token)[1]["state"] == "open")
    bot.message("/answer 1 Again.")
    check("once", not isinstance(bot.shown("Nothing is asked"), list))
    bot.message("/cases")
    check("it is among the open ones", not isinstance(bot.shown("/case_1 @Kabar/1|/case_1 @kabar/1"), list), bot.texts()[-1])
    desk.ask("POST", "/api/cases/1/claim", token=token)
    status, answer, _ = desk.ask("POST", "/api/cases/1/decide", {"action": "dismiss", **lib.FACTS}, token)
    check("the decision is told", status == 200 and not isinstance(bot.shown("nothing was done"), list), answer)
    check("the rebuild agrees", desk.stop() == 0 and run("desk", "audit", "--data", data).returncode == 0)


class Line:
    """What one officer says and sees."""

    def __init__(self, bot, person):
        self.bot, self.person, self.seen = bot, person, (0, 0)

    def begin(self):
        """What was shown before does not count from here on."""
        self.seen = len(self.bot.said), len(self.bot.edits)

    def message(self, text):
        self.bot.message(text, person=self.person)

    def press(self, shown, word):
        self.bot.press(word if isinstance(shown, list) else button(shown, word), person=self.person)

    def shown(self, pattern):
        def newer():
            return self.bot.said[self.seen[0]:] + self.bot.edits[self.seen[1]:]
        return wait_for(lambda: next((one for one in newer() if one["chat_id"] == str(self.person) and
                                      re.search(pattern, one["text"])), None)) or newer()

    def saw(self, pattern):
        return not isinstance(self.shown(pattern), list)


def fill(line, about, category):
    """From a link to what is to be confirmed."""
    line.begin()
    line.message(about)
    line.press(line.shown(f"Notice about {about}\\.\nWhich category"), f":{category}")
    shown = line.shown(f"Notice about {about}: .*\nWhich law")
    if button(shown, ":law:") != "none":
        line.press(shown, ":law:")
    else:
        line.message("StGB 263")
    shown = line.shown("Is it urgent|Why is it against")
    if button(shown, ":urgent:") != "none":
        line.press(shown, ":urgent:")
        line.shown("Why is it against")
    line.message("It takes money.")
    return line.shown(f"Notice about {about}\nCategory")


def order(line, about, countries):
    """An order under Article 9, up to what is to be confirmed."""
    line.press(fill(line, about, "fraud"), ":art9")
    line.press(line.shown("illegal content: Issuing authority"), "authority:own")
    line.shown("illegal content: Reference number")
    line.message("12/2026")
    line.shown("illegal content: Territorial scope")
    line.message("Atlantis")
    check("what the gate would refuse is asked again, in its words", line.saw("Territorial scope\nmust hold two-letter"))
    line.message(countries)
    line.press(line.shown("illegal content: Language"), "language:id")
    line.shown("illegal content: Redress")
    line.message("Pengadilan Tinggi, 14 hari")
    line.shown("illegal content: Contact")
    line.message("nobody")
    line.shown("illegal content: Contact\nis no e-mail address")
    line.message("desk@ministry.example")
    return line.shown(f"{about}\n(.*\n)*.*in the name of your authority")


def stored(data, about):
    return rows(data, f"SELECT f.form, f.countries FROM notices n JOIN notice_forms f ON f.notice = n.id WHERE n.subject = '{about}'")


def test_order(data, bot):
    """What was answered may be made an order: it is asked for what its form needs beyond a notice."""
    line = Line(bot, SITI)
    shown = order(line, "@kabar/20", "id")
    check("all of an order is shown before it is sent", not isinstance(shown, list) and all(
        word in shown["text"] for word in ("Ministry", "12/2026", ": ID", "Indonesian", "14 hari", "desk@ministry.example")), shown)
    line.press(shown, ":send:")
    check("it is taken in, and answered with its number", line.saw("was received(.|\n)*12/2026") and
          wait_for(lambda: stored(data, "@kabar/20") == [("art9", "ID")]), stored(data, "@kabar/20"))
    line.press(order(line, "@kabar/21", "ID, DE"), ":send:")
    check("one that can't be carried out gets the answer that says why", line.saw("can't be carried out(.|\n)*beyond what you may order"),
          both_of(bot)[-1])
    check("and leaves a count", stored(data, "@kabar/21") == [] and refusals(data).get("country") == 1, refusals(data))
    shown = fill(line, "@kabar/21", "terrorism")
    check("no removal order from outside of the Union", button(shown, ":art9") != "none" and button(shown, ":tco") == "none", shown)
    line.press(shown, ":cancel:")


def test_removal(data, bot):
    """A removal order, of an authority of a Member State, with the fields of Annex I."""
    line = Line(bot, ANNA)
    shown = fill(line, "@kabar/22", "fraud")
    check("only about terrorist content", button(shown, ":art9") != "none" and button(shown, ":tco") == "none", shown)
    line.press(fill(line, "@kabar/22", "terrorism"), ":tco")
    grounds = line.shown("terrorist content: The material")
    for one in ("threatens", "incites", "threatens"):
        line.press(grounds, f"grounds:{one}")
    done = wait_for(lambda: next((one for one in reversed(both_of(bot)) if button(one, "grounds:incites") != "none" and
                                  words(one) == ["✓ incites to terrorist offences"]), None))
    check("grounds are chosen, and let go", bool(done), both_of(bot)[-3:])
    bot.press(next(one["callback_data"] for row in done["reply_markup"]["inline_keyboard"] for one in row if one["text"] == "Done"),
              person=ANNA)
    line.press(line.shown("terrorist content: Issuing authority"), "authority:own")
    line.press(line.shown("terrorist content: Kind of authority"), ":court")
    for title, wrong, right in (("Who signs", None, "A. B., judge"), ("Reference number", None, "BKA-77"),
                                ("Issued", "yesterday", "2026-11-22T10:00:00Z")):
        line.shown(f"terrorist content: {title}")
        if wrong:
            line.message(wrong)
            line.shown(f"terrorist content: {title}\nmust be")
        line.message(right)
    line.press(line.shown("terrorist content: Language"), "language:en")
    line.press(grounds, "grounds:threatens")  # one of before: what is asked now is asked again
    line.shown("terrorist content: Redress")
    line.message("Court, one month")
    line.shown("terrorist content: Contact")
    line.message("tco@bka.example")
    line.press(line.shown("BKA-77(.|\n)*in the name of your authority"), ":send:")
    check("a removal order is taken in", wait_for(lambda: [form for form, _ in stored(data, "@kabar/22")] == ["tco"]),
          both_of(bot)[-1])


def words(shown):
    return [one["text"] for row in shown["reply_markup"]["inline_keyboard"] for one in row if one["text"].startswith("✓")]


def test_unsayable(data, bot):
    """Nothing is known to write such a text; whatever does must not silence everybody."""
    for number, chat, body in ((900001, 4001, "CAST(X'FFFE' AS TEXT)"), (900002, 4002, "'behind it'")):
        change(data, "INSERT INTO desk_outbox (id, request, way, address, subject, body, extra, edits, answers, case_id, created_at,"
                     f" next_at, tries, settled_at, outcome, result) VALUES ({number}, {number}, 'bot', '{chat}', '', {body}, '', 0, 0, 0,"
                     " 1, 0, 0, 0, '', 0)")
    check("what is no text holds up nothing", not isinstance(bot.shown("behind it", 4002), list))


def test_strangers(data, bot):
    """Whoever writes without end is not answered without end; who has a line is."""
    for number in range(12):
        bot.message(f"/start appeal_{number:043d}", person=BUDI + 20)
        bot.message(f"/start answer_{number:043d}", person=BUDI + 21)
        bot.message(f"/bind {number:043d}", person=BUDI + 22, chat=-7000)
        bot.message(f"/bind {number:043d}", person=BUDI + 23)
    for _ in range(60):
        bot.message("/cancel", person=BUDI + 24)
    bot.message("/case 777777")
    before = len(bot.texts())
    wait_for(lambda: len(bot.texts()) > before and rows(data, "SELECT count(*) FROM desk_outbox WHERE settled_at = 0") == [(0,)])
    said = [len(bot.texts(chat)) for chat in (BUDI + 20, BUDI + 21, -7000, BUDI + 23, BUDI + 24)]
    check("codes that open nothing are answered three times an hour", said[:4] == [3, 3, 3, 3] and said[4] <= 30, said)
    check("and nothing of strangers is kept", rows(data, f"SELECT count(*) FROM desk_outbox WHERE address NOT IN ('', '{SITI}')") == [(0,)])


def test_restored(data, bot):
    """The messenger's home came back from a backup: its numbers begin below what was heard."""
    change(data, "UPDATE desk_marks SET value = value + 1000000 WHERE name = 'bot_update'")
    bot.message("/case 424242", person=BUDI + 3)
    bot.message("/case 4242")
    before = len(bot.texts())
    check("what a home that is older than the mark tells is heard", wait_for(lambda: len(bot.texts()) > before), bot.texts()[-2:])
    check("and the mark follows it", wait_for(lambda: rows(data, "SELECT value FROM desk_marks WHERE name = 'bot_update'") ==
                                             [(bot.last,)]))


def test():
    with lib.fresh() as (data, desk, tokens, _):
        desk.stop()
        result = run("authority", "add", "--data", data, "--name", "Ministry", "--country", "ID", "--lang", "en",
                     "--competence", "any", "--officer", f"Siti={SITI}")
        check("an authority with an officer", result.returncode == 0, result)
        result = run("authority", "add", "--data", data, "--name", "Amt", "--country", "DE", "--lang", "en",
                     "--competence", "any", "--officer", f"Anna={ANNA}")
        check("one of a Member State", result.returncode == 0, result)
        bot = Bot()
        bot.start()
        desk = lib.Desk(data, bot.port)
        try:
            test_words(data, bot)
            test_unsayable(data, bot)
            test_strangers(data, bot)
            test_restored(data, bot)
            desk = test_kills(data, bot, desk)
            test_case(data, bot, desk, tokens)
            desk = lib.Desk(data, bot.port)
            test_order(data, bot)
            test_removal(data, bot)
            doors = lib.rows(data, "SELECT DISTINCT door FROM metrics WHERE what = 'notices' AND lane = 'authority'")
            check("notices of the chat are counted as such", ("chat",) in doors, doors)
        finally:
            if desk.process.poll() is None:
                desk.stop()
            bot.server.shutdown()
            bot.server.server_close()
