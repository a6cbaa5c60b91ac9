/* The picker of works, a dialog over the editor; and the look-up of a DOI or PMID, which adds a work and cites it. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, body, prose, words, find, after, parsed, insert, tool, say } = window.editor;

  const dialog = document.querySelector("[data-picker-dialog]");
  const query = find("[data-picker-q]", dialog);
  const works = find("[data-picker-results]", dialog);
  const told = find("[data-picker-told]", dialog);

  /* What names one work, as people paste it: an address of it, a labelled number, or a bare DOI. */
  const IDENTIFIER = /^(?:https?:\/\/(?:dx\.|www\.)?doi\.org\/10\.\S+|(?:doi[:.]?\s*)?10\.\d{4,9}(?:\.\d+)*\/\S+|pmid[:\s]*\d{1,8}|(?:pmcid[:\s]*)?PMC\d+|https?:\/\/(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov\/pubmed)\/\d+\/?\S*|https?:\/\/\S*(?:\/pmc\/|pmc\.ncbi)\S*PMC\d+\S*)$/i;
  const isIdentifier = (text) => IDENTIFIER.test(text.trim());

  /* Search the library: nodes of what fits, or null where a newer question was asked meanwhile. */
  let wanted = 0;
  const search = async (text) => {
    const mine = ++wanted;
    const answer = await fetch(`${words.picker}?q=${encodeURIComponent(text)}`);
    const html = await answer.text();
    if (mine !== wanted) return null;
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return [...parsed(html)];
  };
  /* Look up, add and cite: { citation, sentence }; without a citation the sentence says why. */
  const lookUp = async (text) => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("text", text.trim());
    try {
      const answer = await fetch(words.citeUrl, { method: "POST", body: data, signal: AbortSignal.timeout(40000) });
      return await answer.json();
    } catch {
      return { sentence: words.pickerFailed };
    }
  };

  /* In brackets a key joins the cluster, elsewhere it gets brackets. `from` may be where an @ stands. */
  const cite = (citation, area, from, to) => {
    const before = area.value.slice(0, from);
    const rest = area.value.slice(to);
    const open = /\[([^[\]\n]*)$/.exec(before);
    const isClosed = /^[^[\]\n]*\]/.test(rest);
    if (open && (isClosed || open[1].includes("@") || !open[1].trim())) {
      const hasKey = /@[^;]*$/.test(open[1]);
      const follows = isClosed && /^\s*-?@/.test(rest);
      insert(area, `${hasKey ? "; " : ""}${citation.slice(1, -1)}${isClosed ? (follows ? "; " : "") : "]"}`, hasKey ? from - /\s*$/.exec(before)[0].length : from, to);
    } else insert(area, `${/[^\s([]$/.test(before) ? " " : ""}${citation}`, from, to);
  };

  let target = { area: body, from: body.value.length, to: body.value.length };
  for (const area of prose) {
    area.addEventListener("blur", () => {
      target = { area, from: area.selectionStart, to: area.selectionEnd };
    });
  }
  const choose = (citation) => {
    const { area, from, to } = target;
    dialog.close();
    cite(citation, area, from, to);
  };
  const open = () => {
    if (prose.includes(document.activeElement)) document.activeElement.blur();
    query.value = "";
    works.textContent = "";
    told.textContent = "";
    dialog.showModal();
    query.focus();
    renew();
  };
  let looking = false;
  const lookUpHere = async () => {
    if (looking) return;
    looking = true;
    told.textContent = words.lookingUp;
    const { citation, sentence } = await lookUp(query.value);
    looking = false;
    if (!dialog.open) {
      if (sentence) say(sentence);
    } else if (citation) {
      choose(citation);
      say(sentence);
    } else told.textContent = sentence;
  };
  const renew = async () => {
    const text = query.value;
    try {
      const nodes = await search(text);
      if (!nodes) return;
      works.replaceChildren(...nodes);
      if (isIdentifier(text) && !find("[data-citation]", works)) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button";
        button.textContent = words.lookUpAndCite;
        button.dataset.lookUp = "";
        works.append(button);
      }
    } catch {
      works.textContent = words.pickerFailed;
    }
  };
  tool("cite", open);
  find("[data-close]", dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => target.area.focus());
  query.addEventListener("input", after(120, renew));
  query.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") || "";
    if (!isIdentifier(pasted)) return;
    query.value = pasted.trim();
    event.preventDefault();
    lookUpHere();
  });
  /* A work added in another tab is found on the way back. */
  window.addEventListener("focus", () => {
    if (dialog.open) renew();
  });
  works.addEventListener("click", (event) => {
    const work = event.target.closest("[data-citation]");
    if (work) choose(work.dataset.citation);
    else if (event.target.closest("[data-look-up]")) lookUpHere();
  });
  dialog.addEventListener("keydown", (event) => {
    const buttons = [...works.querySelectorAll("[data-citation]")];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "Enter" && document.activeElement === query) {
      event.preventDefault();
      if (buttons.length) choose(buttons[0].dataset.citation);
      else if (isIdentifier(query.value)) lookUpHere();
    } else if (event.key === "ArrowDown" && buttons[at + 1]) {
      event.preventDefault();
      buttons[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (buttons[at - 1] || query).focus();
    }
  });

  Object.assign(window.editor, { cite, search, lookUp, isIdentifier });
})();
