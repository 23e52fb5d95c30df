// Making elements.  Text from the trace is the guest's: it becomes text nodes and nothing else.

function make(tag, settings = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "role") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function button(label, pressed, act, className = "") {
  return make("button", { className, "aria-pressed": String(pressed), onclick: act }, label);
}

// What is not printable is shown as an escape, directions of writing among it.
function plain(text) {
  return text.replaceAll(SEPARATOR, ", ").replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}

function definitions(pairs) {
  const list = make("dl");
  for (const [name, value, className = ""] of pairs) {
    list.append(make("dt", {}, plain(String(name))), make("dd", { className }, plain(String(value))));
  }
  return list;
}

function counted(count, word, ending = "s") {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : ending}`;
}

function table(titles, rows, act = null) {
  const numbers = new Set(titles.flatMap((title, i) => (title.startsWith("#") ? [i] : [])));
  const cell = (tag) => (value, i) => {
    const content = value instanceof Node ? value : plain(String(value));
    return make(tag, numbers.has(i) ? { className: "number" } : {}, content);
  };
  const head = make("tr", {}, ...titles.map((title) => title.replace(/^#/, "")).map(cell("th")));
  const body = rows.map(({ cells, target }) => {
    const row = make("tr", {}, ...cells.map(cell("td")));
    if (act) {
      row.className = "link";
      row.addEventListener("click", () => act(target));
    }
    return row;
  });
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
}

// The colour behind a custom property, as a canvas takes it: light-dark() is resolved.
function colourOf(name) {
  tip.style.color = `var(${name})`;
  const colour = getComputedStyle(tip).color;
  tip.style.color = "";
  return colour;
}

const tip = make("div", { id: "tip", hidden: true });
function showTip(event, text) {
  tip.hidden = !text;
  tip.textContent = plain(text || "");
  tip.style.left = Math.min(event.clientX + 14, innerWidth - 320) + "px";
  tip.style.top = event.clientY + 16 + "px";
}
