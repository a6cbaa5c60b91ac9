/* Shows how far a longer piece of work is, and loads the page again when it is over. Without this file a page with a
   refresh in its head does the same. */
(() => {
  const place = document.querySelector("[data-progress]");
  if (!place) return;
  const EVERY = 1000;
  const LONGEST = 15000;
  let wait = EVERY;

  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const news = page.querySelector("[data-state]");
      if (!news || news.dataset.state !== "working") {
        window.location.reload();
        return;
      }
      const before = place.querySelector("[data-state]");
      if (before && !before.isEqualNode(news)) before.replaceWith(document.adoptNode(news));
      wait = EVERY;
    } catch {
      // The connection or the server is away: ask more rarely, and go on.
      wait = Math.min(wait * 2, LONGEST);
    }
    window.setTimeout(ask, wait);
  };

  window.setTimeout(ask, EVERY);
})();
