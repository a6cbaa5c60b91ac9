/* Small helps on a page of text: print, share, copy; open contents where there is room; mark the section being read.
   All of it can be missing. */
(() => {
  "use strict";
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  const say = (button) => {
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = before;
    }, 2500);
  };

  each("[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  if (navigator.clipboard) {
    each("[data-copy]", (button) => {
      const source = document.getElementById(button.dataset.copy);
      if (!source) return;
      button.hidden = false;
      button.addEventListener("click", () => {
        navigator.clipboard.writeText(source.textContent.trim()).then(() => say(button), () => {});
      });
    });
  }

  if (navigator.share || navigator.clipboard) {
    each("[data-share]", (button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        const url = button.dataset.share;
        if (navigator.share) navigator.share({ title: document.title, url }).catch(() => {});
        else navigator.clipboard.writeText(url).then(() => say(button), () => {});
      });
    });
  }

  const wide = window.matchMedia("(min-width: 62rem)");
  each("[data-open-wide]", (details) => {
    details.open = wide.matches;
    wide.addEventListener("change", () => {
      details.open = wide.matches;
    });
  });

  const links = new Map();
  each(".contents a[href^='#']", (link) => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  });
  if (links.size && "IntersectionObserver" in window) {
    const headings = [...links.keys()];
    const mark = () => {
      let current = null;
      for (const heading of headings) {
        if (heading.getBoundingClientRect().top < window.innerHeight / 3) current = heading;
      }
      links.forEach((link, heading) => {
        if (heading === current) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      });
    };
    const watcher = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
    headings.forEach((heading) => watcher.observe(heading));
  }
})();
