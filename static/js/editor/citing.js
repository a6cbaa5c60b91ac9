/* Typing @ searches the library in place: a list at the cursor, which leaves every key to the text but those that choose
   from it. An @ within a word, as in an address, opens nothing. A DOI or PMID pasted behind the @ is looked up, added to
   the library and cited at once. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { prose, words, find, after, insert, cite, search, lookUp, isIdentifier, say, error, marks } = window.editor;

  const box = find("[data-citing]");
  const list = find("[data-citing-list]", box);
  const status = find("[data-citing-status]", box);
  const LONGEST = 80;
  let open = null; /* { area, at }: where the @ stands */
  let closedAt = -1; /* an @ that Escape closed stays closed */
  let options = [];
  let chosen = -1;
  let answered = null; /* the words that the options answer */
  let isMoved = false; /* somebody chose by arrow */
  let isWanted = false; /* Enter came before the answer did */

  const close = () => {
    if (!open) return;
    open.area.removeAttribute("aria-activedescendant");
    open.area.removeAttribute("aria-controls");
    open = null;
    options = [];
    chosen = -1;
    answered = null;
    isMoved = false;
    isWanted = false;
    box.hidden = true;
    list.replaceChildren();
  };
  /* The @ that the cursor's words belong to; -1 without one. */
  const atOf = (area) => {
    const { value, selectionStart: to, selectionEnd } = area;
    if (to !== selectionEnd) return -1;
    const line = value.slice(Math.max(value.lastIndexOf("\n", to - 1) + 1, to - LONGEST), to);
    const at = line.lastIndexOf("@");
    if (at < 0) return -1;
    const before = at ? line[at - 1] : "";
    const typed = line.slice(at + 1);
    /* In a word, in a finished citation or behind a key that is complete, nobody searches. */
    if (before && /[\p{L}\p{N}@._%+/-]/u.test(before) && !(before === "-" && line[at - 2] === "[")) return -1;
    if (/[[\];]|^\s|\s{2}|,\s/.test(typed)) return -1;
    return to - line.length + at;
  };
  const query = () => open.area.value.slice(open.at + 1, open.area.selectionStart);

  const choose = (index) => {
    chosen = index;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) open.area.removeAttribute("aria-activedescendant");
    else {
      open.area.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }
  };
  const place = () => {
    const at = marks.get(open.area).boxOf(open.at);
    const width = box.offsetWidth;
    const left = Math.min(at.left, document.documentElement.clientWidth - width - 8);
    const isBelow = at.bottom + 4 + box.offsetHeight <= window.innerHeight;
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${isBelow ? at.bottom + 4 : Math.max(8, at.top - 4 - box.offsetHeight)}px`;
  };
  const option = (content, data) => {
    const made = document.createElement("li");
    made.id = `citing-${options.length}`;
    made.className = "citing__option";
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    Object.assign(made.dataset, data);
    made.append(...content);
    options.push(made);
    list.append(made);
  };
  const renew = async () => {
    if (!open) return;
    const text = query();
    const asked = open;
    let nodes = null;
    try {
      nodes = await search(text.trim());
    } catch {
      if (open !== asked) return;
      list.replaceChildren();
      options = [];
      choose(-1);
      status.textContent = words.pickerFailed;
      box.hidden = false;
      place();
      return;
    }
    if (!nodes || open !== asked) return;
    /* What was chosen by arrow stays so, as long as it fits. */
    const kept = isMoved ? options[chosen]?.dataset.citation : undefined;
    list.replaceChildren();
    options = [];
    const holder = document.createElement("div");
    holder.append(...nodes);
    if (isIdentifier(text) && !find("[data-citation]", holder)) {
      option([words.lookUpAndCite], { lookUp: "" });
      status.textContent = "";
    } else status.textContent = find("[role=status]", holder)?.textContent || "";
    for (const work of holder.querySelectorAll("[data-citation]")) {
      option([...work.childNodes], { citation: work.dataset.citation });
    }
    /* Running text may hold an @: where no work fits, the list goes away as soon as a space is typed. */
    if (!options.length && /\s/.test(text)) {
      close();
      return;
    }
    open.area.setAttribute("aria-controls", list.id);
    box.hidden = false;
    list.hidden = !options.length;
    answered = text;
    /* Without words nothing is chosen yet, so that Enter is still the text's. */
    const again = kept ? options.findIndex((made) => made.dataset.citation === kept) : -1;
    if (again < 0) isMoved = false;
    choose(again >= 0 ? again : text.trim() && options.length ? 0 : -1);
    place();
    if (isWanted && text === query()) {
      isWanted = false;
      if (options.length) take(options[chosen]);
      else insert(open.area, "\n");
    }
  };
  const renewSoon = after(100, renew);

  const watch = (area, isTyped) => {
    const at = atOf(area);
    if (at < 0) {
      closedAt = -1;
      close();
      return;
    }
    if (at === closedAt) return;
    if (open && open.area === area && open.at === at) renewSoon();
    else if (isTyped) {
      close();
      open = { area, at };
      renew();
    }
  };

  /* Where the looked-up words stand now: the person may have typed on elsewhere. */
  const findAgain = (area, text, at) => {
    let best = -1;
    for (let here = area.value.indexOf(text); here >= 0; here = area.value.indexOf(text, here + 1)) {
      if (best < 0 || Math.abs(here - at) < Math.abs(best - at)) best = here;
    }
    return best;
  };
  const lookUpHere = async (area, at, text) => {
    close();
    closedAt = at;
    const pasted = `@${text}`;
    say(words.lookingUp);
    const { citation, sentence } = await lookUp(text);
    if (!citation) {
      error(sentence);
      return;
    }
    const here = findAgain(area, pasted, at);
    if (here < 0) {
      say(`${sentence} ${words.notInText}`);
      return;
    }
    const cursor = area.selectionStart;
    const length = area.value.length;
    cite(citation, area, here, here + pasted.length);
    if (cursor < here) area.setSelectionRange(cursor, cursor);
    else if (cursor > here + pasted.length) {
      const moved = cursor + area.value.length - length;
      area.setSelectionRange(moved, moved);
    }
    say(sentence);
  };
  const take = (made) => {
    const { area, at } = open;
    let to = area.selectionStart;
    /* The rest of a key in which the cursor stands goes, too. */
    const rest = area.value.slice(to);
    if (/^[^[\]\n]*\]/.test(rest)) to += /^(?:[\p{L}\p{N}_]|[:.#$%&\-+?<>~/](?=[\p{L}\p{N}_]))*/u.exec(rest)[0].length;
    if (made.dataset.lookUp !== undefined) {
      lookUpHere(area, at, query().trim());
      return;
    }
    close();
    /* In a cluster the key ends at the cursor, as one that is being typed does: it asks for no list again. */
    closedAt = at;
    cite(made.dataset.citation, area, at, to);
  };

  for (const area of prose) {
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-haspopup", "listbox");
    area.addEventListener("input", (event) => {
      if (event.isComposing) return;
      watch(area, /^insert/.test(event.inputType));
    });
    area.addEventListener("compositionend", () => watch(area, true));
    area.addEventListener("paste", (event) => {
      if (!open || open.area !== area) return;
      const pasted = (event.clipboardData?.getData("text/plain") || "").trim();
      if (!isIdentifier(pasted) || query().trim()) return;
      event.preventDefault();
      const { at } = open;
      insert(area, pasted);
      lookUpHere(area, at, pasted);
    });
    area.addEventListener("keydown", (event) => {
      if (!open || open.area !== area || event.isComposing || box.hidden) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        closedAt = open.at;
        close();
      } else if (event.shiftKey || !options.length) {
        return;
      } else if (event.key === "ArrowDown") {
        event.preventDefault();
        isMoved = true;
        choose((chosen + 1) % options.length);
      } else if (event.key === "ArrowUp" && chosen >= 0) {
        event.preventDefault();
        isMoved = true;
        choose(chosen ? chosen - 1 : options.length - 1);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        if (answered === query()) take(options[chosen]);
        else {
          /* What is on the page answers fewer letters: the first that fits all of them is meant. */
          isWanted = true;
          renew();
        }
      }
    });
    area.addEventListener("click", () => watch(area, false));
    area.addEventListener("keyup", (event) => {
      if (/^(ArrowLeft|ArrowRight|Home|End|Page)/.test(event.key) && open) watch(area, false);
    });
    area.addEventListener("blur", close);
    area.addEventListener("scroll", () => open && !box.hidden && place(), { passive: true });
  }
  /* A press in the list leaves the focus in the text. */
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const made = event.target.closest("[role=option]");
    if (made && open) take(made);
  });
  window.addEventListener("scroll", () => open && !box.hidden && place(), { passive: true });
  window.addEventListener("resize", () => open && !box.hidden && place());
})();
