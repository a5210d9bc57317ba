# SPDX-License-Identifier: Apache-2.0
"""Mail that the desk takes out of a mailbox by IMAP, from a real server."""
import email.utils
import os
import random
import re
import signal
import time

import lib
import witness
from imap_server import DOVECOT, PASSWORD, USER, ImapServer
from lib import Desk, check, rows, wait_for
from mail import FLAGGER, FORM, MX, OFFICER, US, Office

FROM_OUTSIDE = "Received: from a.example by b.example\r\n"


class Postbox(Office):
    """As Office, with a mailbox before the desk."""

    def __init__(self, more=""):
        self.imap = ImapServer()
        super().__init__(more)

    def settings(self, more):
        with open(f"{self.data}/desk/mail.ini", "w") as f:
            f.write(f"[mail]\naddress = {US}\n[in]\nimap = imap+plain://127.0.0.1:{self.imap.port}\nimap_user = {USER}\n"
                    f"imap_password = {PASSWORD}\nimap_every = 1\nauthserv_id = {MX}\n{more}\n"
                    f"[out]\nsmtp = smtp+plain://127.0.0.1:{self.inbox.port}\n")

    def start(self):
        self.desk = Desk(self.data, self.messenger.port,
                         more=("--fetch", f"127.0.0.1:{self.inbox.port},127.0.0.1:{self.imap.port}"))

    def __exit__(self, *_):
        super().__exit__()
        self.imap.close()

    def deliver(self, raw, envelope=None, to=US):
        sender = OFFICER if envelope is None else envelope
        self.imap.put(f"Return-Path: <{sender}>\r\nDelivered-To: {to}\r\n".encode() + raw)
        return wait_for(lambda: self.imap.holds() == 0)

    def log(self):
        with open(f"{self.data}/desk.log") as f:
            return f.read()


def taking(office):
    check("mailbox: a mail is taken out of it", office.mail(FORM, number="first") and office.notices() == 1, office.log())
    letter = office.inbox.awaited(OFFICER, "case 1")
    check("mailbox: its sender is answered", letter and letter["In-Reply-To"] == "<first@ministry.example>", letter)
    check("mailbox: what comes again is the same notice", office.mail(FORM, number="first") and office.notices() == 1)
    check("mailbox: none of these is kept there", office.imap.holds("Refused") == 0)


def refusing(office):
    letters = len(office.inbox.letters)
    check("mailbox: nobody vouches: it goes to the other folder", office.mail(FORM, passed="none") and office.notices() == 1 and
          office.imap.holds("Refused") == 1)
    office.mail(FORM, head="Auto-Submitted: auto-replied\r\n")
    office.deliver(b"no mail at all \0")
    office.deliver(b"From: a@b.example\r\n\r\n" + b"x" * (5 << 20))
    check("mailbox: programs', broken and long ones, too", office.imap.holds("Refused") == 4, office.imap.holds("Refused"))
    check("mailbox: and nobody is written to", office.quiet() and len(office.inbox.letters) == letters, office.inbox.letters)
    with office.imap.session() as client:
        client.select("Refused")
        whole = client.fetch("4", "(RFC822.SIZE)")[1][0]
    check("mailbox: they are there whole", int(re.search(rb"SIZE (\d+)", whole)[1]) > 5 << 20, whole)


def answering(office):
    desk, token = office.desk, office.tokens["moderator"]
    resumed = "SELECT count(*) FROM case_events WHERE kind = 'resumed'"
    desk.ask("POST", "/api/cases/1/claim", token=token)
    desk.ask("POST", "/api/cases/1/pause", {"reason": "clarification", "question": "Which?"}, token)
    letter = office.inbox.awaited(OFFICER, "Question: case 1 [N-1]")
    check("mailbox: an answer finds its notice by where it arrived", letter and office.mail(
        "The second one.\n", to=letter["Reply-To"]) and rows(office.data, resumed) == [(1,)])
    bounced = "SELECT count(*) FROM desk_outbox WHERE outcome = 'bounced'"
    check("mailbox: a bounce finds its letter", office.mail("It could not be delivered.\n", sender="mailer-daemon@ministry.example",
          envelope="", to=letter.sender) and rows(office.data, bounced) == [(1,)] and "mail_bounced" in office.log(), office.log())


def many(office):
    """More than fit into one look."""
    with office.imap.session() as client:
        for number in range(130):
            client.append("INBOX", None, None, f"From: x{number}@spam.example\r\nDate: {email.utils.formatdate()}\r\n\r\nspam".encode())
    before, logins = office.imap.holds("Refused"), office.imap.logins()
    check("mailbox: many are taken in turn", wait_for(lambda: office.imap.holds("Refused") == before + 130) and
          office.imap.holds() == 0, office.imap.holds("Refused"))
    check("mailbox: with few logins", office.imap.logins() - logins <= 3, office.imap.logins() - logins)


