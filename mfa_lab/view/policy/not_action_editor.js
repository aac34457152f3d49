// The NotAction list: chips, a combobox, buttons. Python says what each entry means and what
// happened; this shows it and sends back what the person did.

// Every widget reads this file anew, so a count would begin again with each of them.
function unique() {
  return `mfa-lab-editor-${Math.random().toString(36).slice(2)}`;
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function button(label, className, onClick) {
  const made = element("button", { type: "button", className, textContent: label });
  made.addEventListener("click", onClick);
  return made;
}

function render({ model, el }) {
  const labels = model.get("labels");
  const id = unique();
  const chips = element("ul", { className: "chips" });
  const input = element("input", {
    type: "text",
    id: `${id}-input`,
    autocomplete: "off",
    spellcheck: false,
    placeholder: labels.example,
  });
  const list = element("ul", { className: "suggestions", id: `${id}-list`, hidden: true });
  const status = element("p", { className: "status" });
  const copied = element("p", { className: "copied" });
  const fallback = element("textarea", { className: "fallback", readOnly: true, hidden: true });

  // ------------------------------------------------------------------ the combobox
  let asked = 0; // number of the newest question; older answers are dropped
  let shown = []; // the suggestions on the screen
  let active = -1; // the one that the arrow keys chose

  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-describedby": `${id}-keys`,
  })) {
    input.setAttribute(name, value);
  }
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", labels.suggestions);
  status.setAttribute("role", "status");
  copied.setAttribute("role", "status");
  fallback.setAttribute("aria-label", labels.copy);

  function close() {
    asked += 1; // an answer on its way must not open the list again
    shown = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function drawSuggestions() {
    list.replaceChildren(
      ...shown.map((suggestion, index) => {
        const option = element(
          "li",
          { id: `${id}-option-${index}`, className: suggestion.listed ? "listed" : "" },
          element("code", { textContent: suggestion.text }),
          element("span", { className: "note", textContent: suggestion.note }),
        );
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", String(index === active));
        // Not click: the input would lose the focus, and the list close, before it.
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          add(suggestion.text);
        });
        return option;
      }),
    );
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    if (active >= 0) {
      input.setAttribute("aria-activedescendant", `${id}-option-${active}`);
      list.children[active].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function ask() {
    const text = input.value;
    if (!text.trim()) return close();
    asked += 1;
    model.send({ do: "suggest", text, number: asked });
  }

  function choose(step) {
    if (!shown.length) return ask();
    active = active + step;
    if (active >= shown.length) active = -1;
    if (active < -1) active = shown.length - 1;
    drawSuggestions();
  }

  // The text goes with the message, so that nothing typed just before Enter can be missing.
  function add(text) {
    input.value = "";
    close();
    model.send({ do: "add", text });
  }

  function onInputKey(event) {
    event.stopPropagation(); // the notebook has shortcuts of its own
    if (event.isComposing) return; // Enter that ends a Japanese conversion is not ours
    const isEmpty = input.value === "";
    if (event.key === "Enter") {
      event.preventDefault();
      add(active >= 0 ? shown[active].text : input.value);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      if (shown.length) event.preventDefault();
      close();
    } else if (event.key === "Backspace" && isEmpty) {
      event.preventDefault();
      chips.querySelector("li:last-child button")?.focus();
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && isEmpty) {
      event.preventDefault();
      model.send({ do: "undo" });
    }
  }

  function onPaste(event) {
    const text = event.clipboardData?.getData("text") ?? "";
    const isList = /[\n,{[]/.test(text.trim());
    if (isList && input.value === "") {
      event.preventDefault();
      add(text);
    }
  }

  // ------------------------------------------------------------------ the chips
  function drawChips() {
    const focused = [...chips.querySelectorAll("button")].indexOf(document.activeElement);
    chips.replaceChildren(
      ...model.get("chips").map((chip) => {
        const remove = button("", "remove", () => model.send({ do: "remove", text: chip.text }));
        remove.setAttribute("aria-label", chip.remove);
        remove.title = chip.remove;
        remove.append(
          element("code", { textContent: chip.text }),
          ...(chip.note ? [element("span", { className: "note", textContent: chip.note })] : []),
          element("span", { className: "cross", textContent: "✕" }),
        );
        remove.querySelector(".cross").setAttribute("aria-hidden", "true");
        const className = ["chip", chip.unknown && "unknown", chip.added && "added"];
        return element("li", { className: className.filter(Boolean).join(" ") }, remove);
      }),
    );
    if (focused >= 0) {
      const buttons = [...chips.querySelectorAll("button")];
      (buttons[Math.min(focused, buttons.length - 1)] ?? input).focus();
    }
  }

  function onChipKey(event) {
    const buttons = [...chips.querySelectorAll("button")];
    const index = buttons.indexOf(event.target.closest("button"));
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    if (event.key === "Delete" || event.key === "Backspace") buttons[index].click();
    else if (event.key === "ArrowLeft") (buttons[index - 1] ?? buttons[index]).focus();
    else if (event.key === "ArrowRight") (buttons[index + 1] ?? input).focus();
    else if (event.key === "Escape") input.focus();
    else return;
    event.preventDefault();
  }

  // ------------------------------------------------------------------ the buttons
  const undo = button(labels.undo, "undo", () => model.send({ do: "undo" }));
  const reset = button(labels.reset, "reset", () => model.send({ do: "reset" }));
  const copy = button(labels.copy, "copy", async () => {
    const text = model.get("policy_text");
    try {
      await navigator.clipboard.writeText(text);
      fallback.hidden = true;
      copied.textContent = labels.copied;
    } catch {
      copied.textContent = labels.not_copied;
      fallback.value = text;
      fallback.hidden = false;
      fallback.focus();
      fallback.select();
    }
  });
  const presets = element("div", { className: "presets" });
  presets.setAttribute("role", "group");
  presets.setAttribute("aria-label", labels.presets);
  for (const name of model.get("preset_names")) {
    presets.append(button(name, "preset", () => model.send({ do: "preset", name })));
  }

  // A disabled button would lose the focus: it stays reachable and says that it does nothing.
  function drawButtons() {
    undo.setAttribute("aria-disabled", String(!model.get("can_undo")));
    reset.setAttribute("aria-disabled", String(model.get("is_at_start")));
  }

  function drawStatus() {
    status.textContent = model.get("status");
    status.classList.toggle("refused", model.get("is_refused"));
    copied.textContent = "";
    fallback.hidden = true;
  }

  function onMessage(message) {
    if ("suggestions" in message) {
      if (message.number !== asked) return;
      shown = message.suggestions;
      active = -1;
      drawSuggestions();
    } else if (message.kept && input.value === "") {
      input.value = message.kept; // what was refused comes back, to be mended
    }
  }

  // ------------------------------------------------------------------ together
  const field = element(
    "div",
    { className: "field" },
    element("label", { htmlFor: input.id, textContent: labels.start_typing }),
    element(
      "div",
      { className: "line" },
      element("div", { className: "combobox" }, input, list),
      button(labels.add, "add", () => {
        add(input.value);
        input.focus();
      }),
    ),
  );
  const root = element(
    "div",
    { className: "mfa-lab mfa-lab-editor" },
    element(
      "p",
      { className: "heading", id: `${id}-heading` },
      element("code", { textContent: "NotAction" }),
      labels.heading,
    ),
    chips,
    field,
    element("p", { className: "keys", id: `${id}-keys`, textContent: labels.keys }),
    element("div", { className: "buttons" }, undo, reset, copy),
    ...(presets.childElementCount ? [presets] : []),
    status,
    copied,
    fallback,
  );
  root.setAttribute("role", "group");
  root.setAttribute("aria-labelledby", `${id}-heading`);
  if (presets.childElementCount) {
    presets.prepend(element("span", { className: "presets-label", textContent: labels.presets }));
  }
  el.append(root);

  input.addEventListener("input", ask);
  input.addEventListener("keydown", onInputKey);
  input.addEventListener("paste", onPaste);
  input.addEventListener("blur", close);
  chips.addEventListener("keydown", onChipKey);
  const listeners = {
    "change:chips": drawChips,
    "change:status": drawStatus,
    "change:is_refused": drawStatus,
    "change:can_undo": drawButtons,
    "change:is_at_start": drawButtons,
    "msg:custom": onMessage,
  };
  for (const [name, listener] of Object.entries(listeners)) model.on(name, listener);
  drawChips();
  drawButtons();
  drawStatus();
  return () => {
    for (const [name, listener] of Object.entries(listeners)) model.off(name, listener);
  };
}

export default { render };
