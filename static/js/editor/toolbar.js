/* The toolbar: one stop of the Tab key, arrow keys within (the ARIA pattern), and a key for each tool.

   A button is <button data-tool="name" data-keys="Ctrl+B">; on macOS its keys are said and read with ⌘.
     editor.tool(name, act)   what the button and its keys do: act(button). */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, prose, find } = window.editor;

  const bar = find("[data-toolbar]");
  const isMac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform || navigator.platform);
  const acts = new Map();
  const buttons = () => [...bar.querySelectorAll("button, summary")].filter((one) => one.checkVisibility());

  /* "Ctrl+Shift+8" as the browser tells it, as a screen reader hears it and as a person reads it. */
  const said = (keys) => (isMac ? keys.replace("Ctrl+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥") : keys);
  for (const button of bar.querySelectorAll("[data-keys]")) {
    const { keys } = button.dataset;
    button.setAttribute("aria-keyshortcuts", keys.replace("Ctrl", isMac ? "Meta" : "Control"));
    button.title = `${button.getAttribute("aria-label") || button.textContent.trim()} (${said(keys)})`;
  }
  for (const place of document.querySelectorAll("[data-said-keys]")) place.textContent = said(place.textContent);

  const focusOn = (button) => {
    for (const one of bar.querySelectorAll("button, summary")) one.tabIndex = one === button ? 0 : -1;
  };
  bar.hidden = false;
  focusOn(buttons()[0]);
  bar.addEventListener("focusin", (event) => {
    const button = event.target.closest("button, summary");
    if (button) focusOn(button);
  });
  bar.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = buttons();
    const at = all.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    all[(to + all.length) % all.length].focus();
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tool]");
    if (button && acts.has(button.dataset.tool)) acts.get(button.dataset.tool)(button);
  });

  /* A button that opens a list of more tools; Escape, a choice or a press elsewhere closes it. */
  for (const menu of bar.querySelectorAll("[data-menu]")) {
    const button = find("[data-menu-button]", menu);
    const list = document.getElementById(button.getAttribute("aria-controls"));
    const open = (isOpen) => {
      button.setAttribute("aria-expanded", String(isOpen));
      list.hidden = !isOpen;
    };
    button.addEventListener("click", () => {
      open(list.hidden);
      if (!list.hidden) find("button", list).focus();
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        open(false);
        button.focus();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && menu.contains(event.target)) {
        event.preventDefault();
        if (list.hidden) open(true);
        const items = [...list.querySelectorAll("button")];
        const at = items.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
        items[(Math.max(at, -1) + items.length) % items.length].focus();
      }
    });
    list.addEventListener("click", () => open(false));
    document.addEventListener("pointerdown", (event) => {
      if (!menu.contains(event.target)) open(false);
    });
  }

  const matches = (event, keys) => {
    const parts = keys.split("+");
    const key = parts.pop();
    const code = /^\d$/.test(key) ? `Digit${key}` : "";
    return (
      (isMac ? event.metaKey : event.ctrlKey) === parts.includes("Ctrl") &&
      !(isMac ? event.ctrlKey : event.metaKey) &&
      event.shiftKey === parts.includes("Shift") &&
      event.altKey === parts.includes("Alt") &&
      /* AltGr writes letters; on some systems it says Ctrl and Alt, too. */
      !event.getModifierState("AltGraph") &&
      (event.key.toLowerCase() === key.toLowerCase() || (code && event.code === code))
    );
  };
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || !prose.includes(event.target)) return;
    if (!(event.ctrlKey || event.metaKey || event.altKey)) return;
    for (const button of bar.querySelectorAll("[data-tool][data-keys]")) {
      if (!matches(event, button.dataset.keys) || !acts.has(button.dataset.tool)) continue;
      event.preventDefault();
      acts.get(button.dataset.tool)(button);
      return;
    }
  });

  window.editor.tool = (name, act) => acts.set(name, act);
})();
