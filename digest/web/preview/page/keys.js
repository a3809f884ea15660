// One key for each thing that is done often. Whoever types into a field or reads a dialog is left alone.

const WRITES = 'input:not([type="radio"], [type="checkbox"]), textarea, select';

export function keysFor(acts) {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || event.target.closest?.(WRITES)) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
}
