# SPDX-License-Identifier: Apache-2.0
"""Witnesses sign the ledger's checkpoints, having seen that it only grows; who checks a receipt may ask for them."""
import os
import signal
import subprocess

import lib
from lib import Desk, check, notice, run, wait_for
from witness_server import Key, Witness


def order(desk, tokens, post):
    case = desk.ask("POST", "/api/notices", notice(f"@kabar/{post}"), tokens["authority"])[1]["case"]
    desk.ask("POST", f"/api/cases/{case}/claim", {}, tokens["moderator"])
    return desk.ask("POST", f"/api/cases/{case}/decide", {"action": "remove", **lib.FACTS}, tokens["moderator"])[0] == 200


def checkpoint(desk):
    return desk.ask("GET", "/square/ledger/checkpoint")[1].decode()


def size_of(text):
    return int(text.split("\n")[1])


def signed_by(desk, *witnesses):
    text = checkpoint(desk)
    return all(f"\u2014 {w.key.name} " in text for w in witnesses) and text


def reached(*witnesses):
    return ["--fetch", ",".join(f"127.0.0.1:{w.port}" for w in witnesses)]


def write_file(data, *witnesses):
    with open(f"{data}/desk/witnesses", "w") as f:
        f.write("# who signs the ledger\n\n" + "".join(f"{w.key.vkey} {w.url}/\n" for w in witnesses))


def checked(key, text, *witnesses):
    more = [word for w in witnesses for word in ("--witness", w.vkey)]
    return subprocess.run([lib.PROGRAM, "ledger", "check", "--key", key, *more, "-"], input=text, capture_output=True,
                          text=True, timeout=60)


def test_growth(data, desk, tokens, first, second, key):
    check("witness: the first order", order(desk, tokens, 1))
    check("witness: both sign it", wait_for(lambda: signed_by(desk, first, second)), checkpoint(desk))
    for post in range(2, 14):
        order(desk, tokens, post)
        wait_for(lambda size=post: size_of(checkpoint(desk)) == size and signed_by(desk, first, second))
    text = signed_by(desk, first, second)
    check("witness: they sign each, with a proof of growth", text and size_of(text) == 13 and first.size == 13 and
          422 not in first.answers + second.answers and 403 not in first.answers, (first.answers, checkpoint(desk)))
    check("witness: one signature of each", text.count(first.key.name) == 1 and text.count("\u2014") == 3, text)
    result = run("ledger", "verify", "--key", key, f"http://127.0.0.1:{desk.port}/square/ledger")
    check("witness: the ledger verifies as before", result.returncode == 0, result)
    result = run("desk", "audit", "--data", data)
    check("witness: so does the audit", result.returncode == 0, result)


def test_receipts(desk, first, second, key):
    text = desk.ask("GET", "/square/ledger/proof/7")[1].decode()
    result = checked(key, text, first.key, second.key)
    check("witness: a receipt shows who signed", result.returncode == 0 and
          result.stdout.count("signed it too, at 2") == 2, result)
    result = checked(key, text, first.key, Key("witness.example/other"))
    check("witness: and who did not", result.returncode == 1 and "other has not signed" in result.stderr, result)
    result = checked(key, text, Key(first.key.name))
    check("witness: a name without its key does not count", result.returncode == 1, result)
    result = checked(key, text.replace(text.split(f"\u2014 {first.key.name} ")[1][:20], "A" * 20), first.key)
    check("witness: nor an altered signature", result.returncode == 1, result)
    result = checked(key, text, Key("witness.example/ledger", kind=1))
    check("witness: a ledger's key is no witness's", result.returncode == 1 and "another kind" in result.stderr, result)


def test_restart(data, messenger, tokens, first, second):
    desk = Desk(data, messenger.port, more=reached(first, second))
    check("witness: a restart loses no signature", signed_by(desk, first, second))
    desk.stop()
    path = f"{data}/desk/ledger/checkpoint"
    text = open(path).read()
    with open(path, "w") as f:
        f.write("\n".join(text.split("\n")[:5]) + "\n")  # as signed by the ledger alone
    desk = Desk(data, messenger.port, more=reached(first, second))
    check("witness: what is lost is asked for again", wait_for(lambda: signed_by(desk, first, second)), checkpoint(desk))
    check("witness: who knows no size is told", 409 in first.answers, first.answers)
    second.stop()
    order(desk, tokens, 20)
    check("witness: one is enough to go on", wait_for(lambda: size_of(checkpoint(desk)) == 14 and signed_by(desk, first)))
    check("witness: who is away has not signed", not signed_by(desk, second))
    log = open(f"{data}/desk.log").read()
    check("witness: and that is said", "witness_failing" in log, log[-400:])
    again = wait_for(lambda: come_back(second))
    again.start()
    check("witness: who comes back signs", wait_for(lambda: signed_by(desk, first, second)), again.answers)
    return desk, again


