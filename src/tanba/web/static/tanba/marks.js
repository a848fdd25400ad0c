// Dropping files, and marking them one by one; without this file the forms are sent as they are.
"use strict";
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const over = (event) => { event.preventDefault(); zone.classList.add("over"); };
  const show = () => zone.querySelector(".chosen").replaceChildren(...[...input.files].map((file) => Object.assign(document.createElement("li"), { textContent: file.name })));
  zone.addEventListener("dragenter", over);
  zone.addEventListener("dragover", over);
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    const taken = new DataTransfer();
    for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) taken.items.add(file);
    if (taken.files.length) input.files = taken.files;
    show();
  });
  input.addEventListener("change", show);
}

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => { form.querySelector("[data-status]").textContent = form.dataset.busy; });
  window.addEventListener("pageshow", () => { form.querySelector("[data-status]").textContent = ""; });
}

for (const button of document.querySelectorAll("[data-copy-from]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copyFrom);
    try { await navigator.clipboard.writeText(text.value); } catch { text.select(); document.execCommand("copy"); }
    button.parentElement.querySelector("[data-status]").textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const marking = document.querySelector("form[data-mark]");
const results = document.querySelector("#results");
if (marking) {
  const input = marking.querySelector("input[type=file]");
  const button = marking.querySelector("button");
  const status = marking.querySelector("[data-status]");
  const counts = () => ({ done: results.querySelectorAll("[data-file]").length, refused: results.querySelectorAll("li.done:not(:has([data-file]))").length });
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // One file: the line for the list, and the marked file, as parts of the answer. Anything else is a page with an error, sent for the usual way.
  const send = async (file) => {
    const data = new FormData(marking);
    data.delete("files");
    data.append("files", file);
    let answer;
    for (let tries = 0; tries < 20; tries += 1) {
      answer = await fetch(marking.action, { method: "POST", body: data, headers: { Accept: "multipart/form-data" } });
      if (answer.status !== 429) break;
      await new Promise((later) => { setTimeout(later, 2000); });
    }
    if (!(answer.headers.get("Content-Type") || "").startsWith("multipart/")) return false;
    const parts = await answer.formData();
    const line = new DOMParser().parseFromString(parts.get("line") instanceof Blob ? await parts.get("line").text() : parts.get("line"), "text/html").querySelector("li");
    if (parts.get("file")) await hand(line, parts.get("file"));
    results.querySelector("ul").append(line);
    results.hidden = false;
    return true;
  };

  const hand = async (line, file) => {
    line.querySelector("[data-file]").href = URL.createObjectURL(file);
    const canvas = line.querySelector("canvas");
    try {
      const bitmap = await createImageBitmap(file);
      canvas.height = Math.max(1, Math.min(240, Math.round((canvas.width * bitmap.height) / bitmap.width)));
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      canvas.hidden = false;
    } catch { canvas.remove(); }
  };

  marking.addEventListener("submit", async (event) => {
    if (!input.files.length || marking.dataset.plain) return;
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    try {
      for (const file of [...input.files]) {
        status.textContent = fill(marking.dataset.marking, { name: file.name });
        if (!(await send(file))) { marking.dataset.plain = "yes"; marking.submit(); return; }
      }
      status.textContent = fill(marking.dataset.finished, counts());
      window.htmx?.ajax("GET", location.pathname, { target: "#list", select: "#list", swap: "outerHTML" });
      input.value = "";
      input.dispatchEvent(new Event("change"));
      results.querySelector("[data-all]").hidden = counts().done < 2;
      results.querySelector("h2").focus();
      results.scrollIntoView({ block: "start" });
    } catch { status.textContent = marking.dataset.failed; }
    button.disabled = false;
  });
  results.querySelector("[data-all]").addEventListener("click", () => results.querySelectorAll("[data-file]").forEach((link) => link.click()));
}
