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
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
  });

  // A menu closes when something else is clicked.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // <button data-close="id"> empties what was loaded beside the page.
  document.addEventListener("click", (event) => {
    const id = event.target.closest?.("[data-close]")?.dataset.close;
    if (id) document.getElementById(id).replaceChildren();
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "help") event.target.scrollIntoView({ block: "nearest" }); });

  // On a phone the navigation begins folded.
  const side = $("details.side");
  if (side && matchMedia("(max-width: 48rem)").matches) side.open = false;

  // What is wrong is read first.
  $("[data-focus]")?.focus();

  // <select data-submit> and the like send their form at once; the button for those without scripts goes.
  document.querySelectorAll("form[data-submit]").forEach((form) => {
    form.addEventListener("change", () => form.requestSubmit());
    form.querySelectorAll("[data-without-script]").forEach((button) => { button.hidden = true; });
  });

  // Long forms save what was typed on this machine until they are sent: <form data-draft="key">. Passwords and files are never kept.
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const key = `draft:${form.dataset.draft}`;
    const fields = () => [...form.elements].filter((f) => f.name && !["hidden", "password", "file", "submit", "button"].includes(f.type));
    const read = (f) => (f.type === "checkbox" || f.type === "radio" ? f.checked : f.value);
    const place = (f) => (f.type === "radio" || f.name.endsWith("[]") ? `${f.name}=${f.value}` : f.name);
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { kept = null; }
    const bar = $("[data-draft-note]", form);
    if (kept && bar && !$("[role=alert]", form) && fields().some((f) => place(f) in kept && kept[place(f)] !== read(f))) {
      bar.hidden = false;
      $("[data-draft-restore]", bar).addEventListener("click", () => {
        fields().forEach((f) => {
          if (!(place(f) in kept)) return;
          if (typeof kept[place(f)] === "boolean") f.checked = kept[place(f)]; else f.value = kept[place(f)];
        });
        bar.hidden = true;
      });
      $("[data-draft-drop]", bar).addEventListener("click", () => { localStorage.removeItem(key); bar.hidden = true; });
    }
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => localStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((f) => [place(f), read(f)])))), 400);
    });
    form.addEventListener("submit", () => { clearTimeout(waiting); sessionStorage.setItem("draft-sent", key); });
  });
  // A form that was sent and did not come back with an error is done: its draft goes.
  const sent = sessionStorage.getItem("draft-sent");
  if (sent) {
    sessionStorage.removeItem("draft-sent");
    if (!$("[role=alert]")) localStorage.removeItem(sent);
  }

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
})();
