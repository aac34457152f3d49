// A question with its possible answers as radio buttons; the choice goes to Python at once.

// Every widget reads this file anew, so a count would begin again with each of them.
function unique() {
  return `mfa-lab-guess-${Math.random().toString(36).slice(2)}`;
}

function render({ model, el }) {
  const name = unique();
  const group = document.createElement("fieldset");
  group.className = "mfa-lab mfa-lab-guess";
  const legend = document.createElement("legend");
  legend.textContent = model.get("question");
  const recorded = document.createElement("p");
  recorded.className = "recorded";
  recorded.setAttribute("role", "status");
  group.append(legend);

  for (const option of model.get("options")) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), {
      type: "radio",
      name,
      value: option.value,
    });
    const symbol = Object.assign(document.createElement("span"), {
      className: "symbol",
      textContent: option.symbol,
    });
    symbol.setAttribute("aria-hidden", "true");
    const word = Object.assign(document.createElement("b"), { textContent: option.word });
    const note = Object.assign(document.createElement("span"), {
      className: "note",
      textContent: option.note,
    });
    label.className = option.face;
    label.append(input, symbol, word, note);
    input.addEventListener("change", () => model.send({ guess: option.value }));
    group.append(label);
  }
  group.append(recorded);
  // The arrow keys choose among the answers, instead of moving between cells.
  group.addEventListener("keydown", (event) => event.stopPropagation());

  function draw() {
    for (const input of group.querySelectorAll("input")) {
      input.checked = input.value === model.get("chosen");
    }
    recorded.textContent = model.get("recorded");
  }

  model.on("change:chosen", draw);
  model.on("change:recorded", draw);
  draw();
  el.append(group);
  return () => {
    model.off("change:chosen", draw);
    model.off("change:recorded", draw);
  };
}

export default { render };
