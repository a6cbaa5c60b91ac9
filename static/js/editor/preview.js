/* The preview, made again after each pause in typing, and kept at the place where the text is.

   One request at a time, so that a slow server is not swamped; an answer about a text that has changed since is dropped,
   for the next one is asked for at once. What did not change in the preview stays as it is, so nothing jumps. One that
   could not be made leaves the last one standing, says so, and is asked for again, more and more seldom. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { form, body, prose, words, find, after, parsed, goTo, fill } = window.editor;

  const panel = find("[data-panel='preview']");
  const result = find("[data-filled='preview']");
  const status = find("[data-preview-status]");
  const PAUSE = 80;

  /* -- Where the text is, and where that is in the preview ---------------------------------------------------- */

  const plain = (text) =>
    text
      .replace(/\[[^[\]]*@[^[\]]*\]/g, "")
      .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, "$1")
      .replace(/^[ \t]*\d{1,9}[.)]/, "")
      .replace(/[^\p{L}\p{N}]+/gu, "")
      .toLowerCase();
  const LEAF = "p, h2, h3, h4, h5, h6, li, tr, pre, dt, dd, figcaption";
  let leaves = null;
  const allLeaves = () => {
    leaves ??= [...result.querySelectorAll(LEAF)]
      .filter((element) => !element.closest(".preview__works"))
      .map((element) => {
        const copy = element.cloneNode(true);
        for (const cites of copy.querySelectorAll(".cites")) cites.remove();
        return { element, text: plain(copy.textContent) };
      });
    return leaves;
  };
  /* The block that says what a line says; of several the one that lies about as far down as the line does. */
  const blockOf = (line, share) => {
    const text = plain(line);
    if (text.length < 2) return null;
    const all = allLeaves();
    let best = null;
    let distance = Infinity;
    all.forEach((leaf, index) => {
      if (!leaf.text) return;
      const isIt = leaf.text === text || (text.length > 12 && leaf.text.includes(text.slice(0, 60))) || (leaf.text.length > 12 && text.includes(leaf.text));
      const far = Math.abs(index / all.length - share) + (leaf.text === text ? 0 : 0.2);
      if (isIt && far < distance) {
        best = leaf.element;
        distance = far;
      }
    });
    return best;
  };
  /* The block of a line, or of the nearest line before it that this reader gets. */
  const blockAt = (area, number) => {
    const lines = area.value.split("\n");
    const share = area === body ? number / lines.length : 0;
    for (let at = number; at >= Math.max(0, number - 40); at -= 1) {
      const found = blockOf(lines[at] || "", share);
      if (found) return found;
    }
    return null;
  };
  const cursorLine = (area) => area.value.slice(0, area.selectionStart).split("\n").length - 1;

  const offset = (element) => element.getBoundingClientRect().top - panel.getBoundingClientRect().top;
  const isSeen = (element) => {
    const top = offset(element);
    return top >= 40 && top < panel.clientHeight - 40;
  };
  /* Bring a block into view, at the height that the eye is at in the text. */
  const bring = (element, height) => {
    panel.scrollTop += offset(element) - Math.max(40, Math.min(height, panel.clientHeight * 0.7));
  };

  let area = body;
  const follow = () => {
    if (!window.editor.shows("preview") || panel.scrollHeight <= panel.clientHeight) return;
    const block = blockAt(area, cursorLine(area));
    if (block && !isSeen(block)) bring(block, panel.clientHeight / 3);
  };
  const followSoon = after(80, follow);
  for (const one of prose) {
    one.addEventListener("focus", () => (area = one));
    one.addEventListener("click", followSoon);
    one.addEventListener("keyup", (event) => {
      if (/^(Arrow|Page|Home|End)/.test(event.key)) followSoon();
    });
  }
  /* Scrolling the text takes the preview along: the first line that is seen stands first there, too. */
  let ownScroll = 0;
  const followScroll = after(60, () => {
    const marks = window.editor.marks?.get(body);
    if (!marks || !window.editor.shows("preview") || performance.now() < ownScroll) return;
    if (body.scrollTop < 5) return;
    const block = blockAt(body, marks.lineAt(body.scrollTop + 10));
    if (block) bring(block, 40);
  });
  body.addEventListener("scroll", followScroll, { passive: true });
  /* While one types, the text scrolls by itself to keep the cursor in sight: the cursor leads then. */
  body.addEventListener("input", () => (ownScroll = performance.now() + 400));

  /* -- Putting the answer in ------------------------------------------------------------------------------------ */

  const alike = (one, other) => one.isEqualNode(other);
  /* Leave what is the same at both ends, and within a single element that differs do so again. */
  const renew = (old, made) => {
    const olds = [...old.childNodes];
    const mades = [...made.childNodes];
    let start = 0;
    while (start < olds.length && start < mades.length && alike(olds[start], mades[start])) start += 1;
    let end = 0;
    while (
      end < olds.length - start &&
      end < mades.length - start &&
      alike(olds[olds.length - 1 - end], mades[mades.length - 1 - end])
    )
      end += 1;
    const gone = olds.slice(start, olds.length - end);
    const come = mades.slice(start, mades.length - end);
    for (let at = 0; at < Math.max(gone.length, come.length); at += 1) {
      const [was, is] = [gone[at], come[at]];
      const isContainer = was && is && was.nodeName === is.nodeName && is.nodeType === 1 && /^(DIV|SECTION|UL|OL|DETAILS)$/.test(is.nodeName);
      if (isContainer && gone.length === come.length && was.cloneNode().isEqualNode(is.cloneNode())) renew(was, is);
      else if (was && is) was.replaceWith(is);
      else if (was) was.remove();
      else old.insertBefore(is, olds[olds.length - end] || null);
    }
  };
  const put = (nodes) => {
    const holder = document.createElement("div");
    let here = null;
    for (const node of nodes) {
      if (node.dataset?.fill === "preview") here = node;
    }
    if (here) {
      const typed = document.activeElement === area ? blockAt(area, cursorLine(area)) : null;
      const anchor = typed && isSeen(typed) ? typed : allLeaves().find(({ element }) => offset(element) >= 0)?.element;
      const height = anchor ? offset(anchor) : 0;
      const place = panel.scrollTop;
      holder.append(...here.childNodes);
      renew(result, holder);
      leaves = null;
      const now = document.activeElement === area ? blockAt(area, cursorLine(area)) : null;
      if (place > 0 || typed) {
        if (anchor?.isConnected) panel.scrollTop += offset(anchor) - height;
        else if (typed && now) panel.scrollTop += offset(now) - height;
        else panel.scrollTop = place;
        if (now && !isSeen(now)) bring(now, Math.max(height, 40));
      }
    }
    fill(nodes.filter((node) => node !== here));
    form.dispatchEvent(new CustomEvent("editor:previewed"));
  };

  /* Counts what was changed: an answer is stale where it is about an earlier count than today's. */
  let version = 0;
  let shown = -1;
  let asking = false;
  let failed = 0;
  let again = 0;
  const TRIES = 5;
  const preview = async () => {
    if (asking || shown === version) return;
    clearTimeout(again);
    asking = true;
    const mine = version;
    const slow = setTimeout(() => (status.textContent = words.previewSlow), 1500);
    try {
      const answer = await fetch(words.preview, {
        method: "POST",
        body: new FormData(form),
        signal: AbortSignal.timeout(15000),
      });
      const html = await answer.text();
      /* Too slow for the server, again and again: its sentence says what may be wrong with the text. */
      if (answer.status === 503) throw new Error(failed < TRIES ? words.previewBehind : html);
      if (!answer.ok || answer.redirected) throw new Error(words.previewFailed);
      failed = 0;
      if (mine === version) {
        put([...parsed(html)]);
        shown = mine;
        status.textContent = "";
      }
    } catch (error) {
      status.textContent = error instanceof TypeError || error.name === "TimeoutError" ? words.previewFailed : error.message;
      again = setTimeout(preview, Math.min(30000, 2000 * 2 ** failed));
      failed += 1;
    }
    clearTimeout(slow);
    asking = false;
    if (mine !== version) preview();
  };
  const soon = after(PAUSE, preview);
  form.addEventListener("input", (event) => {
    if (event.target.id === "reader" || event.target.id === "marked" || event.target.form !== form) return;
    version += 1;
    soon();
  });
  const anew = () => {
    version += 1;
    preview();
  };
  find("[data-preview-button]").hidden = true;
  find("#reader").addEventListener("change", () => {
    readerChosen();
    anew();
  });
  find("#marked").addEventListener("change", anew);
  /* The general text differs from itself in nothing. */
  const readerChosen = () => {
    find("#marked").closest("label").hidden = find("#reader").value === "general";
  };
  readerChosen();
  preview();

  /* An address may name a place of the text. */
  const place = new URLSearchParams(location.search);
  if (place.has("field")) goTo(place.get("field"), Number(place.get("line")) || 1);

  window.editor.preview = anew;
})();
