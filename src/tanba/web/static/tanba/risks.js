// Offers the columns of a chosen table. The page works without: columns can be typed.
"use strict";
for (const input of document.querySelectorAll("input[data-columns]")) {
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    const head = (await file.slice(0, 20000).text()).replace(/^\uFEFF/, "").split(/\r?\n/)[0];
    const mark = [",", ";", "\t"].reduce((best, each) => (head.split(each).length > head.split(best).length ? each : best));
    const options = head.split(mark).map((name) => {
      const option = document.createElement("option");
      option.value = name.trim().replace(/^"|"$/g, "");
      return option;
    });
    document.getElementById(input.dataset.columns).replaceChildren(...options);
  });
}
