/* Guidance of a template disappears when it is written over: a click selects its whole line, and typing replaces it. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { prose } = window.editor;

  const GUIDE = /^[ \t]*<!--[ \t]*guide:.*?-->/;
  /* The guidance in which the cursor stands, as a range; null where it stands in none. */
  const around = (area) => {
    const at = area.selectionStart;
    if (at !== area.selectionEnd) return null;
    const start = area.value.lastIndexOf("\n", at - 1) + 1;
    const end = area.value.indexOf("\n", at);
    const found = GUIDE.exec(area.value.slice(start, end < 0 ? undefined : end));
    return found && at > start && at < start + found[0].length ? [start, start + found[0].length] : null;
  };
  const take = (area) => {
    const range = around(area);
    if (range) area.setSelectionRange(...range);
  };
  for (const area of prose) {
    area.addEventListener("click", () => take(area));
    area.addEventListener("keydown", (event) => {
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) take(area);
    });
  }
})();
