// Shows the codes that Python computed. Where the clock is the machine's, it counts the seconds
// down and asks for the next code when they have run out.

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function render({ model, el }) {
  const labels = model.get("labels");
  const words = model.get("seconds");
  const list = element("ul");
  const empty = element("p", { textContent: labels.empty });
  const clock = element("p", { className: "note" });
  const status = element("p", { className: "spoken" });
  const next = element("button", { type: "button", textContent: labels.next });
  let ends = []; // of each code: when it runs out, by this page's clock, and where that is said
  let isAsked = false;
  status.setAttribute("role", "status");
  next.addEventListener("click", () => model.send({ do: "next" }));

  function drawRow(row) {
    const left = element("span", { className: "left", textContent: row.left });
    ends.push({ at: performance.now() + row.seconds * 1000, left });
    return element(
      "li",
      {},
      element("span", { className: "device", textContent: row.name }),
      " ",
      element("code", { className: "code", textContent: row.code }),
      " ",
      left,
    );
  }

  function draw() {
    const screen = model.get("screen");
    ends = [];
    isAsked = false;
    list.replaceChildren(...screen.rows.map(drawRow));
    list.hidden = !screen.rows.length;
    empty.hidden = Boolean(screen.rows.length);
    next.hidden = !screen.rows.length || screen.ticks;
    clock.textContent = screen.clock;
    status.textContent = screen.says;
  }

  // Nothing of this is read out by itself: the words are there for whoever goes to them.
  function tick() {
    if (!model.get("screen").ticks) return;
    for (const { at, left } of ends) {
      const seconds = Math.max(0, Math.ceil((at - performance.now()) / 1000));
      left.textContent = words[Math.min(seconds, words.length - 1)];
      if (seconds === 0 && !isAsked) {
        isAsked = true;
        model.send({ do: "refresh" });
      }
    }
  }

  const root = element(
    "div",
    { className: "mfa-lab mfa-lab-phone", lang: labels.language },
    element("h3", { textContent: labels.label }),
    empty,
    list,
    next,
    clock,
    status,
  );
  root.setAttribute("role", "group"); // a notebook may have many: no landmark of the page
  root.setAttribute("aria-label", labels.label);
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(root);

  const timer = setInterval(tick, 1000);
  model.on("change:screen", draw);
  draw();
  return () => {
    clearInterval(timer);
    model.off("change:screen", draw);
  };
}

export default { render };
