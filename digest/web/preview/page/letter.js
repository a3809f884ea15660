// The letter in its frame, which stays where it was read through every change. Nothing in the letter runs: its frame is a
// sandbox without scripts. It is of our own origin, so that we can scroll it and draw on it.

import { byId, element } from "./element.js";

const SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
const COLOURS = { error: "#b3261e", warning: "#8a5300" };
const STACKED = 960; // px of the window, under which the findings stand below the letter
const TRAVEL = 1500; // ms that a smooth scroll may take
const LEAST_MARGIN = 44; // px beside a place, into which its number fits

const sheet = byId("sheet");
const rail = byId("rail");
const thumb = byId("thumb");
let frame = null;
let findings = [];
let chosen = null;
let goal = { top: 0, until: 0 }; // where the letter is on its way to
let onKey = () => {};

export const forwardKeys = (handler) => { onKey = handler; };

// Loads the address behind the letter that is shown, and changes the two when it is there.
export function show(address) {
  sheet.querySelectorAll(".coming").forEach((late) => late.remove());
  const next = element("iframe", { title: "The letter", className: "coming", src: address });
  next.setAttribute("sandbox", SANDBOX);
  next.addEventListener("load", () => take(next), { once: true });
  sheet.append(next);
}

function take(next) {
  const place = goal.until > performance.now() ? goal.top : (frame?.contentWindow?.scrollY ?? 0);
  next.contentWindow.scrollTo({ top: place, behavior: "instant" });
  next.classList.remove("coming");
  frame?.remove();
  frame = next;
  frame.contentWindow.addEventListener("scroll", moveThumb, { passive: true });
  frame.contentDocument.addEventListener("keydown", onKey);
  new ResizeObserver(redraw).observe(frame);
  redraw();
  document.body.dataset.shown = next.src;
}

export function setFindings(list) {
  findings = list;
  chosen = findings.find((each) => each.number === chosen?.number && each.anchor === chosen.anchor) ?? null;
  redraw();
}

// Scrolls to the place of a finding and draws round it. False when the letter has no such place.
export function point(finding) {
  chosen = finding;
  redraw();
  const place = placeOf(finding);
  if (!place) return false;
  if (innerWidth <= STACKED) byId("paper").scrollIntoView({ block: "center" });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const { top, height } = place.getBoundingClientRect();
  const middle = frame.contentWindow.scrollY + top - Math.max(24, (frame.clientHeight - height) / 3);
  goal = { top: middle, until: performance.now() + TRAVEL };
  frame.contentWindow.scrollTo({ top: middle, behavior: calm ? "instant" : "smooth" });
  return true;
}

export function placeOf(finding) {
  try {
    return (finding.anchor && frame?.contentDocument?.querySelector(finding.anchor)) || null;
  } catch {
    return null; // no selector that this browser knows
  }
}

function redraw() {
  if (!frame?.contentDocument?.body) return;
  frame.contentDocument.querySelectorAll("[data-digest-mark]").forEach((old) => old.remove());
  const place = chosen && placeOf(chosen);
  if (place) frame.contentDocument.documentElement.append(...outline(place, chosen));
  drawMarks();
  moveThumb();
}

function outline(place, finding) {
  const { scrollX, scrollY } = frame.contentWindow;
  const box = place.getBoundingClientRect();
  const colour = COLOURS[finding.severity];
  const left = Math.max(2, box.left + scrollX - 6);
  const width = Math.min(box.width + 12, frame.clientWidth - left - 2);
  const top = box.top + scrollY - 4;
  const beside = left >= LEAST_MARGIN;
  return [
    mark(`left:${left}px;top:${top}px;width:${width}px;height:${box.height + 8}px;border:2px solid ${colour};border-radius:6px`),
    mark(
      `left:${beside ? left - 38 : left + width - 22}px;top:${beside ? top + 6 : top - 12}px;width:24px;height:24px;` +
        `border-radius:${finding.severity === "error" ? 12 : 4}px;background:${colour};color:#fff;` +
        "font:bold 13px/24px Arial,sans-serif;text-align:center",
      String(finding.number),
    ),
  ];
}

function mark(style, text = "") {
  const made = frame.contentDocument.createElement("div");
  made.setAttribute("data-digest-mark", "");
  made.setAttribute("aria-hidden", "true");
  made.style.cssText = `position:absolute;box-sizing:border-box;pointer-events:none;z-index:9999;${style}`;
  made.textContent = text;
  return made;
}

const tall = () => frame.contentDocument.documentElement.scrollHeight;

function drawMarks() {
  rail.querySelectorAll("i").forEach((old) => old.remove());
  for (const finding of findings) {
    const place = placeOf(finding);
    if (!place) continue;
    const top = (place.getBoundingClientRect().top + frame.contentWindow.scrollY) / tall();
    const made = element("i", { className: finding.severity });
    made.style.top = `calc(${(100 * top).toFixed(2)}% - 2px)`;
    rail.append(made);
  }
}

function moveThumb() {
  if (!frame?.contentDocument?.body) return;
  const part = frame.clientHeight / tall();
  thumb.hidden = part >= 1;
  thumb.style.height = `${100 * part}%`;
  thumb.style.top = `${(100 * frame.contentWindow.scrollY) / tall()}%`;
}

function drag(event) {
  if (!frame || (event.type === "pointermove" && !event.buttons)) return;
  if (event.type === "pointerdown") rail.setPointerCapture(event.pointerId);
  const { top, height } = rail.getBoundingClientRect();
  const middle = ((event.clientY - top) / height) * tall() - frame.clientHeight / 2;
  frame.contentWindow.scrollTo({ top: middle, behavior: "instant" });
}
rail.addEventListener("pointerdown", drag);
rail.addEventListener("pointermove", drag);
