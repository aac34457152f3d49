// Draws the page that Python describes, and sends back what was typed. What stands in the boxes is
// kept here alone: it leaves with the message that sends it, and is never part of the model.

const PATIENCE = 6000; // milliseconds until somebody who waits is told what may be the matter
const BOXES = {
  text: { type: "text", autocomplete: "off" },
  // Whatever a browser knows of passwords has no place in an example.
  password: { type: "password", autocomplete: "new-password" },
  code: { type: "text", autocomplete: "one-time-code", inputMode: "numeric" },
};

// Every widget reads this file anew, so a count would begin again with each of them.
function unique() {
  return `mfa-lab-console-${Math.random().toString(36).slice(2)}`;
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function attributes(made, values) {
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
  return made;
}

function symbol(text) {
  return attributes(element("span", { className: "symbol", textContent: text }), {
    "aria-hidden": "true",
  });
}

function render({ model, el }) {
  const labels = model.get("labels");
  const id = unique();
  const typed = new Map(); // the text of each box, by its key
  const staying = new Set(); // keys of the boxes that are not emptied
  let sent = null; // what was sent last, until its answer is here
  let isSecretOpen = false;
  let timer;

  const heading = element("h3", { id: `${id}-heading` });
  const user = element("p", { className: "user" });
  const message = element("p", { className: "message", tabIndex: -1 });
  const patience = attributes(element("p", { className: "note" }), { role: "status" });
  const forms = element("div", { className: "forms" });
  const calls = element("div", { className: "calls" });
  const trace = element("div", { className: "reason" });
  trace.setAttribute("aria-live", "polite");

  const keyOf = (form, field = "") => JSON.stringify([form.name, form.value, field]);
  const atKey = (key) => [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);

  // ------------------------------------------------------------------ what goes to Python
  function send(content) {
    clearTimeout(timer);
    timer = setTimeout(() => (patience.textContent = labels.no_answer), PATIENCE);
    try {
      model.send(content);
    } catch {
      patience.textContent = labels.no_answer; // there is no kernel to send it to
    }
  }

  function submit(form) {
    const { number } = model.get("page");
    if (sent?.number === number) return; // Enter was pressed twice
    const fields = {};
    for (const field of form.fields) fields[field.name] = typed.get(keyOf(form, field.name)) ?? "";
    sent = { form, number };
    send({ do: form.name, value: form.value, fields, page: number });
    setTimeout(() => {
      if (sent?.number === number) sent = null; // so that it can be tried again
    }, PATIENCE);
  }

  // ------------------------------------------------------------------ the page
  function drawField(form, field, place) {
    const key = keyOf(form, field.name);
    const input = element("input", {
      ...BOXES[field.kind],
      id: `${id}-${model.get("page").number}-${place}-${field.name}`,
      spellcheck: false,
      autocapitalize: "none",
      value: typed.get(key) ?? "",
    });
    attributes(input, { "data-key": key, "data-1p-ignore": "", "data-lpignore": "true" });
    if (field.stays) staying.add(key);
    input.addEventListener("input", () => typed.set(key, input.value));
    const made = element(
      "div",
      { className: `field ${field.kind}` },
      element("label", { htmlFor: input.id, textContent: field.label }),
      input,
    );
    if (field.note) {
      made.append(element("span", { className: "note", id: `${input.id}-note`, textContent: field.note }));
      input.setAttribute("aria-describedby", `${input.id}-note`);
    }
    return made;
  }

  function drawForm(form, place) {
    const button = element("button", { type: "submit", textContent: form.button });
    if (form.spoken) button.setAttribute("aria-label", form.spoken);
    if (form.is_main) button.className = "main";
    button.dataset.key = keyOf(form);
    const made = element("form", { className: `form ${form.name}`, noValidate: true, autocomplete: "off" });
    const group = element("div");
    if (form.title) {
      const title = element("h4", { id: `${id}-${place}-title`, textContent: form.title });
      group.append(title);
      attributes(group, { role: "group", "aria-labelledby": title.id });
    }
    made.append(group);
    group.append(
      ...form.fields.map((field) => drawField(form, field, place)),
      element(
        "div",
        { className: "line" },
        ...(form.value ? [element("code", { textContent: form.value })] : []),
        button,
      ),
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(form);
    });
    return made;
  }

  function drawPicture(picture) {
    const secret = element(
      "details",
      { open: isSecretOpen },
      element("summary", { textContent: labels.secret }),
      element("code", { className: "secret", textContent: picture.secret }),
    );
    secret.addEventListener("toggle", () => (isSecretOpen = secret.open));
    return element(
      "div",
      { className: "picture" },
      element("img", { src: picture.source, alt: picture.words }),
      secret,
    );
  }

  // What was sent with success is forgotten, and what has no box any more; a user's name stays.
  function forget(page) {
    const isDone = (form) => sent && !page.is_error && form.name === sent.form.name;
    const boxes = page.forms
      .filter((form) => !isDone(form))
      .flatMap((form) => form.fields.map((field) => keyOf(form, field.name)));
    for (const key of typed.keys()) {
      if (!staying.has(key) && !boxes.includes(key)) typed.delete(key);
    }
  }

  function drawPage() {
    const page = model.get("page");
    const before = root.contains(document.activeElement) ? document.activeElement : null;
    const key = before?.dataset.key;
    const isAnswer = sent !== null && sent.number < page.number;
    forget(page);
    if (!page.picture) isSecretOpen = false;
    clearTimeout(timer);
    patience.textContent = "";

    heading.textContent = `${labels.label}: ${page.heading}`;
    user.textContent = page.user;
    user.hidden = !page.user;
    message.setAttribute("role", page.is_error ? "alert" : "status");
    message.className = `message ${page.tone}`;
    message.replaceChildren(
      ...(page.message ? [symbol(page.symbol), element("span", { textContent: ` ${page.message}` })] : []),
    );
    const drawn = page.forms.map(drawForm);
    if (page.picture) drawn.unshift(drawPicture(page.picture));
    forms.replaceChildren(...drawn);
    drawCalls();

    if (isAnswer) {
      sent = null;
      const [form, field] = page.focus;
      const next = form && page.forms.find((one) => one.name === form);
      const goal = next ? atKey(keyOf(next, field)) : message;
      goal?.focus();
      goal?.select?.(); // a name that stays there is typed over
    } else if (before && !root.contains(before)) {
      (atKey(key) ?? message).focus(); // a cell changed the page while somebody was in it
    }
  }

  // ------------------------------------------------------------------ the calls
  function drawCall(call) {
    const face = element("span", { className: "face" }, symbol(call.symbol), ` ${call.word}`);
    if (call.is_undocumented) {
      const spoken = element("span", { className: "spoken", textContent: ` ${labels.undocumented}` });
      const dagger = attributes(element("span", { textContent: "†" }), { "aria-hidden": "true" });
      face.append(dagger, spoken);
    }
    const line = element("div", { className: "line" }, element("code", { textContent: call.action }));
    if (call.word) line.append(face);
    if (call.has_reason) {
      const number = Number(call.number);
      const why = element("button", { type: "button", className: "why", textContent: labels.why });
      attributes(why, {
        "aria-label": `${labels.why} ${call.action}`,
        "aria-expanded": String(model.get("opened") === number),
        "data-key": `why ${number}`,
      });
      why.addEventListener("click", () => send({ why: number }));
      line.append(why);
    }
    const because = [call.error, call.deciding].filter(Boolean);
    return element(
      "li",
      { className: call.face },
      line,
      ...because.map((text) => element("div", { className: "note", textContent: text })),
    );
  }

  function drawCalls() {
    const found = model.get("page").calls;
    const title = element("h4", { textContent: labels.calls });
    const list = found.length
      ? element("ol", {}, ...found.map(drawCall))
      : element("p", { className: "note", textContent: labels.no_calls });
    calls.replaceChildren(title, list);
  }

  function drawTrace() {
    clearTimeout(timer);
    patience.textContent = "";
    trace.innerHTML = model.get("trace");
    for (const why of calls.querySelectorAll("button.why")) {
      const isOpen = why.dataset.key === `why ${model.get("opened")}`;
      why.setAttribute("aria-expanded", String(isOpen));
    }
  }

  // ------------------------------------------------------------------ together
  const root = element(
    "div",
    { className: "mfa-lab mfa-lab-console live", lang: labels.language },
    heading,
    element("p", { className: "note", textContent: labels.simulation }),
    user,
    message,
    patience,
    element("div", { className: "sides" }, forms, element("div", {}, calls, trace)),
  );
  root.setAttribute("role", "group"); // a notebook may have many: no landmark of the page
  root.setAttribute("aria-labelledby", heading.id);
  // What is typed here is not for the notebook, which has shortcuts of its own.
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(root);

  model.on("change:page", drawPage);
  model.on("change:trace", drawTrace);
  drawPage();
  drawTrace();
  return () => {
    clearTimeout(timer);
    model.off("change:page", drawPage);
    model.off("change:trace", drawTrace);
  };
}

export default { render };
