// Prints, for the letter on standard input, the features that a mail program does not support, with those programs.
import { readFileSync } from "node:fs";
import { caniemail } from "caniemail";

const { html, clients } = JSON.parse(readFileSync(0, "utf8"));
const unsupported = {};
for (const [client, issues] of caniemail({ clients, html }).issues.errors)
  for (const { title } of issues) (unsupported[title] ??= new Set()).add(client);
const listed = Object.entries(unsupported).map(([title, names]) => [title, [...names].sort()]);
process.stdout.write(JSON.stringify(Object.fromEntries(listed)));
