/* What the works panel knows, used elsewhere: keys that no work has are marked in the text, and a citation shows its work
   when the pointer rests on it, or by a key when the cursor stands in it. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, prose, words, find, count, setUnknown, tool } = window.editor;

  const list = find("[data-filled='works']");
  const cards = new Map();
  const read = () => {
    cards.clear();
    const unknown = [];
    const works = [...list.querySelectorAll(".cited__work")];
    for (const work of works) {
      for (const link of work.querySelectorAll("[data-words]")) {
        cards.set(link.dataset.words, find("[data-card]", work));
        if (work.dataset.unknown !== undefined) unknown.push(link.dataset.words);
      }
    }
    count("works", works.length ? String(works.length) : "");
    setUnknown(unknown);
  };
  form.addEventListener("editor:previewed", read);

  const card = find("[data-work-card]");
  const inside = find("[data-work-card-in]", card);
  let shownAt = null;
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    if (!shownAt) return;
    shownAt = null;
    card.hidden = true;
  };
  const show = (key, box) => {
    const work = cards.get(key);
    if (!work) return false;
    inside.replaceChildren(...[...work.cloneNode(true).childNodes]);
    card.hidden = false;
    const left = Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 16);
    const isBelow = box.bottom + 8 + card.offsetHeight <= window.innerHeight;
    card.style.left = `${Math.max(16, left)}px`;
    card.style.top = `${isBelow ? box.bottom + 6 : Math.max(8, box.top - 6 - card.offsetHeight)}px`;
    shownAt = key;
    return true;
  };

  let last = 0;
  for (const area of prose) {
    const marks = window.editor.marks.get(area);
    area.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" || event.buttons || event.timeStamp - last < 60) return;
      last = event.timeStamp;
      const found = marks.under(event.clientX, event.clientY);
      if (!found) {
        if (shownAt) hide();
        clearTimeout(timer);
        return;
      }
      if (found.key === shownAt) return;
      clearTimeout(timer);
      timer = setTimeout(show, 200, found.key, found.box);
    });
    area.addEventListener("pointerleave", hide);
    area.addEventListener("input", hide);
    area.addEventListener("scroll", hide, { passive: true });
    area.addEventListener("blur", hide);
    area.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && shownAt) {
        event.stopPropagation();
        hide();
      } else if (/^(Arrow|Page|Home|End)/.test(event.key)) hide();
    });
  }

  /* The key at the cursor; in a cluster between keys the one before. */
  tool("work", () => {
    const area = window.editor.area();
    const at = area.selectionStart;
    const from = area.value.lastIndexOf("\n", at - 1) + 1;
    const line = area.value.slice(from, (area.value + "\n").indexOf("\n", at));
    let key = null;
    let place = 0;
    for (const match of line.matchAll(/@(?:\{([^{}\n]+)\}|([\p{L}\p{N}_](?:[\p{L}\p{N}_]|[:.#$%&\-+?<>~/](?=[\p{L}\p{N}_]))*))/gu)) {
      const start = from + match.index;
      if (start - 2 > at) break;
      const cluster = area.value.slice(start, at);
      if (at <= start + match[0].length + 1 || !/[\]\n]/.test(cluster.slice(match[0].length, -1))) {
        key = (match[1] || match[2]).trim();
        place = start;
      }
    }
    area.focus();
    const isShown = key !== null && show(key, window.editor.marks.get(area).boxOf(place));
    if (!isShown) window.editor.say(key === null ? words.noCitation : words.notYetKnown);
  });
})();
