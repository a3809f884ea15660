// The three things that open over the page: keys, test copy, reader.

import { byId, element } from "./element.js";
import { act, inWords, told } from "./server.js";

const INVENTED = { address: "", name: "Ana", sections: "invented" };

document.querySelectorAll("dialog [data-close]").forEach((button) =>
  button.addEventListener("click", () => button.closest("dialog").close()));

export const openHelp = () => byId("help-dialog").showModal();

export function openTestCopy() {
  byId("copy-told").textContent = "";
  byId("copy-dialog").showModal();
}

byId("copy-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = byId("copy-told");
  words.classList.remove("failed");
  words.textContent = "Sending …";
  const outcome = await act("/test-copy", { address: byId("address").value });
  words.classList.toggle("failed", Boolean(outcome.trouble));
  words.textContent = outcome.trouble ? inWords(outcome.trouble) : outcome.words;
});

let chosen = () => {};

// `then` is called with the reader that is chosen: an address (none for the invented one) and what to call them.
export function openReaders(then) {
  chosen = then;
  byId("reader-dialog").showModal();
  search();
}

async function search() {
  const asked = byId("search").value;
  const answer = await told(`/readers?q=${encodeURIComponent(asked)}`);
  if (asked !== byId("search").value) return;
  const found = Array.isArray(answer) ? answer : [];
  byId("readers").replaceChildren(...[INVENTED, ...found].map(choice));
}

function choice(reader) {
  const name = reader.name || reader.address;
  const small = element("small", { textContent: [reader.name && reader.address, reader.sections].filter(Boolean).join(", ") });
  const button = element("button", { type: "button" }, name, small);
  button.addEventListener("click", () => {
    byId("reader-dialog").close();
    chosen(reader.address, `${name}, ${reader.sections}`);
  });
  return element("li", {}, button);
}

byId("search").addEventListener("input", search);
byId("reader-dialog").querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  byId("readers").querySelector("li:nth-child(2) button, li button")?.click();
});
