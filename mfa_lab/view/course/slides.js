// Shows one slide at a time, as large as fits. It asks nothing of the network.

const LARGEST = 2.2;
const STEP = 0.1;
const WIDTH = 1040; // of a slide at its own size, its margins included
const NEXT = ["ArrowRight", "PageDown"];
const BACK = ["ArrowLeft", "PageUp"];

const slides = [...document.querySelectorAll(".slide")];
const place = document.querySelector(".place");
let current = 0;

// What is too tall even at the size that fills the width is left at that, and scrolls.
function fit(slide) {
  const content = slide.querySelector(".content");
  const smallest = Math.min(LARGEST, Math.max(1, slide.clientWidth / WIDTH));
  let zoom = LARGEST;
  const tooLarge = () =>
    slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth;
  content.style.zoom = zoom;
  while (zoom > smallest && tooLarge()) {
    zoom = Math.max(smallest, zoom - STEP);
    content.style.zoom = zoom;
  }
}

// What goes on below is told at the foot: a projector shows no scroll bar before one scrolls.
function tellMore() {
  const { scrollHeight, clientHeight, scrollTop } = slides[current];
  const isMore = scrollHeight - clientHeight - scrollTop > 1;
  document.documentElement.classList.toggle("more-below", isMore);
}

function show(number) {
  current = Math.min(Math.max(number, 0), slides.length - 1);
  slides.forEach((slide, index) => { slide.hidden = index !== current; });
  place.textContent = `${current + 1} / ${slides.length}`;
  fit(slides[current]);
  slides[current].scrollTop = 0;
  tellMore();
  slides[current].focus({ preventScroll: true });
  history.replaceState(null, "", `#${current + 1}`);
}

function showNamed() {
  show((Number.parseInt(location.hash.slice(1), 10) || 1) - 1);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const isElsewhere = event.target.closest("summary, a");
  const isSpace = event.key === " " && !isElsewhere;
  if (NEXT.includes(event.key) || (isSpace && !event.shiftKey)) show(current + 1);
  else if (BACK.includes(event.key) || (isSpace && event.shiftKey)) show(current - 1);
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else return;
  event.preventDefault();
});
window.addEventListener("resize", () => {
  fit(slides[current]);
  tellMore();
});
document.addEventListener("scroll", tellMore, true); // a slide's scrolling does not bubble
document.addEventListener("toggle", tellMore, true);
window.addEventListener("hashchange", showNamed);

document.documentElement.classList.add("shown-alone");
showNamed();
