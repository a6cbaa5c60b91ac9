/* The panels beside the text as tabs (the ARIA pattern, chosen by arrow keys). On a narrow screen the text is a tab, too.

   A panel is <section data-panel="name"> with a .panel__title in which [data-panel-count] may hold a number.
     editor.show(name)          show a panel; "text" is the text, which has a tab only on a narrow screen
     editor.count(name, words)  what stands behind the title, "" for nothing
     editor.fill(nodes)         put each [data-fill="name"] of an answer into the [data-filled="name"] of the page */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, words, find } = window.editor;

  const split = find("[data-editor-split]");
  const side = find("[data-side]");
  const text = find("[data-editor-text]");
  const narrow = window.matchMedia("(max-width: 59.99rem)");
  const list = document.createElement("div");
  list.className = "side-tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", words.panels);

  const tabs = new Map();
  const add = (name, panel, title) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "side-tabs__tab";
    tab.id = `tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    tab.append(...title);
    tab.addEventListener("click", () => show(name));
    list.append(tab);
    tabs.set(name, { tab, panel });
  };
  add("text", text, [words.write]);
  for (const panel of side.querySelectorAll("[data-panel]")) {
    const title = find(".panel__title", panel);
    add(panel.dataset.panel, panel, [...title.cloneNode(true).childNodes]);
    title.classList.add("visually-hidden");
  }

  const KEPT = "editor-panel";
  let shown = "preview";
  try {
    shown = sessionStorage.getItem(KEPT) || shown;
  } catch {
    /* A browser that keeps nothing shows the preview. */
  }
  if (!tabs.has(shown) || shown === "text") shown = "preview";
  let onText = true;

  const draw = () => {
    const chosen = narrow.matches && onText ? "text" : shown;
    tabs.get("text").tab.hidden = !narrow.matches;
    text.hidden = narrow.matches && !onText;
    side.hidden = narrow.matches && onText;
    for (const [name, { tab, panel }] of tabs) {
      const isChosen = name === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      if (name === "text") {
        if (narrow.matches) panel.setAttribute("role", "tabpanel");
        else panel.removeAttribute("role");
      } else {
        panel.hidden = name !== shown;
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", tab.id);
      }
    }
    if (narrow.matches) text.setAttribute("aria-labelledby", "tab-text");
    else text.removeAttribute("aria-labelledby");
  };
  const place = () => {
    if (narrow.matches) split.before(list);
    else side.prepend(list);
    draw();
  };
  const show = (name) => {
    if (!tabs.has(name)) return;
    onText = name === "text";
    if (!onText) {
      shown = name;
      try {
        sessionStorage.setItem(KEPT, name);
      } catch {
        /* As above. */
      }
    }
    draw();
    form.dispatchEvent(new CustomEvent("editor:shown", { detail: name }));
  };
  list.addEventListener("keydown", (event) => {
    const open = [...tabs].filter(([, { tab }]) => !tab.hidden).map(([name]) => name);
    const at = open.findIndex((name) => tabs.get(name).tab === event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: open.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const name = open[(to + open.length) % open.length];
    show(name);
    tabs.get(name).tab.focus();
  });
  narrow.addEventListener("change", place);
  place();

  window.editor.show = show;
  window.editor.shows = (name) => (narrow.matches && name === "text" ? onText : name === "text" || (shown === name && !(narrow.matches && onText)));
  window.editor.count = (name, count) => {
    const place = tabs.has(name) && find("[data-panel-count]", tabs.get(name).tab);
    if (place) place.textContent = count;
  };
  window.editor.fill = (nodes) => {
    for (const node of nodes) {
      const name = node.dataset?.fill;
      const place = name && find(`[data-filled="${name}"]`);
      if (place) place.replaceChildren(...node.childNodes);
    }
  };
})();
