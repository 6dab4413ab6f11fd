// "Check a certificate": takes a file that is dropped anywhere on the page, and compares it with what was issued in the browser
// itself, by its SHA-256. Without this script the same forms send the file, and the server compares.
"use strict";
(() => {
  const form = document.querySelector("form[data-compare], form[data-find]");
  if (!form) return;

  const compares = "compare" in form.dataset;
  const file = form.querySelector("input[type=file]");
  const wrong = form.querySelector("[data-wrong]");
  const told = form.querySelector("[data-told]");
  const words = (name) => form.querySelector(`template[data-${name}]`);

  // Only pages from a safe origin may compute digests; elsewhere the form sends the file as it does without this script.
  const digests = compares && window.crypto && window.crypto.subtle && File.prototype.arrayBuffer;
  if (compares && !digests) return;

  form.querySelectorAll("[data-plain]").forEach((part) => { part.hidden = true; });
  form.querySelectorAll("[data-scripted]").forEach((part) => { part.hidden = false; });

  function complain(name) {
    wrong.hidden = !name;
    wrong.textContent = name ? words(name).content.textContent : "";
    if (name) file.setAttribute("aria-invalid", "true"); else file.removeAttribute("aria-invalid");
  }

  // What is wrong with a file before anything is done with it.
  function trouble(chosen) {
    if (!chosen || chosen.size === 0) return "missing";
    return chosen.size > Number(form.dataset.maxBytes) ? "too-large" : "";
  }

  async function compare(chosen) {
    const name = trouble(chosen);
    told.replaceChildren();
    complain(name);
    if (name) return;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer()));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const same = Array.from(form.querySelectorAll("template[data-sha256]")).find((one) => one.dataset.sha256 === sha256);
    // Another file may have been chosen meanwhile.
    if (file.files[0] !== chosen) return;
    told.replaceChildren((same || words("differs")).content.cloneNode(true));
    told.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("submit", (event) => {
    if (compares) {
      event.preventDefault();
      compare(file.files[0]).catch(() => complain("missing"));
      return;
    }
    const name = trouble(file.files[0]);
    complain(name);
    if (name) event.preventDefault();
  });
  file.addEventListener("change", () => {
    if (compares) compare(file.files[0]).catch(() => complain("missing"));
    else complain(file.files[0] ? trouble(file.files[0]) : "");
  });

  const carriesFile = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    form.classList.remove("over");
    if (!carriesFile(event)) return;
    event.preventDefault();
    file.files = event.dataTransfer.files;
    form.scrollIntoView({ block: "nearest" });
    if (compares) compare(file.files[0]).catch(() => complain("missing"));
    else form.requestSubmit();
  });
})();
