/* Images in the text: a dialog over the editor, and images that are pasted or dropped. Each asks for its alternative
   text before it is taken in. Without this file the article's page of images does the same. */
(() => {
  "use strict";
  const dialog = document.querySelector("[data-images-dialog]");
  if (!window.editor || !dialog) return;
  const { body, find, parsed, insert } = window.editor;
  const place = find("[data-images-place]", dialog);
  const status = find("[data-images-status]", dialog);
  const IMAGES = /^image\//;
  let at = { from: body.value.length, to: body.value.length };
  let sending = false;

  /* A figure stands alone: blank lines part it from what is before and after. */
  const put = (markdown) => {
    dialog.close();
    const before = body.value.slice(0, at.from);
    const rest = body.value.slice(at.to);
    const above = !before ? "" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const below = rest.startsWith("\n\n") ? "" : rest.startsWith("\n") ? "\n" : "\n\n";
    insert(body, `${above}${markdown}${below}`, at.from, at.to);
  };

  const show = (html) => {
    place.replaceChildren(...parsed(html));
    const content = find("[data-images-content]", place);
    if (!content) throw new Error("no content");
    return content;
  };

  const open = async (file) => {
    at = { from: body.selectionStart, to: body.selectionEnd };
    place.textContent = "";
    status.textContent = "";
    dialog.showModal();
    try {
      const answer = await fetch(dialog.dataset.images);
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const content = show(await answer.text());
      if (file) {
        const carrier = new DataTransfer();
        carrier.items.add(file);
        find("[type='file']", content).files = carrier.files;
        find("textarea", content).focus();
      } else {
        find("[data-insert], [type='file']", content).focus();
      }
    } catch {
      status.textContent = dialog.dataset.imagesFailed;
    }
  };

  window.editor.tool("image", () => open());
  find("[data-close]", dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => body.focus());
  place.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-insert]");
    if (chosen) put(chosen.dataset.insert);
  });
  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    const file = find("[type='file']", place).files[0];
    status.textContent = dialog.dataset.imagesSending;
    try {
      const answer = await fetch(event.target.action, { method: "POST", body: new FormData(event.target) });
      if (answer.redirected || (!answer.ok && answer.status !== 422)) throw new Error(String(answer.status));
      const content = show(await answer.text());
      status.textContent = "";
      if (content.dataset.added) {
        put(content.dataset.added);
      } else {
        if (file) {
          const carrier = new DataTransfer();
          carrier.items.add(file);
          find("[type='file']", content).files = carrier.files;
        }
        const wrong = find("[aria-invalid='true']", content) || find("textarea", content);
        wrong.focus();
      }
    } catch {
      status.textContent = dialog.dataset.imagesFailed;
    }
    sending = false;
  });

  /* Word puts a picture of copied text beside the text: text goes first. */
  const imageOf = (transfer) =>
    transfer.types.includes("text/plain") ? null : [...transfer.files].find((file) => IMAGES.test(file.type));
  for (const kind of ["paste", "drop"]) {
    body.addEventListener(kind, (event) => {
      const file = imageOf(event.clipboardData || event.dataTransfer);
      if (!file) return;
      event.preventDefault();
      open(file);
    });
  }
})();
