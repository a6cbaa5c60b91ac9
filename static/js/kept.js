/* Texts that the server does not have yet, kept in this browser: on every page of the desk, so that what a closed editor
   left behind is sent by the next page that the same person opens, and nothing stays behind when they sign out.

   An entry goes as soon as the server has it, so a shared machine holds none while the server answers. Signing out sends
   what waits and deletes it; a session that only ran out leaves it for the same person's next sign-in, for seven days.

   window.kept (absent where nobody is signed in) has
     call(body)           ask the server, with the page's token; gives {state, data}. States: "here" (done), "older" and
                          "closed" (a newer or finished text of the tab is there), "away", "signed-out", "other" (somebody
                          else is signed in), "gone" (not this person's any more), "refused" (data.says says why)
     put(entry)           keep {article, tab, number, text} here; false where that is not possible
     drop(tab, number)    forget it, unless it was replaced by a newer one
     hasLeft()            whether the person signed out in another tab: then nothing is kept here
   and says "kept:sent" on the document when it sent what had been left behind. */
(() => {
  "use strict";
  const signOut = document.querySelector("[data-kept-person]");
  if (!signOut) return;
  const { keptPerson: person, keptAddress: address, keptAsk: question } = signOut.dataset;
  const PREFIX = `kept:${person}:`;
  const LONGEST = 7 * 24 * 60 * 60 * 1000;
  const PATIENCE = 10000;
  let left = false;
  /* A call that was under way when the person signed out still succeeds: they are back only after one that did not. */
  let wasRefused = false;

  /* -- In this browser ---------------------------------------------------------------------------------------- */

  const all = () => {
    const found = [];
    try {
      for (let at = localStorage.length - 1; at >= 0; at -= 1) {
        const key = localStorage.key(at);
        if (!key.startsWith("kept:")) continue;
        const entry = JSON.parse(localStorage.getItem(key));
        if (Date.now() - entry.at > LONGEST) localStorage.removeItem(key);
        else if (key.startsWith(PREFIX)) found.push(entry);
      }
    } catch {
      /* A browser that keeps nothing has nothing. */
    }
    return found;
  };
  const put = (entry) => {
    if (left) return false;
    try {
      localStorage.setItem(PREFIX + entry.tab, JSON.stringify({ ...entry, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  };
  const drop = (tab, number) => {
    try {
      const kept = localStorage.getItem(PREFIX + tab);
      if (kept && JSON.parse(kept).number <= number) localStorage.removeItem(PREFIX + tab);
    } catch {
      /* As above. */
    }
  };

  /* -- The server --------------------------------------------------------------------------------------------- */

  const tokens = () => document.querySelectorAll("input[name=csrfmiddlewaretoken]");
  /* A sign-in makes the tokens of older pages void: the same person gets a fresh one for every form of this page. */
  const renew = async () => {
    try {
      const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.type === "opaqueredirect") {
        wasRefused = true;
        return "signed-out";
      }
      if (!answer.ok) return answer.status < 500 ? "gone" : "away";
      const data = await answer.json();
      if (String(data.person) !== person) return "other";
      tokens().forEach((input) => {
        input.value = data.token;
      });
      return "here";
    } catch {
      return "away";
    }
  };
  const STATES = { 403: "gone", 404: "gone", 409: "older", 410: "closed", 413: "refused", 422: "refused" };
  const call = async (body, isFirst = true) => {
    body.set("csrfmiddlewaretoken", signOut.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(address, {
        method: "POST",
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.type === "opaqueredirect" || answer.status === 401) {
        wasRefused = true;
        return { state: "signed-out", data: {} };
      }
      if (answer.status === 403 && isFirst) {
        const state = await renew();
        return state === "here" ? call(body, false) : { state, data: {} };
      }
      if (answer.ok) {
        if (wasRefused) left = false;
        wasRefused = false;
        return { state: "here", data: await answer.json() };
      }
      const data = await answer.json().catch(() => ({}));
      return { state: STATES[answer.status] || "away", data };
    } catch {
      return { state: "away", data: {} };
    }
  };
  /* Tabs that are open in this browser send what is theirs by themselves. */
  const openTabs = async () => {
    const locks = await navigator.locks?.query().catch(() => null);
    return new Set((locks?.held || []).map(({ name }) => name));
  };
  const sendWaiting = async (alsoOfOpenTabs = false) => {
    const open = alsoOfOpenTabs ? new Set() : await openTabs();
    let arrived = 0;
    for (const { article, tab, number, text } of all()) {
      if (open.has(`editor:${tab}`)) continue;
      const body = new URLSearchParams(text);
      body.set("article", article);
      body.set("tab", tab);
      body.set("number", number);
      body.set("late", "1");
      const { state } = await call(body);
      if (state === "here" || state === "older" || state === "closed") drop(tab, number);
      if (state === "here") arrived += 1;
      if (state === "away" || state === "signed-out" || state === "other") break;
    }
    if (arrived) document.dispatchEvent(new CustomEvent("kept:sent"));
  };
  if (all().length) sendWaiting();

  /* -- Signing out -------------------------------------------------------------------------------------------- */

  const channel = "BroadcastChannel" in window ? new BroadcastChannel("kept") : null;
  channel?.addEventListener("message", (event) => {
    if (event.data.signedOut === person) left = true;
  });
  const leave = () => {
    channel?.postMessage({ signedOut: person });
    left = true;
    all().forEach(({ tab }) => drop(tab, Infinity));
  };
  signOut.addEventListener("submit", async (event) => {
    if (!all().length) {
      leave();
      return;
    }
    event.preventDefault();
    await sendWaiting(true);
    if (all().length && !window.confirm(question)) return;
    leave();
    signOut.submit();
  });

  window.kept = { call, put, drop, hasLeft: () => left };
})();
