/* Marks in colour behind the real textareas: a copy of each text with the same metrics lies under it, whose own letters
   are clear. Selection, spelling, input methods and screen readers keep the textarea. The copy has a block for each line;
   only lines that changed are made anew. It also knows where a character stands, which a textarea does not tell.

   window.editor.marks is a Map from a textarea to
     topOf(at)      how far below the beginning of the text the line of a character is
     lineAt(top)    the number (from 0) of the line that is so far below it
     boxOf(at)      where a character stands in the window
     under(x, y)    the citation at a place of the window: { key, box }, or null
   and window.editor.setUnknown(keys) says which keys no work has, setTerms(words) which words are terms of the glossary. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { prose } = window.editor;

  const KEY = /@(?:\{[^{}\n]+\}|[\p{L}\p{N}_](?:[\p{L}\p{N}_]|[:.#$%&\-+?<>~/](?=[\p{L}\p{N}_]))*)/u;
  const INLINE = new RegExp(
    [
      /(?<code>`+[^`]+`+)/,
      /(?<cluster>\[[^[\]\n]*@[^[\]\n]*\])/,
      /(?<link>!?\[[^[\]\n]*\]\([^()\n]*\))/,
      /(?<strong>\*\*\*?[^*\s](?:[^*\n]*[^*\s])?\*\*\*?)/,
      /(?<em>(?<![*\p{L}\p{N}])\*[^*\s](?:[^*\n]*[^*\s])?\*(?!\*)|(?<![_\p{L}\p{N}])_[^_\s](?:[^_\n]*[^_\s])?_(?![_\p{L}\p{N}]))/,
    ]
      .map((one) => one.source)
      .join("|"),
    "gu"
  );
  const BLOCK = /^ {0,3}:{3,}/;
  let unknown = new Set();
  let terms = null;

  const span = (name, text) => {
    const made = document.createElement("span");
    made.className = `mark-${name}`;
    made.textContent = text;
    return made;
  };
  const bare = (key) => (key[1] === "{" ? key.slice(2, -1).trim() : key.slice(1));
  const cluster = (text) => {
    const made = document.createElement("span");
    made.className = "mark-cites";
    const keys = new RegExp(KEY.source, "gu");
    let done = 0;
    for (const match of text.matchAll(keys)) {
      const key = span(unknown.has(bare(match[0])) ? "unknown" : "cite", match[0]);
      key.dataset.key = bare(match[0]);
      made.append(text.slice(done, match.index), key);
      done = match.index + match[0].length;
    }
    made.append(text.slice(done));
    return made;
  };
  /* Words that no other pattern took, with the glossary's terms marked. */
  const words = (text) => {
    if (!terms) return [text];
    const made = [];
    let done = 0;
    for (const match of text.matchAll(terms)) {
      made.push(text.slice(done, match.index), span("term", match[0]));
      done = match.index + match[0].length;
    }
    return [...made, text.slice(done)];
  };
  const inline = (text) => {
    const made = [];
    let done = 0;
    for (const match of text.matchAll(INLINE)) {
      if (match.index > done) made.push(...words(text.slice(done, match.index)));
      const [name] = Object.entries(match.groups).find(([, value]) => value !== undefined);
      made.push(name === "cluster" ? cluster(match[0]) : span(name, match[0]));
      done = match.index + match[0].length;
    }
    if (done < text.length) made.push(...words(text.slice(done)));
    return made;
  };

  /* One line and what it begins with, as `fence` says whether it stands in fenced code; gives what holds after it. */
  const LONGEST = 4000;
  const nodesOf = (line, fence) => {
    const opens = /^ {0,3}(`{3,}|~{3,})/.exec(line);
    if (fence) return [[span("code", line)], opens && line.trim() === opens[1] && opens[1].startsWith(fence) ? "" : fence];
    if (opens) return [[span("code", line)], opens[1]];
    if (BLOCK.test(line)) return [[line], ""];
    if (/^#{1,6}[ \t]/.test(line)) return [[span("heading", line)], ""];
    /* Patterns on a line of a whole text's length would be felt. */
    if (line.length > LONGEST) return [[line], ""];
    const start = /^[ \t]*(?:[-*+]|\d{1,9}[.)]|>)[ \t]+/.exec(line);
    if (start) return [[span("sign", start[0]), ...inline(line.slice(start[0].length))], ""];
    if (/^ {0,3}\|/.test(line)) return [inline(line), ""];
    return [inline(line), ""];
  };

  const COPIED = ["fontFamily", "fontSize", "fontWeight", "fontStyle", "lineHeight", "letterSpacing", "wordSpacing", "tabSize", "textIndent", "direction", "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "borderTopWidth", "borderRightWidth", "borderBottomWidth", "borderLeftWidth", "fontSizeAdjust", "fontFeatureSettings", "fontKerning", "textRendering", "fontVariantLigatures"];

  const mark = (area) => {
    let frame = area.closest("[data-area]");
    if (!frame) {
      const hasFocus = document.activeElement === area;
      frame = document.createElement("div");
      frame.className = "editor__area";
      area.before(frame);
      frame.append(area);
      if (hasFocus) area.focus();
    }
    const copy = document.createElement("div");
    copy.className = "marks-under";
    copy.setAttribute("aria-hidden", "true");
    frame.prepend(copy);
    frame.classList.add("editor__area--marked");
    const dress = () => {
      const style = getComputedStyle(area);
      for (const name of COPIED) copy.style[name] = style[name];
      /* A textarea's own bar narrows its lines. */
      const bar = area.offsetWidth - area.clientWidth - Number.parseFloat(style.borderLeftWidth) - Number.parseFloat(style.borderRightWidth);
      copy.style.paddingRight = `${Number.parseFloat(style.paddingRight) + bar}px`;
    };

    let lines = [];
    let fences = [];
    const made = (line, fence, element = document.createElement("div")) => {
      const [nodes, next] = nodesOf(line, fence);
      const name = !fence && BLOCK.test(line) ? "mark-block" : "";
      if (element.className !== name) element.className = name;
      element.replaceChildren(...nodes, "\n");
      return [element, next];
    };
    /* Lines that begin and end alike stay; those between are made anew, and on as far as fenced code goes otherwise. */
    const draw = () => {
      const now = area.value.split("\n");
      let start = 0;
      const shorter = Math.min(now.length, lines.length);
      while (start < shorter && now[start] === lines[start]) start += 1;
      if (start === now.length && now.length === lines.length) return;
      let end = 0;
      while (end < shorter - start && now[now.length - 1 - end] === lines[lines.length - 1 - end]) end += 1;
      const children = copy.children;
      /* One line that changed, as at nearly every key, keeps its element. */
      if (now.length === lines.length && start + end === now.length - 1) {
        const [, after] = made(now[start], start ? fences[start - 1] : "", children[start]);
        if (after === fences[start]) {
          lines = now;
          copy.scrollTop = area.scrollTop;
          return;
        }
      }
      const next = children[lines.length - end] || null;
      for (let gone = lines.length - end - start; gone > 0; gone -= 1) children[start].remove();
      const fresh = document.createDocumentFragment();
      const before = start ? fences[start - 1] : "";
      let fence = before;
      const made_fences = [];
      for (let at = start; at < now.length - end; at += 1) {
        const [element, after] = made(now[at], fence);
        fresh.append(element);
        made_fences.push((fence = after));
      }
      copy.insertBefore(fresh, next);
      const old = start < lines.length - end ? fences[lines.length - end - 1] : before;
      fences.splice(start, lines.length - end - start, ...made_fences);
      lines = now;
      if (fence !== (old ?? "")) {
        for (let at = now.length - end; at < now.length; at += 1) {
          const [element, after] = made(now[at], fence);
          copy.replaceChild(element, children[at]);
          const same = fences[at] === after;
          fences[at] = fence = after;
          if (same) break;
        }
      }
      copy.scrollTop = area.scrollTop;
    };
    const redrawKeys = () => {
      for (const key of copy.querySelectorAll("[data-key]")) {
        key.className = unknown.has(key.dataset.key) ? "mark-unknown" : "mark-cite";
      }
    };

    /* The line of a character, and how far into it the character stands. */
    const lineOf = (at) => {
      let number = 0;
      let rest = at;
      while (number < lines.length - 1 && rest > lines[number].length) {
        rest -= lines[number].length + 1;
        number += 1;
      }
      return [number, rest];
    };
    const rangeAt = (at) => {
      const [number, rest] = lineOf(at);
      const walker = document.createTreeWalker(copy.children[number], NodeFilter.SHOW_TEXT);
      let left = rest;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (left <= node.data.length) {
          const range = document.createRange();
          range.setStart(node, left);
          range.setEnd(node, Math.min(left + 1, node.data.length));
          return range;
        }
        left -= node.data.length;
      }
      return null;
    };
    const boxOf = (at) => {
      draw();
      copy.scrollTop = area.scrollTop;
      const range = rangeAt(at);
      const boxes = range ? range.getClientRects() : [];
      return boxes.length ? boxes[boxes.length - 1] : copy.children[lineOf(at)[0]].getBoundingClientRect();
    };
    const topOf = (at) => boxOf(at).top - copy.getBoundingClientRect().top + copy.scrollTop;
    const lineAt = (top) => {
      let low = 0;
      let high = copy.children.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (copy.children[middle].offsetTop <= top) low = middle;
        else high = middle - 1;
      }
      return low;
    };
    const under = (x, y) => {
      for (const element of document.elementsFromPoint(x, y)) {
        if (element.dataset?.key && copy.contains(element)) return { key: element.dataset.key, box: element.getBoundingClientRect() };
      }
      return null;
    };

    area.addEventListener("input", draw);
    area.addEventListener("scroll", () => (copy.scrollTop = area.scrollTop), { passive: true });
    new ResizeObserver(() => {
      dress();
      copy.scrollTop = area.scrollTop;
    }).observe(area);
    /* A form that the browser fills again, or another part that sets the text without a word. */
    window.addEventListener("pageshow", draw);
    dress();
    draw();
    const redraw = () => {
      copy.replaceChildren();
      lines = [];
      fences = [];
      draw();
    };
    return { topOf, lineAt, boxOf, under, draw, redraw, redrawKeys };
  };

  window.editor.marks = new Map(prose.map((area) => [area, mark(area)]));
  window.editor.setUnknown = (keys) => {
    unknown = new Set(keys);
    for (const marks of window.editor.marks.values()) marks.redrawKeys();
  };
  let told = "[]";
  window.editor.setTerms = (found) => {
    /* The longest first, as the glossary takes them; all lines are made anew only where the terms are others. */
    const sorted = [...new Set(found)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
    if (told === JSON.stringify(sorted)) return;
    told = JSON.stringify(sorted);
    const escaped = sorted.map((one) => one.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
    terms = escaped.length ? new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join("|")})(?![\\p{L}\\p{N}_])`, "gu") : null;
    for (const marks of window.editor.marks.values()) marks.redraw();
  };
})();
