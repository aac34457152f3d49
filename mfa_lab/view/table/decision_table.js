// Shows the table that Python rendered, moves the focus between its cells, tells Python which one
// to open. It knows nothing of policies.

const CELL = "td[data-row]";

function cellAt(root, row, column) {
  return root.querySelector(`td[data-row="${row}"][data-column="${column}"]`);
}

function placeOf(cell) {
  return [Number(cell.dataset.row), Number(cell.dataset.column)];
}

const MOVES = {
  ArrowUp: ([row, column]) => [row - 1, column],
  ArrowDown: ([row, column]) => [row + 1, column],
  ArrowLeft: ([row, column]) => [row, column - 1],
  ArrowRight: ([row, column]) => [row, column + 1],
  Home: ([row]) => [row, 0],
  End: ([row], cells) => [row, Math.max(...cells.map((cell) => placeOf(cell)[1]))],
};

function render({ model, el }) {
  const table = document.createElement("div");
  const hint = document.createElement("p");
  const detail = document.createElement("div");
  hint.className = "mfa-lab mfa-lab-hint";
  detail.setAttribute("aria-live", "polite");
  el.append(table, hint, detail);
  let current = [0, 0];
  let isAsked = false;

  function makeReachable(place) {
    const before = table.querySelector(`${CELL}[tabindex="0"]`);
    if (before) before.tabIndex = -1;
    const cell = cellAt(table, ...place) ?? table.querySelector(CELL);
    if (!cell) return null;
    cell.tabIndex = 0;
    current = placeOf(cell);
    return cell;
  }

  function markOpened() {
    for (const cell of table.querySelectorAll('[aria-selected="true"]')) {
      cell.removeAttribute("aria-selected");
    }
    const opened = model.get("opened");
    if (opened.length) cellAt(table, ...opened)?.setAttribute("aria-selected", "true");
  }

  function drawTable() {
    const hadFocus = table.contains(document.activeElement);
    const scroller = table.querySelector(".mfa-lab-table");
    const scrolled = scroller ? scroller.scrollLeft : 0;
    table.innerHTML = model.get("html");
    const cell = makeReachable(current);
    if (hadFocus && cell) cell.focus();
    table.querySelector(".mfa-lab-table")?.scrollTo({ left: scrolled });
    markOpened();
  }

  function drawDetail() {
    const folded = [...detail.querySelectorAll("details")].map((one) => one.open);
    detail.innerHTML = model.get("detail");
    [...detail.querySelectorAll("details")].forEach((one, index) => (one.open = folded[index] ?? false));
    if (isAsked) detail.firstElementChild?.scrollIntoView({ block: "nearest" });
    isAsked = false;
  }

  function open(cell) {
    makeReachable(placeOf(cell));
    isAsked = true; // the answer may stand below what is seen
    model.send({ open: current });
  }

  function onClick(event) {
    const cell = event.target.closest(CELL);
    if (cell) {
      cell.focus();
      open(cell);
    }
  }

  function onKey(event) {
    const cell = event.target.closest(CELL);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") {
      open(cell);
    } else if (event.key in MOVES) {
      const cells = [...table.querySelectorAll(CELL)];
      const [row, column] = MOVES[event.key](placeOf(cell), cells);
      if (cellAt(table, row, column)) makeReachable([row, column]).focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation(); // the notebook has shortcuts of its own for these keys
  }

  table.addEventListener("click", onClick);
  table.addEventListener("keydown", onKey);
  model.on("change:html", drawTable);
  model.on("change:detail", drawDetail);
  model.on("change:opened", markOpened);
  hint.textContent = model.get("hint");
  drawTable();
  drawDetail();
  return () => {
    model.off("change:html", drawTable);
    model.off("change:detail", drawDetail);
    model.off("change:opened", markOpened);
  };
}

export default { render };
