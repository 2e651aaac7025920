// What makes the pages quicker or safer; every page is whole without it.
"use strict";
(() => {
  // What moved is drawn again where somebody looks: a tab in the background asks for nothing until it comes to the front.
  const moved = new Set();
  const redraw = (name) => {
    moved.add(name);
    if (document.hidden) return;
    for (const each of moved) document.body.dispatchEvent(new CustomEvent(each));
    moved.clear();
  };

  let follows = false;
  const live = () => {
    if (follows || !document.body.dataset.idleMinutes || !window.EventSource) return;
    let source, pause = 5000, first = true;
    follows = true;
    const begin = () => {
      source = new EventSource("/live");
      source.addEventListener("counts", (event) => {
        pause = 5000;
        const counts = JSON.parse(event.data);
        let news = !first; // also what came between the drawing of the page and the first word over the line
        for (const [name, count] of Object.entries(counts)) {
          for (const place of document.querySelectorAll(`[data-count="${CSS.escape(name)}"]`)) {
            news ||= place.textContent !== String(count);
            place.textContent = count;
          }
        }
        if (news) redraw("live");
        first = false;
      });
      source.addEventListener("moved", () => redraw("moved"));
      source.addEventListener("error", () => { // a refusal ends the stream for good, a lost line does not
        if (source.readyState === EventSource.CLOSED) { setTimeout(begin, pause); pause = Math.min(2 * pause, 60000); }
      });
    };
    begin();
    addEventListener("pagehide", () => source.close());
    document.addEventListener("visibilitychange", () => { for (const each of moved) redraw(each); });
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
  let watched = false;
  const lock = () => {
    const minutes = Number(document.body.dataset.idleMinutes || 0);
    if (watched || !minutes || !document.querySelector("form[data-lock]")) return;
    watched = true;
    const tabs = window.BroadcastChannel ? new BroadcastChannel("homeward-idle") : null;
    let timer, told = 0;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => { const form = document.querySelector("form[data-lock]"); if (form) shut(form); }, minutes * 60000);
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
        if (form.ariaBusy) return; // all of it is on its way
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
    }
  };
  const warns = () => addEventListener("beforeunload", (event) => { if (unsaved.size && !locking) event.preventDefault(); });

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

  // Where somebody who does not see the page begins to read it: at what is refused or asked, else at what was just done.
  const focus = (otherwise) => {
    const said = document.querySelector("#said > *");
    if (document.querySelector("[autofocus]")) { // a field is waited for: what is said is read out where it comes after the page
      if (said) setTimeout(() => said.replaceWith(said.cloneNode(true)), 300);
      return;
    }
    (document.querySelector("[data-focus]") ?? said ?? otherwise)?.focus({ preventScroll: Boolean(location.hash) });
  };

  // A page that is no other address (a refusal, a question before the act) is drawn in the place of the one its form stood on. Each
  // entry of the history knows which drawing it belongs to: who goes back is shown the page that was there.
  let drawing = history.state?.drawing ?? performance.timeOrigin;
  const draw = (page) => {
    history.replaceState({ drawing }, "");
    drawing += 1;
    history.pushState({ drawing }, "", page.body.dataset.here);
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    for (const name of document.body.getAttributeNames()) document.body.removeAttribute(name);
    for (const { name, value } of page.body.attributes) document.body.setAttribute(name, value);
    document.body.replaceChildren(...page.body.childNodes);
    window.htmx?.process(document.body);
    unsaved.clear();
    scrollTo(0, 0);
    drawn();
    const heading = document.querySelector("h1");
    if (heading) heading.tabIndex = -1;
    focus(heading);
  };
  const back = () => addEventListener("popstate", (event) => {
    if (event.state === null) history.replaceState({ drawing }, ""); // a place on this page
    else if (event.state.drawing !== drawing) location.reload();
  });

  // Where the answer sends a browser on, the script goes.
  const go = (address) => {
    const to = new URL(address, location.href), same = to.pathname + to.search === location.pathname + location.search;
    if (!same || !to.hash) return location.assign(to);
    history.replaceState(history.state, "", to);
    location.reload();
  };

  const given = (form, button) => {
    const body = new FormData(form);
    if (button?.name) body.append(button.name, button.value);
    if (form.enctype === "multipart/form-data") return body;
    return new URLSearchParams([...body].map(([name, value]) => [name, value.replace(/\r\n|\r|\n/g, "\r\n")])); // as a browser writes it
  };

  // Forms are sent by script, so that what was typed stays where no answer comes, and the page says so. A screen is left, and a
  // password given, without it.
  const send = async (form, button) => {
    form.ariaBusy = "true";
    let told = form.querySelector("[data-unsent]");
    if (!told) form.append(told = Object.assign(document.createElement("p"), { className: "problem", role: "alert" }));
    told.dataset.unsent = told.textContent = "";
    let to, page;
    try {
      const body = given(form, button), minutes = body instanceof FormData ? 10 : 1;
      const answer = await fetch(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href, {
        method: "POST", body, headers: { "Homeward-Follows": "script" }, signal: AbortSignal.timeout?.(minutes * 60000),
      });
      to = answer.headers.get("Homeward-Location");
      page = to ? null : new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { /* told below */ }
    if (to || page?.querySelector("main#main")) {
      unsaved.delete(form);
      return to ? go(to) : draw(page);
    }
    form.ariaBusy = null;
    told.textContent = document.body.dataset.unsent;
    told.scrollIntoView({ block: "nearest" });
  };
  const sending = () => document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method")?.toLowerCase() !== "post") return;
    if (form.matches("[data-lock], [action='/sign-out']") || form.querySelector("input[type=password]")) return unsaved.delete(form);
    event.preventDefault();
    if (!form.ariaBusy) send(form, event.submitter);
  });

  const drawn = () => { for (const start of [live, lock, hide, scripted, drafts, together, invited]) start(); };
  for (const start of [warns, back, sending, files, drawn, focus]) start();
  document.body.addEventListener("htmx:after:swap", () => { hide(); together(); });
})();
