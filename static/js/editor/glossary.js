/* The terms panel's count and their marks in the text, and a new term proposed in place: the words that are selected in the text begin its form.
   Without this file the link opens the same form in a tab of its own. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, prose, find, count, setTerms, tool } = window.editor;

  const list = find("[data-filled='terms']");
  const counted = () => {
    const terms = [...list.querySelectorAll("[data-term]")];
    count("terms", terms.length ? String(terms.length) : "");
    setTerms(terms.flatMap((term) => JSON.parse(term.dataset.words)));
  };
  form.addEventListener("editor:previewed", counted);
  counted();

  const link = find("[data-propose]");
  const dialog = document.querySelector("[data-term-dialog]");
  const place = find("[data-term-place]", dialog);
  find("[data-propose-tab]", link).remove();
  let last = null;
  for (const area of prose) area.addEventListener("blur", () => (last = area));
  const selected = () => {
    const area = prose.includes(document.activeElement) ? document.activeElement : last;
    const words = area ? area.value.slice(area.selectionStart, area.selectionEnd) : "";
    return words.replace(/[*_`[\]#]/g, " ").replace(/\s+/g, " ").trim().slice(0, 120);
  };

  const ask = async (address, sent) => {
    try {
      const answer = await fetch(address, { headers: { "X-Fragment": "term" }, ...sent });
      const html = await answer.text();
      if (answer.redirected || (!answer.ok && answer.status !== 422)) throw new Error(String(answer.status));
      place.replaceChildren(...window.editor.parsed(html));
      const error = find("[aria-invalid='true']", place);
      if (error) error.focus();
      return answer.ok;
    } catch {
      if (!find("form", place)) place.textContent = dialog.dataset.failed;
      else if (!find("[data-term-failed]", place)) {
        const sentence = document.createElement("p");
        sentence.dataset.termFailed = "";
        sentence.setAttribute("role", "alert");
        sentence.textContent = dialog.dataset.failed;
        find("form", place).prepend(sentence);
      }
      return false;
    }
  };
  const open = async () => {
    const address = new URL(link.href);
    address.searchParams.set("term", selected());
    const from = document.activeElement;
    place.replaceChildren();
    dialog.showModal();
    dialog.addEventListener("close", () => from.focus(), { once: true });
    await ask(address);
    const field = find("[name='term']", place);
    if (field) (field.value ? find("[name='plain']", place) : field).focus();
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  tool("term", open);
  find("[data-close]", dialog).addEventListener("click", () => dialog.close());
  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = new FormData(event.target, event.submitter);
    const isDone = await ask(event.target.action, { method: "POST", body: sent });
    /* A term that is in force at once is explained in the preview. */
    if (isDone) find("#reader").dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
