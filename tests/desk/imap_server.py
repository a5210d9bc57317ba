# SPDX-License-Identifier: Apache-2.0
"""A Dovecot of the tests' own: one mailbox for whoever knows the password, on loopback, in a folder that goes with it."""
import contextlib
import grp
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile

from lib import wait_for

DOVECOT, USER, PASSWORD = "/usr/sbin/dovecot", "desk", "sesame-words"
CONFIG = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/log
auth_verbose = yes
protocols = imap
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{dir}/mail/Maildir
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={dir}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class ImapServer:
    def __init__(self):
        self.dir, self.port, self.process, self.own = tempfile.mkdtemp(prefix="lontar-imap-"), free_port(), None, 0
        os.chmod(self.dir, 0o755)
        os.mkdir(f"{self.dir}/mail")
        user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name  # Dovecot serves no mail as root
        group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
        if os.getuid() == 0:
            shutil.chown(f"{self.dir}/mail", user, group)
        with open(f"{self.dir}/conf", "w") as f:
            f.write(CONFIG.format(dir=self.dir, user=user, group=group, port=self.port, password=PASSWORD))
        self.start()

    def start(self):
        self.process = subprocess.Popen([DOVECOT, "-F", "-c", f"{self.dir}/conf"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        if not wait_for(self.is_open):
            raise SystemExit(f"dovecot did not start: {self.log()}")

    def is_open(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as one:
            return one.recv(100)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)  # or whoever has a connection would be served on
        self.process.wait()

    def close(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def log(self):
        with open(f"{self.dir}/log") as f:
            return f.read()

    def logins(self):
        """Of others than session()."""
        return len(re.findall(r"Login: user=", self.log())) - self.own

    @contextlib.contextmanager
    def session(self):
        with imaplib.IMAP4("127.0.0.1", self.port) as client:
            client.login(USER, PASSWORD)
            self.own += 1
            yield client

    def put(self, *mails):
        with self.session() as client:
            for raw in mails:
                client.append("INBOX", None, None, raw)

    def holds(self, folder="INBOX"):
        """How many mails are in it."""
        with self.session() as client:
            status, answer = client.select(folder, readonly=True)
            return int(answer[0]) if status == "OK" else 0
