"""How the support table is made from the data of Can I email.

python -m tests.golden.preflight.derivation ../shared/contracts/caniemail.json    writes it anew
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from digest.preflight.support import TABLE

CLIENTS = {
    "gmail-web": ("Gmail on the web", ("gmail.desktop-webmail",)),
    "gmail-app": ("Gmail's apps", ("gmail.ios", "gmail.android")),
    "gmail-mobile-web": ("Gmail in a phone's browser", ("gmail.mobile-webmail",)),
    "outlook-windows": ("Outlook on Windows", ("outlook.windows",)),
    "outlook-com": ("Outlook.com", ("outlook.outlook-com",)),
    "outlook-mac": ("Outlook on Mac", ("outlook.macos",)),
    "outlook-app": ("Outlook's apps", ("outlook.ios", "outlook.android")),
    "apple-mail-macos": ("Apple Mail on Mac", ("apple-mail.macos",)),
    "apple-mail-ios": ("Apple Mail on iPhone", ("apple-mail.ios",)),
    "yahoo": ("Yahoo", ("yahoo.desktop-webmail", "yahoo.ios", "yahoo.android")),
    "samsung": ("Samsung Email", ("samsung-email.android",)),
    "aol": ("AOL", ("aol.desktop-webmail", "aol.ios", "aol.android")),
    "thunderbird": ("Thunderbird", ("thunderbird.macos", "thunderbird.windows")),
    "protonmail": ("Proton Mail", ("protonmail.desktop-webmail", "protonmail.ios", "protonmail.android")),
    "fastmail": ("Fastmail", ("fastmail.desktop-webmail",)),
    "gmx": ("GMX", ("gmx.desktop-webmail", "gmx.ios", "gmx.android")),
    "web-de": ("WEB.DE", ("web-de.desktop-webmail", "web-de.ios", "web-de.android")),
}
WORST_LAST = "uyan"


def derived(data: dict[str, Any]) -> dict[str, Any]:
    """The table out of the whole data: the newest answer for each client, the worst of its programs."""
    features = {
        name: [_row(latest), data["features"][name]["title"]]
        for name, latest in sorted(data["latest"].items())
        if data["features"][name]["category"] in {"css", "html", "image"}
    }
    return {
        "source": f"https://github.com/{data['source']} ({data['licence']})",
        "commit": data["commit"],
        "date": max(feature["last_test_date"] for feature in data["features"].values()),
        "clients": {client: name for client, (name, _) in CLIENTS.items()},
        "features": features,
    }


def _row(latest: dict[str, str]) -> str:
    return "".join(
        max((latest.get(program, "u")[0] for program in programs), key=WORST_LAST.index)
        for _, programs in CLIENTS.values()
    )


def written(table: dict[str, Any]) -> str:
    """As it is kept: a line a feature."""
    head = {name: value for name, value in table.items() if name != "features"}
    lines = [
        f"    {json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}" for name, row in table["features"].items()
    ]
    return (
        json.dumps(head, indent=2, ensure_ascii=False)[:-2] + ',\n  "features": {\n' + ",\n".join(lines) + "\n  }\n}\n"
    )


if __name__ == "__main__":
    TABLE.write_text(written(derived(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))), encoding="utf-8")
