// Improves the answer's form, which works without it: autosave (ux.md §2.4), count, leaving prompt.
(() => {
  "use strict";
  document.querySelector(".errsum")?.focus();
  const text = document.querySelector("form [name=text]");
  const form = text?.form;
  const status = form?.querySelector("[data-autosave]");
  if (!status) return;
  const { language, revision, copy, amendment_reason: reason } = form.elements;
  const shown = form.querySelector("[data-words]");
  let saved, timer, running, pending, again, leaving, stopped;

  const typed = () => [text.value, language.value, reason?.value].join("\0");

  // As the page came from the server: a browser that restores a form shows more than was saved.
  function served() {
    const chosen = [...language.options].find((option) => option.defaultSelected);
    return [text.defaultValue, chosen?.value, reason?.defaultValue].join("\0");
  }

  // The server's rule: plaintext.word_count of the normalised text.
  function count() {
    const isChinese = language.value.startsWith("zh");
    const kept = text.value.replace(/[\0-\x08\x0c\x0e-\x1f\xad\u200b\ufeff\u202a-\u202e]/g, "");
    const found = kept.normalize().match(isChinese ? /[^\p{P}\p{Z}\p{C}]/gu : /[^\s\x85]+/g);
    const words = shown.dataset[isChinese ? "characters" : "words"];
    shown.textContent = words.replace("{count}", found?.length ?? 0);
  }

  function follow() {
    const code = language.value;
    text.dir = code ? (code === "ar" ? "rtl" : "ltr") : "auto";
    text.lang = code.replace("hans", "Hans");
  }

  // The clock is not set back by typing on.
  function changed() {
    count();
    if (!stopped && !timer && typed() !== saved) timer = setTimeout(save, 30000);
  }

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  // If the server's reply got lost, the same words go again: saving them twice changes nothing.
  async function save() {
    clearTimeout(timer);
    timer = null;
    if (running || (!pending && typed() === saved)) return;
    running = true;
    if (!pending) {
      const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
      pending = { typed: typed(), body: new URLSearchParams(fields) };
    }
    const limit = new AbortController();
    const patience = setTimeout(() => limit.abort(), 15000);
    try {
      const { body } = pending;
      const page = await fetch(status.dataset.autosave, { method: "POST", body, signal: limit.signal });
      const told = await page.json();
      if (told.revision) revision.value = told.revision;
      if (told.copy) copy.value = told.copy;
      if (told.revision || told.copy) saved = pending.typed;
      stopped = told.stop;
      pending = null;
      say(told.said);
    } catch {
      say(status.dataset.failed);
    }
    clearTimeout(patience);
    running = false;
    if (again) again.click();
    else changed();
  }

  saved = "unsaved" in status.dataset ? null : served();
  form.addEventListener("input", changed);
  language.addEventListener("change", () => { follow(); changed(); });
  // A button waits for the save under way, whose revision the form then carries.
  form.addEventListener("submit", (event) => {
    leaving = again || !(running || pending);
    if (leaving) return;
    event.preventDefault();
    again = event.submitter || form.querySelector(".btns [type=submit]");
    save();
  });
  addEventListener("pageshow", () => { leaving = again = null; changed(); });
  // Words kept as a copy are still to be compared.
  addEventListener("beforeunload", (event) => {
    if (!leaving && (typed() !== saved || copy.value)) event.preventDefault();
  });
})();
