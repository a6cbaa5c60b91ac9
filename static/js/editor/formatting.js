/* Marks for headings, emphasis, lists, links, tables and blocks for readers, by button and by key; Enter goes on with a
   list. Each change is one step that the browser undoes. The Tab key leaves the text, as everywhere. */
(() => {
  "use strict";
  if (!window.editor) return;
  const { body, words, insert, select, tool } = window.editor;

  const ITEM = /^([ \t]*)([-*+]|\d{1,9}[.)])([ \t]+)/;
  const FENCE = /^ {0,3}:{3,}[ \t]*(.*?)[ \t:]*$/;

  /* The whole lines that the selection touches: where they begin and end. */
  const linesAt = (where) => {
    const { value, selectionStart, selectionEnd } = where;
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
    /* A selection that ends at the beginning of a line does not mean that line. */
    const last = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n" ? selectionEnd - 1 : selectionEnd;
    const end = value.indexOf("\n", last);
    return { from, to: end < 0 ? value.length : end };
  };
  const changeLines = (where, change) => {
    const { from, to } = linesAt(where);
    const { selectionStart, selectionEnd } = where;
    const before = where.value.slice(from, to);
    const made = change(before.split("\n")).join("\n");
    if (made === before) {
      where.focus();
      return;
    }
    insert(where, made, from, to);
    if (selectionStart === selectionEnd) {
      const at = Math.max(from, selectionStart + made.length - before.length);
      where.setSelectionRange(at, at);
    } else where.setSelectionRange(from, from + made.length);
  };

  const heading = (level) => () =>
    changeLines(body, (lines) =>
      lines.map((line) => {
        const bare = line.replace(/^#{1,6}[ \t]*/, "");
        const had = line.length - bare.length && line.match(/^#+/)[0].length;
        return had === level ? bare : `${"#".repeat(level)} ${bare}`;
      })
    );
  tool("heading-2", heading(2));
  tool("heading-3", heading(3));

  /* Around the selection, or the word at the cursor; once more takes the marks away. */
  const around = (mark) => () => {
    const area = window.editor.area();
    const { value } = area;
    let { selectionStart: from, selectionEnd: to } = area;
    if (from === to) {
      while (from && /[\p{L}\p{N}_'’-]/u.test(value[from - 1])) from -= 1;
      while (to < value.length && /[\p{L}\p{N}_'’-]/u.test(value[to])) to += 1;
    }
    while (from < to && /\s/.test(value[from])) from += 1;
    while (to > from && /\s/.test(value[to - 1])) to -= 1;
    const size = mark.length;
    /* So many stars stand at both ends: one is emphasis, two are strong, three are both. */
    const starsAt = (at, step) => {
      let count = 0;
      while (value[at + (step < 0 ? -1 - count : count)] === "*") count += 1;
      return count;
    };
    const stars = Math.min(starsAt(from, -1), starsAt(to, 1), 3);
    const text = value.slice(from, to);
    if (stars === size || stars === 3) {
      insert(area, text, from - size, to + size);
      area.setSelectionRange(from - size, to - size);
    } else if (text.length > 2 * size && text.startsWith(mark) && text.endsWith(mark) && text[size] !== "*") {
      const bare = text.slice(size, -size);
      insert(area, bare, from, to);
      area.setSelectionRange(from, from + bare.length);
    } else {
      insert(area, mark + text + mark, from, to);
      area.setSelectionRange(from + size, to + size);
    }
  };
  tool("bold", around("**"));
  tool("italic", around("*"));

  const list = (isNumbered) => () =>
    changeLines(body, (lines) => {
      const full = lines.filter((line) => line.trim() || lines.length === 1);
      const isSo = (line) => ITEM.test(line) && /\d/.test(line.match(ITEM)[2]) === isNumbered;
      const isOff = full.every(isSo);
      let number = 0;
      return lines.map((line) => {
        if (!line.trim() && lines.length > 1) return line;
        const bare = line.replace(ITEM, "$1");
        if (isOff) return bare;
        number += 1;
        return bare.replace(/^[ \t]*/, (indent) => `${indent}${isNumbered ? `${number}.` : "-"} `);
      });
    });
  tool("bullets", list(false));
  tool("numbers", list(true));
  tool("indent", () => changeLines(body, (lines) => lines.map((line) => (line.trim() ? `    ${line}` : line))));
  tool("outdent", () => changeLines(body, (lines) => lines.map((line) => line.replace(/^( {1,4}|\t)/, ""))));

  tool("link", () => {
    const area = window.editor.area();
    const { value, selectionStart: from, selectionEnd: to } = area;
    const text = value.slice(from, to).trim();
    const isAddress = /^https?:\/\/\S+$/.test(text);
    const name = isAddress ? words.linkWords : text || words.linkWords;
    const address = isAddress ? text : words.linkAddress;
    insert(area, `[${name}](${address})`, from, to);
    /* What is still to be written is chosen. */
    if (isAddress || !text) area.setSelectionRange(from + 1, from + 1 + name.length);
    else area.setSelectionRange(from + name.length + 3, from + name.length + 3 + address.length);
  });

  /* A piece with blank lines around it, put in behind the line of the cursor where that one is not blank. */
  const putApart = (text, from, to) => {
    const before = body.value.slice(0, from);
    const rest = body.value.slice(to);
    const gap = !before.trim() ? "" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const end = !rest.trim() ? "\n" : rest.startsWith("\n\n") ? "" : rest.startsWith("\n") ? "\n" : "\n\n";
    insert(body, gap + text + end, from, to);
    return from + gap.length;
  };
  const lineEnd = (at) => {
    const end = body.value.indexOf("\n", at);
    return end < 0 ? body.value.length : end;
  };

  tool("table", () => {
    const [one, two, three] = [1, 2, 3].map((number) => `${words.column} ${number}`);
    const row = `| ${" ".repeat(one.length)} | ${" ".repeat(two.length)} | ${" ".repeat(three.length)} |`;
    const rule = `|${[one, two, three].map((name) => "-".repeat(name.length + 2)).join("|")}|`;
    const at = lineEnd(body.selectionEnd);
    const start = putApart(`| ${one} | ${two} | ${three} |\n${rule}\n${row}\n${row}`, at, at);
    select(body, start + 2, start + 2 + one.length);
  });

  /* Blocks don't stand in one another: inside one, the new one comes behind it, as its alternative. */
  const closeOf = (at) => {
    let opened = false;
    let place = 0;
    for (const line of body.value.split("\n")) {
      const fence = FENCE.exec(line);
      const end = place + line.length;
      if (fence) {
        if (!fence[1] && opened && end >= at) return end;
        if (place <= at) opened = Boolean(fence[1]);
      }
      if (place > at && !opened) return null;
      place = end + 1;
    }
    return null;
  };
  tool("block", (button) => {
    const { selectionStart, selectionEnd } = body;
    const name = button.dataset.block;
    const close = closeOf(selectionStart);
    const chosen = close === null ? body.value.slice(selectionStart, selectionEnd).replace(/^\n+|\n+$/g, "") : "";
    let from = selectionStart;
    let to = selectionEnd;
    if (close !== null) from = to = close;
    else if (!chosen) from = to = lineEnd(selectionEnd);
    const opening = `::: ${name}\n`;
    const start = putApart(`${opening}${chosen}\n:::`, from, to);
    const at = start + opening.length;
    select(body, at, at + chosen.length);
  });

  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const { value, selectionStart: at, selectionEnd } = body;
    const from = value.lastIndexOf("\n", at - 1) + 1;
    const item = ITEM.exec(value.slice(from, at));
    if (!item || at !== selectionEnd) return;
    event.preventDefault();
    const [marks, indent, sign, gap] = item;
    const isEmpty = !value.slice(from + marks.length, lineEnd(at)).trim();
    if (isEmpty) {
      /* An empty item goes a level out; at the margin it ends the list, with the blank line that ends one. */
      insert(body, indent ? marks.replace(/^( {1,4}|\t)/, "") : "\n", from, lineEnd(at));
      return;
    }
    const next = /\d/.test(sign) ? `${Number.parseInt(sign, 10) + 1}${sign.at(-1)}` : sign;
    insert(body, `\n${indent}${next}${gap}`);
  });
})();
