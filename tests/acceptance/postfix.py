"""A real Postfix on a port of this machine, with a configuration, a queue and mailboxes of its own in one folder.

It takes every letter for three domains: `readers.example`, whose letters all come into one maildir; `gone.example`,
which has no mailboxes, so that Postfix tells the sender of every letter that it could not deliver (RFC 3464); and the
sender's own, with a mailbox for what comes back. Letters to `refused.example` it refuses at once; those to anywhere
else come back because nothing leaves this machine.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.guarded import Guarded

SENDER = "letters@docket.example"
BOUNCES = "bounces@docket.example"
"""Takes everything to `bounces+anything@docket.example` too."""
_SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin"
_POSTFIX, _POSTCONF = shutil.which("postfix", path=_SBIN), shutil.which("postconf", path=_SBIN)
_OWNER_OF_MAIL = "nobody"

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.docket.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_base = {folder}/mail
virtual_mailbox_domains = readers.example, gone.example, docket.example
virtual_mailbox_maps = inline:{{ @readers.example=readers/, {sender}=sender/, {bounces}=bounces/ }}
recipient_delimiter = +
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ refused.example = 550 5.1.1 no such reader }} }},
    permit_mynetworks, reject
default_transport = error:nothing leaves this machine
relayhost =
smtputf8_enable = yes
smtpd_client_connection_count_limit = 0
in_flow_delay = 0
smtpd_error_sleep_time = 0
notify_classes =
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup  unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr    unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce  unix - - n - 0 bounce
defer   unix - - n - 0 bounce
trace   unix - - n - 0 bounce
verify  unix - - n - 1 verify
flush   unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error   unix - - n - - error
retry   unix - - n - - error
virtual unix - n n - 20 virtual
anvil   unix - - n - 1 anvil
showq   unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""


def in_memory() -> Path | None:
    """A folder for a gigabyte that need not outlive the test, where the system has one; None: take any."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 1 << 30 else None


def why_not() -> str:
    """Why Postfix cannot be started here, or nothing."""
    if _POSTFIX is None or _POSTCONF is None:
        return "Postfix is not installed"
    return "" if os.getuid() == 0 else "Postfix has to be started as root"


class Postfix(Guarded):
    """Runs while it is entered, and ends with this process however that ends. `folder` must not be a private one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()

    def __enter__(self) -> Postfix:
        self._lay_out()
        etc = self.folder / "etc"
        assert _POSTFIX
        subprocess.run([_POSTFIX, "-c", etc, "check"], check=True, capture_output=True)
        # Its first process itself: the command that starts it would leave it to itself.
        self._begin(_program_of("master", etc), "-c", etc, "-s")
        return self

    def mail_of(self, box: str) -> list[bytes]:
        """What came into a maildir (`readers` or `sender`), as Postfix wrote it: its own headers before the letter."""
        return [path.read_bytes() for path in sorted((self.folder / "mail" / box / "new").glob("*"))]

    def settle(self, seconds: float = 60) -> None:
        """Waits until Postfix has nothing left to deliver. Raises TimeoutError, with the end of its log."""
        end = time.monotonic() + seconds
        while self._queued():
            if time.monotonic() > end:
                raise TimeoutError("\n".join(self.log().splitlines()[-20:]))
            time.sleep(0.1)

    def log(self) -> str:
        """What Postfix has logged so far."""
        path = self.folder / "mail.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _wait_until_it_listens(self) -> None:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(f"Postfix does not listen:\n{self.log()}")

    def _queued(self) -> bool:
        queues = ("maildrop", "incoming", "active", "deferred")
        return any(path.is_file() for queue in queues for path in (self.folder / "queue" / queue).rglob("*"))

    def _lay_out(self) -> None:
        owner, keeper = pwd.getpwnam("postfix"), pwd.getpwnam(_OWNER_OF_MAIL)
        for name in ("etc", "queue", "data", "mail"):
            (self.folder / name).mkdir()
        os.chown(self.folder / "data", owner.pw_uid, owner.pw_gid)
        os.chown(self.folder / "mail", keeper.pw_uid, keeper.pw_gid)
        main = _MAIN.format(folder=self.folder, sender=SENDER, bounces=BOUNCES, uid=keeper.pw_uid, gid=keeper.pw_gid)
        (self.folder / "etc" / "main.cf").write_text(main)
        (self.folder / "etc" / "master.cf").write_text(_MASTER.format(port=self.port))


def _program_of(name: str, etc: Path) -> Path:
    """Where this system keeps Postfix's daemons."""
    assert _POSTCONF
    folder = subprocess.run(
        [_POSTCONF, "-c", etc, "-h", "daemon_directory"], check=True, capture_output=True, text=True
    ).stdout.strip()
    return Path(folder) / name


def _free_port() -> int:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return int(holder.getsockname()[1])
