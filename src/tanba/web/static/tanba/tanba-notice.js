// <tanba-notice>: "artificial intelligence is used here", shown before interaction. One file, no build, no request but to the register.
//
//   <script src="https://register.example/static/tanba/tanba-notice.js" defer></script>
//   <tanba-notice register="https://register.example" system="0198c0de-…" user="pseudonym" lang="kk">
//     <a href="https://register.example/ai/0198c0de-…/">Мұнда жасанды интеллект пайдаланылады</a>
//   </tanba-notice>
//
// Events: tanba-notice-shown {receipt, user, version, language, expires}, -suspended, -failed {problem}; the service starts after the first.
// Attributes, and what each event means: docs/notices.md. Without this script the link remains.
(() => {
  "use strict";
  const WORDS = {
    kk: { name: "Қазақша", title: "Мұнда жасанды интеллект пайдаланылады", go: "Түсінікті, жалғастыру", more: "Жүйе, оның шектеулері және сіздің құқықтарыңыз туралы", langs: "Хабарлама тілі", wait: "Жазылып жатыр…", off: "Жүйенің пайдаланылуы тоқтатыла тұрды.", fail: "Түбіртек алынбады. Қайталап көріңіз.", text: "Бұл қызмет жасанды интеллект жүйесі пайдаланыла отырып көрсетіледі." },
    ru: { name: "Русский", title: "Здесь используется искусственный интеллект", go: "Понятно, продолжить", more: "О системе, её ограничениях и ваших правах", langs: "Язык уведомления", wait: "Записываем…", off: "Эксплуатация системы приостановлена.", fail: "Квитанция не получена. Попробуйте ещё раз.", text: "Эта услуга оказывается с использованием системы искусственного интеллекта." },
    en: { name: "English", title: "Artificial intelligence is used here", go: "I understand, go on", more: "About the system, its limits and your rights", langs: "Language of the notice", wait: "Recording…", off: "Operation of the system is suspended.", fail: "No receipt came. Try again.", text: "This service is provided with the use of an artificial intelligence system." },
  };
  const CSS = `:host{display:block}dialog,section{box-sizing:border-box;font:1rem/1.5 system-ui,sans-serif;color:#1d2433;background:#fff;border:1px solid #8793a6;border-radius:.5rem;padding:1.25rem}
dialog{max-width:min(34rem,calc(100vw - 1rem));width:100%}dialog::backdrop{background:#0f1a2bb3}section{margin:.5rem 0}h2{font-size:1.15rem;margin:0 0 .5rem}p{margin:0 0 .75rem;white-space:pre-line;overflow-wrap:anywhere}
button{font:inherit;cursor:pointer;border-radius:.4rem;border:1px solid #0a5f7a;padding:.6rem 1.1rem;min-height:2.75rem}.go{background:#0a5f7a;color:#fff;font-weight:600}.go[disabled]{opacity:.6}
.langs{display:flex;flex-wrap:wrap;gap:.4rem;margin-top:1rem}.langs button{background:#fff;color:#0a5f7a;padding:.25rem .75rem;font-size:.875rem}.langs [aria-pressed=true]{background:#e3f0f4;font-weight:600}
a{color:#0a5f7a}:focus-visible{outline:3px solid #d08700;outline-offset:2px}@media(prefers-reduced-motion:no-preference){dialog[open]{animation:in .15s}@keyframes in{from{opacity:0}}}@media(max-width:30rem){.go{width:100%}}`;
  const el = (tag, props, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };

  class TanbaNotice extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
      root.append(el("slot"));
      this.language = this.pickLanguage();
      this.load();
    }

    pickLanguage() {
      const wanted = [this.getAttribute("lang"), document.documentElement.lang, ...navigator.languages];
      return wanted.map((each) => (each || "").slice(0, 2)).find((each) => each in WORDS) || "kk";
    }

    get address() {
      return `${(this.getAttribute("register") || "").replace(/\/+$/, "")}/api/notices/${encodeURIComponent(this.getAttribute("system") || "")}`;
    }

    get user() {
      const given = this.getAttribute("user");
      if (given) return given;
      this.drawn ||= this.kept("tanba-user") || Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");
      this.keep("tanba-user", this.drawn);
      return this.drawn;
    }

    kept(name) {
      try { return localStorage.getItem(name); } catch { return null; } // storage may be forbidden
    }

    keep(name, value) {
      try { localStorage.setItem(name, value); } catch { /* then the notice is shown again next time */ }
    }

    get place() {
      return `tanba-notice:${this.getAttribute("system")}:${this.user}`;
    }

    tell(name, detail) {
      this.dispatchEvent(new CustomEvent(`tanba-notice-${name}`, { bubbles: true, composed: true, detail }));
    }

    async load() {
      try {
        const answer = await fetch(this.getAttribute("src") || this.address, { credentials: "omit", cache: "no-cache" });
        if (!answer.ok) throw new Error(String(answer.status));
        this.notice = await answer.json();
      } catch (problem) {
        this.notice = null; // people are told all the same, in our own words
        this.tell("failed", { problem: String(problem) });
      }
      const before = this.valid();
      if (before && !this.notice?.suspended) return this.tell("shown", before);
      this.show();
    }

    valid() {
      try {
        const before = JSON.parse(this.kept(this.place));
        return before && before.version === this.notice?.version && Date.parse(before.expires) > Date.now() ? before : null;
      } catch { return null; }
    }

    show() {
      const inline = this.hasAttribute("inline");
      this.box = el(inline ? "section" : "dialog");
      this.box.setAttribute("aria-labelledby", "title");
      this.box.setAttribute("aria-describedby", "text");
      // neither Escape nor the browser itself closes it
      this.box.addEventListener("cancel", (event) => event.preventDefault());
      this.box.addEventListener("keydown", (event) => event.key === "Escape" && event.preventDefault());
      this.box.addEventListener("close", () => this.done || !this.isConnected || this.box.showModal());
      this.shadowRoot.append(this.box);
      this.fill();
      if (!inline) this.box.showModal();
      (this.go || this.box.querySelector("h2")).focus({ preventScroll: inline });
      if (this.notice?.suspended) this.tell("suspended", this.notice.suspended);
    }

    fill() {
      const lang = this.language, words = WORDS[lang], notice = this.notice, off = notice?.suspended;
      const text = off ? words.off : notice?.texts?.[this.getAttribute("channel") || "text"]?.[lang] || words.text;
      const title = el("h2", { id: "title", textContent: words.title, tabIndex: -1 });
      this.status = el("p", { id: "status" });
      this.status.setAttribute("role", "status");
      const parts = [title, el("p", { id: "text", textContent: text })];
      if (/^https?:\/\//.test(notice?.page || "")) parts.push(el("p", {}, el("a", { href: notice.page, target: "_blank", rel: "noopener", textContent: words.more })));
      this.go = off ? null : el("button", { type: "button", className: "go", textContent: words.go, onclick: () => this.confirm() });
      const langs = el("div", { className: "langs" }, ...Object.keys(WORDS).map((each) => this.choice(each)));
      langs.setAttribute("role", "group");
      langs.setAttribute("aria-label", words.langs);
      this.box.lang = lang;
      this.box.replaceChildren(...parts, ...(this.go ? [this.go] : []), this.status, langs);
    }

    choice(lang) {
      const button = el("button", { type: "button", lang, textContent: WORDS[lang].name, onclick: () => this.turn(lang) });
      button.setAttribute("aria-pressed", String(lang === this.language));
      return button;
    }

    turn(lang) {
      this.language = lang;
      this.fill();
      this.box.querySelector(`.langs [lang=${lang}]`).focus();
    }

    async confirm() {
      if (!this.notice) return this.close({ receipt: null, user: this.user, version: null, language: this.language, expires: null });
      this.go.disabled = true;
      this.status.textContent = WORDS[this.language].wait;
      try {
        const body = JSON.stringify({ user: this.user, language: this.language, channel: this.getAttribute("channel") || "text", version: this.notice.version });
        const options = { method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body };
        const answer = await fetch(`${this.address}/shown`, options);
        if (!answer.ok) throw new Error(String(answer.status));
        const { receipt, claims } = await answer.json();
        const given = { receipt, user: this.user, version: claims.version, language: claims.language, expires: claims.expires };
        this.keep(this.place, JSON.stringify(given));
        this.close(given);
      } catch (problem) {
        this.go.disabled = false;
        this.status.textContent = WORDS[this.language].fail;
        this.go.focus();
        this.tell("failed", { problem: String(problem) });
      }
    }

    close(given) {
      this.done = true;
      this.box.remove();
      this.tell("shown", given);
    }
  }

  if (!customElements.get("tanba-notice")) customElements.define("tanba-notice", TanbaNotice);
})();
