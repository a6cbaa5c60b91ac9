/* The editor's preview, made again as the person types. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, words, find, after, parsed, goTo } = window.editor;

  const result = find("[data-preview-result]");
  const status = find("[data-preview-status]");
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
  form.addEventListener("input", (event) => {
    if (event.target.id !== "reader" && event.target.form === form) previewSoon();
  });
  const previewSoon = after(150, preview);
  find("[data-preview-button]").hidden = true;
  find("#reader").addEventListener("change", preview);
  preview();

  result.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-field]");
    if (!link) return;
    event.preventDefault();
    goTo(link.dataset.field, Number(link.dataset.line || 1));
  });

  /* An address may name a place of the text. */
  const place = new URLSearchParams(location.search);
  if (place.has("field")) goTo(place.get("field"), Number(place.get("line")) || 1);
})();
