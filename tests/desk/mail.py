# SPDX-License-Identifier: Apache-2.0
"""Mail: notices that come by LMTP, what their senders are answered by SMTP, and what hostile mails come to.

LONTAR_MAILS=10000 sends so many hostile mails instead of a few.
"""
import email
import email.policy
import email.utils
import os
import random
import re
import shutil
import signal
import smtplib
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

import lib
from lib import Desk, change, check, rows, run, wait_for

US, OFFICER, FLAGGER = "desk@lontar.example", "Siti@ministry.example", "watch@flagger.example"
MX = "mx.lontar.example"
FORM = """Link: https://t.me/kabar/3
Category: terrorism
Law: UU 5/2018 Art. 14
Reasons: It calls for an attack
on a named place.
Good faith: yes
"""
ORDER = """Form: art9
Link: @kabar/30
Category: fraud
Law: UU 1/2024 Art. 28
Reasons: It sells what is not there.
Issuing authority: Ministry
Reference number: 12/2026
Territorial scope: id
Language: en
Redress: Administrative court, 90 days.
Contact: siti@ministry.example
"""


class Inbox(socketserver.ThreadingTCPServer):
    """An SMTP server that keeps what it gets, and answers as it is told to."""
    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.port = self.server_address[1]
        self.letters, self.refusals, self.lock = [], [], threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a desk that was killed
            super().handle_error(request, client_address)

    def to(self, address, subject=""):
        """Letters to somebody, parsed, the oldest first."""
        with self.lock:
            found = [letter for letter in self.letters if letter["To"] == address]
        return [letter for letter in found if subject in letter["Subject"]]

    def awaited(self, address, subject, count=1):
        found = wait_for(lambda: len(self.to(address, subject)) >= count and self.to(address, subject))
        return found[-1] if found else None


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        sender = None
        self.say("220 test ESMTP")
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb.startswith(b"MAIL FROM:"):
                sender = line.strip()[10:].split(b">")[0].strip(b"< ").decode()
            if verb == b"DATA":
                self.say("354 go on")
                self.take(sender)
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 test")

    def take(self, sender):
        raw = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            raw += line[1:] if line.startswith(b".") else line
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        letter.sender = sender
        with self.server.lock:
            refusal = self.server.refusals.pop(0) if self.server.refusals else None
            if not refusal or refusal == "drop":
                self.server.letters.append(letter)
        if refusal == "drop":  # it has it, and the other side never learns
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.say(refusal or "250 taken")


