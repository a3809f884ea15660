"""A digest.toml of which one table says something else."""

from __future__ import annotations


def changed(least: str, table: str, lines: str) -> str:
    """The least configuration with some lines of one table put in place of its own."""
    header = f"[[{table}]]" if table in {"sections", "sources"} else f"[{table}]"
    if f"{header}\n" not in least:
        return f"{least}\n{header}\n{lines}\n"
    before, after = least.split(f"{header}\n")
    keys = {line.partition(" = ")[0] for line in lines.splitlines()}
    own, blank, rest = after.partition("\n\n")
    kept = "\n".join(line for line in own.splitlines() if line.partition(" = ")[0] not in keys)
    return f"{before}{header}\n{kept}\n{lines}\n{blank}{rest}"
