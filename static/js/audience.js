/* Remembers which kind of reader somebody said they are: one word in a first-party cookie on this device, set only when
   a choice is made, removed when asked. The server never reads it; on a bare address this script leads on instead. */
(() => {
  "use strict";
  const NAME = "audience";
  const YEAR = 31536000;
  // As articles/audiences.py names them. A word that the server does not know would be sent back here for ever.
  const KNOWN = ["physician", "np-pa", "nurse", "pharmacist", "student", "patient", "other"];
  const secure = location.protocol === "https:" ? "; Secure" : "";

  const remembered = () => {
    const found = document.cookie.match(/(?:^|;\s*)audience=([^;]*)/);
    return found && KNOWN.includes(found[1]) ? found[1] : "";
  };
  const remember = (slug) => {
    document.cookie = `${NAME}=${slug}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  };
  const forget = () => {
    document.cookie = `${NAME}=; Path=/; Max-Age=0; SameSite=Lax${secure}`;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if (link.hasAttribute("data-audience-forget")) {
      forget();
    } else if (link.closest("[data-audience-choices]")) {
      const slug = new URL(link.href).searchParams.get("for");
      if (KNOWN.includes(slug)) remember(slug);
    }
  });

  // Lead on only where the page itself says that it differs by audience, and only from an address that names none.
  const here = new URL(location.href);
  const slug = remembered();
  if (slug && !here.searchParams.has("for") && document.querySelector("[data-audience-page]")) {
    here.searchParams.set("for", slug);
    location.replace(here);
  }
})();
