/* Opens the reference of a citation number in place: on hover, on focus and on tap. Without this script, or without
   the browser's popovers, the number stays a link to the list. */
(() => {
  "use strict";
  if (!("popover" in HTMLElement.prototype)) return;

  let card = null;
  let owner = null;
  let timer = 0;

  const close = () => {
    clearTimeout(timer);
    if (!card) return;
    owner.removeAttribute("aria-expanded");
    owner.removeAttribute("aria-controls");
    card.remove();
    card = owner = null;
  };
  const closeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(close, 250);
  };

  const place = () => {
    const at = owner.getBoundingClientRect();
    const gap = 8;
    const left = Math.min(at.left, document.documentElement.clientWidth - card.offsetWidth - 16);
    const below = at.bottom + gap + card.offsetHeight <= window.innerHeight;
    card.style.left = `${Math.max(16, left)}px`;
    card.style.top = `${below ? at.bottom + gap : Math.max(gap, at.top - gap - card.offsetHeight)}px`;
  };

  const open = (cite) => {
    clearTimeout(timer);
    if (owner === cite) return;
    close();
    const target = document.getElementById(cite.hash.slice(1));
    const source = target && target.querySelector(".reference");
    if (!source) return;
    owner = cite;
    card = document.createElement("div");
    card.id = "cite-card";
    card.className = "cite-card";
    card.popover = "manual";
    card.setAttribute("role", "group");
    card.setAttribute("aria-label", cite.getAttribute("aria-label") || cite.textContent);
    const copy = source.cloneNode(true);
    copy.querySelectorAll(".reference__back").forEach((part) => part.remove());
    card.append(copy);
    // Right behind the number, so that Tab goes from the number into the card and on into the text.
    cite.after(card);
    card.showPopover();
    cite.setAttribute("aria-expanded", "true");
    cite.setAttribute("aria-controls", card.id);
    place();
  };

  const citeOf = (event) => (event.target.closest ? event.target.closest("a.cite") : null);
  const inside = (node) => Boolean(node && card && (card.contains(node) || owner.contains(node)));

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const cite = citeOf(event);
    if (cite) {
      clearTimeout(timer);
      timer = setTimeout(open, owner ? 60 : 150, cite);
    } else if (card && card.contains(event.target)) {
      clearTimeout(timer);
    }
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "mouse") return;
    if (card && inside(event.target) && !inside(event.relatedTarget)) closeSoon();
    else if (!card) clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const cite = citeOf(event);
    if (cite && cite.matches(":focus-visible")) open(cite);
    else if (!inside(event.target)) close();
  });

  // A tap opens the card; a second tap on the same number, a mouse click or Enter goes on to the list.
  document.addEventListener("click", (event) => {
    const cite = citeOf(event);
    if (cite && event.pointerType !== "mouse" && event.pointerType && owner !== cite) {
      event.preventDefault();
      open(cite);
    } else if (cite) {
      close();
    } else if (!inside(event.target)) {
      close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card) return;
    const cite = owner;
    const within = card.contains(document.activeElement);
    close();
    if (within) cite.focus({ preventScroll: true });
    // Focus on the number opens its card again; Escape means that it stays closed.
    close();
  });
  window.addEventListener("scroll", () => card && place(), { passive: true });
  window.addEventListener("resize", close);
})();
