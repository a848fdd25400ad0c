// Signing with NCALayer, the program of the national certification centre on the reader's own machine. Without this file a signature is given as a file.
"use strict";
const form = document.querySelector("form[data-ncalayer]");
if (form) {
  const button = form.querySelector("[data-sign]");
  const status = form.querySelector("[data-status]");
  const said = form.dataset;

  const inBase64 = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(said.refused);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    let text = "";
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  };

  const request = (data) => ({
    module: "kz.gov.pki.knca.basics",
    method: "sign",
    args: {
      allowedStorages: null,
      format: "cms",
      data,
      signingParams: { decode: true, encapsulate: false, digested: false, tsaProfile: {} },
      signerParams: { extKeyUsageOids: ["1.3.6.1.5.5.7.3.4"] },
      locale: said.language,
    },
  });

  // The program greets with its version, then answers {status, body: {result}}; without a result the reader closed its window.
  const signed = (data) => new Promise((resolve, reject) => {
    const socket = new WebSocket("wss://127.0.0.1:13579/");
    let greeted = false;
    socket.onerror = () => reject(new Error(greeted ? said.refused : said.absent));
    socket.onclose = () => reject(new Error(greeted ? said.cancelled : said.absent));
    socket.onmessage = (message) => {
      let answer;
      try { answer = JSON.parse(message.data); } catch { reject(new Error(said.refused)); return; }
      if (!greeted) {
        greeted = true;
        socket.send(JSON.stringify(request(data)));
      } else if (!answer.status) {
        reject(new Error(`${said.refused} ${answer.message || ""}`));
      } else {
        const result = [(answer.body || {}).result].flat()[0];
        if (typeof result === "string") resolve(result); else reject(new Error(said.cancelled));
      }
      if (answer.status !== undefined) socket.close();
    };
  });

  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = said.waiting;
    try {
      const cms = await signed(await inBase64(said.content));
      const chosen = new DataTransfer();
      chosen.items.add(new File([cms], said.name));
      form.querySelector("input[type=file]").files = chosen.files;
      form.submit();
    } catch (problem) {
      status.textContent = problem.message;
      button.disabled = false;
    }
  });
}
