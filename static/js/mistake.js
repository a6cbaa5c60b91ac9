/* On an answer: a button that takes the selected words into the form for a mistake. Citation numbers are no words of the
   text and are left out. Without this file one copies the passage into the form. */
(() => {
  "use strict";
  const form = document.querySelector("[data-mistake]");
  const button = document.querySelector("[data-mistake-take]");
  if (!form || !button) return;

  /* The selection, where it lies in what is signed: the bottom line or the text. */
  const selected = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return "";
    const range = selection.getRangeAt(0);
    const parts = document.querySelectorAll(".bottom-line, #text");
    if (![...parts].some((part) => part.contains(range.startContainer) && part.contains(range.endContainer))) return "";
    const copy = range.cloneContents();
    copy.querySelectorAll("sup.cites, .cite-card, .bottom-line__kicker").forEach((mark) => mark.remove());
    return copy.textContent.replace(/\s+/g, " ").trim().slice(0, form.elements.passage.maxLength);
  };

  let passage = "";
  document.addEventListener("selectionchange", () => {
    const now = selected();
    // A tap on the button may take the selection away before it is heard.
    if (now) passage = now;
    button.hidden = !now && document.activeElement !== button;
  });
  button.addEventListener("click", () => {
    form.elements.passage.value = passage;
    form.closest("details").open = true;
    button.hidden = true;
    form.elements.text.focus();
  });
})();
