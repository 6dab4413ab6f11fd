// Sends a roster from "Import CE Details" straight to the bucket, with its progress. Without this script the same form
// leads to a page with a plain form, so nothing here is needed to import a file.
"use strict";
(() => {
  const start = document.querySelector("form[data-upload]");
  if (!start || !window.FormData || !window.fetch) return;

  const LARGEST = Number(start.dataset.maxBytes);
  const LARGEST_OLD = Number(start.dataset.maxLegacyBytes);
  const READ = [".xlsx", ".csv", ".xls", ".xlsb", ".ods"];
  const OLD = [".xls", ".xlsb", ".ods"];
  const MB = 1000 * 1000;

  const chooser = start.querySelector("[data-chooser]");
  const file = start.querySelector("input[type=file]");
  const button = start.querySelector("button[type=submit]");
  const sending = start.querySelector("[data-sending]");
  const bar = start.querySelector("progress");
  const told = start.querySelector("[data-told]");
  const cancel = start.querySelector("[data-cancel]");
  const wrong = start.querySelector("[data-wrong]");
  let request = null;
  let ticket = null;

  chooser.hidden = false;
  file.disabled = false;
  start.querySelectorAll("[data-plain]").forEach((part) => { part.hidden = true; });

  const size = (bytes) => bytes < MB ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${Number((bytes / MB).toFixed(1))} MB`;

  // What can be said of the file before it is sent. The server judges what is in it.
  function trouble(chosen) {
    if (!chosen) return "Choose a file first.";
    const dot = chosen.name.lastIndexOf(".");
    const ending = dot < 0 ? "" : chosen.name.slice(dot).toLowerCase();
    if (ending === ".xlsm") return "This is a workbook with macros (.xlsm), which we don't open. In Excel choose File, Save As, Excel Workbook (.xlsx), and upload that file.";
    if (!READ.includes(ending)) return "This isn't a workbook or a text table by its name. Choose a file that ends in .xlsx or .csv (.xls, .xlsb and .ods are read too).";
    if (chosen.size === 0) return "The file is empty. Check that it was saved, and choose it again.";
    if (OLD.includes(ending) && chosen.size > LARGEST_OLD) return `Files of the kind ${ending} are read up to ${size(LARGEST_OLD)}, and this one has ${size(chosen.size)}. Save it as .xlsx in Excel and choose that file.`;
    if (chosen.size > LARGEST) return `The file has ${size(chosen.size)}, and ${size(LARGEST)} is the most. Split it into several files and upload each.`;
    return "";
  }

  function complain(words) {
    wrong.hidden = !words;
    wrong.querySelector("p").textContent = words;
    file.setAttribute("aria-invalid", words ? "true" : "false");
    if (words) file.focus(); else file.removeAttribute("aria-invalid");
  }

  function busy(on) {
    sending.hidden = !on;
    button.disabled = on;
    file.disabled = on;
  }

  const NETWORK = "The connection was lost before the file had arrived. Check your connection and press the button again; nothing is doubled.";

  async function fetchTicket(chosen, mode) {
    const still = ticket && ticket.file === chosen && ticket.mode === mode && Date.now() < ticket.until;
    if (still) return ticket;
    const answer = await fetch(start.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ mode, file_name: chosen.name }),
    });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => null);
      throw new Error(problem && problem.detail ? problem.detail : "The import couldn't be started. Reload the page and try again.");
    }
    const got = await answer.json();
    // Tickets last an hour; ten minutes before that a new one is asked for.
    ticket = { ...got, file: chosen, mode, until: Date.now() + 50 * 60 * 1000 };
    return ticket;
  }

  // What the bucket's refusal means.
  function refusal(status, body) {
    if (body.includes("EntityTooLarge")) return `The file is larger than ${size(LARGEST)}. Split it into several files and upload each.`;
    if (body.includes("EntityTooSmall")) return "The file is empty. Check that it was saved, and choose it again.";
    if (body.includes("expired") || body.includes("Expired")) return "The time for sending this file was over. Press the button again.";
    return `The file wasn't taken (answer ${status}). Press the button again; if it happens again, reload the page.`;
  }

  function send(way, chosen) {
    return new Promise((resolve, reject) => {
      const form = new FormData();
      Object.entries(way.fields).forEach(([name, value]) => form.append(name, value));
      form.append("file", chosen);
      request = new XMLHttpRequest();
      request.open("POST", way.url);
      request.upload.onprogress = (event) => {
        if (!event.lengthComputable) return;
        bar.max = event.total;
        bar.value = event.loaded;
        const percent = Math.floor((event.loaded / event.total) * 100);
        const words = percent === 100 ? "Sent. Waiting for the answer…" : `Sending ${chosen.name}: ${percent - (percent % 5)} % of ${size(event.total)}`;
        if (told.textContent !== words) told.textContent = words;
      };
      request.onload = () => request.status >= 200 && request.status < 300 ? resolve() : (ticket = null, reject(new Error(refusal(request.status, request.responseText))));
      request.onerror = () => reject(new Error(NETWORK));
      request.onabort = () => reject(null);
      request.send(form);
    });
  }

  cancel.addEventListener("click", () => { if (request) request.abort(); });
  file.addEventListener("change", () => complain(file.files[0] ? trouble(file.files[0]) : ""));

  start.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = file.files[0];
    const words = trouble(chosen);
    complain(words);
    if (words) return;
    bar.removeAttribute("value");
    told.textContent = `Sending ${chosen.name}…`;
    busy(true);
    try {
      const way = await fetchTicket(chosen, new FormData(start).get("mode"));
      await send(way, chosen);
      window.location.assign(`${way.page}?sent=yes`);
    } catch (error) {
      busy(false);
      request = null;
      if (error === null) complain("You stopped the sending. Nothing was imported; press the button to send the file again.");
      else complain(error instanceof TypeError ? NETWORK : error.message);
    }
  });

  // A page that comes back from the browser's memory can be used again.
  window.addEventListener("pageshow", (event) => { if (event.persisted) busy(false); });
})();
