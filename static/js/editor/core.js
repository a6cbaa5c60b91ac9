/* What every part of the editor needs: the form, its texts, and ways to change them. Loaded first; the others take what
   they use from `window.editor`. Without these files the same form works with its buttons.

   window.editor is absent where the page holds no editor. It has
     form, body, prose       the form, the textarea of the text, and all three textareas of prose
     words                   the form's data attributes: addresses and sentences from the server
     find(selector, within)  querySelector in the form
     after(ms, act)          act, once, `ms` after the last call
     parsed(html)            what the server sent, as nodes
     insert(area, text, from, to)   put text in place of a range, so that the browser can undo it
     goTo(name, line)        lead to a line (from 1) of the field `name`
   and parts add functions of their own: `changed()`, `cite()`. */
(() => {
  "use strict";  const form = document.querySelector("[data-editor]");
  if (!form) return;
  const find = (selector, within = form) => within.querySelector(selector);
  const body = find("#id_body");
  const prose = ["lead", "plain_lead", "body"].map((name) => find(`#id_${name}`)).filter(Boolean);
  const after = (milliseconds, act) => {
    let waiting = 0;
    return () => {
      clearTimeout(waiting);
      waiting = setTimeout(act, milliseconds);
    };
  };

  /* What the server sent, as nodes: scripts in it would not run. */
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body.childNodes;

  /* Put text in at the cursor, so that the browser can undo it. */
  const insert = (area, text, from = area.selectionStart, to = area.selectionEnd) => {
    area.focus();
    area.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  /* A finding leads to its line. */
  const goTo = (name, line) => {
    const area = find(`#id_${name}`);
    if (!area) return;
    const fold = area.closest("details");
    if (fold) fold.open = true;
    const lines = area.value.split("\n");
    const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(from, from + (lines[line - 1] || "").length);
    const height = parseFloat(getComputedStyle(area).lineHeight);
    area.scrollTop = Math.max(0, (line - 4) * height);
    area.scrollIntoView({ block: "center" });
  };

  window.editor = { form, body, prose, words: form.dataset, find, after, parsed, insert, goTo };
})();
