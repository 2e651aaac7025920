// What makes the pages quicker or safer; every page is whole without it.
"use strict";
(() => {
  const live = () => {
    if (!document.body.dataset.idleMinutes || !window.EventSource) return;
    let source, pause = 5000, first = true;
    const begin = () => {
      source = new EventSource("/live");
      source.addEventListener("counts", (event) => {
        pause = 5000;
        const counts = JSON.parse(event.data);
        for (const [name, count] of Object.entries(counts)) {
          for (const place of document.querySelectorAll(`[data-count="${CSS.escape(name)}"]`)) place.textContent = count;
        }
        if (!first) document.body.dispatchEvent(new CustomEvent("live"));
        first = false;
      });
      source.addEventListener("moved", () => document.body.dispatchEvent(new CustomEvent("moved")));
      source.addEventListener("error", () => { // a refusal ends the stream for good, a lost line does not
        if (source.readyState === EventSource.CLOSED) { setTimeout(begin, pause); pause = Math.min(2 * pause, 60000); }
      });
    };
    begin();
    addEventListener("pagehide", () => source.close());
  };

  let locking = false; // nothing asks whether to stay once the screen is being locked
  const unsaved = new Set(); // forms in which something stands that is kept nowhere

  // What stands in them, each with its label; no password, no file.
  const words = () => [...unsaved].flatMap((form) => [...form.elements]).flatMap((field) => {
    if (!field.labels?.length || ["file", "password"].includes(field.type)) return [];
    const label = [...field.labels[0].childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent).join("").trim();
    if (["checkbox", "radio"].includes(field.type)) return field.checked && !field.defaultChecked ? [label] : [];
    const chosen = field.selectedOptions?.[0];
    const value = chosen ? !chosen.defaultSelected && chosen.text : field.value !== field.defaultValue && field.value.trim();
    return value ? [`${label}: ${value}`] : [];
  });

  // Lock, then have the server seal what stands here unsent: it is shown again to whoever gives the password, and nothing of it is done.
  const shut = async (form) => {
    locking = true;
    const kept = form.cloneNode(true), written = words();
    for (const each of written) kept.append(Object.assign(document.createElement("input"), { type: "hidden", name: "words", value: each }));
    if (written.length) {
      try {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
        if (answer.type === "opaqueredirect") {
          document.body.append(Object.assign(kept, { action: "/typed", hidden: true }));
          return kept.submit();
        }
      } catch { /* the screen is left all the same */ }
    }
    form.submit();
  };

  // The screen locks itself: nobody reads over the shoulder of an officer who went away. One tab at work keeps all open.
  const lock = () => {
    const minutes = Number(document.body.dataset.idleMinutes || 0);
    const form = document.querySelector("form[data-lock]");
    if (!minutes || !form) return;
    const tabs = window.BroadcastChannel ? new BroadcastChannel("homeward-idle") : null;
    let timer, told = 0;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => shut(form), minutes * 60000);
    };
    const again = () => {
      wait();
      if (tabs && Date.now() - told > 5000) { told = Date.now(); tabs.postMessage("busy"); }
    };
    if (tabs) tabs.onmessage = wait;
    for (const name of ["pointerdown", "keydown", "scroll"]) addEventListener(name, again, { passive: true });
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
    again();
  };

  // What was shown of the person hides itself after a minute, and says so; who stood in it is not sent back to the head of the page.
  const hide = () => {
    for (const place of document.querySelectorAll("[data-hide-after]:not([data-hiding])")) {
      const told = Object.assign(document.createElement("p"), { role: "status", tabIndex: -1 });
      place.dataset.hiding = "";
      place.before(told);
      setTimeout(() => {
        const inside = place.contains(document.activeElement);
        told.textContent = place.dataset.hidden;
        place.remove();
        if (inside) told.focus();
      }, Number(place.dataset.hideAfter) * 1000);
    }
  };

  const scripted = () => { for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false; };

  // A draft (data-draft: where it goes) is kept while typing; leaving with text that is kept nowhere asks first, where data-unkept
  // stands after any choice too. A search is no loss.
  const WRITTEN = "textarea, input[type=text], input:not([type])";
  const drafts = () => {
    for (const form of document.querySelectorAll("form[data-draft], form[data-unkept], body[data-idle-minutes] form[method=post]:not([action$='/search'])")) {
      let timer;
      if (form.dataset.unkept === "typed") unsaved.add(form);
      const state = form.querySelector("[data-draft-state]");
      const keep = async () => {
        const body = new URLSearchParams(new FormData(form));
        body.set("go", "later"); // as the button does that keeps it
        unsaved.delete(form); // unless something is typed while it is on its way
        let kept = false;
        try {
          const answer = await fetch(form.dataset.draft, { method: "POST", body, redirect: "manual", headers: { "Accept": "text/html" } });
          kept = answer.ok || answer.type === "opaqueredirect";
        } catch { /* told below */ }
        if (!kept) unsaved.add(form);
        if (state) state.textContent = kept ? state.dataset.kept : state.dataset.lost;
      };
      const whole = "draft" in form.dataset || "unkept" in form.dataset;
      form.addEventListener("input", (event) => {
        if (whole || event.target.matches(WRITTEN)) unsaved.add(form);
        clearTimeout(timer);
        if (form.dataset.draft) timer = setTimeout(keep, 1200);
      });
      form.addEventListener("submit", () => unsaved.delete(form));
    }
    addEventListener("beforeunload", (event) => { if (unsaved.size && !locking) event.preventDefault(); });
  };

  // Fields that go with one answer only are shown with it.
  const together = () => {
    for (const form of document.querySelectorAll("form")) {
      const depending = form.querySelectorAll("[data-with]");
      if (!depending.length) continue;
      const draw = () => {
        const given = new FormData(form);
        for (const part of depending) {
          const [name, values] = part.dataset.with.split("=");
          part.hidden = !given.getAll(name).some((value) => values.split("|").includes(value));
          for (const each of part.querySelectorAll("input, select, textarea")) each.disabled = part.hidden;
          part.querySelector("[data-with-words]")?.setAttribute("hidden", "");
        }
      };
      form.addEventListener("change", draw);
      draw();
    }
  };

  // The code of an invitation stands behind the # of its link; it is taken from there and leaves the address.
  const invited = () => {
    const field = document.querySelector("[data-from-address]");
    if (!field || !location.hash) return;
    field.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
  };

  // The browser names one chosen file, and of several tells how many in its own language: their names stand below instead.
  const files = () => document.addEventListener("change", ({ target }) => {
    const place = target.type === "file" && target.parentElement.querySelector("[data-files]");
    if (!place) return;
    const names = [...target.files].map((each) => each.name);
    place.parentElement.classList.toggle("many", names.length > 1);
    place.textContent = names.length > 1 ? names.join("; ") : "";
  });

  const focus = () => document.querySelector("[data-focus]")?.focus();

  for (const start of [live, lock, hide, scripted, drafts, together, invited, files, focus]) start();
  document.body.addEventListener("htmx:after:swap", () => { hide(); together(); });
})();