def come_back(old):
    try:
        witness = Witness(old.key.name, f"{old.origin}+{old.log_id.hex()}+AQ==", old.port)
    except OSError:
        return None
    witness.key, witness.size, witness.root, witness.log_key = old.key, old.size, old.root, old.log_key
    return witness


def test_lies(desk, tokens, first, second):
    first.lies = True
    order(desk, tokens, 21)
    wait_for(lambda: signed_by(desk, second) and size_of(checkpoint(desk)) == 15)
    check("witness: a wrong signature is not served", first.size == 15 and not signed_by(desk, first), checkpoint(desk))
    first.lies = False
    check("witness: it may say it again", wait_for(lambda: signed_by(desk, first, second)), first.answers)


def test_wanders(data, desk, tokens, first, second):
    first.wanders = True
    order(desk, tokens, 26)
    check("witness: one that names another size each time is asked after a pause", wait_for(
        lambda: "names another size each time" in open(f"{data}/desk.log").read()), len(first.answers))
    first.wanders = False
    check("witness: and signs when it means one", wait_for(lambda: signed_by(desk, first, second)), first.answers[-5:])


def fetchers(process):
    """The lontar-fetch below this process, by its id."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as f:
                words = f.read()
        except OSError:
            continue
        name, parent = words[words.index("(") + 1:words.rindex(")")], int(words[words.rindex(")") + 1:].split()[1])
        if parent == process and name == "lontar-fetch":
            found.append(int(pid))
        elif parent == process:
            found += fetchers(int(pid))
    return found


def test_fetch_dies(data, desk, tokens, first, second):
    for post in (23, 24):
        size = size_of(checkpoint(desk))
        before = fetchers(desk.process.pid)
        check("witness: one lontar-fetch runs", len(before) == 1, before)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        order(desk, tokens, post)
        check("witness: when lontar-fetch dies, another goes out", wait_for(
            lambda: size_of(checkpoint(desk)) > size and signed_by(desk, first, second)), first.answers)
        check("witness: it is another", not set(before) & set(fetchers(desk.process.pid)))
    check("witness: that is said", "fetch_gone" in open(f"{data}/desk.log").read())


def test_fetch_hangs(desk, tokens, first, second):
    before = fetchers(desk.process.pid)
    for pid in before:
        os.kill(pid, signal.SIGSTOP)
    size = size_of(checkpoint(desk))
    order(desk, tokens, 25)
    check("witness: when lontar-fetch hangs, another goes out", wait_for(
        lambda: size_of(checkpoint(desk)) > size and signed_by(desk, first, second), 90), first.answers)
    check("witness: and the one that hung is no more", len(before) == 1 and not os.path.exists(f"/proc/{before[0]}"), before)


def test_rolled_back(data, desk, tokens, first):
    first.size += 1000
    order(desk, tokens, 22)
    check("witness: one that saw more than there is, is heard", wait_for(
        lambda: "witness_saw_more" in open(f"{data}/desk.log").read()))
    check("witness: and signs nothing", not signed_by(desk, first))


def test():
    with lib.fresh() as (data, desk, tokens, messenger):
        key = run("ledger", "key", "--data", data).stdout.strip()
        desk.stop()
        first, second = Witness("witness.example/w1", key), Witness("witness.example/w2", key)
        first.start()
        second.start()
        write_file(data, first, second)
        desk = Desk(data, messenger.port, more=reached(first, second))
        test_growth(data, desk, tokens, first, second, key)
        test_receipts(desk, first, second, key)
        desk.stop()
        desk, second = test_restart(data, messenger, tokens, first, second)
        test_lies(desk, tokens, first, second)
        test_wanders(data, desk, tokens, first, second)
        test_fetch_dies(data, desk, tokens, first, second)
        test_fetch_hangs(desk, tokens, first, second)
        test_rolled_back(data, desk, tokens, first)
        desk.stop()
        with open(f"{data}/desk/witnesses", "a") as f:
            f.write("no key at all\n")
        desk = Desk(data, messenger.port, expect=False)
        check("witness: a file that can't be read stops the desk", desk.process.wait(10) == 1 and
              "desk/witnesses, line 5" in open(f"{data}/desk.log").read())
