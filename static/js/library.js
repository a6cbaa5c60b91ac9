/* The library's list: found as one types, worked by keys, selected by rows. Without this file the form and its button,
   links and boxes do the same. */
(() => {
  "use strict";
  const form = document.querySelector("[data-library]");
  const place = document.querySelector("[data-works]");
  const count = document.getElementById("works-count");
  if (!form || !place) return;

  /* -- The list follows the form ------------------------------------------------------------------------ */

  let asking = null;
  let waiting = 0;

  const address = () => {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(filled).toString();
    return location.pathname + (query ? `?${query}` : "");
  };

  const show = (html, url) => {
    const parts = new DOMParser().parseFromString(html, "text/html").body;
    const result = parts.querySelector("[data-count]");
    if (!result) throw new Error("no list");
    place.replaceChildren(...parts.childNodes);
    if (count.textContent !== result.dataset.count) count.textContent = result.dataset.count;
    form.querySelector("[data-clear]").hidden = result.dataset.narrowed !== "yes";
    history.replaceState(null, "", url);
    prepare();
  };

  const ask = async () => {
    clearTimeout(waiting);
    if (asking) asking.abort();
    const mine = new AbortController();
    const late = setTimeout(() => mine.abort("late"), 15000);
    asking = mine;
    const url = address();
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { headers: { "X-Fragment": "works" }, signal: mine.signal });
      const html = await answer.text();
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      if (asking === mine) show(html, url);
    } catch {
      // What was asked since says for itself how it went.
      if (asking === mine) count.textContent = form.dataset.failed;
    }
    clearTimeout(late);
    if (asking === mine) {
      asking = null;
      place.removeAttribute("aria-busy");
    }
  };

  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, event.target.type === "search" ? 180 : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });

  /* -- What is selected --------------------------------------------------------------------------------- */

  const boxes = () => [...place.querySelectorAll("input[name='work']")];

  const tally = () => {
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    const told = place.querySelector("[data-selected]");
    if (!told) return;
    told.textContent = chosen ? `(${chosen})` : "";
    const whole = place.querySelector("[data-all]");
    whole.checked = chosen === all.length;
    whole.indeterminate = chosen > 0 && chosen < all.length;
  };

  const prepare = () => {
    const label = place.querySelector("[data-all-label]");
    if (label) label.hidden = false;
    tally();
  };

  place.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) {
      boxes().forEach((box) => {
        box.checked = event.target.checked;
      });
    }
    tally();
  });

  /* -- Keys --------------------------------------------------------------------------------------------- */

  const keys = document.querySelector("[data-keys]");
  const allowed = keys.querySelector("[data-keys-on]");
  const NAME = "library-keys";
  try {
    allowed.checked = localStorage.getItem(NAME) !== "off";
  } catch {
    // Without storage the keys are on for each visit.
  }
  allowed.addEventListener("change", () => {
    try {
      localStorage.setItem(NAME, allowed.checked ? "on" : "off");
    } catch {
      // As above.
    }
  });
  keys.hidden = false;

  const links = () => [...place.querySelectorAll("[data-open]")];
  const rowOf = (node) => (node && node.closest ? node.closest("[data-row]") : null);

  const go = (step) => {
    const all = links();
    const row = rowOf(document.activeElement);
    const at = row ? all.indexOf(row.querySelector("[data-open]")) + step : 0;
    if (at < 0) form.elements.q.focus();
    else if (all[at]) all[at].focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    const row = rowOf(target);
    const types = target.matches("textarea, select, [contenteditable], input:not([type='checkbox'])");
    // From the search down into the list; the other fields keep their arrows.
    if (types) {
      if (event.key === "ArrowDown" && target === form.elements.q) {
        event.preventDefault();
        go(0);
      }
      return;
    }
    const single = allowed.checked ? event.key : "";
    if (single === "/" && !event.shiftKey) form.elements.q.select();
    else if (single === "j" || (row && event.key === "ArrowDown")) go(1);
    else if (single === "k" || (row && event.key === "ArrowUp")) go(-1);
    else if (row && (single === "x" || (event.key === " " && target.matches("[data-open]")))) {
      const box = row.querySelector("input[name='work']");
      if (!box) return;
      box.checked = !box.checked;
      tally();
    } else return;
    event.preventDefault();
  });

  window.addEventListener("pageshow", tally);
  prepare();
})();
