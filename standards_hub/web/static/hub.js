// What makes the pages quicker to use; without it every page still reads and every form still works.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);

  // Ctrl-K goes to the search field, from anywhere.
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      const field = $("[data-find]");
      field.focus();
      field.select();
    }
    if (event.key === "Escape" && !event.defaultPrevented) {  // what lies on top first
      const menus = document.querySelectorAll("details.menu[open]");
      menus.forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
      if (!menus.length) $("[data-close]")?.click();
    }
  });

  // The list under the search field: arrows choose, Enter opens what is chosen or else searches, Escape closes.
  const find = $("[data-find]"), hits = $("#hits");
  const options = () => [...hits.querySelectorAll("[role=option]")];
  const choose = (one) => {
    options().forEach((other) => other.setAttribute("aria-selected", String(other === one)));
    if (one) { find.setAttribute("aria-activedescendant", one.id); one.scrollIntoView({ block: "nearest" }); } else find.removeAttribute("aria-activedescendant");
  };
  const open = (on) => { hits.hidden = !on; find.setAttribute("aria-expanded", String(on)); if (!on) choose(null); };
  if (find && hits) {
    hits.addEventListener("htmx:afterSwap", () => open(document.activeElement === find && options().length > 0));
    find.addEventListener("keydown", (event) => {
      const all = options(), at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
      if (event.key === "Escape" && !hits.hidden) { event.preventDefault(); open(false); }
      if (event.key === "Enter" && !hits.hidden && at >= 0) { event.preventDefault(); all[at].click(); }
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length && find.value.trim()) {
        event.preventDefault();
        if (hits.hidden) open(true);
        const last = all.length - 1;
        choose(all[event.key === "ArrowDown" ? (at < last ? at + 1 : 0) : (at > 0 ? at - 1 : last)]);
      }
    });
    find.addEventListener("focus", () => { if (find.value.trim() && options().length) open(true); });
    document.addEventListener("focusin", (event) => { if (!$(".find").contains(event.target)) open(false); });
    document.addEventListener("click", (event) => { if (!$(".find").contains(event.target)) open(false); });
  }

  // A box that ticks all boxes of a form in its table: <input type="checkbox" data-ticks="id of the form" hidden>.
  const ticking = (root) => root.querySelectorAll("[data-ticks]").forEach((box) => { box.hidden = false; });
  ticking(document);
  document.addEventListener("htmx:afterSwap", () => ticking(document));
  document.addEventListener("change", (event) => {
    const form = event.target.dataset?.ticks;
    const table = event.target.closest?.("table") ?? document;
    if (form) table.querySelectorAll(`input[type=checkbox][form="${form}"]`).forEach((box) => { box.checked = event.target.checked; });
  });

  // A menu closes when something else is clicked.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // <button data-close="id"> empties what was loaded beside the page, as Escape does; one is back at the link that loaded it.
  document.addEventListener("click", (event) => {
    const id = event.target.closest?.("[data-close]")?.dataset.close;
    if (id) { document.getElementById(id).replaceChildren(); $(`[hx-target="#${id}"]`)?.focus(); }
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "help") event.target.scrollIntoView({ block: "nearest" }); });

  // On a phone the navigation begins folded.
  const side = $("details.side");
  const narrow = matchMedia("(max-width: 48rem)");
  const fold = () => { if (side) side.open = !narrow.matches; };
  narrow.addEventListener("change", fold); // a tablet is turned, a window pulled: wide, there is nothing to open it with
  fold();

  // What is wrong is read first.
  $("[data-focus]")?.focus();

  // <select data-submit> and the like send their form at once; the button for those without scripts goes.
  document.querySelectorAll("form[data-submit]").forEach((form) => {
    form.addEventListener("change", () => form.requestSubmit());
    form.querySelectorAll("[data-without-script]").forEach((button) => { button.hidden = true; });
  });

  // <fieldset data-grows> always has one more row that is free: `name[2][…]` is followed by `name[3][…]`.
  const following = (name) => name.replace(/\[(\d+)\]/, (_, at) => `[${Number(at) + 1}]`);
  const grow = (row) => {
    const next = row.cloneNode(true);
    next.querySelectorAll(".why").forEach((why) => why.remove());
    next.querySelectorAll("input").forEach((field) => {
      field.value = "";
      field.name = following(field.name);
      if (field.id) field.id = following(field.id);
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, (at) => Number(at) + 1));
    });
    row.after(next);
    return next;
  };
  document.addEventListener("input", (event) => {
    const row = event.target.closest?.("[data-grows] .row-of");
    if (row && event.target.value && !row.nextElementSibling?.matches(".row-of")) grow(row);
  });

  // Long forms save what was typed on this machine until they are sent: <form data-draft="key">. Passwords and files are never kept.
  const own = `draft:${document.body.dataset.account ?? ""}:`; // others use this machine too
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const key = own + form.dataset.draft;
    const fields = () => [...form.elements].filter((f) => f.name && !["hidden", "password", "file", "submit", "button"].includes(f.type));
    const read = (f) => (f.type === "checkbox" || f.type === "radio" ? f.checked : f.value);
    const place = (f) => (f.type === "radio" || f.name.endsWith("[]") ? `${f.name}=${f.value}` : f.name);
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { kept = null; }
    const bar = $("[data-draft-note]", form);
    const begun = Object.fromEntries(fields().map((f) => [place(f), read(f)]));
    const back = $("main [role=alert]");  // came back with what was typed, and perhaps with what others changed
    if (kept && bar && !back && fields().some((f) => place(f) in kept && kept[place(f)] !== read(f))) {
      bar.hidden = false;
      $("[data-draft-restore]", bar).addEventListener("click", () => {
        form.querySelectorAll("[data-grows]").forEach((rows) => {
          let row = [...rows.querySelectorAll(".row-of")].pop();
          while ([...row.querySelectorAll("input")].some((field) => following(field.name) in kept)) row = grow(row);
        });
        fields().forEach((f) => {
          if (!(place(f) in kept)) return;
          if (typeof kept[place(f)] === "boolean") f.checked = kept[place(f)]; else f.value = kept[place(f)];
        });
        bar.hidden = true;
        form.dispatchEvent(new Event("change", { bubbles: true }));  // what looks ahead looks again
      });
      $("[data-draft-drop]", bar).addEventListener("click", () => { localStorage.removeItem(key); bar.hidden = true; });
    }
    // Only what was changed is kept: what was left would put back what others change until it comes back.
    const changed = () => Object.fromEntries(fields().filter((f) => begun[place(f)] !== read(f)).map((f) => [place(f), read(f)]));
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => localStorage.setItem(key, JSON.stringify({ ...(back ? kept : {}), ...changed() })), 400);
    });
    form.addEventListener("submit", () => { clearTimeout(waiting); sessionStorage.setItem("draft-sent", key); });
  });
  // The draft of a form that was sent goes when a page says that it is done; no other answer, such as that of a busy server, is proof of it.
  const sent = sessionStorage.getItem("draft-sent");
  if (sent && !$("[data-resuming]")) {
    sessionStorage.removeItem("draft-sent");
    if ($(".note.good, [data-done]")) localStorage.removeItem(sent);
  }

  // Who signs out leaves nothing of what was typed on this machine; what others typed and did not send is theirs.
  $('form[action="/sign-out"]')?.addEventListener("submit", () => {
    Object.keys(localStorage).filter((key) => key.startsWith(own)).forEach((key) => localStorage.removeItem(key));
  });

  // What looks ahead says so when the sign-in has expired, instead of showing what was: <div data-expired="…">.
  document.addEventListener("htmx:responseError", (event) => {
    const part = event.detail.target;
    if (event.detail.xhr.status === 401 && part.dataset.expired) part.textContent = part.dataset.expired;
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
})();
