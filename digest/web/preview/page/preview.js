// The page: what is chosen, what is shown of it, and what changes it.

import * as dialogs from "./dialogs.js";
import { byId, element } from "./element.js";
import * as findings from "./findings.js";
import { keysFor } from "./keys.js";
import * as letter from "./letter.js";
import { act, inWords, listen, told } from "./server.js";

const START = { frame: innerWidth <= 640 ? "phone" : "desktop", look: "light", part: "letter", pictures: "on", clipped: "off", reader: "", readerName: "" };
const FIELDS = { text: "text", source: "source", headers: "headers" };
// What is chosen stands in the address, so that it outlives loading the page again.
const chosen = { ...START, ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))) };
let sheet = null;

function choose(changes) {
  Object.assign(chosen, changes);
  const told = Object.entries(chosen).filter(([name, value]) => value !== START[name]);
  history.replaceState(null, "", `#${new URLSearchParams(told)}`);
  draw();
}

const turn = (name, one, other) => choose({ [name]: chosen[name] === one ? other : one });

function draw() {
  for (const name of ["frame", "look", "part"]) {
    const radio = document.querySelector(`input[name="${name}"][value="${CSS.escape(chosen[name])}"]`);
    if (radio) radio.checked = true;
  }
  byId("pictures-off").checked = chosen.pictures === "off";
  byId("clipped").checked = chosen.clipped === "on";
  byId("reader").textContent = `Reader: ${chosen.readerName || "Ana, invented"}`;
  document.querySelector(".stage").dataset.frame = chosen.frame;
  drawPart();
}

async function drawPart() {
  const field = FIELDS[chosen.part];
  byId("words").hidden = !field;
  byId("sheet").hidden = byId("rail").hidden = Boolean(field);
  if (!sheet) return;
  const { look, pictures, clipped, reader } = chosen;
  const asked = new URLSearchParams({ look, pictures, clipped, reader, number: sheet.number });
  const address = `${location.origin}/letter?${asked}`;
  if (!field && address !== document.body.dataset.asked) letter.show((document.body.dataset.asked = address));
  if (!field) return;
  const specimen = await told(`/specimen?${new URLSearchParams({ reader, number: sheet.number })}`);
  if (FIELDS[chosen.part] === field) byId("words").textContent = specimen[field];
}

async function refresh() {
  const now = await told("/sheet");
  drawTrouble(now.trouble);
  if (!now.sheet) return;
  sheet = now.sheet;
  document.title = `Preview: ${sheet.subject}`;
  const plain = { name: sheet.name, from: sheet.from, subject: sheet.subject, preheader: sheet.preheader, size: `HTML: ${sheet.size}` };
  for (const [id, text] of Object.entries(plain)) byId(id).textContent = text;
  byId("preheader").title = sheet.preheader;
  byId("facts").textContent = `${sheet.date}  |  No. ${sheet.issueNumber}  |  ${sheet.stories}`;
  byId("subject-length").textContent = `${[...sheet.subject].length} characters`;
  byId("preheader-length").textContent = `${[...sheet.preheader].length}`;
  drawState(sheet.state);
  findings.show(sheet.preflight);
  drawPart();
}

function drawState(state) {
  byId("state").dataset.kind = state.kind;
  byId("state").replaceChildren(state.words, state.command ? element("code", { textContent: state.command }) : "");
}

function drawTrouble(trouble) {
  const box = byId("trouble");
  box.hidden = !trouble;
  if (!trouble) return;
  const still = sheet ? "This is the last letter that could be made." : "";
  const lines = [...trouble.words.map((words) => element("p", { textContent: words }))];
  box.replaceChildren(...lines, element("p", { className: "hint", textContent: [trouble.hint, still].filter(Boolean).join(" · ") }));
}

async function checkLinks() {
  const [button, words] = [byId("check-links"), byId("links-told")];
  button.disabled = true;
  words.textContent = "Asking every link …";
  const outcome = await act("/links");
  button.disabled = false;
  words.textContent = outcome.trouble ? inWords(outcome.trouble) : "Every link was asked.";
  if (!outcome.trouble) findings.show(outcome);
}

const chooseReader = () => dialogs.openReaders((reader, readerName) => choose({ reader, readerName: reader ? readerName : "" }));
const INVERTED = { "inverted-gmail": "inverted-outlook", "inverted-outlook": "light" };
const onKey = keysFor({
  1: () => choose({ frame: "desktop" }),
  2: () => choose({ frame: "tablet" }),
  3: () => choose({ frame: "phone" }),
  d: () => turn("look", "dark", "light"),
  i: () => choose({ look: INVERTED[chosen.look] ?? "inverted-gmail" }),
  p: () => turn("pictures", "off", "on"),
  c: () => turn("clipped", "on", "off"),
  t: () => turn("part", "text", "letter"),
  r: chooseReader,
  ArrowDown: () => findings.next(1),
  ArrowUp: () => findings.next(-1),
  "?": dialogs.openHelp,
});

document.addEventListener("keydown", onKey);
letter.forwardKeys(onKey);
findings.beforePointing(() => { if (chosen.part !== "letter") choose({ part: "letter" }); });
document.querySelectorAll('.tools input[type="radio"]').forEach((radio) =>
  radio.addEventListener("change", () => choose({ [radio.name]: radio.value })));
byId("pictures-off").addEventListener("change", (event) => choose({ pictures: event.target.checked ? "off" : "on" }));
byId("clipped").addEventListener("change", (event) => choose({ clipped: event.target.checked ? "on" : "off" }));
byId("reader").addEventListener("click", chooseReader);
byId("test-copy").addEventListener("click", dialogs.openTestCopy);
byId("help").addEventListener("click", dialogs.openHelp);
byId("check-links").addEventListener("click", checkLinks);

draw();
listen(refresh, () => drawTrouble({ words: ["The command does not answer: run digest preview again."], hint: "" }));
