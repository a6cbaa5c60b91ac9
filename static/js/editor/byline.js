/* Authors to add and to move, and topics to take over. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, words, find } = window.editor;

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
      window.editor.changed();
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
      window.editor.changed();
    });
    item.replaceChildren(button);
  });
})();
