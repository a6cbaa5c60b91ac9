/* Comments beside the text: select words, Ctrl+Alt+M; a click on a thread's place leads to its passage.

   The fields here belong to a form of their own outside the editor's, so they are never sent with the text, and what is
   typed in them is no change of the text. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, find, parsed } = window.editor;
  const panel = find("[data-comments]");
  if (!panel) return;

  const AROUND = 64;
  const list = find("[data-comment-threads]", panel);
  const box = find("[data-comment-new]", panel);
  const text = find("#comment-text", panel);
  const quoteShown = find("[data-comment-quote]", panel);
  const about = find("[data-comment-about]", panel);
  const status = find("[data-comment-status]", panel);
  const begin = find("[data-comment-begin]", panel);
  const fields = [...form.querySelectorAll("textarea, input[type='text']")].filter((area) =>
    ["question", "plain_question", "heading", "lead", "plain_heading", "plain_lead", "body"].includes(area.name)
  );

  /* What was selected last: a button takes the focus away from it. */
  let last = null;
  const remember = (area) => {
    if (area.selectionStart === undefined || area.selectionStart === null) return;
    last = { area, start: area.selectionStart, end: area.selectionEnd };
  };
  for (const area of fields) {
    for (const name of ["select", "keyup", "mouseup", "blur"]) area.addEventListener(name, () => remember(area));
  }
  for (const name of ["input", "change"]) panel.addEventListener(name, (event) => event.stopPropagation());

  const fill = (html) => {
    list.replaceChildren(...parsed(html));
    const held = find("[data-count]", list);
    window.editor.count?.("comments", held && held.dataset.count !== "0" ? held.dataset.count : "");
    const made = held?.dataset.made && document.getElementById(held.dataset.made);
    if (made) {
      made.classList.add("thread--here");
      made.focus();
      made.scrollIntoView({ block: "nearest" });
    }
  };
  const load = async () => {
    try {
      const answer = await fetch(`${panel.dataset.comments}panel/`);
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      fill(await answer.text());
      status.textContent = "";
    } catch {
      status.textContent = panel.dataset.failed;
    }
  };
  /* Send, and take the threads as they are then. True where it was done; the sentence of a refusal stands beside. */
  const send = async (address, values, within) => {
    const refused = find("[data-refused]", within);
    refused.hidden = true;
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...values, panel: "1" })) data.set(name, value);
    data.set("csrfmiddlewaretoken", find("[name='csrfmiddlewaretoken']").value);
    let sentence = panel.dataset.failed;
    try {
      const answer = await fetch(address, { method: "POST", body: data });
      const html = await answer.text();
      if (answer.ok && !answer.redirected) {
        fill(html);
        status.textContent = panel.dataset.sent;
        return true;
      }
      if (answer.headers.get("Content-Type")?.startsWith("text/plain")) sentence = html;
    } catch {
      /* Said below. */
    }
    refused.textContent = sentence;
    refused.hidden = false;
    return false;
  };

  let passage = null;
  const open = () => {
    if (fields.includes(document.activeElement)) remember(document.activeElement);
    passage = null;
    if (last && last.start !== last.end) {
      const { area, start, end } = last;
      const value = area.value;
      const chosen = value.slice(start, end);
      const from = start + chosen.length - chosen.trimStart().length;
      const to = start + chosen.trimEnd().length;
      if (from < to) {
        passage = {
          field: area.name,
          exact: value.slice(from, to),
          before: value.slice(Math.max(0, from - AROUND), from),
          after: value.slice(to, to + AROUND),
          near: from,
        };
      }
    }
    quoteShown.hidden = !passage;
    quoteShown.textContent = passage ? passage.exact : "";
    about.textContent = passage ? form.querySelector(`label[for="id_${passage.field}"]`).firstChild.textContent.trim() : "";
    box.hidden = false;
    window.editor.show?.("comments");
    text.focus();
  };
  const close = () => {
    box.hidden = true;
    text.value = "";
    find("[data-refused]", box).hidden = true;
  };
  const say = async () => {
    if (await send(panel.dataset.comments, { text: text.value, ...(passage || {}) }, box)) close();
  };
  find("[data-comment-send]", box).addEventListener("click", say);
  find("[data-comment-cancel]", box).addEventListener("click", () => {
    close();
    if (last) last.area.focus();
  });
  begin.hidden = false;
  find("[data-comment-open]", begin).addEventListener("click", open);
  window.editor.tool?.("comment", open);
  /* The letter by its place on the keyboard, too: with Alt some systems type another one. */
  form.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.code !== "KeyM" || !event.altKey || event.shiftKey) return;
    if (event.getModifierState("AltGraph")) return;
    if (!(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    open();
  });

  /* Where the passage stands in the text as it is here: nearest to its place as saved. */
  const lead = (link) => {
    const area = find(`#id_${link.dataset.field}`);
    if (!area) return;
    const { exact } = link.dataset;
    let at = -1;
    for (let from = area.value.indexOf(exact); from >= 0; from = area.value.indexOf(exact, from + 1)) {
      if (at < 0 || Math.abs(from - Number(link.dataset.start)) < Math.abs(at - Number(link.dataset.start))) at = from;
    }
    window.editor.show?.("text");
    const line = at < 0 ? Number(link.dataset.line) : area.value.slice(0, at).split("\n").length;
    window.editor.goTo(link.dataset.field, line);
    if (at >= 0) area.setSelectionRange(at, at + exact.length);
    status.textContent = at < 0 ? panel.dataset.gone : "";
  };
  let focused = text;
  panel.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea")) focused = event.target;
  });
  panel.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-go]");
    if (link) {
      event.preventDefault();
      lead(link);
      return;
    }
    const mention = event.target.closest("[data-mention]");
    if (mention) {
      const area = focused.isConnected && focused.checkVisibility() ? focused : find("textarea", list) || text;
      const gap = area.value && !/\s$/.test(area.value.slice(0, area.selectionStart)) ? " " : "";
      area.setRangeText(gap + mention.dataset.mention, area.selectionStart, area.selectionEnd, "end");
      area.focus();
      return;
    }
    const act = event.target.closest("[data-act]");
    if (!act) return;
    const within = act.closest("[data-thread-form]");
    const done = await send(
      within.dataset.threadForm,
      { action: act.dataset.act, text: find("textarea", within).value },
      within
    );
    if (done) panel.focus();
  });
  /* Ctrl+Enter sends what is being written. */
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.target === text) say();
    else find("[data-act='answer']", event.target.closest("[data-thread-form]")).click();
  });
  load();
})();
