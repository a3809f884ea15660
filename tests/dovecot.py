"""A real Dovecot on ports of this machine, with a configuration, logins and mailboxes of its own in one folder.

It needs no root: started by root, it gives root up. Its mailboxes are Maildirs, which a test may fill or read itself.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from datetime import datetime
from functools import cache
from pathlib import Path

import trustme

from tests.guarded import Guarded

PASSWORD = 'correct "horse" \\ battery'
PASSWORDS = {"docket.example": PASSWORD, "umlaut.example": "Zürich €7"}
_DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_OWNER_OF_MAIL = "nobody"

_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
maildir_stat_dirs = yes
mail_fsync = never
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
imap_capability = {capability}
passdb {{
  driver = passwd-file
  args = username_format=%d {folder}/logins
  auth_verbose = yes
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
auth_failure_delay = 0
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
}}
"""


@cache
def why_not() -> str:
    """Why Dovecot cannot be started here, or nothing."""
    if _DOVECOT is None:
        return "Dovecot is not installed"
    version = subprocess.run([_DOVECOT, "--version"], check=True, capture_output=True, text=True).stdout
    return "" if version.startswith("2.3.") else f"Dovecot {version.strip()} is configured in other words than 2.3"


class Dovecot(Guarded):
    """Runs while it is entered, and ends with this process however that ends. `folder` must not be a private one.

    `prefix` is what the names of folders begin with, and `capability`, if anything, is what the server says that it can
    do, in place of all that it can.
    """

    def __init__(self, folder: Path, *, prefix: str = "", capability: str = "") -> None:
        self._folder, self._prefix, self._capability = folder, prefix, capability
        self._owner = pwd.getpwnam(_OWNER_OF_MAIL) if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self._logins = 0
        self.port, self.tls_port = _free_ports()
        self.ca_file = folder / "ca.pem"

    def __enter__(self) -> Dovecot:
        self._lay_out()
        assert _DOVECOT
        is_root = os.getuid() == 0
        self._begin(
            _DOVECOT,
            "-F",
            "-c",
            self._folder / "dovecot.conf",
            user=self._owner.pw_uid if is_root else None,
            group=self._owner.pw_gid if is_root else None,
            extra_groups=[] if is_root else None,
        )
        return self

    def new_login(self, domain: str = "docket.example") -> tuple[str, Path]:
        """A login that nobody used before, and its Maildir. Its domain decides about the password."""
        self._logins += 1
        login = f"bounces{self._logins}@{domain}"
        maildir = self._folder / "mail" / login
        for name in ("new", "cur", "tmp"):
            (maildir / name).mkdir(parents=True)
        for path in (maildir, *maildir.iterdir()):
            self._give(path)
        return login, maildir

    def put(self, maildir: Path, name: str, content: bytes, arrived: datetime) -> None:
        """Delivers a mail as a mail server does: whole, under its name, owned by whoever owns the mailbox."""
        path = maildir / "tmp" / name
        path.write_bytes(content)
        os.utime(path, (arrived.timestamp(), arrived.timestamp()))
        self._give(path)
        path.rename(maildir / "new" / name)

    def log(self) -> str:
        """What Dovecot has logged so far."""
        return (self._folder / "dovecot.log").read_text(encoding="utf-8", errors="replace")

    def _wait_until_it_listens(self) -> None:
        for _ in range(600):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    if connection.recv(64).startswith(b"* OK"):
                        return
            except OSError:
                pass
            time.sleep(0.05)
        raise TimeoutError(f"Dovecot does not listen:\n{self.log()}")

    def _lay_out(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        certificate = authority.issue_cert("localhost")
        certificate.private_key_pem.write_to_path(str(self._folder / "key.pem"))
        for pem in certificate.cert_chain_pems:
            pem.write_to_path(str(self._folder / "certificate.pem"), append=True)
        (self._folder / "dovecot.conf").write_text(self._configuration(), encoding="utf-8")
        logins = "".join(f"{domain}:{{PLAIN}}{password}\n" for domain, password in PASSWORDS.items())
        (self._folder / "logins").write_text(logins, encoding="utf-8")
        (self._folder / "dovecot.log").touch()
        for name in ("mail", "run", "state"):
            (self._folder / name).mkdir()
        for path in (self._folder, *self._folder.iterdir()):
            self._give(path)

    def _give(self, path: Path) -> None:
        os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def _configuration(self) -> str:
        return _CONFIGURATION.format(
            folder=self._folder,
            user=self._owner.pw_name,
            group=grp.getgrgid(self._owner.pw_gid).gr_name,
            uid=self._owner.pw_uid,
            gid=self._owner.pw_gid,
            port=self.port,
            tls_port=self.tls_port,
            prefix=self._prefix,
            capability=self._capability,
        )


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])
