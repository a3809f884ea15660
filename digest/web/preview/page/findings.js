// The preflight beside the letter: the verdict first, then each finding, then one line for all that is fine.

import { byId, element } from "./element.js";
import * as letter from "./letter.js";

let findings = [];
let chosen = 0; // the number of the finding that is chosen
let reveal = () => {};
let showFine = false;

// `before` is called before a place in the letter is shown.
export const beforePointing = (before) => { reveal = before; };

export function show(preflight) {
  findings = preflight.findings;
  if (chosen > findings.length) chosen = 0;
  byId("verdict").textContent = preflight.verdict;
  byId("counts").replaceChildren(
    count("error", "×", preflight.errors, "error", "errors"),
    count("warning", "!", preflight.warnings, "warning", "warnings"),
    count("fine", "✓", preflight.passed.length, "fine", "fine"),
  );
  byId("list").replaceChildren(...findings.map(item));
  drawPassed(preflight.passed);
  letter.setFindings(findings);
}

function count(kind, sign, number, one, many) {
  const some = number && kind !== "fine" ? "some" : "";
  return element("span", { className: some }, signed(kind, sign), `${number || "No"} ${number === 1 ? one : many}`);
}

function signed(kind, sign) {
  const made = element("b", { className: `sign ${kind}`, textContent: sign });
  made.setAttribute("aria-hidden", "true");
  return made;
}

const line = (className, text) => (text ? element("p", { className, textContent: text }) : null);

function item(finding) {
  const made = element("li", { id: `finding-${finding.number}`, className: finding.severity, tabIndex: -1 });
  const kind = finding.severity === "error" ? "Error" : "Warning";
  made.setAttribute("aria-label", `${kind} ${finding.number}: ${finding.title}`);
  const parts = [
    signed(finding.severity, String(finding.number)),
    element("h3", { textContent: finding.title }),
    line("where", finding.where),
    line("why", finding.why),
    finding.do ? element("p", { className: "do" }, element("strong", { textContent: "Do: " }), finding.do) : null,
    finding.overridden ? line("where", "Overridden: it does not keep the issue back.") : null,
    actions(finding),
  ];
  made.append(...parts.filter(Boolean));
  if (finding.number === chosen) made.classList.add("chosen");
  return made;
}

function actions(finding) {
  const made = element("div", { className: "actions" });
  if (finding.anchor) made.append(link("Show in the letter", () => choose(finding.number)));
  if (finding.command) made.append(anyway(finding.command));
  return made.childElementCount ? made : null;
}

function anyway(command) {
  const words = element("p", { className: "anyway", hidden: true }, "It is put on record. Run: ", element("code", { textContent: command }));
  const opener = link("Send anyway, on record", () => {
    words.hidden = !words.hidden;
    opener.setAttribute("aria-expanded", String(!words.hidden));
  });
  opener.setAttribute("aria-expanded", "false");
  return element("div", {}, opener, words);
}

function link(text, act) {
  const made = element("button", { type: "button", textContent: text });
  made.addEventListener("click", act);
  return made;
}

function drawPassed(passed) {
  const rows = passed.map((each) => row(each.title, each.figure));
  if (!passed.length) return byId("passed").replaceChildren();
  const fine = `${passed.length} ${passed.length === 1 ? "thing is" : "things are"} fine`;
  const opener = link("", () => { showFine = !showFine; draw(); });
  const draw = () => {
    opener.textContent = showFine ? "Hide" : "Show";
    opener.setAttribute("aria-expanded", String(showFine));
    rows.forEach((each) => { each.hidden = !showFine; });
  };
  draw();
  return byId("passed").replaceChildren(row(fine, opener), ...rows);
}

const row = (title, end) =>
  element("div", { className: "passed" }, signed("fine", "✓"), element("span", { textContent: title }), element("span", {}, end));

export const next = (step) => {
  if (findings.length) choose(((chosen || (step > 0 ? 0 : 1)) - 1 + step + findings.length) % findings.length + 1);
};

export function choose(number) {
  chosen = number;
  document.querySelectorAll("#list li").forEach((each) => each.classList.toggle("chosen", each.id === `finding-${number}`));
  const made = byId(`finding-${number}`);
  made.scrollIntoView({ block: "nearest" });
  made.focus({ preventScroll: true });
  reveal();
  letter.point(findings[number - 1]);
}
