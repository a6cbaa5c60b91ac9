/* What is not saved yet: said beside the button, kept from being closed by mistake; Ctrl+S saves. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, find } = window.editor;

  const unsaved = find("[data-unsaved]");
  let dirty = Boolean(document.querySelector("#error-summary, .meanwhile"));
  let sent = false;
  const changed = () => {
    dirty = true;
    unsaved.textContent = unsaved.dataset.word;
  };
  form.addEventListener("input", (event) => {
    if (event.target.id === "reader" || event.target.id === "marked") return;
    changed();
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

  window.editor.changed = changed;
})();