def away(office):
    check("mailbox: so far it was never away", "mailbox_away" not in office.log(),
          [line for line in office.log().splitlines() if "mailbox" in line])
    office.imap.stop()
    check("mailbox: a server that is away is told", wait_for(lambda: "mailbox_away" in office.log()), office.log()[-500:])
    time.sleep(3)
    told = office.log().count("mailbox_away")
    office.imap.start()
    check("mailbox: once", told == 1, [line for line in office.log().splitlines() if "mailbox" in line])
    check("mailbox: and it goes on", office.mail(FORM.replace("kabar/3", "kabar/4"), sender=FLAGGER) and office.notices() == 2 and
          "mailbox_back" in office.log(), office.log()[-500:])
    # The desk dies with mails on their way; none is lost, and none is taken twice.
    sent = [FORM.replace("kabar/3", f"kabar/{post}") for post in range(5, 11)]
    for at, text in enumerate(sent):
        office.imap.put(raw_of(office, text, f"crash{at}"))
        if at % 2:
            office.desk.process.kill()
            office.desk.process.wait()
            office.start()
    check("mailbox: through kills each is taken once", wait_for(lambda: office.imap.holds() == 0) and office.notices() == 2 +
          len(sent), office.notices())
    fetch_dies(office)
    check("mailbox: no password, address or content in the log", not re.search(rf"(?i){PASSWORD}|siti@|attack|kabar", office.log()),
          re.findall(rf"(?i).*(?:{PASSWORD}|siti@|attack|kabar).*", office.log())[:5])
    check("mailbox: no sanitizer complained", not re.search(r"Sanitizer|runtime error", office.log()), office.log()[-2000:])


def fetch_dies(office):
    """lontar-fetch, which holds the connection, is killed at moments that chance chooses."""
    chance, before, killed = random.Random(7), office.notices(), 0
    sent = [FORM.replace("kabar/3", f"kabar/{post}") for post in range(11, 23)]
    for at, text in enumerate(sent):
        office.imap.put(raw_of(office, text, f"gone{at}"))
        wait_for(lambda: witness.fetchers(office.desk.process.pid), 2)  # it is started when there is something to fetch
        time.sleep(chance.uniform(0, 0.1))
        for pid in witness.fetchers(office.desk.process.pid):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    check("mailbox: when lontar-fetch is killed at any moment, each is taken once", wait_for(lambda: office.imap.holds() == 0) and
          killed > len(sent) // 2 and office.notices() == before + len(sent), (killed, before, office.notices(), office.log()[-500:]))


def raw_of(office, text, number):
    taken = []
    office.deliver, kept = lambda raw, *_: taken.append(raw), office.deliver
    office.mail(text, number=number)
    office.deliver = kept
    return taken[0]


def hops():
    """A provider whose own machines add lines on top of what it found."""
    with Postbox(more="received = 3") as office:
        inside = f"Received: from x by {MX}\r\n" * 2
        raw = raw_of(office, FORM, "inside").decode()
        office.deliver((inside + raw).encode())
        check("mailbox: what the provider's machines wrote counts", office.notices() == 1, office.log())
        office.deliver((inside + FROM_OUTSIDE + raw.replace("kabar/3", "kabar/4")).encode())
        check("mailbox: what came with the mail does not", office.notices() == 1 and office.imap.holds("Refused") == 1)


def clear():
    """A password goes out over TLS, or not at all."""
    with Postbox() as office:
        office.desk.stop()
        office.settings("")
        path, logins = f"{office.data}/desk/mail.ini", office.imap.logins()
        with open(path) as f:
            text = f.read()
        with open(path, "w") as f:
            f.write(text.replace("imap+plain://", "imap://"))
        office.start()
        check("mailbox: without STARTTLS nothing is said", wait_for(lambda: "mailbox_away" in office.log()) and
              office.imap.logins() == logins and "auth failed" not in office.imap.log(), office.imap.log()[-500:])
        with open(path, "w") as f:
            f.write(text.replace(PASSWORD, "another"))
        office.desk.stop()
        office.start()
        check("mailbox: a wrong password is told", wait_for(lambda: "refuses the login" in office.log()), office.log()[-500:])
        settings(office.data)


def settings(data):
    good = {"imap": "imaps://mail.example:993", "imap_user": "desk", "imap_password": "x", "authserv_id": MX}
    for name, change, why in (("another scheme", {"imap": "pop3://mail.example"}, "imaps://"),
                              ("no login", {"imap_user": ""}, "imap_user"), ("LMTP as well", {"lmtp": f"{data}/x"}, "same desk"),
                              ("a folder with a quote", {"imap_folder": 'A"B'}, "letters"),
                              ("refused mail where mail comes in", {"imap_refused": "INBOX"}, "another folder"),
                              ("no name of a server", {"authserv_id": ""}, "authserv_id")):
        with open(f"{data}/desk/mail.ini", "w") as f:
            f.write(f"[mail]\naddress = {US}\n[out]\nsmtp = smtp://127.0.0.1:25\n[in]\n" +
                    "".join(f"{key} = {value}\n" for key, value in {**good, **change}.items()))
        log = os.path.getsize(f"{data}/desk.log")
        desk = Desk(data, expect=False)
        desk.process.wait(20)
        with open(f"{data}/desk.log") as f:
            said = f.read()[log:]
        check(f"mailbox: {name} in mail.ini is told", not desk.port and why in said, said)


def test():
    if not os.path.exists(os.path.join(os.path.dirname(lib.PROGRAM), "lontar-mail")):
        print("skip mailbox: this build has no lontar-mail (GMime is missing)")
        return
    if not os.path.exists(DOVECOT):
        print("skip mailbox: there is no Dovecot (packaging/apt-test.txt)")
        return
    with Postbox() as office:
        taking(office)
        refusing(office)
        answering(office)
        many(office)
        away(office)
    hops()
    clear()
