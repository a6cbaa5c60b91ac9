/* The picker of works, and the buttons over the text. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { body, prose, words, find, after, parsed, insert } = window.editor;

  const dialog = document.querySelector("[data-picker-dialog]");
  const query = find("[data-picker-q]", dialog);
  const works = find("[data-picker-results]", dialog);
  let target = { area: body, from: body.value.length, to: body.value.length };
  prose.forEach((area) =>
    area.addEventListener("blur", () => {
      target = { area, from: area.selectionStart, to: area.selectionEnd };
    })
  );
  let wanted = 0;
  const search = async () => {
    const mine = ++wanted;
    try {
      const answer = await fetch(`${words.picker}?q=${encodeURIComponent(query.value)}`);
      const html = await answer.text();
      if (mine !== wanted) return;
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      works.replaceChildren(...parsed(html));
    } catch {
      works.textContent = words.pickerFailed;
    }
  };
  const cite = (citation) => {
    const { area, from, to } = target;
    dialog.close();
    const before = area.value.slice(0, from);
    const rest = area.value.slice(to);
    /* Inside a cluster the key joins it. */
    const inCluster = /\[[^[\]\n]*@[^[\]\n]*$/.test(before) && /^[^[\]\n]*\]/.test(rest);
    if (inCluster) insert(area, `${/;\s*$/.test(before) ? "" : "; "}${citation.slice(1, -1)}`, from, to);
    else insert(area, `${/[^\s([]$/.test(before) ? " " : ""}${citation}`, from, to);
  };
  find("[data-cite]").addEventListener("click", () => {
    query.value = "";
    works.textContent = "";
    dialog.showModal();
    query.focus();
    search();
  });
  find("[data-close]", dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => target.area.focus());
  query.addEventListener("input", after(150, search));
  /* A work added in another tab is found on the way back. */
  window.addEventListener("focus", () => {
    if (dialog.open) search();
  });
  works.addEventListener("click", (event) => {
    const work = event.target.closest("[data-citation]");
    if (work) cite(work.dataset.citation);
  });
  dialog.addEventListener("keydown", (event) => {
    const buttons = [...works.querySelectorAll("[data-citation]")];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "Enter" && document.activeElement === query && buttons.length) {
      event.preventDefault();
      cite(buttons[0].dataset.citation);
    } else if (event.key === "ArrowDown" && buttons[at + 1]) {
      event.preventDefault();
      buttons[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (buttons[at - 1] || query).focus();
    }
  });
  find("[data-block]").addEventListener("click", (event) => {
    const chosen = body.value.slice(body.selectionStart, body.selectionEnd);
    const gap = body.selectionStart && body.value[body.selectionStart - 1] !== "\n" ? "\n\n" : "";
    const opening = `${gap}::: ${event.currentTarget.dataset.block}\n`;
    const at = body.selectionStart + opening.length + chosen.length;
    insert(body, `${opening}${chosen}\n:::\n`);
    body.setSelectionRange(at, at);
  });

  window.editor.cite = cite;
})();
