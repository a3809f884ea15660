// What the page asks of the command that serves it.

const token = document.querySelector('meta[name="digest-token"]').content;

export const told = async (path) => (await fetch(path)).json();

export async function act(path, values = {}) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Digest-Token": token },
      body: JSON.stringify(values),
    });
    return await answer.json();
  } catch {
    return { trouble: { words: ["The command has ended: run digest preview again."], hint: "" } };
  }
}

// Calls `changed` with each new number, and `ended` while the command does not answer.
export function listen(changed, ended) {
  const events = new EventSource("/events");
  events.onmessage = (event) => changed(Number(event.data));
  events.onerror = ended;
}

export const inWords = (trouble) => [...trouble.words, trouble.hint].filter(Boolean).join(" ");
