/* The editor, quicker: a preview as you type, a picker of works, authors to add and to move, Ctrl+S.
   Without this file the same form works with its buttons. */
(() => {
  "use strict";
  const form = document.querySelector("[data-editor]");
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

  /* -- Preview ------------------------------------------------------------------------------------------ */

  const result = find("[data-preview-result]");
  const status = find("[data-preview-status]");
  const words = form.dataset;
  /* One request at a time: what was typed meanwhile goes with the next one, so that a slow server is not swamped. */
  let asking = false;
  let again = false;
  const preview = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      const answer = await fetch(words.preview, {
        method: "POST",
        body: new FormData(form),
        signal: AbortSignal.timeout(15000),
      });
      const html = await answer.text();
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      result.replaceChildren(...parsed(html));
      status.textContent = "";
    } catch {
      status.textContent = words.previewFailed;
    }
    asking = false;
    if (again) {
      again = false;
      preview();
    }
  };
  const previewSoon = after(150, preview);
  find("[data-preview-button]").hidden = true;
  find("#reader").addEventListener("change", preview);
  preview();

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
  result.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-field]");
    if (!link) return;
    event.preventDefault();
    goTo(link.dataset.field, Number(link.dataset.line || 1));
  });
  const place = new URLSearchParams(location.search);
  if (place.has("field")) goTo(place.get("field"), Number(place.get("line")) || 1);

  /* -- What is not saved yet ---------------------------------------------------------------------------- */

  const unsaved = find("[data-unsaved]");
  let dirty = Boolean(document.querySelector("#error-summary, .meanwhile"));
  let sent = false;
  const changed = () => {
    dirty = true;
    unsaved.textContent = unsaved.dataset.word;
  };
  form.addEventListener("input", (event) => {
    if (event.target.id === "reader") return;
    changed();
    if (event.target.form === form) previewSoon();
  });
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && !sent) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key === "s") {
      event.preventDefault();
      form.requestSubmit(find("[data-save]"));
    }
  });

  /* -- Picker of works ---------------------------------------------------------------------------------- */

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
  find("[data-toolbar]").hidden = false;
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

  /* -- Byline and topics -------------------------------------------------------------------------------- */

  const authors = find("[data-authors]");
  const total = find("#id_byline-TOTAL_FORMS");
  const adding = find("[data-author-add]");
  /* A person with an account brings name and credentials along. */
  const fitted = (author) => {
    find("[data-author-free]", author).hidden = Boolean(find("select", author).value);
  };
  const numbered = () =>
    [...authors.children].forEach((author, index) => {
      find("legend", author).textContent = `${words.author} ${index + 1}`;
      find("[name$='-ORDER']", author).value = index + 1;
      find("[data-author-move]", author).hidden = authors.children.length < 2;
      find(".author__place", author).hidden = true;
      fitted(author);
    });
  authors.addEventListener("change", (event) => {
    const author = event.target.closest("[data-author]");
    if (author) fitted(author);
  });
  const last = authors.lastElementChild;
  const isBlank = (author) => ![...author.querySelectorAll("select, input[type='text']")].some((input) => input.value);
  if (authors.children.length > 1 && isBlank(last)) last.remove();
  adding.hidden = false;
  find("button", adding).addEventListener("click", () => {
    const made = find("[data-author-template]").content.cloneNode(true);
    for (const element of made.querySelectorAll("*")) {
      for (const attribute of element.attributes) {
        attribute.value = attribute.value.replaceAll("__prefix__", total.value);
      }
    }
    total.value = Number(total.value) + 1;
    const author = authors.appendChild(made.firstElementChild);
    numbered();
    find("select", author).focus();
  });
  authors.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const author = button.closest("[data-author]");
    const other = button.dataset.move === "up" ? author.previousElementSibling : author.nextElementSibling;
    if (other) {
      if (button.dataset.move === "up") other.before(author);
      else other.after(author);
      numbered();
      button.focus();
      changed();
    }
  });
  numbered();

  const topics = find("#id_topics");
  form.querySelectorAll("[data-topics] li").forEach((item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = item.textContent;
    button.addEventListener("click", () => {
      const lines = topics.value.split("\n").filter((line) => line.trim());
      if (!lines.includes(button.textContent)) topics.value = [...lines, button.textContent].join("\n");
      changed();
    });
    item.replaceChildren(button);
  });
})();
