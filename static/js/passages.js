/* On a text of an edition: a button that takes the selected words into the form for a comment.

   Citation numbers are no words of the text and are left out. Without this, one copies the passage into the form. */
(() => {
  "use strict";
  const form = document.querySelector("[data-passage-form]");
  const button = document.querySelector("[data-passage-take]");
  const reading = document.querySelector(".reading");
  if (!form || !button || !reading) return;

  const AROUND = 64;
  const words = (range) => {
    const copy = range.cloneContents();
    for (const mark of copy.querySelectorAll("sup.cites, .differs__who, .bottom-line__kicker")) mark.remove();
    return copy.textContent;
  };
  /* The selection, where it lies in what is signed: the bottom line or the text. */
  const selected = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    for (const part of reading.querySelectorAll(".bottom-line, #text")) {
      if (part.contains(range.startContainer) && part.contains(range.endContainer)) return { range, part };
    }
    return null;
  };
  document.addEventListener("selectionchange", () => {
    button.hidden = !selected();
  });
  button.addEventListener("click", () => {
    const chosen = selected();
    if (!chosen) return;
    const { range, part } = chosen;
    const before = document.createRange();
    before.setStart(part, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const after = document.createRange();
    after.setStart(range.endContainer, range.endOffset);
    after.setEnd(part, part.childNodes.length);
    form.elements.exact.value = words(range).trim();
    form.elements.before.value = words(before).slice(-AROUND);
    form.elements.after.value = words(after).slice(0, AROUND);
    form.elements.field.value = part.id === "text" ? "body" : "lead";
    form.scrollIntoView({ block: "center" });
    form.elements.text.focus();
  });
})();
