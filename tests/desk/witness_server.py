# SPDX-License-Identifier: Apache-2.0
"""A witness of transparency logs, for tests: https://c2sp.org/tlog-witness and tlog-cosignature, from their text. It knows
one log, keeps the last checkpoint that it signed, and checks each as strictly as the specification says."""
import atexit
import base64
import contextlib
import hashlib
import http.server
import os
import shutil
import subprocess
import tempfile
import threading
import time

ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")
EMPTY = hashlib.sha256(b"").digest()


def openssl(*args, text=b""):
    return subprocess.run(["openssl", *args], input=text, capture_output=True, timeout=20)


class Key:
    """An Ed25519 key of our own."""

    def __init__(self, name, kind=4):
        self.name, self.folder = name, tempfile.mkdtemp(prefix="lontar-witness-")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.path = f"{self.folder}/key.pem"
        openssl("genpkey", "-algorithm", "ed25519", "-out", self.path)
        self.public = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER").stdout[-32:]
        self.id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{base64.b64encode(bytes([kind]) + self.public).decode()}"

    def sign(self, message):
        file = f"{self.folder}/message"
        with open(file, "wb") as f:
            f.write(message)
        return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", file).stdout


def verifies(public, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", ED25519_SPKI + public), ("message", message), ("signature", signature)):
            with open(os.path.join(folder, name), "wb") as f:
                f.write(content)
        return openssl("pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", f"{folder}/key", "-in",
                       f"{folder}/message", "-sigfile", f"{folder}/signature").returncode == 0


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def continues(old_size, old_root, size, root, proof):
    """RFC 9162, section 2.1.4.2."""
    if old_size == size:
        return not proof and old_root == root
    if old_size & (old_size - 1) == 0:
        proof = [old_root, *proof]
    if not proof:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = proof[0]
    for one in proof[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(one, old), node(one, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, one)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == root


class Witness(threading.Thread):
    """log: the verifier key of the log that it knows."""

    def __init__(self, name, log, port=0):
        super().__init__(daemon=True)
        self.key, self.size, self.root, self.answers, self.lies = Key(name), 0, EMPTY, [], False
        self.wanders = False  # names another size each time
        self.origin, log_id, log_key = log.split("+", 2)
        self.log_id, self.log_key = bytes.fromhex(log_id), base64.b64decode(log_key)[1:]
        witness = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                status, kind, body = witness.answer(self.path, self.rfile.read(int(self.headers["Content-Length"])))
                witness.answers.append(status)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):  # who asked may have been killed
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/w"

    def run(self):
        self.server.serve_forever(poll_interval=0.05)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, request):
        plain = "text/plain"
        if path != "/w/add-checkpoint" or b"\n\n" not in request:
            return 400, plain, b""
        head, note = request.split(b"\n\n", 1)
        first, *proof = head.decode().split("\n")
        word, old = first.split(" ")
        text, _, signatures = note.partition(b"\n\n")
        text += b"\n"
        origin, size, root = text.decode().split("\n")[:3]
        if word != "old" or len(proof) > 63 or str(int(old)) != old or str(int(size)) != size:
            return 400, plain, b""
        old, size, root, proof = int(old), int(size), base64.b64decode(root), [base64.b64decode(p) for p in proof]
        if origin != self.origin:
            return 404, plain, b""
        ours = [base64.b64decode(line.split(" ")[2]) for line in signatures.decode().splitlines()
                if line.startswith(f"\u2014 {self.origin} ")]
        ours = [s[4:] for s in ours if s[:4] == self.log_id]
        if not ours or not all(verifies(self.log_key, text, s) for s in ours):
            return 403, plain, b""
        if old > size:
            return 400, plain, b""
        if self.wanders:
            return 409, "text/x.tlog.size", b"1\n" if old != 1 else b"2\n"
        if old != self.size:
            return 409, "text/x.tlog.size", f"{self.size}\n".encode()
        if (size == 0 and root != EMPTY) or (old == 0 and proof) or (
                old and not continues(old, self.root, size, root, proof)):
            return 422, plain, b""
        self.size, self.root = size, root
        return 200, plain, self.cosign(text)

    def cosign(self, text):
        now = int(time.time())
        signature = self.key.sign(b"cosignature/v1\ntime %d\n" % now + text)
        if self.lies:
            signature = bytes(64)
        body = base64.b64encode(self.key.id + now.to_bytes(8, "big") + signature).decode()
        return f"\u2014 {self.key.name} {body}\n".encode()
