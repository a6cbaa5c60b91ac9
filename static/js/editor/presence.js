/* Who else has this article open, what was saved meanwhile, and texts of one's own that wait: as the server tells with each
   call. One's own tabs tell each other to ask at once. */
(() => {
  "use strict";
  if (!window.editor || !window.editor.beat) return;
  const { form, find, parsed, after, beat } = window.editor;
  const article = find("[data-kept]").dataset.article;
  const here = find("[data-here-place]");
  const offers = document.querySelector("[data-offers]");

  const fill = (place, html) => {
    const nodes = [...parsed(html)];
    const text = nodes.map((node) => node.textContent).join("");
    /* What is said is said once, not every few seconds. */
    if (place.textContent.trim() !== text.trim()) place.replaceChildren(...nodes);
  };
  form.addEventListener("editor:heard", ({ detail }) => {
    if (detail.here !== undefined) fill(here, detail.here);
    if (detail.offers !== undefined) fill(offers, detail.offers);
  });

  /* A text that is discarded goes without leaving the page. */
  offers.addEventListener("submit", async (event) => {
    const discarding = event.target.closest("[data-discard]");
    if (!discarding) return;
    event.preventDefault();
    const offer = discarding.closest(".kept-offer");
    try {
      const answer = await fetch(discarding.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(discarding)),
        redirect: "manual",
      });
      if (answer.type !== "opaqueredirect" && answer.status !== 404) throw new Error(String(answer.status));
      offer.remove();
      find("textarea").focus();
    } catch {
      discarding.submit();
    }
  });

  if (!article || !("BroadcastChannel" in window)) return;
  const channel = new BroadcastChannel("editor");
  const beatSoon = after(300, beat);
  channel.addEventListener("message", ({ data }) => {
    if (data.article === article) beatSoon();
  });
  beat().then(() => channel.postMessage({ article }));
  window.addEventListener("pagehide", () => channel.postMessage({ article }));
})();
