/* What is typed is kept: in this browser at each short pause, on the server a moment later and every few seconds, apart
   from the versions. What the line says is what is so. static/js/kept.js has the ways to both.

     editor.beat()   call the server now; the answer goes round as "editor:heard" on the form */
(() => {
  "use strict";
  if (!window.editor || !window.kept) return;
  const { form, find, after } = window.editor;
  const kept = window.kept;

  const STORE_AFTER = 300;
  const SEND_AFTER = 1500;
  const EVERY = 5000;
  const HIDDEN_EVERY = 3;
  const NOT_TYPED = new Set(["csrfmiddlewaretoken", "tab", "number", "reader"]);

  const line = find("[data-kept]");
  const trouble = find("[data-trouble]");
  const signIn = find("[data-sign-in]");
  const tab = find("[name=tab]");
  const stamp = find("[data-number]");
  const words = line.dataset;
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: words.zone,
  });

  const typed = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (!NOT_TYPED.has(name) && typeof value === "string") fields.append(name, value);
    }
    return fields.toString();
  };

  /* A browser that was reloaded or went back puts typed words in again before any script runs. */
  const wasTypedBefore = [...form.elements].some(
    (element) => element.matches("textarea, input[type=text], input[type=date]") && !element.disabled
      && element.name && !element.name.startsWith("byline-") && element.value !== element.defaultValue
  );
  const clean = "unsavedYet" in words || wasTypedBefore ? null : typed();
  let onServer = clean;
  /* The text that is to reach the server, with the number that says which of two is newer. */
  let pending = null;
  let last = 0;
  const following = () => {
    last = Math.max(last + 1, Date.now());
    return last;
  };

  /* One opened editor, one name: a page that the browser doubled gets a name of its own. */
  const named = new Promise((resolve) => {
    if (!navigator.locks) {
      resolve();
      return;
    }
    navigator.locks.request(`editor:${tab.value}`, { ifAvailable: true }, (lock) => {
      if (!lock) {
        const bytes = crypto.getRandomValues(new Uint8Array(16));
        tab.value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      }
      resolve();
      return lock && new Promise(() => {});
    });
  });

  /* -- Keeping ------------------------------------------------------------------------------------------------ */

  let isStored = true;
  let state = "here";
  const note = () => {
    const text = typed();
    if (text === onServer) {
      pending = null;
      kept.drop(tab.value, Infinity);
    } else if (!pending || pending.text !== text) {
      pending = { text, number: following() };
      isStored = kept.put({ article: words.article, tab: tab.value, ...pending });
      if (state !== "here") say();
    }
  };

  let wantsOffers = false;
  const once = async () => {
    await named;
    note();
    const going = pending;
    const body = new URLSearchParams(going ? going.text : "");
    body.set("base_version", find("[name=base_version]").value);
    body.set("tab", tab.value);
    body.set("article", words.article);
    if (going) body.set("number", going.number);
    if (wantsOffers) body.set("offers", "1");
    const { state: found, data } = await kept.call(body);
    const isThere = found === "older" && going && data.number === going.number;
    if ((found === "older" || found === "closed") && !isThere) {
      /* This tab is open and says something else: it is the newer one. */
      last = Math.max(last, data.number || 0);
      pending = null;
      again = true;
      return;
    }
    const before = state;
    state = isThere ? "here" : found;
    if (state === "here") {
      if (going) {
        onServer = going.text;
        kept.drop(tab.value, going.number);
        if (pending === going) pending = null;
        line.textContent = onServer === clean ? "" : words.keptWord.replace("%time%", data.clock || clock.format(going.number));
      }
      if (data.offers !== undefined) wantsOffers = false;
      form.dispatchEvent(new CustomEvent("editor:heard", { detail: data }));
    }
    says = data.says || "";
    if (before !== state || state !== "here") say();
  };

  let again = false;
  let running = null;
  let isLeaving = false;
  const beat = () => {
    if (isLeaving) return Promise.resolve();
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await once();
      } while (again && !isLeaving);
      running = null;
    })();
    return running;
  };

  /* -- Saying ------------------------------------------------------------------------------------------------- */

  let says = "";
  const goneAfter = after(8000, () => {
    if (state === "here") trouble.textContent = "";
  });
  const say = () => {
    signIn.hidden = state !== "signed-out" && state !== "other";
    if (state === "here") {
      if (trouble.textContent) trouble.textContent = words.back;
      goneAfter();
      return;
    }
    const what = { away: words.away, "signed-out": words.signedOut, other: words.other, gone: words.gone, refused: says };
    const parts = [what[state] || words.away];
    if (pending) {
      if (kept.hasLeft()) parts.push(words.left);
      else if (!isStored) parts.push(words.nowhere);
      else if (state === "gone" || state === "refused") parts.push(words.onlyHere);
      else parts.push(words.here.replace("%time%", clock.format(pending.number)));
    }
    const sentence = parts.join(" ");
    if (trouble.textContent !== sentence) trouble.textContent = sentence;
  };

  /* -- When --------------------------------------------------------------------------------------------------- */

  const noteSoon = after(STORE_AFTER, note);
  const beatSoon = after(SEND_AFTER, beat);
  form.addEventListener("input", (event) => {
    if (event.target.id === "reader") return;
    noteSoon();
    beatSoon();
  });
  const { changed } = window.editor;
  if (changed) {
    window.editor.changed = () => {
      changed();
      noteSoon();
      beatSoon();
    };
  }
  let ticks = 0;
  setInterval(() => {
    ticks += 1;
    if (!document.hidden || ticks % HIDDEN_EVERY === 0) beat();
  }, EVERY);
  window.addEventListener("online", beat);
  window.addEventListener("focus", beat);
  document.addEventListener("visibilitychange", () => beat());
  document.addEventListener("kept:sent", () => {
    wantsOffers = true;
    beat();
  });

  window.addEventListener("pagehide", () => {
    if (!isLeaving) note();
    const body = new URLSearchParams({ tab: tab.value, article: words.article, leave: "1" });
    body.set("csrfmiddlewaretoken", find("[name=csrfmiddlewaretoken]").value);
    navigator.sendBeacon(document.querySelector("[data-kept-address]").dataset.keptAddress, body);
  });
  window.addEventListener("pageshow", (event) => {
    isLeaving = false;
    if (event.persisted) beat();
  });

  /* A save is not sent into the void: where the last call failed, the server is asked once more, and the page stays. */
  let isChecked = false;
  form.addEventListener(
    "submit",
    async (event) => {
      if (state === "here" || isChecked) {
        isChecked = false;
        note();
        isLeaving = true;
        setTimeout(() => {
          isLeaving = false;
        }, 10000);
        stamp.value = following();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      await beat();
      if (state === "here") {
        isChecked = true;
        form.requestSubmit(event.submitter);
      } else {
        trouble.scrollIntoView({ block: "center" });
      }
    },
    true
  );

  if (clean === null) beat();
  window.editor.beat = beat;
})();
