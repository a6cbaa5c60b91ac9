/* The findings: how many there are stands at their tab, and each leads to its words in the text. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, find, goTo, select, count } = window.editor;

  const list = find("[data-filled='findings']");
  const read = () => {
    const all = find("[data-findings]", list);
    count("findings", all && all.dataset.findings !== "0" ? all.dataset.findings : "");
  };
  form.addEventListener("editor:previewed", read);
  read();

  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-goto]");
    const area = link && find(`#id_${link.dataset.goto}`);
    if (!area) return;
    event.preventDefault();
    const line = Number(link.dataset.gotoLine);
    const words = link.dataset.gotoExcerpt || "";
    if (!("selectionStart" in area) || area.type === "date") {
      area.focus();
      return;
    }
    /* The words may go over several lines; what was typed since may have moved them. */
    const start = area.value.split("\n").slice(0, line - 1).join("\n").length;
    const found = words ? area.value.indexOf(words, start) : -1;
    const at = words && found < 0 ? area.value.indexOf(words) : found;
    if (at >= 0) select(area, at, at + words.length);
    else goTo(link.dataset.goto, line);
  });
})();
