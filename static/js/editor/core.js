/* What every part of the editor needs: the form, its texts, and ways to change them. Loaded first; the others take what
   they use from `window.editor`. Without these files the same form works with its buttons.

   window.editor is absent where the page holds no editor. It has
     form, body, prose       the form, the textarea of the text, and all three textareas of prose
     area()                  the one of these in which the cursor was last
     words                   the form's data attributes: addresses and sentences from the server
     find(selector, within)  querySelector in the form
     after(ms, act)          act, once, `ms` after the last call
     parsed(html)            what the server sent, as nodes
     insert(area, text, from, to)   put text in place of a range, so that the browser can undo it
     select(area, from, to)  choose a range and bring it into view
     goTo(name, line, words) lead to a line (from 1) of the field `name`, or to words in it
     say(sentence)           tell everybody, people who hear the page too; an error() stays until the next
   and parts add functions of their own: `changed()`, `cite()`, `tool()`, `show()`, `marks` … */
(() => {
  "use strict";
  const form = document.querySelector("[data-editor]");
  if (!form) return;
  const find = (selector, within = form) => within.querySelector(selector);
  const body = find("#id_body");
  const prose = ["lead", "plain_lead", "body"].map((name) => find(`#id_${name}`)).filter(Boolean);
  let lately = body;
  for (const area of prose) area.addEventListener("focus", () => (lately = area));
  const area = () => lately;
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
    area.focus({ preventScroll: true });
    area.setSelectionRange(from, to);
    if (!text && from === to) return;
    const isDone = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (!isDone) {
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  /* Choose a range and bring it into view: in the textarea by its highlighted copy, which knows where each line is. */
  const select = (area, from, to) => {
    const fold = area.closest("details");
    if (fold) fold.open = true;
    window.editor.show?.("text");
    area.focus({ preventScroll: true });
    area.setSelectionRange(from, to);
    const marks = window.editor.marks?.get(area);
    if (marks) {
      const top = marks.topOf(from);
      if (top < area.scrollTop || top > area.scrollTop + area.clientHeight - 60) {
        area.scrollTop = Math.max(0, top - area.clientHeight / 3);
      }
    }
    area.scrollIntoView({ block: "nearest" });
  };

  /* A finding leads to its line. */
  const goTo = (name, line, words = "") => {
    const area = find(`#id_${name}`);
    if (!area) return;
    const lines = area.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const text = lines[line - 1] || "";
    const at = words ? text.indexOf(words) : -1;
    if (at < 0) select(area, start, start + text.length);
    else select(area, start + at, start + at + words.length);
  };

  const told = find("[data-told]");
  let leaving = 0;
  const say = (sentence) => {
    clearTimeout(leaving);
    told.textContent = sentence;
    told.classList.remove("editor__told--error");
    if (sentence) leaving = setTimeout(say, 9000, "");
  };
  const error = (sentence) => {
    say(sentence);
    clearTimeout(leaving);
    told.classList.add("editor__told--error");
  };

  /* What leads to a place of the text, wherever it stands. */
  form.addEventListener("click", (event) => {
    if (event.defaultPrevented) return; // a part that knows the place better took it
    const link = event.target.closest("a[data-field]");
    if (!link) return;
    event.preventDefault();
    goTo(link.dataset.field, Number(link.dataset.line || 1), link.dataset.words);
  });

  window.editor = { form, body, prose, area, words: form.dataset, find, after, parsed, insert, select, goTo, say, error };
})();