class Office:
    """A desk that mail comes to, and the mail server before it."""

    def __init__(self, more="", lmtp=None):
        self.data = tempfile.mkdtemp(prefix="lontar-desk-")
        self.inbox, self.count, self.dates = Inbox(), 0, {}
        self.tokens, self.messenger = lib.begin(self.data)
        self.lmtp = lmtp or f"{self.data}/lmtp"
        self.settings(more)
        self.desk = None
        run("authority", "edit", "--data", self.data, "1", "--mail", OFFICER)
        run("flagger", "edit", "--data", self.data, "2", "--mail", FLAGGER)
        self.start()

    def settings(self, more):
        with open(f"{self.data}/desk/mail.ini", "w") as f:
            f.write(f"[mail]\naddress = {US}\n[in]\nlmtp = {self.lmtp}\nauthserv_id = {MX}\n{more}\n"
                    f"[out]\nsmtp = smtp+plain://127.0.0.1:{self.inbox.port}\n")

    def start(self):
        self.desk = Desk(self.data, self.messenger.port, more=("--fetch", f"127.0.0.1:{self.inbox.port}"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.desk.process.poll() is None:
            self.desk.process.kill()
            self.desk.process.wait()
        for server in (self.messenger.server, self.inbox):
            server.shutdown()
            server.server_close()
        shutil.rmtree(self.data, ignore_errors=True)

    def connect(self):
        if self.lmtp.startswith("/"):
            return smtplib.LMTP(self.lmtp)
        port = re.findall(r'"mail_port","text":"port (\d+)"', open(f"{self.data}/desk.log").read())[-1]
        return smtplib.LMTP("127.0.0.1", int(port))

    def deliver(self, raw, envelope=None, to=US):
        """(status, words) of the one recipient."""
        server = None
        try:
            server = self.connect()
            server.sendmail(OFFICER if envelope is None else envelope, [to], raw)
            return 250, ""
        except smtplib.SMTPRecipientsRefused as refused:
            return next(iter(refused.recipients.values()))
        except smtplib.SMTPResponseException as refused:
            return refused.smtp_code, refused.smtp_error
        finally:
            if server:
                server.close()

    def quiet(self):
        """Waits until all letters have left."""
        return wait_for(lambda: rows(self.data, "SELECT (SELECT count(*) FROM desk_untold) + (SELECT count(*) FROM"
                                                " desk_outbox WHERE way = 'mail' AND settled_at = 0)") == [(0,)])

    def mail(self, text, sender=OFFICER, passed="dkim=pass header.d={domain}", head="", envelope=None, to=US, number=None,
             age=3600):
        self.count += 1
        self.dates.setdefault(number or self.count, time.time() - age + self.count)
        domain = sender.split("@")[1]
        raw = (f"Received: from somewhere by {MX}\r\n"
               f"Authentication-Results: {MX}; " + passed.format(domain=domain) + "\r\n"
               f"From: Somebody <{sender}>\r\nTo: {US}\r\nMessage-ID: <{number or self.count}@{domain}>\r\n"
               f"Date: {email.utils.formatdate(self.dates[number or self.count])}\r\n{head}"
               "Content-Type: text/plain; charset=utf-8\r\n\r\n") + text.replace("\n", "\r\n")
        return self.deliver(raw.encode(), envelope, to)

    def notices(self):
        return rows(self.data, "SELECT count(*) FROM notices")[0][0]


def lower(address):
    return address.split("@")[0] + "@" + address.split("@")[1].lower()


def notice_by_mail(office):
    status, words = office.mail(FORM, number="first")
    check("mail: a complete notice is taken", status == 250, (status, words))
    stored = rows(office.data, "SELECT reporter, lane, subject, category, law, reasons FROM notices")
    check("mail: it is a notice like any other", len(stored) == 1 and stored[0][:5] == (
        1, "authority", "https://t.me/kabar/3", "terrorism", "UU 5/2018 Art. 14") and
          "attack" in stored[0][5] and "named place." in stored[0][5], stored)
    letter = office.inbox.awaited(OFFICER, "case 1")
    due = office.desk.ask("GET", "/api/notices/1", token=office.tokens["authority"])[1]["due"]
    check("mail: its sender is told case and due time", letter and due in letter.get_content() and "Notice 1" in
          letter.get_content().replace("notice 1", "Notice 1") and
          "[N-1]" in letter["Subject"] and letter["In-Reply-To"] == "<first@ministry.example>", letter and letter.as_string())
    check("mail: no program answers that letter, and answers find back", letter and
          letter["Auto-Submitted"] == "auto-generated" and letter["Reply-To"] == "desk+n1@lontar.example" and
          re.fullmatch(r"<n1\.\d+@lontar\.example>", letter["Message-ID"]), letter and letter.items())
    check("mail: the same mail again is the same notice", office.mail(FORM, number="first")[0] == 250 and
          office.notices() == 1, office.notices())
    kept = rows(office.data, "SELECT address, address_hash, message_id FROM notice_mails")
    check("mail: who sent it is kept sealed", len(kept) == 1 and kept[0][2] == "first@ministry.example" and
          not any(b"ministry" in part.lower() for part in kept[0][:2]), kept)
    status, _ = office.mail("Tautan: @kabar/4\nKategori: terrorism\nDasar hukum: UU 5/2018\nAlasan: Ini hasutan.\n"
                            "Itikad baik: ya\nMendesak: tidak\n", sender=FLAGGER, passed="spf=pass smtp.mailfrom={domain}")
    letter = office.inbox.awaited(FLAGGER, "kasus 2")
    check("mail: Indonesian is read and answered", status == 250 and letter and "paling lambat" in letter.get_content() and
          rows(office.data, "SELECT lane, reporter FROM notices WHERE id = 2") == [("flagger", 2)], letter)


def order_by_mail(office):
    """An order binds, and is answered as its law wants it."""
    before = office.notices()
    status, _ = office.mail(ORDER)
    stored = rows(office.data, "SELECT form, countries FROM notice_forms ORDER BY notice DESC LIMIT 1")
    letter = office.inbox.awaited(OFFICER, f"[N-{before + 1}]")
    check("mail: an order is taken", status == 250 and office.notices() == before + 1 and stored == [("art9", "ID")], stored)
    check("mail: its receipt has the reference and the law", letter and "12/2026" in letter.get_content() and
          "2022/2065 Article 9" in letter.get_content(), letter)
    office.mail(ORDER.replace("Redress: Administrative court, 90 days.\n", "").replace("scope: id", "scope: id, de"))
    letter = office.inbox.awaited(OFFICER, "Not taken: your notice")
    text = letter.get_content() if letter else ""
    check("mail: one that can't be carried out gets the answer of Annex III, and its form again", office.notices() == before + 1
          and all(word in text for word in ("can't be carried out as it is", "12/2026", "Form: art9", "\nRedress: ")), text)


def incomplete(office):
    before = office.notices()
    status, _ = office.mail("Link: @kabar/5\nCategory: nothing\nGood faith: perhaps\n")
    letter = office.inbox.awaited(OFFICER, "Not taken: your notice", 2)
    text = letter.get_content() if letter else ""
    check("mail: an incomplete notice is answered with what is missing", status == 250 and office.notices() == before and
          all(word in text for word in ("Legal basis", "Why it is illegal", "Category: is none")), text)
    check("mail: and with a form", all(word in text for word in ("Form: art16", "\nExact location: ", "terrorism|")), text)
    form = text[text.index("Form: art16"):]
    for label, value in (("Exact location", "@kabar/5"), ("Category", "terrorism"), ("Legal basis", "UU 5/2018"),
                         ("Why it is illegal", "It calls for\nan attack."), ("In good faith", "yes"), ("Urgent", "no")):
        form = form.replace(f"\n{label}: ", f"\n{label}: {value}")
    check("mail: that form, filled in, is a notice", office.mail(form)[0] == 250 and office.notices() == before + 1 and
          rows(office.data, "SELECT subject, reasons FROM notices ORDER BY id DESC LIMIT 1") ==
          [("@kabar/5", "It calls for\nan attack.")],
          rows(office.data, "SELECT subject, reasons FROM notices ORDER BY id DESC LIMIT 1"))
    quoted = "Here it is.\n\nThe desk wrote:\n" + "".join(f"> {line}\n" for line in form.replace("kabar/5", "kabar/6").splitlines())
    check("mail: filled in within the quote as well", office.mail(quoted)[0] == 250 and office.notices() == before + 2)
    office.mail(FORM + "Law: another one\n")
    check("mail: a field that is there twice is asked back",
          wait_for(lambda: any("twice" in x.get_content() for x in office.inbox.to(OFFICER, "Not taken: your notice"))))
    for about in ("t.me/+AbCdEf123456", "@nobody_here", "@person"):
        office.mail(FORM.replace("https://t.me/kabar/3", about))
    check("mail: what is not public is refused and counted as everywhere", office.notices() == before + 2 and
          wait_for(lambda: len(office.inbox.to(OFFICER, "Not taken: your notice")) == 6) and
          sorted(rows(office.data, "SELECT reason, count FROM desk_refusals WHERE lane = 'authority'")) ==
          [("country", 1), ("incomplete", 1), ("private", 1), ("unknown", 2)], rows(office.data, "SELECT * FROM desk_refusals"))


def question(office):
    desk, token = office.desk, office.tokens["moderator"]
    case = rows(office.data, "SELECT case_id FROM notices WHERE id = 1")[0][0]

    def asks(text):
        return desk.ask("POST", f"/api/cases/{case}/claim", token=token)[0] == 200 and desk.ask(
            "POST", f"/api/cases/{case}/pause", {"reason": "clarification", "question": text}, token)[0] == 200

    def answered():
        return rows(office.data, "SELECT count(*) FROM case_events WHERE kind = 'resumed'"
                                 " AND data LIKE '%The second one.%'")[0][0]

    check("mail: a question is asked", asks("Which of the posts?"))
    letter = office.inbox.awaited(OFFICER, "Question: case 1 [N-1]")
    check("mail: who sent the notice hears the question", letter and "Which of the posts?" in letter.get_content() and
          "reply to this mail" in letter.get_content(), letter)
    check("mail: somebody else's answer is none", office.mail("The second one.\n", sender=FLAGGER, to="desk+n1@lontar.example")
          and answered() == 0)
    ways = (("by the address", {"to": "desk+n1@lontar.example"}), ("by the subject", {"head": "Subject: Re: x [N-1]\r\n"}),
            ("by what it replies to", {"head": "In-Reply-To: <n1.123@lontar.example>\r\n"}))
    for number, (name, how) in enumerate(ways, 1):
        status, _ = office.mail("The second one.\n\nOn Sunday the desk wrote:\n> Which of the posts?\n-- \nSiti\n", **how)
        check(f"mail: an answer finds its notice {name}", status == 250 and answered() == number, answered())
        if number < len(ways):
            asks("Which of the posts?")
    text = rows(office.data, "SELECT data FROM case_events WHERE kind = 'resumed' ORDER BY seq DESC LIMIT 1")[0][0]
    check("mail: without quote and signature", "wrote" not in text and "Siti" not in text, text)
    office.mail("The third one.\n", to="desk+n1@lontar.example")
    check("mail: an answer to no question is told so", office.inbox.awaited(OFFICER, "Not taken: your answer"))


def outcome(office):
    """What becomes of a notice is told where it came from, each thing once."""
    desk, tokens = office.desk, office.tokens
    office.mail(FORM.replace("kabar/3", "kabar/20").replace("terrorism", "fraud"), number="outcome")
    case, notice = rows(office.data, "SELECT case_id, id FROM notices ORDER BY id DESC LIMIT 1")[0]
    token = f"case {case} [N-{notice}]"
    check("mail: it is claimed and decided", desk.ask("POST", f"/api/cases/{case}/claim", token=tokens["moderator"])[0] == 200 and
          desk.ask("POST", f"/api/cases/{case}/decide", {"action": "remove", **lib.FACTS}, tokens["moderator"])[0] == 200)
    letter = office.inbox.awaited(OFFICER, f"Carried out: {token}")
    check("mail: its sender hears what was done and when", letter and "removed" in letter.get_content() and
          rows(office.data, "SELECT 1 FROM statements WHERE executed_at > 0") and
          letter["In-Reply-To"] == "<outcome@ministry.example>", letter and letter.get_content())
    check("mail: it is reversed", desk.ask("POST", f"/api/cases/{case}/reverse", {"ground": "It reports a scam", "facts": "News."},
                                           tokens["lead"])[0] == 200)
    letter = office.inbox.awaited(OFFICER, f"Decided: {token}")
    check("mail: its sender hears that too", letter and "It reports a scam" in letter.get_content(), letter and letter.get_content())
    heard = [x["Subject"].split(":")[0] for x in office.inbox.to(OFFICER, token)]
    check("mail: each once", heard == ["Received", "Carried out", "Decided"], heard)


def strangers(office):
    office.quiet()
    before, letters = office.notices(), len(office.inbox.letters)
    for name, passed in (("nothing", "none"), ("a failure", "dkim=fail header.d={domain}"),
                         ("another domain's signature", "dkim=pass header.d=evil.example"),
                         ("one below its domain", "dkim=pass header.d=x.{domain}"),
                         ("SPF of another domain", "spf=pass smtp.mailfrom=evil.example")):
        status, words = office.mail(FORM, passed=passed)
        check(f"mail: {name} vouches for nobody", status == 550 and b"vouches" in words, (status, words))
    other = f"Authentication-Results: evil.example; dkim=pass header.d=ministry.example\r\n"
    check("mail: nor does another server", office.mail(FORM, passed="none", head=other)[0] == 550)
    twice = f"Authentication-Results: {MX}; dkim=pass header.d=ministry.example\r\n"
    check("mail: nor what somebody put in beside", office.mail(FORM, passed="dkim=none", head=twice)[0] == 550)
    check("mail: an old mail, whose signature is good for ever, is refused", office.mail(FORM, age=31 * 86400)[0] == 550)
    check("mail: one without a date as well", office.deliver(
        twice.encode() + f"From: {OFFICER}\r\n\r\n{FORM}".replace("\n", "\r\n").encode())[0] == 550)
    check("mail: nor two senders", office.mail(FORM, head="From: other@ministry.example\r\n")[0] == 554)
    check("mail: a program is not answered", office.mail(FORM, head="Auto-Submitted: auto-replied\r\n")[0] == 550)
    check("mail: nor a list", office.mail(FORM, head="List-Id: <x.example>\r\n")[0] == 550)
    check("mail: nobody else's address", office.mail(FORM, to="other@lontar.example")[0] == 550)
    check("mail: DMARC vouches too", office.mail("Link: @kabar/7\n", passed="dmarc=pass header.from={domain}")[0] == 250)
    office.inbox.awaited(OFFICER, "Not taken: your notice", 7)
    for attempt in range(3):
        status, words = office.mail(FORM, sender="friend@elsewhere.example")
        check(f"mail: who is unknown is told once a day ({attempt})", status == (550 if attempt else 250), (status, words))
    letter = office.inbox.awaited("friend@elsewhere.example", "Not taken")
    check("mail: and why", letter and "none" in letter.get_content(), letter)
    check("mail: a letter without a form is answered once a day", [office.mail("Hello?\n")[0] for _ in range(2)] == [250, 550]
          and office.inbox.awaited(OFFICER, "Not taken: your mail"))
    check("mail: nothing else came of all that", office.notices() == before and
          len(office.inbox.letters) == letters + 3, [x["Subject"] for x in office.inbox.letters[letters:]])


def going_out(office):
    office.quiet()
    inbox, sent = office.inbox, len(office.inbox.to(OFFICER, "Received"))
    inbox.refusals = ["451 not now", "drop"]
    office.mail(FORM.replace("kabar/3", "kabar/8"))
    letter = inbox.awaited(OFFICER, "Received", sent + 2)
    letters = inbox.to(OFFICER, "Received")[sent:]
    check("mail: it is sent again until it is taken, under the same number", letter and
          len({x["Message-ID"] for x in letters}) == 1, [x["Message-ID"] for x in letters])
    settled = "SELECT outcome FROM desk_outbox WHERE way = 'mail' ORDER BY id DESC LIMIT 1"
    check("mail: and then no more", wait_for(lambda: rows(office.data, settled) == [("sent",)]), rows(office.data, settled))
    inbox.refusals = ["550 no such person"]
    office.mail(FORM.replace("kabar/3", "kabar/9"))
    check("mail: what is refused for good is not sent again",
          wait_for(lambda: rows(office.data, settled) == [("refused",)]), rows(office.data, settled))
    log = f"{office.data}/desk.log"
    check("mail: a bounce is noticed", office.deliver(b"From: <>\r\n\r\ngone\r\n", "", letter.sender)[0] == 250 and
          "mail_bounced" in open(log).read() and rows(office.data, "SELECT count(*) FROM desk_outbox WHERE outcome = 'bounced'") ==
          [(1,)], letter.sender)
    wrong = letter.sender[:letter.sender.index("@") - 1] + ("0" if letter.sender[letter.sender.index("@") - 1] != "0" else "1")
    check("mail: one that nobody's letter is about is not", office.deliver(
        b"From: <>\r\n\r\ngone\r\n", "", wrong + "@lontar.example")[0] == 550 and
        office.deliver(b"From: <>\r\n\r\ngone\r\n", "")[0] == 550)


def restart(office):
    """What was acknowledged is there after a kill, and its letter goes out."""
    office.quiet()
    inbox, sent = office.inbox, len(office.inbox.to(OFFICER, "Received"))
    before = office.notices()
    inbox.refusals = ["451 not now"] * 100
    check("mail: taken while no letter leaves", office.mail(FORM.replace("kabar/3", "kabar/10"))[0] == 250)
    office.desk.stop(signal.SIGKILL)
    inbox.refusals = []
    office.start()
    change(office.data, "UPDATE desk_outbox SET next_at = 0")
    check("mail: nothing is lost by a kill", office.notices() == before + 1 and
          inbox.awaited(OFFICER, "Received", sent + 1), office.notices())


def hostile(office):
    before = office.notices()
    head = (f"Received: x\r\nAuthentication-Results: {MX}; dkim=pass header.d=ministry.example\r\nFrom: {OFFICER}\r\n").encode()
    form = FORM.replace("\n", "\r\n").encode()
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(200))
    bombs = [
        ("no mail", b"\r\n"), ("bytes of zero", head + b"\r\n" + form + b"\0"),
        ("parts within parts", head + nested + form), ("deep enough to end the stack", head + nested * 50 + form),
        ("a thousand parts", head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\n\r\n" + form) * 1000),
        ("a long head", head + b"X: y\r\n" * 20000 + b"\r\n" + form), ("a long field", head + b"X: " + b"y" * 20000 + b"\r\n\r\n" + form),
        ("groups within groups", head.replace(OFFICER.encode(), b"a:" * 5000) + b"\r\n" + form),
        ("a long text", head + b"\r\n" + form + b"x" * 100000), ("an encoding that hides", head +
                                                              b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + form),
        ("an encoding that is none", head + b"Content-Type: text/plain; charset=\"../../x\"\r\n\r\n" + form),
        ("base64 of much", head + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUFB" * 300000),
        ("quoted-printable of nothing", head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 300000),
        ("tags without end", head + b"Content-Type: text/html\r\n\r\n" + b"<a" * 500000),
        ("a mail within a mail", head + b"Content-Type: message/rfc822\r\n\r\n" + head * 100 + b"\r\n" + form),
    ]
    for name, raw in bombs:
        status, words = office.deliver(raw)
        check(f"mail: {name} is refused", status in (550, 554), (status, words))
    check("mail: one that is too long is refused", office.deliver(head + b"\r\n" + b"x" * (5 << 20))[0] == 552)
    check("mail: none of them was a notice", office.notices() == before)
    # Whatever is made of good ones: an answer each time, and the desk goes on.
    noise, seeds = random.Random(7), [raw for _, raw in bombs if len(raw) < 20000] + [head + b"\r\n" + form]
    count, answers = int(os.environ.get("LONTAR_MAILS", "60")), {}
    for _ in range(count):
        raw = bytearray(noise.choice(seeds))
        for _ in range(noise.randrange(1, 20)):
            raw[noise.randrange(len(raw))] = noise.randrange(256)
        status = office.deliver(bytes(raw[:noise.randrange(1, len(raw) + 1)]))[0]
        answers[status] = answers.get(status, 0) + 1
    check(f"mail: {count} broken ones are each answered", set(answers) <= {250, 550, 554}, answers)
    with socket.socket(socket.AF_UNIX) as broken:
        broken.connect(office.lmtp)
        broken.sendall(b"LHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<desk@lontar.example>\r\nDATA\r\nFrom: x\r\n")
    with socket.socket(socket.AF_UNIX) as rude:
        rude.settimeout(20)
        rude.connect(office.lmtp)
        rude.sendall(b"GET / HTTP/1.1\r\n" * 30)
        heard = b""
        while piece := rude.recv(4096):
            heard += piece
    check("mail: who speaks something else is sent away", b"421 4.7.0" in heard, heard[-200:])
    many, refused = [], None
    while not refused and len(many) < 20:
        try:
            many.append(office.connect())
        except smtplib.SMTPConnectError as busy:
            refused = busy.smtp_code
    for one in many:
        one.close()
    check("mail: more sessions than there is room for come again", refused == 421 and len(many) <= 16, (refused, len(many)))
    check("mail: it goes on", wait_for(lambda: office.mail(FORM.replace("kabar/3", "kabar/11"))[0] == 250))
    check("mail: a letter has one line more in no head", not any("\n" in str(value) for letter in office.inbox.letters
                                                                 for value in letter.values()))
    log = open(f"{office.data}/desk.log").read()
    check("mail: no address or content in the log", not re.search(r"(?i)siti@|attack|kabar|ministry\.example", log),
          re.findall(r"(?i).*(?:siti@|attack|kabar|ministry\.example).*", log)[:5])


def settings(data):
    for name, text, why in (("an open port", "lmtp = 0.0.0.0:0", "loopback"), ("no port", "lmtp = 127.0.0.1", "address:port"),
                            ("no name of a server", f"lmtp = {data}/x\nauthserv_id =", "authserv_id"),
                            ("a wrong name", "lntp = x", "lntp")):
        with open(f"{data}/desk/mail.ini", "w") as f:
            f.write(f"[mail]\naddress = {US}\n[out]\nsmtp = smtp://127.0.0.1:25\n[in]\nauthserv_id = {MX}\n{text}\n")
        log = os.path.getsize(f"{data}/desk.log")
        desk = Desk(data, expect=False)
        desk.process.wait(20)
        check(f"mail: {name} in mail.ini is told", not desk.port and why in open(f"{data}/desk.log").read()[log:],
              open(f"{data}/desk.log").read()[log:])


    alone = f"{data}/alone"  # without the program that reads mails beside it
    os.mkdir(alone)
    shutil.copy(lib.PROGRAM, f"{alone}/lontar-desk")
    with open(f"{data}/desk/mail.ini", "w") as f:
        f.write(f"[mail]\naddress = {US}\n[out]\nsmtp = smtp://127.0.0.1:25\n[in]\nauthserv_id = {MX}\nlmtp = {data}/x\n")
    failed = subprocess.run([f"{alone}/lontar-desk", "--data", data, "--port", "0", "--messenger-port", "0"],
                            capture_output=True, text=True, timeout=60)
    check("mail: without lontar-mail the desk says so at once", failed.returncode == 1 and "alone/lontar-mail" in failed.stderr,
          failed)


def by_port():
    with Office(lmtp="127.0.0.1:0", more="from_anybody = yes") as office:
        check("mail: by a port on loopback as well", office.mail(FORM)[0] == 250 and office.notices() == 1)
        anybody(office)


def anybody(office):
    """Article 16: whoever says who they are, and is it."""
    friend = "friend@elsewhere.example"
    check("mail: who is not known must give a name", office.mail(FORM, sender=friend)[0] == 250 and
          "Your name" in office.inbox.awaited(friend, "Not taken: your notice").get_content() and office.notices() == 1)
    check("mail: then it is a reader's notice", office.mail(FORM + "Your name: Budi\n", sender=friend)[0] == 250 and
          rows(office.data, "SELECT lane, reporter FROM notices WHERE id = 2") == [("user", 0)] and
          office.inbox.awaited(friend, "[N-2]"), rows(office.data, "SELECT lane, reporter FROM notices"))
    check("mail: and not without proof", office.mail(FORM + "Your name: Budi\n", sender=friend, passed="none")[0] == 550)
    check("mail: nobody orders who may not", office.mail(FORM + "Form: tco\nYour name: Budi\n", sender=friend)[0] == 250 and
          office.notices() == 2)
    token = office.tokens["moderator"]
    asked = (office.desk.ask("POST", "/api/cases/1/claim", token=token)[0],
             office.desk.ask("POST", "/api/cases/1/pause", {"reason": "clarification", "question": "Which?"}, token)[0])
    resumed = "SELECT count(*) FROM case_events WHERE kind = 'resumed'"
    check("mail: another stranger does not answer for them", asked == (200, 200) and office.mail(
        "This.\n", sender="other@elsewhere.example", to="desk+n2@lontar.example") and rows(office.data, resumed) == [(0,)], asked)
    check("mail: they answer themselves", office.mail("This.\n", sender=friend, to="desk+n2@lontar.example")[0] == 250 and
          rows(office.data, resumed) == [(1,)])
    check("mail: another's number tells a stranger nothing", office.mail(
        "This.\n", sender="third@elsewhere.example", to="desk+n1@lontar.example")[0] == 250 and
        "no form" in office.inbox.awaited("third@elsewhere.example", "Not taken").get_content())


def flood():
    with Office(lmtp="127.0.0.1:0", more="from_anybody = yes\nstrangers_each = 2\nstrangers_all = 5") as office:
        def send(who, post):
            return office.mail(FORM.replace("kabar/3", f"kabar/{post}") + "Your name: Budi\n", sender=f"{who}@elsewhere.example")
        check("mail: so many of one stranger a day", [send("one", post)[0] for post in (11, 12)] == [250, 250] and
              office.notices() == 2)
        check("mail: who is over it is told", send("one", 13)[0] == 250 and "tomorrow" in office.inbox.awaited(
            "one@elsewhere.example", "Not taken: your notice").get_content() and office.notices() == 2)
        check("mail: once", send("one", 14)[0] == 550 and office.notices() == 2)
        check("mail: others are taken", [send("two", post)[0] for post in (15, 16)] == [250, 250] and office.notices() == 4)
        send("three", 17)
        check("mail: until there are so many in all", send("four", 18)[0] == 250 and office.notices() == 5 and "tomorrow" in
              office.inbox.awaited("four@elsewhere.example", "Not taken: your notice").get_content(), office.notices())
        check("mail: who is known goes on", office.mail(FORM)[0] == 250 and office.notices() == 6)
        check("mail: of what was said no address stays", lib.wait_for(lambda: rows(
            office.data, "SELECT count(*) FROM desk_outbox WHERE settled_at = 0") == [(0,)]) and rows(
            office.data, "SELECT count(*) FROM desk_outbox WHERE address LIKE '%@%'") == [(0,)] and rows(
            office.data, "SELECT count(*) FROM desk_outbox")[0][0] > 0)


def test():
    if not os.path.exists(os.path.join(os.path.dirname(lib.PROGRAM), "lontar-mail")):
        print("skip mail: this build has no lontar-mail (GMime is missing)")
        return
    with Office() as office:
        notice_by_mail(office)
        order_by_mail(office)
        incomplete(office)
        question(office)
        outcome(office)
        strangers(office)
        going_out(office)
        restart(office)
        hostile(office)
        doors = lib.rows(office.data, "SELECT DISTINCT door FROM metrics WHERE what = 'notices'")
        check("notices by mail are counted as such", ("mail",) in doors, doors)
        office.desk.stop()
        settings(office.data)
    by_port()
    flood()
