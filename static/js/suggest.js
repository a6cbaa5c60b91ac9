/* Questions suggested while one types into a search field: a combobox with a list, after the ARIA Authoring Practices.
   Without this script the field is a plain search. What was fetched stays in the page, and nothing is kept on the device. */
(() => {
  "use strict";
  const PAUSE = 150;
  const SHORTEST = 2;
  const known = new Map();

  const start = (box) => {
    const input = box.querySelector("input");
    const id = `${input.id}-suggestions`;
    const list = document.createElement("ul");
    list.id = id;
    list.className = "suggest__list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.dataset.suggestLabel);
    list.hidden = true;
    const told = document.createElement("span");
    told.className = "visually-hidden";
    told.setAttribute("role", "status");
    box.append(list, told);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", id);

    let timer = 0;
    let asked = null;
    let active = -1;

    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (at) => {
      const options = [...list.children];
      active = at;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
      if (at < 0) {
        input.removeAttribute("aria-activedescendant");
      } else {
        input.setAttribute("aria-activedescendant", options[at].id);
        options[at].scrollIntoView({ block: "nearest" });
      }
    };

    const show = (suggestions) => {
      list.replaceChildren(
        ...suggestions.map((one, place) => {
          const option = document.createElement("li");
          option.id = `${id}-${place}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.url = one.url;
          option.textContent = one.question;
          return option;
        }),
      );
      if (!suggestions.length) {
        told.textContent = "";
        close();
        return;
      }
      choose(-1);
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      told.textContent =
        suggestions.length === 1 ? box.dataset.suggestOne : box.dataset.suggestMany.replace("%n", suggestions.length);
    };

    const ask = async () => {
      const typed = input.value.trimStart();
      asked?.abort();
      if (typed.trim().length < SHORTEST) {
        show([]);
        return;
      }
      const audience = input.form.elements.for?.value;
      const parameters = new URLSearchParams(audience ? { q: typed, for: audience } : { q: typed });
      const address = `${box.dataset.suggest}?${parameters}`;
      if (!known.has(address)) {
        asked = new AbortController();
        try {
          const answer = await fetch(address, { signal: asked.signal, credentials: "omit" });
          if (!answer.ok) return;
          known.set(address, (await answer.json()).suggestions);
        } catch {
          return;
        }
      }
      if (document.activeElement === input && input.value.trimStart() === typed) show(known.get(address));
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const count = list.children.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) {
          if (event.key === "ArrowDown") ask();
          return;
        }
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        // Between the last and the first stands the field itself.
        choose(((active + 1 + step + count + 1) % (count + 1)) - 1);
      } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
        event.preventDefault();
        location.assign(list.children[active].dataset.url);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    // The field keeps the focus while an option is pressed.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });
    input.addEventListener("blur", close);
  };

  document.querySelectorAll("[data-suggest]").forEach(start);
})();
